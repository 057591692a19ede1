import type { Actor } from '#libs/eventing';
import { specification } from '#libs/testing';
import * as commands from './contracts.commands.js';
import { contract, type Contracts, type ContractState } from './contracts.decider.js';
import type { ContractEvent } from './contracts.events.js';

const beyond = ['cn-310000', 'iso-de'];
const has = (r: string) => r !== 'nowhere' && !r.startsWith('cn-') && !beyond.includes(r);
const world: Contracts = {
  has,
  inHub: () => false,
  knows: (r) => has(r) || beyond.includes(r),
  lies: () => undefined,
  twin: null,
};
const { given } = specification(contract, commands, world);
const operator = (region: string): Actor => ({ id: 'o', role: 'operator', region });
const province: Actor = { id: 'p', role: 'province' };
const identity = { contract: 'k', type: 'transfer', output: 'xixian', absorbing: 'xianyang', amountFen: 1000 } as const;
const parties = { seller: null, buyer: null };
const filed = {
  type: 'contract.filed.v2',
  data: { ...identity, title: 't', filedOn: '2023-03-01', ...parties },
} satisfies ContractEvent;
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
    { type: 'contract.filed.v2', data: { ...identity, ...filed.data, amountFen: more } },
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

it('can be recognised anew after a reversal, which may have been the mistake: under the same registration or another', () => {
  given(filed, recognised, reversed).when('RecogniseContract', recognise, province).then(recognised);
  given(filed, recognised, reversed, recognised).when('ReverseContract', reverse, province).then(reversed);
  const again = { ...recognise, registration: 'r2' };
  expect(given(filed, recognised, reversed).when('RecogniseContract', again, province).events()).toHaveLength(1);
});

it('is refused only while it waits', () => {
  const refuse = { on: '2023-04-01', contract: 'k', reason: 'x' };
  expect(given(filed).when('RefuseContract', refuse, province).events()).toHaveLength(1);
  given(filed, recognised).when('RefuseContract', refuse, province).refused('contract.not-filed');
});

it('is filed anew when it was refused, or when its filing was a mistake', () => {
  const home = operator('xixian');
  const fields = { on: '2023-03-01', title: 't', ...identity };
  const refusal: ContractEvent = { type: 'contract.refused.v1', data: { ...identity, reason: 'x' } };
  given(filed, refusal).when('FileContract', fields, home).then(filed);
  given(filed, refusal, filed).when('RecogniseContract', recognise, province).then(recognised);
  const back: ContractEvent = { type: 'contract.filing-reversed.v1', data: { ...identity, reason: 'x' } };
  const take = { on: '2023-03-02', contract: 'k', reason: 'x' };
  given(filed).when('ReverseFiling', take, home).then(back);
  given(filed).when('ReverseFiling', take, operator('xianyang')).refused('region.not-yours');
  given(filed, recognised).when('ReverseFiling', take, home).refused('contract.recognised');
  given(filed, recognised, reversed).when('ReverseFiling', take, home).then(back);
  given(filed, back).when('RecogniseContract', recognise, province).refused('contract.unknown');
  given(filed, back)
    .when('FileContract', { ...fields, amountFen: 7 }, home)
    .then({ ...filed, data: { ...filed.data, amountFen: 7 } });
});

describe('its parties', () => {
  const file = (fields: object) =>
    given().when('FileContract', { on: '2023-03-01', title: 't', ...identity, ...fields }, operator('xixian'));
  it('are each told by code, or by country, and whole', () => {
    const ours = { name: '甲', uscc: '91610400MA6Y0A0065', country: null };
    const theirs = { name: 'GmbH', uscc: null, country: 'DE' };
    file({ seller: '甲', sellerUscc: ours.uscc, buyer: 'GmbH', buyerCountry: 'DE' }).then({
      ...filed,
      data: { ...filed.data, seller: ours, buyer: theirs },
    });
    file({ buyer: 'GmbH', buyerCountry: 'DE' }).then({ ...filed, data: { ...filed.data, buyer: theirs } });
  });
  it.each([
    ['party.name', { sellerUscc: '91610400MA6Y0A0065' }],
    ['party.name', { buyerCountry: 'DE' }],
    ['party.code-or-country', { seller: '甲' }],
    ['party.code-or-country', { buyer: 'x', buyerUscc: '91610400MA6Y0A0065', buyerCountry: 'DE' }],
    ['party.code-or-country', { buyer: 'x', buyerCountry: 'de' }],
  ])('and are otherwise refused: %s', (code, fields) => file(fields).refused(code));
});

describe('two reports of one contract', () => {
  const other = { ...identity, contract: 'm', amountFen: 900 };
  const there: ContractState = { ...contract.initial, status: 'filed', identity: other, filedOn: '2023-03-05' };
  const link = { on: '2023-06-01', contract: 'k', twinOf: 'm' };
  const beside = (twin: ContractState | null) => specification(contract, commands, { ...world, twin }).given;
  const twinned: ContractEvent = {
    type: 'contract.twinned.v1',
    data: { ...identity, twinOf: 'm', differences: [{ field: 'amountFen', here: '1000', there: '900' }] },
  };

  it('are linked, with what they say otherwise', () => {
    beside(there)(filed).when('LinkTwin', link, province).then(twinned);
    const seller = { name: 'GmbH', uscc: null, country: 'DE' };
    const [event] = beside({ ...there, identity, seller })(filed)
      .when('LinkTwin', link, province)
      .events();
    expect(event!.data).toMatchObject({ differences: [{ field: 'seller', here: '—', there: 'GmbH DE' }] });
  });
  it('are two, of which the other one is there, counts itself, and can count for this', () => {
    beside(null)(filed).when('LinkTwin', link, province).refused('contract.twin-unknown');
    beside(there)(filed)
      .when('LinkTwin', { ...link, twinOf: 'k' }, province)
      .refused('contract.twin-itself');
    beside({ ...there, twinOf: 'k' })(filed)
      .when('LinkTwin', link, province)
      .refused('contract.twin-of-twin');
    beside(there)(filed, twinned).when('LinkTwin', link, province).refused('contract.twinned');
    beside(there)(filed, recognised).when('LinkTwin', link, province).refused('contract.twin-not-recognised');
    beside(there)(filed)
      .when('LinkTwin', { ...link, on: '2023-03-04' }, province)
      .refused('fact.too-early');
  });
  it('are parted again by a reversal', () => {
    const part = { on: '2023-07-01', contract: 'k', reason: 'x' };
    given(filed, twinned)
      .when('ReverseTwin', part, province)
      .then({ type: 'contract.twin-reversed.v1', data: { ...identity, twinOf: 'm', reason: 'x' } });
    given(filed).when('ReverseTwin', part, province).refused('contract.no-twin');
  });
});

it.each([
  ['its filing', 'RecogniseContract', recognise, '2023-03-01', [filed]],
  ['its filing', 'RefuseContract', { contract: 'k', reason: 'x' }, '2023-03-01', [filed]],
  ['its recognition', 'ReverseContract', reverse, '2023-04-01', [filed, recognised]],
] as const)('is not dated before %s: %s; on the same day it may be', (what, name, fields, day, history) => {
  const before = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
  const decide = (on: string) => given(...history).when(name, { ...fields, on }, province);
  decide(before).refused('fact.too-early');
  decide(before).says(before, day, what);
  expect(decide(day).events()).toHaveLength(1);
});
