import { dayOf, serialDay } from './days.js';

it.each([
  '2023-02-09',
  '2023-2-9',
  '2023/2/9',
  '2023/02/09',
  '2023.2.9',
  '2023.02.09',
  '2023年2月9日',
  '2023年02月09号',
  '2023年2月9',
  '20230209',
  '44966',
  '44966.0',
  '２０２３年２月９日',
  '２０２３／２／９',
  '2023–2–9',
  ' 2023-2-9 ',
  '2023-02-09 08:30',
  '2023/2/9 0:00:00',
  '2023-02-09T00:00:00.000',
])('%s is 2023-02-09', (text) => expect(dayOf(text)).toBe('2023-02-09'));

it.each(['2/9/2023', '23-2-9', '2023-2', '2023年2月', '2023-2/9', '2023年2-9', '1234', '99999', '2023.2', '二月', ''])(
  '%s could be another day, or none, and is not guessed',
  (text) => expect(dayOf(text)).toBeUndefined(),
);

it('a day that there is not is for its field to refuse', () => expect(dayOf('2023/2/30')).toBe('2023-02-30'));

it.each([
  [44966, false, '2023-02-09'],
  [43504, true, '2023-02-09'],
  [44966.5, false, '2023-02-09 12:00:00'],
  [44966.999999, false, '2023-02-10'],
])('Excel stores %f (1904: %s) for %s', (serial, from1904, said) => expect(serialDay(serial, from1904)).toBe(said));
