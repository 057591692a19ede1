import type { Places } from '#libs/contexts/topology';
import type { Actor } from '#libs/eventing';
import { specification } from '#libs/testing';
import * as commands from './contracts.commands.js';
import { contract } from './contracts.decider.js';
import type { ContractEvent } from './contracts.events.js';

const beyond = ['cn-310000', 'iso-de'];
const has = (r: string) => r !== 'nowhere' && !r.startsWith('cn-') && !beyond.includes(r);
const world: Places = { has, inHub: () => false, knows: (r) => has(r) || beyond.includes(r), lies: () => undefined };
const { given } = specification(contract, commands, world);
const operator = (region: string): Actor => ({ id: 'o', role: 'operator', region });
const province: Actor = { id: 'p', role: 'province' };
const identity = { contract: 'k', type: 'transfer', output: 'xixian', absorbing: 'xianyang', amountFen: 1000 } as const;
const filed: ContractEvent = { type: 'contract.filed.v1', data: { ...identity, title: 't', filedOn: '2023-03-01' } };
const recognition = { ...identity, registration: 'r1', technicalRevenueFen: 900, recognisedOn: '2023-04-01' };
const recognised: ContractEvent = { type: 'contract.recognised.v1', data: recognition };
const reversed: ContractEvent = { type: 'contract.reversed.v1', data: { ...recognition, reason: 'x' } };

const recognise = { on: '2023-04-01', contract: 'k', registration: 'r1', technicalRevenueFen: 900 };
const reverse = { on: '2023-05-01', contract: 'k', reverses: 'r1', reason: 'x' };

it('is filed once, by the output region', () => {
  const fields = { on: '2023-03-01', title: 't', ...identity };
  given().when('FileContract', fields, operator('xixian')).then(filed);
  given().when('FileContract', fields, operator('xianyang')).refused('region.not-yours');
  given(filed).when('FileContract', fields, operator('xixian')).refused('contract.exists');
  given()
    .when('FileContract', { ...fields, absorbing: 'nowhere' }, operator('xixian'))
    .refused('region.unknown');
});

it('says an amount above 100 亿元 twice', () => {
  const file = (amountFen: number, amountConfirmedFen?: number) =>
    given().when(
      'FileContract',
      {
        on: '2023-03-01',
        title: 't',
        ...identity,
        amountFen,
        ...(amountConfirmedFen === undefined ? {} : { amountConfirmedFen }),
      },
      operator('xixian'),
    );
  const [most, more] = [1_000_000_000_000, 1_000_000_000_001];
  expect(file(most).events()).toHaveLength(1);
  file(more).refused('contract.amount-unconfirmed');
  file(more, most).refused('contract.amount-unconfirmed');
  file(1000, 100_000).refused('contract.amount-unconfirmed');
  expect(file(more, more).events()).toEqual([
    { type: 'contract.filed.v1', data: { ...identity, amountFen: more, title: 't', filedOn: '2023-03-01' } },
  ]);
});

it('has one side beyond the province at most, and is then filed by the other', () => {
  const fields = { on: '2023-03-01', title: 't', ...identity };
  const file = (sides: object, by: string) => given().when('FileContract', { ...fields, ...sides }, operator(by));
  expect(file({ absorbing: 'iso-de' }, 'xixian').events()).toMatchObject([{ data: { absorbing: 'iso-de' } }]);
  expect(file({ output: 'cn-310000' }, 'xianyang').events()).toMatchObject([{ data: { output: 'cn-310000' } }]);
  file({ output: 'cn-310000' }, 'xixian').refused('region.not-yours');
  file({ output: 'cn-310000', absorbing: 'iso-de' }, 'iso-de').refused('contract.beyond');
  file({ absorbing: 'cn-440000' }, 'xixian').refused('region.unknown');
});

it('is recognised with a technical revenue of at most its amount, not before it was filed', () => {
  given(filed).when('RecogniseContract', recognise, province).then(recognised);
  given(filed)
    .when('RecogniseContract', { ...recognise, technicalRevenueFen: 1001 }, province)
    .refused('contract.revenue');
  given(filed)
    .when('RecogniseContract', { ...recognise, on: '2023-02-28' }, province)
    .refused('fact.too-early');
  given(filed, recognised).when('RecogniseContract', recognise, province).refused('contract.recognised');
});

it('is undone only by a reversal that names the recognition in force, once', () => {
  given(filed, recognised).when('ReverseContract', reverse, province).then(reversed);
  given(filed, recognised)
    .when('ReverseContract', { ...reverse, reverses: 'r2' }, province)
    .refused('contract.other-registration');
  given(filed).when('ReverseContract', reverse, province).refused('contract.not-recognised');
  given(filed, recognised, reversed).when('ReverseContract', reverse, province).refused('contract.not-recognised');
});

it('can be recognised anew after a reversal, under another registration', () => {
  given(filed, recognised, reversed)
    .when('RecogniseContract', recognise, province)
    .refused('contract.registration-used');
  const again = { ...recognise, registration: 'r2' };
  expect(given(filed, recognised, reversed).when('RecogniseContract', again, province).events()).toHaveLength(1);
});

it('is refused only while it waits', () => {
  const refuse = { on: '2023-04-01', contract: 'k', reason: 'x' };
  expect(given(filed).when('RefuseContract', refuse, province).events()).toHaveLength(1);
  given(filed, recognised).when('RefuseContract', refuse, province).refused('contract.not-filed');
});

it.each([
  ['its filing', 'RecogniseContract', recognise, '2023-03-01', [filed]],
  ['its filing', 'RefuseContract', { contract: 'k', reason: 'x' }, '2023-03-01', [filed]],
  ['its recognition', 'ReverseContract', reverse, '2023-04-01', [filed, recognised]],
] as const)('is not dated before %s: %s; on the same day it may be', (what, name, fields, day, history) => {
  const before = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
  const decide = (on: string) => given(...history).when(name, { ...fields, on } as never, province);
  decide(before).refused('fact.too-early');
  decide(before).says(before, day, what);
  expect(decide(day).events()).toHaveLength(1);
});
