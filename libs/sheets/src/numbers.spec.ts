import { decimalOf, integerOf, shownNumber, textOf, unscientific } from './numbers.js';

it.each([
  ['1234.50', '1234.5'],
  ['1,234,567.89', '1234567.89'],
  ['1 234 567', '1234567'],
  ["1'234", '1234'],
  ['￥1,234.5', '1234.5'],
  ['１２３．５', '123.5'],
  ['1234元', '1234'],
  ['12.5%', '0.125'],
  ['12.5％', '0.125'],
  ['1.2E+3', '1200'],
  ['-3', '-3'],
  ['.5', '0.5'],
  ['0.30', '0.3'],
  ['123456789012345678.01', '123456789012345678.01'],
])('%s is the number %s, exactly', (text, said) => expect(textOf(decimalOf(text)!)).toBe(said));

it.each(['', '无', '1,23', '12,34.5', '1.2.3', '0x10', '1e400', 'NaN', '1万', '9'.repeat(100)])(
  '%s is no number',
  (text) => expect(decimalOf(text)).toBeUndefined(),
);

it.each([
  ['1234.56', 6, 1_234_560_000n],
  ['0.000001', 6, 1n],
  ['0.0000001', 6, undefined],
  ['0.1', 2, 10n],
  ['0.07', 2, 7n],
  ['1.005', 2, undefined],
  ['1.500', 2, 150n],
])('%s with %i tens is %s', (text, tens, said) => expect(integerOf(decimalOf(text)!, tens)).toBe(said));

it('amounts do not go through floats: a thousand of them are exact to the 分', () => {
  for (let fen = 1; fen <= 100_000; fen += 97) {
    const text = `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
    expect(integerOf(decimalOf(text)!, 2)).toBe(BigInt(fen));
  }
});

it.each([
  ['1234.5600000000001', '1234.56'],
  ['0.30000000000000004', '0.3'],
  ['1E-2', '0.01'],
  ['91610400', '91610400'],
  ['123456789012345', '123456789012345'],
  ['916101000000000000', '9.16101E+17'],
  ['9.16101E+17', '9.16101E+17'],
  ['#N/A', '#N/A'],
])('what a workbook stores as %s is shown as %s', (stored, shown) => expect(shownNumber(stored)).toBe(shown));

it.each([
  ['9.16101E+17', null],
  ['9.1610E+4', '91610'],
  ['９.１６１０E+４', '91610'],
  ['1E+05', null],
  ['1e5', undefined],
  ['91610400MA6Y0A0065', undefined],
  ['E+5', undefined],
])('the code %s, as Excel shows it, is %s', (text, said) => expect(unscientific(text)).toBe(said));
