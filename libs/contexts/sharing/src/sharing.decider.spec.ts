import type { Regions } from '#libs/contexts/topology';
import type { Actor } from '#libs/eventing';
import { at, specification } from '#libs/testing';
import * as commands from './sharing.commands.js';
import { instrument } from './sharing.decider.js';
import type { SharingEvent } from './sharing.events.js';

const world: Regions = { has: (r) => r !== 'nowhere', inHub: () => false, rules: [], atLevel: () => [] };
const { given } = specification(instrument, commands, world);
const operator = (region: string): Actor => ({ id: 'o', role: 'operator', region });
const basis = { document: 'd', clause: 'c' };
const networked: SharingEvent = {
  type: 'instrument.networked.v1',
  data: { instrument: 'i', name: 'SEM', owner: 'xianyang', originalValueFen: 1, since: '2023-01-01', basis },
};
const use = { instrument: 'i', use: 'u', using: 'xixian', hours: 2.5, sharing: 'external' } as const;
const record = { on: '2023-02-01', ...use };
const data = { ...use, owner: 'xianyang', usedOn: '2023-02-01' };
const recorded: SharingEvent = { type: 'use.recorded.v1', data };
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

it('takes a use back by a reversal, once', () => {
  const reverse = { on: '2023-03-01', instrument: 'i', use: 'u', reason: 'x' };
  given(networked, recorded).when('ReverseUse', reverse, operator('xianyang')).then(reversed);
  given(networked, recorded, reversed).when('ReverseUse', reverse, operator('xianyang')).refused('use.reversed');
  given(networked, recorded, reversed).when('RecordUse', record, operator('xianyang')).refused('use.exists');
});

it('is used on the days on which it is in the network, whenever they are told of', () => {
  const withdrawn: SharingEvent = { type: 'instrument.withdrawn.v1', data: { instrument: 'i', owner: 'xianyang', reason: 'x' } };
  const gone = [networked, at('2023-03-01', withdrawn)];
  const on = (day: string) => given(...gone).when('RecordUse', { ...record, on: day }, operator('xianyang'));
  for (const day of ['2023-01-01', '2023-03-01']) expect(on(day).events()).toHaveLength(1);
  on('2023-03-02').refused('instrument.withdrawn');
  const withdraw = (day: string, ...history: SharingEvent[]) =>
    given(networked, ...history).when('WithdrawInstrument', { on: day, instrument: 'i', reason: 'x' }, operator('xianyang'));
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

it('concerns its owner and its user', () =>
  expect(instrument.concerns(recorded, instrument.initial)).toEqual(['xianyang', 'xixian']));
