import fc from 'fast-check';
import { Map } from 'immutable';
import type { Places } from '#libs/contexts/topology';
import type { Actor } from '#libs/eventing';
import { at, specification } from '#libs/testing';
import * as commands from './sharing.commands.js';
import { around, fullDay, type LongUse } from './hours.js';
import { instrument } from './sharing.decider.js';
import type { SharingEvent } from './sharing.events.js';

const has = (r: string) => r !== 'nowhere' && r !== 'cn-310000';
const world: Places = { has, inHub: () => false, knows: (r) => r !== 'nowhere', lies: () => undefined };
const { given } = specification(instrument, commands, world);
const operator = (region: string): Actor => ({ id: 'o', role: 'operator', region });
const basis = { document: 'd', clause: 'c' };
const networked: SharingEvent = {
  type: 'instrument.networked.v2',
  data: {
    instrument: 'i',
    name: 'SEM',
    owner: 'xianyang',
    units: 1,
    assetNumber: null,
    originalValueFen: 1,
    since: '2023-01-01',
    basis,
  },
};
const use = { instrument: 'i', use: 'u', using: 'xixian', hours: 2.5, sharing: 'external' } as const;
const record = { on: '2023-02-01', ...use };
const data = { ...use, owner: 'xianyang', usedOn: '2023-02-01' };
const recorded: SharingEvent = { type: 'use.recorded.v2', data: { ...data, lastDay: '2023-02-01' } };
const reversed: SharingEvent = { type: 'use.reversed.v1', data: { ...data, reason: 'x' } };

it('records a metered use once, by the owner', () => {
  given(networked).when('RecordUse', record, operator('xianyang')).then(recorded);
  given(networked).when('RecordUse', record, operator('xixian')).refused('region.not-yours');
  given(networked, recorded).when('RecordUse', record, operator('xianyang')).refused('use.exists');
});

it('takes a use by another region as external, and none from before the instrument joined', () => {
  given(networked)
    .when('RecordUse', { ...record, sharing: 'internal' }, operator('xianyang'))
    .refused('use.other-region-is-external');
  given(networked)
    .when('RecordUse', { ...record, on: '2022-12-31' }, operator('xianyang'))
    .refused('fact.too-early');
  given(networked)
    .when('RecordUse', { ...record, using: 'nowhere' }, operator('xianyang'))
    .refused('region.unknown');
});

it('takes a use from beyond the province as external', () => {
  const beyond = { ...record, using: 'cn-310000' };
  expect(given(networked).when('RecordUse', beyond, operator('xianyang')).events()).toHaveLength(1);
  given(networked)
    .when('RecordUse', { ...beyond, sharing: 'internal' }, operator('xianyang'))
    .refused('use.other-region-is-external');
});

it('takes a use back by a reversal, once', () => {
  const reverse = { on: '2023-03-01', instrument: 'i', use: 'u', reason: 'x' };
  given(networked, recorded).when('ReverseUse', reverse, operator('xianyang')).then(reversed);
  given(networked, recorded, reversed).when('ReverseUse', reverse, operator('xianyang')).refused('use.reversed');
  given(networked, recorded, reversed).when('RecordUse', record, operator('xianyang')).refused('use.exists');
});

it('is used on the days on which it is in the network, whenever they are told of', () => {
  const withdrawn: SharingEvent = {
    type: 'instrument.withdrawn.v1',
    data: { instrument: 'i', owner: 'xianyang', reason: 'x' },
  };
  const gone = [networked, at('2023-03-01', withdrawn)];
  const on = (day: string) => given(...gone).when('RecordUse', { ...record, on: day }, operator('xianyang'));
  for (const day of ['2023-01-01', '2023-03-01']) expect(on(day).events()).toHaveLength(1);
  on('2023-03-02').refused('instrument.withdrawn');
  const withdraw = (day: string, ...history: SharingEvent[]) =>
    given(networked, ...history).when(
      'WithdrawInstrument',
      { on: day, instrument: 'i', reason: 'x' },
      operator('xianyang'),
    );
  withdraw('2023-02-01', recorded).then(withdrawn);
  withdraw('2023-01-31', recorded).refused('instrument.used-since');
  withdraw('2023-01-31', recorded, reversed).then(withdrawn);
});

it('is not withdrawn before it joined, nor is a use reversed before it was', () => {
  const withdraw = (day: string) =>
    given(networked).when('WithdrawInstrument', { on: day, instrument: 'i', reason: 'x' }, operator('xianyang'));
  withdraw('2022-12-31').says('2022-12-31', '2023-01-01', 'its joining');
  expect(withdraw('2023-01-01').events()).toHaveLength(1);
  const reverse = (day: string) =>
    given(networked, recorded).when(
      'ReverseUse',
      { on: day, instrument: 'i', use: 'u', reason: 'x' },
      operator('xianyang'),
    );
  reverse('2023-01-31').says('2023-01-31', '2023-02-01', 'the use');
  expect(reverse('2023-02-01').events()).toHaveLength(1);
});

describe('a day has 24 hours for each unit', () => {
  const home = operator('xianyang');
  const used = (name: string, hours: number, usedOn: string, lastDay = usedOn): SharingEvent => ({
    type: 'use.recorded.v2',
    data: { ...use, use: name, owner: 'xianyang', hours, usedOn, lastDay },
  });
  const ask = (history: SharingEvent[], hours: number, on: string, lastDay?: string) =>
    given(networked, ...history).when('RecordUse', { ...record, use: 'n', hours, on, lastDay }, home);

  it('to the hundredth, all uses of the day taken together', () => {
    expect(ask([], 24, '2023-02-01').events()).toHaveLength(1);
    ask([], 24.01, '2023-02-01').refused('use.hours');
    ask([], 8784, '2023-02-01').refused('use.hours');
    const tenths = Array.from({ length: 9 }, (_, n) => used(`t${n}`, 2.66, '2023-02-01'));
    expect(ask(tenths, 0.06, '2023-02-01').events()).toHaveLength(1);
    ask(tenths, 0.07, '2023-02-01').refused('use.day-full');
    expect(ask(tenths, 24, '2023-02-02').events()).toHaveLength(1);
  });
  it('for each unit of what is networked as one', () => {
    const two = { ...networked, data: { ...networked.data, units: 2 } } as SharingEvent;
    const wanted = (hours: number) => given(two).when('RecordUse', { ...record, hours }, home);
    expect(wanted(48).events()).toHaveLength(1);
    wanted(48.01).refused('use.hours');
  });
  it('over several days, of which those of other uses are no part', () => {
    expect(ask([], 48, '2023-02-01', '2023-02-02').events()).toMatchObject([
      { data: { usedOn: '2023-02-01', lastDay: '2023-02-02' } },
    ]);
    ask([], 48.01, '2023-02-01', '2023-02-02').refused('use.hours');
    ask([], 1, '2023-02-01', '2023-01-31').refused('use.order');
    ask([], 1, '2023-02-01', '2024-02-02').refused('use.too-long');
    const day = used('d', 20, '2023-02-02');
    expect(ask([day], 28, '2023-02-01', '2023-02-02').events()).toHaveLength(1);
    ask([day], 28.01, '2023-02-01', '2023-02-02').refused('use.no-hours');
    // Two days are taken between them, whichever of the two uses has which.
    const days = used('ds', 24, '2023-02-01', '2023-02-02');
    expect(ask([days], 24, '2023-02-01').events()).toHaveLength(1);
    ask([days, used('d1', 24, '2023-02-01')], 0.01, '2023-02-02').refused('use.no-hours');
  });
  it('is free again when a use is reversed', () => {
    const full = { ...use, use: 'd', hours: 24, owner: 'xianyang', usedOn: '2023-02-01' };
    const back: SharingEvent = { type: 'use.reversed.v1', data: { ...full, reason: 'x' } };
    expect(ask([used('d', 24, '2023-02-01'), back], 24, '2023-02-01').events()).toHaveLength(1);
  });
  it('and what was stored before is read all the same: that day takes no more, others do', () => {
    const stored = used('year', 8784, '2023-02-01');
    ask([stored], 0.01, '2023-02-01').refused('use.day-full');
    expect(ask([stored], 24, '2023-02-02').events()).toHaveLength(1);
    expect(ask([stored], 24, '2023-02-01', '2023-02-02').events()).toHaveLength(1);
  });

  it('and a way is found exactly where there is one', () => {
    const dayOf = (n: number) => `2023-02-0${n + 1}`;
    const long = fc.record({ from: fc.nat(5), more: fc.integer({ min: 1, max: 3 }), hundredths: fc.nat(4800) });
    const short = fc.array(fc.nat(2500), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(fc.array(long, { maxLength: 6 }), short, (uses, taken) => {
        const longs: LongUse[] = uses.map(({ from, more, hundredths }) => {
          return { from: dayOf(from), lastDay: dayOf(from + more), hundredths };
        });
        const fixed = Map(taken.map((hundredths, n): [string, number] => [dayOf(n), hundredths]));
        // By Hall: no stretch of days holds more than it has.
        const stretches = taken.flatMap((_, a) => taken.slice(a).map((__, n): [number, number] => [a, a + n]));
        const fits = stretches.every(([a, b]) => {
          const inside = longs.filter(({ from, lastDay }) => dayOf(a) <= from && lastDay <= dayOf(b));
          const free = taken.slice(a, b + 1).reduce((sum, hundredths) => sum + Math.max(0, 2400 - hundredths), 0);
          return inside.reduce((sum, { hundredths }) => sum + hundredths, 0) <= free;
        });
        expect(fullDay(fixed, longs, 1) === undefined).toBe(fits);
        // What does not overlap makes no difference to a use that is added.
        for (const added of longs) {
          const others = longs.filter((one) => one !== added);
          if (fullDay(fixed, others, 1) !== undefined) continue;
          const near = [...around(others, added.from, added.lastDay), added];
          expect(fullDay(fixed, near, 1) === undefined).toBe(fits);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

it('that it joined is reversed once its uses are, and then it may join anew', () => {
  const home = operator('xianyang');
  const reverse = { on: '2023-03-01', instrument: 'i', reason: '登记有误' };
  const gone: SharingEvent = {
    type: 'instrument.reversed.v1',
    data: { instrument: 'i', owner: 'xianyang', reason: '登记有误' },
  };
  given(networked, recorded).when('ReverseInstrument', reverse, home).refused('instrument.used');
  given(networked, recorded).when('ReverseInstrument', reverse, home).says('u …, 1 in all');
  given(networked, recorded, reversed).when('ReverseInstrument', reverse, home).then(gone);
  given(networked).when('ReverseInstrument', reverse, operator('xixian')).refused('region.not-yours');
  given(networked, gone).when('ReverseInstrument', reverse, home).refused('instrument.unknown');
  given(networked, gone).when('RecordUse', record, home).refused('instrument.unknown');
  const again = { on: '2023-01-01', instrument: 'i', name: 'SEM', owner: 'xianyang', originalValueFen: 1, basis };
  given(networked, gone).when('NetworkInstrument', again, home).then(networked);
});

it('that it was withdrawn is reversed, and it is used on those days', () => {
  const home = operator('xianyang');
  const withdrawn: SharingEvent = {
    type: 'instrument.withdrawn.v1',
    data: { instrument: 'i', owner: 'xianyang', reason: 'x' },
  };
  const back: SharingEvent = {
    type: 'instrument.withdrawal-reversed.v1',
    data: { instrument: 'i', owner: 'xianyang', reason: 'y' },
  };
  const reverse = { on: '2023-02-01', instrument: 'i', reason: 'y' };
  const gone = at('2023-01-15', withdrawn);
  given(networked, gone).when('ReverseWithdrawal', reverse, home).then(back);
  given(networked, gone, back).when('ReverseWithdrawal', reverse, home).refused('instrument.in-network');
  given(networked, gone).when('RecordUse', record, home).refused('instrument.withdrawn');
  given(networked, gone, back).when('RecordUse', record, home).then(recorded);
});

it('concerns its owner and its user', () =>
  expect(instrument.concerns(recorded, instrument.initial)).toEqual(['xianyang', 'xixian']));
