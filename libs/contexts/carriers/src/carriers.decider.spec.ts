import fc from 'fast-check';
import { knownCodes, type CodeList } from '#libs/contexts/codes';
import { regionsOf, topology, type TopologyEvent } from '#libs/contexts/topology';
import { isRefusal, evolve, type Actor } from '#libs/eventing';
import { at, specification } from '#libs/testing';
import * as commands from './carriers.commands.js';
import { carrier, type CarrierState } from './carriers.decider.js';
import type { CarrierEvent } from './carriers.events.js';
import * as steps from './carriers.steps.js';

const basis = { document: 'd', clause: 'c' };
const region = (name: string, parent: string | null, level: 'province' | 'city' | 'park'): TopologyEvent => ({
  type: 'region.registered.v1',
  data: { region: name, name, level, parent, basis },
});
const tree: readonly TopologyEvent[] = [
  region('shaanxi', null, 'province'),
  ...['xianyang', 'baoji', 'xixian'].map((city) => region(city, 'shaanxi', 'city')),
  region('fengdong', 'xixian', 'park'),
  { type: 'place.registered.v1', data: { place: 'iso-de', name: '德国', lies: 'abroad', basis } },
  { type: 'place.registered.v1', data: { place: 'cn-310000', name: '上海市', lies: 'elsewhere', basis } },
  { type: 'hub.designated.v1', data: { region: 'xixian', basis } },
];
/** The world in which the structure has become what these make of it. */
const worldAfter = (...events: readonly TopologyEvent[]) => ({
  codes: knownCodes(),
  ...regionsOf([...tree, ...events].reduce((s, e) => evolve(topology, s, e, '1949-10-01'), topology.initial)),
});
const world = worldAfter();
const all = { ...commands, ...steps };
const { given } = specification(carrier, all, world);
const operator = (region: string): Actor => ({ id: `o@${region}`, role: 'operator', region });
const province: Actor = { id: 'p', role: 'province' };
const on = '2023-03-01';
const identity = { carrier: 'x', name: '咸阳中心', kind: '离岸研发中心', home: 'xianyang', host: 'xixian' } as const;

const tie = { link: 'offshore-centre', fromEnd: 'outside-hub', toEnd: 'hub', level: null } as const;
const proposed: CarrierEvent = {
  type: 'carrier.proposed.v2',
  data: { ...identity, proposal: 1, tie, answerBy: null, basis },
};
const byHome: CarrierEvent = { type: 'carrier.signed-by-home.v1', data: identity };
const byHost: CarrierEvent = { type: 'carrier.signed-by-host.v1', data: identity };
const filed: CarrierEvent = { type: 'carrier.filed.v2', data: { ...identity, filing: 'f', agreementUntil: null } };
const opened: CarrierEvent = { type: 'carrier.opened.v1', data: identity };
const open = [proposed, byHome, byHost, filed, opened];
const unit = (areaSquareMetres: number, desks: number): CarrierEvent => ({
  type: 'space.added.v1',
  data: { ...identity, unit: 'u', areaSquareMetres, desks, from: '2023-01-01', until: null },
});

describe('a carrier of one region', () => {
  const register = (fields: object) =>
    given().when(
      'RegisterCarrier',
      { on, carrier: 'x', name: 'x', kind: '孵化器', region: 'xianyang', basis, ...fields },
      operator('xianyang'),
    );

  it('is of a kind that there is, by its code or its name, and not of one that two regions register', () => {
    for (const kind of ['孵化器', 'incubator'])
      expect(register({ kind }).events()).toMatchObject([{ data: { kind: '孵化器', host: 'xianyang' } }]);
    for (const kind of ['飞地孵化器', '离岸研发中心', '协同创新基地', 'enclave-incubator'])
      register({ kind }).refused('carrier.bilateral');
    for (const kind of ['banana', '飞地孵化器\u200b', '飞地 孵化器']) register({ kind }).refused('code.not-listed');
  });
  it('is hosted beyond the province where its kind may be', () => {
    expect(register({ kind: '海外离岸创新中心', host: 'iso-de' }).events()).toMatchObject([
      { data: { home: 'xianyang', host: 'iso-de' } },
    ]);
    expect(register({ kind: '异地研发中心', host: 'cn-310000' }).events()).toHaveLength(1);
    expect(register({ kind: '离岸研发中心', host: 'iso-de' }).events()).toHaveLength(1);
    register({ kind: '海外离岸创新中心', host: 'cn-310000' }).refused('carrier.not-beyond');
    register({ kind: '孵化器', host: 'iso-de' }).refused('carrier.not-beyond');
    register({ host: 'baoji' }).refused('carrier.host-unknown');
  });
});

describe('registering an enclave takes both sides', () => {
  const proposal = { on, ...identity, basis };
  it('is proposed by the home region', () => {
    given().when('ProposeCarrier', proposal, operator('xianyang')).then(proposed);
  });
  it.each(['xixian', 'baoji'])('is not proposed by %s', (region) => {
    given().when('ProposeCarrier', proposal, operator(region)).refused('region.not-yours');
  });
  it('lies in the hub or inside it, and not at home', () => {
    given()
      .when('ProposeCarrier', { ...proposal, host: 'baoji' }, operator('xianyang'))
      .refused('link.end');
    given()
      .when('ProposeCarrier', { ...proposal, home: 'fengdong' }, operator('fengdong'))
      .says('The home of 离岸研发中心 lies outside the hub; fengdong does not');
    given()
      .when('ProposeCarrier', { ...proposal, host: 'xianyang' }, operator('xianyang'))
      .refused('link.one-region');
    expect(
      given()
        .when('ProposeCarrier', { ...proposal, host: 'fengdong' }, operator('xianyang'))
        .events(),
    ).toHaveLength(1);
  });
  it('is signed by each side for itself only', () => {
    given(proposed).when('SignAsHome', { on, carrier: 'x' }, operator('xianyang')).then(byHome);
    given(proposed).when('SignAsHost', { on, carrier: 'x' }, operator('xixian')).then(byHost);
    given(proposed).when('SignAsHost', { on, carrier: 'x' }, operator('xianyang')).refused('region.not-yours');
    given(proposed).when('SignAsHome', { on, carrier: 'x' }, operator('xixian')).refused('region.not-yours');
  });
  it('is filed only when both have signed', () => {
    const file = { on, carrier: 'x', filing: 'f' };
    for (const history of [[proposed], [proposed, byHome], [proposed, byHost]]) {
      given(...history)
        .when('FileCarrier', file, province)
        .refused('carrier.not-signed');
    }
    given(proposed, byHost, byHome).when('FileCarrier', file, province).then(filed);
  });
  it('is filed with the end of the agreement, which lies ahead, or without one', () => {
    const file = (agreementUntil: string) =>
      given(proposed, byHost, byHome).when('FileCarrier', { on, carrier: 'x', filing: 'f', agreementUntil }, province);
    file('2026-03-01').then({
      type: 'carrier.filed.v2',
      data: { ...identity, filing: 'f', agreementUntil: '2026-03-01' },
    });
    file(on).refused('period.order');
  });
  it('opens only when it is filed', () => {
    given(proposed, byHome, byHost)
      .when('OpenCarrier', { on, carrier: 'x' }, operator('xixian'))
      .refused('carrier.not-filed');
    given(proposed, byHome, byHost, filed).when('OpenCarrier', { on, carrier: 'x' }, operator('xixian')).then(opened);
  });
  it('does not come about by the one-sided registration', () => {
    for (const kind of ['飞地孵化器', '离岸研发中心', '协同创新基地']) {
      const fields = { on, carrier: 'x', name: 'n', kind, region: 'xixian', basis };
      given().when('RegisterCarrier', fields, operator('xixian')).refused('carrier.bilateral');
    }
  });
  it('goes the other way for a base: from the hub, or from inside it, to a region outside', () => {
    const base = { ...proposal, kind: '协同创新基地' } as const;
    const propose = (home: string, host: string) =>
      given().when('ProposeCarrier', { ...base, home, host }, operator(home));
    expect(propose('xixian', 'xianyang').events()).toHaveLength(1);
    expect(propose('fengdong', 'xianyang').events()).toHaveLength(1);
    propose('xianyang', 'xixian').refused('link.end');
    propose('xixian', 'fengdong').refused('link.end');
    propose('xianyang', 'baoji').refused('link.end');
  });
  it('is of a kind that two regions register, also of one that the province has added', () => {
    const kind = { ...knownCodes().find('carrier-kinds', 'promoter')!, code: 'twin-park', name: '结对园区' };
    const twin = { ...kind, link: 'pairing' };
    const codes = {
      ...knownCodes(),
      wanted: (list: CodeList, said: string, day: string, field: string) =>
        said === '结对园区' ? twin : knownCodes().wanted(list, said, day, field),
    };
    const fields = { ...proposal, kind: '结对园区', host: 'baoji' };
    const [event] = specification(carrier, all, { ...world, codes })
      .given()
      .when('ProposeCarrier', fields, operator('xianyang'))
      .events();
    expect(event!.data).toMatchObject({ tie: { link: 'pairing', fromEnd: 'any', toEnd: 'any' } });
    given()
      .when('ProposeCarrier', { ...proposal, kind: '加速器' }, operator('xianyang'))
      .refused('carrier.one-region');
    given()
      .when('ProposeCarrier', { ...proposal, kind: 'banana' }, operator('xianyang'))
      .refused('code.not-listed');
  });
});

describe('a plan', () => {
  const home = operator('xianyang');
  const plan = { on, carrier: 'x', name: identity.name, kind: identity.kind, home: 'xianyang', basis };
  const planned = (more: object = {}): CarrierEvent => ({
    type: 'carrier.planned.v1',
    data: { ...identity, host: null, stage: 'planned', basis, ...more },
  });
  const propose = { on, ...identity, basis };

  it('is of the province, or an operator of a side that it names, before anybody proposes it', () => {
    const ask = (by: Actor, more: object = {}, ...history: CarrierEvent[]) =>
      given(...history).when('PlanCarrier', { ...plan, stage: 'planned', ...more }, by);
    ask(province).then(planned());
    ask(home).then(planned());
    ask(operator('xixian')).refused('region.not-yours');
    ask(operator('xixian'), { host: 'xixian' }).then(planned({ host: 'xixian' }));
    ask(home, { stage: 'under-way' }, planned()).then(planned({ stage: 'under-way' }));
    ask(home, {}, planned()).refused('carrier.exists');
    ask(home, {}, proposed).refused('carrier.exists');
    ask(province, { home: undefined }).refused('carrier.no-side');
    ask(province, { home: 'nowhere' }).refused('region.unknown');
    ask(province, { host: 'baoji' }).refused('link.end');
    ask(province, { kind: '加速器' }).refused('carrier.one-region');
    ask(province, { home: 'baoji', stage: 'under-way' }, planned()).refused('carrier.planned');
  });
  it('is gone on with by a proposal that agrees with it, and says nothing of what is open', () => {
    given(planned()).when('ProposeCarrier', propose, home).then(proposed);
    given(planned({ host: 'fengdong' }))
      .when('ProposeCarrier', propose, home)
      .says('host fengdong');
    given(planned({ kind: '飞地孵化器' }))
      .when('ProposeCarrier', propose, home)
      .refused('carrier.planned');
    given(at('2023-03-02', planned())).when('ProposeCarrier', propose, home).says('its plan');
    given(planned()).when('SignAsHome', { on, carrier: 'x' }, home).refused('carrier.unknown');
    const mistake = { on, carrier: 'x', reason: '误记' };
    const [reversed] = given(planned()).when('ReversePlan', mistake, home).events();
    expect(reversed).toMatchObject({ type: 'carrier.plan-reversed.v1', data: { home: 'xianyang', reason: '误记' } });
    given(planned()).when('ReversePlan', mistake, operator('baoji')).refused('region.not-yours');
    given(at('2023-03-02', planned())).when('ReversePlan', mistake, home).says('its plan');
    given(planned(), reversed!).when('ReversePlan', mistake, home).refused('carrier.no-plan');
    given(planned(), proposed).when('ReversePlan', mistake, home).refused('carrier.no-plan');
    const other = { ...plan, home: 'baoji', stage: 'planned' } as const;
    given(planned(), reversed!)
      .when('PlanCarrier', other, province)
      .then(planned({ home: 'baoji' }));
    const register = { on, carrier: 'x', name: 'x', kind: '孵化器', region: 'xianyang', basis };
    given(planned()).when('RegisterCarrier', register, home).refused('carrier.of-two');
    const state = evolve(carrier, carrier.initial, planned(), on);
    expect(carrier.concerns(planned(), state)).toEqual(['xianyang']);
  });
});

describe('a proposal', () => {
  const terms = { name: identity.name, kind: identity.kind, home: 'xianyang', host: 'xixian', basis };
  const home = operator('xianyang');
  const host = operator('xixian');
  const answerBy = '2023-07-01';
  const asked: CarrierEvent = { ...proposed, data: { ...proposed.data, answerBy } };
  const of = { ...identity, proposal: 1 };
  const declined: CarrierEvent = { type: 'carrier.declined.v1', data: { ...of, reason: '空间不足' } };
  const withdrawn: CarrierEvent = { type: 'carrier.withdrawn.v1', data: { ...of, reason: '另选' } };
  const lapsed: CarrierEvent = { type: 'carrier.proposal-lapsed.v1', data: { ...of, answerBy } };
  const propose = { on, carrier: 'x', ...terms };
  const decline = { on, carrier: 'x', reason: '空间不足' };
  const withdraw = { on, carrier: 'x', reason: '另选' };
  const sign = { on, carrier: 'x' };
  const file = { on, carrier: 'x', filing: 'f' };

  it('is declined by the host, or withdrawn by home, until it is filed', () => {
    given(proposed, byHome).when('DeclineProposal', decline, host).then(declined);
    given(proposed, byHome).when('DeclineProposal', decline, home).refused('region.not-yours');
    given(proposed, byHost).when('WithdrawProposal', withdraw, home).then(withdrawn);
    given(proposed).when('WithdrawProposal', withdraw, host).refused('region.not-yours');
    const filing = [proposed, byHome, byHost, filed];
    given(...filing)
      .when('DeclineProposal', decline, host)
      .refused('carrier.filed');
    given(...filing)
      .when('WithdrawProposal', withdraw, home)
      .refused('carrier.filed');
    const own: CarrierEvent = { type: 'carrier.registered.v1', data: { ...identity, basis } };
    given(own).when('WithdrawProposal', withdraw, home).refused('carrier.no-proposal');
  });
  it('that has ended is not signed, and may be made anew, by the same home under the same id', () => {
    for (const [ended, code] of [
      [declined, 'carrier.declined'],
      [withdrawn, 'carrier.withdrawn'],
    ] as const) {
      const history = [proposed, byHome, at('2023-02-01', ended)];
      given(...history)
        .when('SignAsHost', sign, host)
        .refused(code);
      given(...history)
        .when('FileCarrier', file, province)
        .refused(code);
      const again = given(...history).when('ProposeCarrier', { ...propose, name: '另一名称' }, home);
      expect(again.events()).toMatchObject([{ type: 'carrier.proposed.v2', data: { proposal: 2, name: '另一名称' } }]);
      given(...history, ...again.events())
        .when('FileCarrier', file, province)
        .says('host', 'home');
      given(...history)
        .when('ProposeCarrier', { ...propose, home: 'baoji' }, operator('baoji'))
        .refused('carrier.exists');
      given(...history)
        .when('ProposeCarrier', { ...propose, on: '2023-01-31' }, home)
        .refused('fact.too-early');
    }
    given(proposed).when('ProposeCarrier', propose, home).refused('carrier.exists');
    given(...open)
      .when('ProposeCarrier', propose, home)
      .refused('carrier.exists');
  });
  it('lapses on the day by which both were to sign, judged by the days on which they did', () => {
    given()
      .when('ProposeCarrier', { ...propose, answerBy: on }, home)
      .refused('period.order');
    given()
      .when('ProposeCarrier', { ...propose, answerBy }, home)
      .then(asked);
    for (const noticed of [[], [lapsed]]) {
      given(asked, byHome, ...noticed)
        .when('SignAsHost', { ...sign, on: '2023-06-30' }, host)
        .then(byHost);
      given(asked, byHome, ...noticed)
        .when('SignAsHost', { ...sign, on: answerBy }, host)
        .refused('carrier.lapsed');
      given(asked, byHome, byHost, ...noticed)
        .when('FileCarrier', { ...file, on: '2023-08-01' }, province)
        .then(filed);
      given(asked, byHome, ...noticed)
        .when('FileCarrier', { ...file, on: '2023-08-01' }, province)
        .refused('carrier.lapsed');
      const again = given(asked, byHome, ...noticed).when('ProposeCarrier', { ...propose, on: answerBy }, home);
      expect(again.events()).toMatchObject([{ data: { proposal: 2, answerBy: null } }]);
    }
  });
  it('has its lapse noticed once, and the notice voided by a signature of before that day only', () => {
    const lapse = { on: answerBy, carrier: 'x', until: answerBy };
    given(asked, byHome).when('LapseProposal', lapse, province).then(lapsed);
    for (const history of [
      [asked, byHome, byHost],
      [asked, byHome, lapsed],
    ])
      given(...history)
        .when('LapseProposal', lapse, province)
        .refused('carrier.in-time');
    given(asked, declined).when('LapseProposal', lapse, province).refused('carrier.declined');
    given(asked, byHome, byHost, filed).when('LapseProposal', lapse, province).refused('carrier.filed');
    const voiding = { on: '2023-06-30', carrier: 'x', until: answerBy, fact: 'e-7' };
    given(asked, byHome, lapsed, byHost)
      .when('VoidLapse', voiding, province)
      .then({ type: 'carrier.lapse-voided.v1', data: { ...of, answerBy, status: 'negotiating', fact: 'e-7' } });
    given(asked, lapsed, byHome).when('VoidLapse', voiding, province).refused('carrier.lapsed');
    given(asked, byHome, byHost).when('VoidLapse', voiding, province).refused('carrier.lapse-not-noticed');
  });

  describe('that is revised', () => {
    const revised: CarrierEvent = {
      type: 'carrier.revised.v1',
      data: { ...identity, host: 'fengdong', proposal: 1, tie, answerBy: null, basis },
    };
    const revise = { on, carrier: 'x', ...terms, host: 'fengdong' };

    it('is so by either side, each for its own place, before it is filed', () => {
      given(proposed, byHome, byHost).when('ReviseProposal', revise, host).then(revised);
      given(proposed).when('ReviseProposal', revise, home).refused('carrier.others-place');
      const renamed = given(proposed).when('ReviseProposal', { ...revise, host: 'xixian', name: '新名' }, home);
      expect(renamed.events()).toMatchObject([{ data: { name: '新名' } }]);
      given(proposed).when('ReviseProposal', revise, operator('baoji')).refused('region.not-yours');
      given(proposed, byHome, byHost, filed).when('ReviseProposal', revise, host).refused('carrier.filed');
      given(proposed)
        .when('ReviseProposal', { ...revise, host: 'baoji' }, host)
        .refused('link.end');
      given(proposed, at('2023-03-02', byHome)).when('ReviseProposal', revise, host).refused('fact.too-early');
    });
    it('is signed anew by both, and the refusal to file it says why', () => {
      const fengdong = operator('fengdong');
      const history = [proposed, byHome, byHost, at('2023-02-20', revised)];
      given(...history)
        .when('FileCarrier', file, province)
        .refused('carrier.not-signed-anew');
      given(...history)
        .when('FileCarrier', file, province)
        .says('revised on 2023-02-20', 'home', 'host');
      given(...history)
        .when('SignAsHost', sign, host)
        .refused('region.not-yours');
      given(...history)
        .when('SignAsHome', { ...sign, on: '2023-02-19' }, home)
        .says('its revision');
      const signed = [
        ...history,
        ...given(...history)
          .when('SignAsHome', sign, home)
          .events(),
      ];
      const both = given(...signed).when('SignAsHost', sign, fengdong);
      expect(
        given(...signed, ...both.events())
          .when('FileCarrier', file, province)
          .events(),
      ).toMatchObject([{ type: 'carrier.filed.v2', data: { host: 'fengdong' } }]);
    });
  });

  describe('rests on the structure that was signed', () => {
    const moved = worldAfter({ type: 'region.moved.v1', data: { region: 'fengdong', parent: 'baoji', basis } });
    const revoked = worldAfter({ type: 'hub.revoked.v1', data: { region: 'xixian', basis } });
    const ended = worldAfter({ type: 'region.ended.v1', data: { region: 'fengdong', into: ['xixian'], basis } });
    const inFengdong = (event: CarrierEvent) =>
      ({ ...event, data: { ...event.data, host: 'fengdong' } }) as CarrierEvent;
    const signed = [proposed, byHome, byHost].map(inFengdong);

    it.each([
      ['its host left the hub', moved, 'fengdong does not'],
      ['the hub is no more', revoked, 'hub'],
      ['its host is no more', ended, 'fengdong ended on'],
    ] as const)('and is not filed, nor opened, where %s', (_, then, says) => {
      const after = specification(carrier, all, then);
      const filing = after.given(...signed).when('FileCarrier', file, province);
      filing.refused('carrier.changed-since');
      filing.says(says, 'ReviseProposal');
      const opening = after.given(...signed, inFengdong(filed)).when('OpenCarrier', sign, operator('fengdong'));
      opening.refused('carrier.cannot-open');
      opening.says(says, 'ProposeCarrier');
    });
    it('and is proposed anew where it was filed, and can open no more; its agreement is then none', () => {
      const again = { ...propose, host: 'xixian' };
      const history = [...signed, inFengdong({ ...filed, data: { ...filed.data, agreementUntil: '2026-01-01' } })];
      given(...history)
        .when('ProposeCarrier', again, home)
        .refused('carrier.exists');
      const anew = specification(carrier, all, moved)
        .given(...history)
        .when('ProposeCarrier', again, home);
      expect(anew.events()).toMatchObject([{ data: { proposal: 2, host: 'xixian' } }]);
      given(...history, ...anew.events())
        .when('OpenCarrier', sign, host)
        .refused('carrier.not-filed');
      given(...history, ...anew.events())
        .when('RenewAgreement', { ...sign, until: '2030-01-01' }, province)
        .refused('carrier.no-agreement');
    });
  });
});

describe('space', () => {
  const wanted = { on, carrier: 'x', allocation: 'a', unit: 'u', uscc: 'c', firm: 'f' };
  const let_ = (allocation: string, areaSquareMetres: number, desks: number, from: string, until: string | null) =>
    ({
      type: 'space.allocated.v1',
      data: { ...identity, allocation, unit: 'u', uscc: 'c', firm: 'f', areaSquareMetres, desks, from, until },
    }) as CarrierEvent;
  const ask = (history: CarrierEvent[], areaSquareMetres: number, desks: number, from: string, until?: string) =>
    given(...open, unit(100, 10), ...history).when(
      'AllocateSpace',
      { ...wanted, areaSquareMetres, desks, from, until },
      operator('xianyang'),
    );

  it('is let up to the last desk and the last square metre', () => {
    expect(ask([let_('b', 60, 6, '2023-02-01', null)], 40, 4, '2023-03-01').events()).toHaveLength(1);
    ask([let_('b', 60, 6, '2023-02-01', null)], 40, 5, '2023-03-01').refused('space.no-desks');
    ask([let_('b', 60, 6, '2023-02-01', null)], 40.01, 4, '2023-03-01').refused('space.no-area');
  });
  it('counts hundredths of a square metre exactly', () => {
    const tenth = Array.from({ length: 9 }, (_, i) => let_(`t${i}`, 11.1, 0, '2023-02-01', null));
    expect(ask(tenth, 0.1, 0, '2023-03-01').events()).toHaveLength(1);
    ask(tenth, 0.11, 0, '2023-03-01').refused('space.no-area');
  });
  it('is free again on the day that an allocation ends, not before', () => {
    const until = [let_('b', 100, 10, '2023-02-01', '2023-06-01')];
    expect(ask(until, 100, 10, '2023-06-01').events()).toHaveLength(1);
    ask(until, 1, 1, '2023-05-31').refused('space.no-desks');
  });
  it('sees a shortage that begins in the middle of the period', () => {
    ask([let_('b', 1, 10, '2023-09-01', '2023-10-01')], 1, 1, '2023-03-01').refused('space.no-desks');
  });
  it('is let by the home region only', () => {
    given(...open, unit(100, 10))
      .when('AllocateSpace', { ...wanted, areaSquareMetres: 1, desks: 1, from: '2023-03-01' }, operator('xixian'))
      .refused('region.not-yours');
  });
  it('is not withdrawn while it is let', () => {
    const withdraw = { on, carrier: 'x', unit: 'u', until: '2023-05-01' };
    given(...open, unit(100, 10), let_('b', 1, 1, '2023-02-01', '2023-06-01'))
      .when('WithdrawSpaceUnit', withdraw, operator('xixian'))
      .refused('unit.occupied');
  });

  it('is free entirely when an allocation ends as it begins, and can be withdrawn', () => {
    const released = { type: 'space.released.v1', data: let_('b', 100, 10, '2023-06-01', '2023-06-01').data };
    const history = [let_('b', 100, 10, '2023-06-01', null), released as CarrierEvent];
    const release = { on, carrier: 'x', allocation: 'b', until: '2023-06-01' };
    given(...open, unit(100, 10), history[0]!)
      .when('ReleaseSpace', release, operator('xianyang'))
      .then(history[1]!);
    expect(ask(history, 100, 10, '2023-05-01', '2023-07-01').events()).toHaveLength(1);
    const withdraw = { on, carrier: 'x', unit: 'u', until: '2023-05-01' };
    const decision = given(...open, unit(100, 10), ...history).when('WithdrawSpaceUnit', withdraw, operator('xixian'));
    expect(decision.events()).toHaveLength(1);
  });

  it('of a kind that incubates comes with an admission only, which a process carries out', () => {
    const enclave = (event: CarrierEvent) =>
      ({ ...event, data: { ...event.data, kind: '飞地孵化器' } }) as CarrierEvent;
    const fields = { ...wanted, areaSquareMetres: 1, desks: 1, from: '2023-03-01' };
    const incubating = given(...open.map(enclave), enclave(unit(100, 10)));
    incubating.when('AllocateSpace', fields, operator('xianyang')).refused('allocation.by-admission');
    const admission = { ...operator('xianyang'), id: 'process:admission' };
    expect(incubating.when('AllocateSpace', fields, admission).events()).toHaveLength(1);
  });
  it('is let to a firm that was admitted only while it is not there', () => {
    const uscc = '91610400MA6Y0A0065';
    const admitted = let_('in-91610400ma6y0a0065-1', 1, 1, '2023-02-01', '2024-02-01');
    const there = given(...open, unit(100, 10), { ...admitted, data: { ...admitted.data, uscc } } as CarrierEvent);
    const fields = { ...wanted, uscc, areaSquareMetres: 1, desks: 1 };
    const let_at = (from: string, by = operator('xianyang')) => there.when('AllocateSpace', { ...fields, from }, by);
    let_at('2023-03-01').refused('allocation.admitted');
    let_at('2022-01-01').refused('allocation.admitted');
    expect(let_at('2024-02-01').events()).toHaveLength(1);
  });

  it('is never let twice, whatever is asked for', () => {
    const day = fc.integer({ min: 1, max: 28 }).map((d) => `2023-02-${String(d).padStart(2, '0')}`);
    const request = fc.record({
      areaSquareMetres: fc.integer({ min: 0, max: 6000 }).map((n) => n / 100),
      desks: fc.nat(6),
      from: day,
      until: fc.option(day, { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 25 }), (requests) => {
        let state = [...open, unit(100, 10)].reduce<CarrierState>(
          (s, e) => evolve(carrier, s, e, '2000-01-01'),
          carrier.initial,
        );
        for (const [i, fields] of requests.entries()) {
          const asked = { ...wanted, allocation: `a${i}`, ...fields };
          const decision = carrier.decide.AllocateSpace(asked, state, { by: operator('xianyang'), world });
          if (!isRefusal(decision)) for (const event of decision) state = evolve(carrier, state, event, on);
        }
        for (let d = 1; d <= 29; d++) {
          const today = `2023-02-${String(d).padStart(2, '0')}`;
          const there = state.space.allocations.toList().filter((a) => a.from <= today && today < (a.until ?? '9999'));
          expect(there.reduce((sum, a) => sum + a.desks, 0)).toBeLessThanOrEqual(10);
          expect(there.reduce((sum, a) => sum + Math.round(a.areaSquareMetres * 100), 0)).toBeLessThanOrEqual(10_000);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('winding up', () => {
  const give = { on, carrier: 'x', closesOn: '2023-09-01' };
  const let_ = (allocation: string, from: string, until: string | null) =>
    ({
      type: 'space.allocated.v1',
      data: { ...identity, allocation, unit: 'u', uscc: 'c', firm: 'f', areaSquareMetres: 1, desks: 1, from, until },
    }) as const satisfies CarrierEvent;
  const lets = [
    let_('open', '2023-02-01', null),
    let_('over', '2023-02-01', '2023-06-01'),
    let_('on-the-day', '2023-02-01', '2023-09-01'),
    let_('later', '2023-10-01', null),
  ];
  const there = [...open, unit(100, 10), ...lets];
  const notice = { ...identity, notice: 1, closesOn: '2023-09-01' };
  const noticed: CarrierEvent = { type: 'carrier.winding-up.v1', data: { ...notice, allocations: ['later', 'open'] } };
  const revoked: CarrierEvent = { type: 'carrier.notice-revoked.v1', data: { ...notice, status: 'open' } };

  it('begins with a notice of either side or the province, which names what is open on the day', () => {
    for (const by of [operator('xianyang'), operator('xixian'), province]) {
      given(...there)
        .when('GiveNotice', give, by)
        .then(noticed);
    }
    given(...there)
      .when('GiveNotice', give, operator('baoji'))
      .refused('region.not-yours');
    given(...there)
      .when('GiveNotice', { ...give, closesOn: on }, province)
      .refused('period.order');
    given(...there, noticed)
      .when('GiveNotice', give, province)
      .refused('carrier.winding-up');
  });
  it('lets nothing more in', () => {
    const space = { on, carrier: 'x', unit: 'v', areaSquareMetres: 1, desks: 1, from: on };
    const tenant = { ...space, unit: 'u', allocation: 'n', uscc: 'c', firm: 'f' };
    given(...there, noticed)
      .when('AllocateSpace', tenant, operator('xianyang'))
      .refused('carrier.winding-up');
    given(...there, noticed)
      .when('AddSpaceUnit', space, operator('xianyang'))
      .refused('carrier.winding-up');
  });
  it('can be revoked until the day, and then everything is as it was', () => {
    given(...there, noticed)
      .when('RevokeNotice', { on: '2023-08-31', carrier: 'x' }, operator('xixian'))
      .then(revoked);
    given(...there, noticed)
      .when('RevokeNotice', { on: '2023-09-01', carrier: 'x' }, province)
      .refused('carrier.closing');
    given(...there, noticed, revoked)
      .when('RevokeNotice', { on, carrier: 'x' }, province)
      .refused('carrier.no-notice');
    const again = given(...there, noticed, revoked).when('GiveNotice', give, province);
    expect(again.events()).toMatchObject([{ data: { notice: 2 } }]);
  });
  it('does not lift a suspension when it is revoked', () => {
    const suspended: CarrierEvent = { type: 'carrier.suspended.v1', data: { ...identity, reason: 'r' } };
    given(...there, suspended, noticed)
      .when('RevokeNotice', { on, carrier: 'x' }, province)
      .then({ ...revoked, data: { ...revoked.data, status: 'suspended' } });
  });
  it('ends at once all that is left on the day, the carrier with it, and leaves alone what ended before', () => {
    const windUp = { on: '2023-09-01', carrier: 'x', notice: 1 };
    const released = ({ data }: (typeof lets)[number], until: string) =>
      ({ type: 'space.released.v1', data: { ...data, until } }) as CarrierEvent;
    const units = { ...(unit(100, 10) as Extract<CarrierEvent, { type: 'space.added.v1' }>).data, until: '2023-09-01' };
    const closing: CarrierEvent[] = [
      released(lets[0]!, '2023-09-01'),
      released(lets[3]!, '2023-10-01'),
      { type: 'space.withdrawn.v1', data: units },
      {
        type: 'carrier.wound-up.v2',
        data: {
          ...notice,
          ended: [
            { thing: 'unit', id: 'u', until: null },
            { thing: 'allocation', id: 'open', until: null },
            { thing: 'allocation', id: 'later', until: null },
          ],
        },
      },
    ];
    given(...there, noticed)
      .when('WindUpCarrier', windUp, province)
      .then(...closing);
    given(...there, noticed, ...closing)
      .when('WindUpCarrier', windUp, province)
      .refused('carrier.no-notice');
    given(...there, noticed, revoked)
      .when('WindUpCarrier', windUp, province)
      .refused('carrier.no-notice');
    given(...there, noticed, ...closing)
      .when('GiveNotice', give, province)
      .refused('carrier.wound-up');
    expect(closing.at(-1)!.type).toBe('carrier.wound-up.v2');
  });

  it('is undone by a notice that did not stand until its day, as is told only after it: all goes on as it would have', () => {
    const before = [...there, noticed];
    const state = (history: readonly CarrierEvent[]) =>
      history.reduce<CarrierState>((s, e) => evolve(carrier, s, e, '2023-01-01'), carrier.initial);
    const windUp = { on: '2023-09-01', carrier: 'x', notice: 1 };
    const wound = [
      ...before,
      ...given(...before)
        .when('WindUpCarrier', windUp, province)
        .events(),
    ];
    const revoke = { on: '2023-08-31', carrier: 'x' };
    const reverse = { on: '2023-12-01', carrier: 'x', reason: '误发' };
    for (const [name, fields] of [
      ['RevokeNotice', revoke],
      ['ReverseNotice', reverse],
    ] as const) {
      const events = given(...wound)
        .when(name, fields, operator('xianyang'))
        .events();
      expect(events.at(-1)).toMatchObject({ type: 'carrier.winding-up-voided.v1', data: { status: 'open' } });
      const { space, closing } = state([...wound, ...events]);
      const ends = (of: CarrierState) =>
        [of.space.units, of.space.allocations].map((all) => all.map((at) => at.until).toJS());
      expect(ends(state([...wound, ...events]))).toEqual(ends(state(before)));
      expect([space.units.size, closing.woundUpOn]).toEqual([1, null]);
    }
    given(...wound)
      .when('RevokeNotice', { ...revoke, on: '2023-09-01' }, province)
      .refused('carrier.closing');
  });
  it('does not come of a notice that was given by mistake, which was in force on no day', () => {
    const reverse = { on, carrier: 'x', reason: '误发' };
    const back: CarrierEvent = {
      type: 'carrier.notice-reversed.v1',
      data: { ...notice, status: 'open', reason: '误发' },
    };
    given(...there, at('2023-02-01', noticed))
      .when('ReverseNotice', reverse, operator('xixian'))
      .then(back);
    given(...there)
      .when('ReverseNotice', reverse, operator('xixian'))
      .refused('carrier.no-notice');
    given(...there, at('2023-02-01', noticed))
      .when('ReverseNotice', reverse, operator('baoji'))
      .refused('region.not-yours');
    const tenant = { carrier: 'x', unit: 'u', areaSquareMetres: 1, desks: 1, allocation: 'n', uscc: 'c', firm: 'f' };
    const late = given(...there, at('2023-02-01', noticed), back).when(
      'AllocateSpace',
      { ...tenant, on: '2023-02-10', from: '2023-02-10' },
      operator('xianyang'),
    );
    expect(late.events()).toHaveLength(1);
  });
});

describe('a correction', () => {
  const home = operator('xianyang');
  const reason = '登记有误';
  const space = { unit: 'u', areaSquareMetres: 10, desks: 1, from: '2023-02-01', until: null };
  const tenant = { ...space, allocation: 'a', uscc: 'c', firm: 'f' };
  const let_ = (until: string | null = null) =>
    ({ type: 'space.allocated.v1', data: { ...identity, ...tenant, until } }) satisfies CarrierEvent;
  const released = (until: string): CarrierEvent => ({ ...let_(until), type: 'space.released.v1' });
  const there = [...open, unit(10, 1)];
  const addition = (unit(10, 1) as Extract<CarrierEvent, { type: 'space.added.v1' }>).data;

  it('takes an allocation back as though it never was: its space is free, and its name', () => {
    const back: CarrierEvent = { type: 'space.allocation-reversed.v1', data: { ...let_().data, reason } };
    const reverse = { on, carrier: 'x', allocation: 'a', reason };
    const allocate = { on, carrier: 'x', ...tenant, until: undefined };
    for (const history of [[let_()], [let_(), released('2023-05-01')]]) {
      const [event] = given(...there, ...history)
        .when('ReverseAllocation', reverse, home)
        .events();
      expect(event!.type).toBe('space.allocation-reversed.v1');
      expect(
        given(...there, ...history, event!)
          .when('AllocateSpace', allocate, home)
          .events(),
      ).toEqual([let_()]);
    }
    given(...there, let_(), back)
      .when('ReverseAllocation', reverse, home)
      .refused('allocation.unknown');
    given(...there, let_())
      .when('ReverseAllocation', reverse, operator('baoji'))
      .refused('region.not-yours');
  });
  it('gives a released allocation the end again that it had, where the space is still free', () => {
    const reverse = { on, carrier: 'x', allocation: 'a', reason };
    const ask = (...history: CarrierEvent[]) => given(...there, ...history).when('ReverseRelease', reverse, home);
    const back = (until: string | null): CarrierEvent => ({
      type: 'space.release-reversed.v1',
      data: { ...let_(until).data, reason },
    });
    ask(let_(), released('2023-05-01')).then(back(null));
    ask(let_('2024-02-01'), released('2023-05-01')).then(back('2024-02-01'));
    ask(let_(), released('2023-06-01'), released('2023-05-01')).then(back('2023-06-01'));
    ask(let_(), released('2023-06-01'), released('2023-05-01'), back('2023-06-01')).then(back(null));
    ask(let_()).refused('allocation.not-released');
    ask(let_(), released('2023-05-01'), back(null)).refused('allocation.not-released');
    const rival = { ...let_(), data: { ...let_().data, allocation: 'b', from: '2023-07-01' } };
    ask(let_(), released('2023-05-01'), rival).refused('space.no-desks');
    ask(let_('2023-06-01'), released('2023-05-01'), rival).then(back('2023-06-01'));
  });
  it('takes a unit back once what was let of it is, and names what stands in the way', () => {
    const reverse = { on, carrier: 'x', unit: 'u', reason };
    const back: CarrierEvent = { type: 'space.addition-reversed.v1', data: { ...addition, reason } };
    given(...there)
      .when('ReverseSpaceUnit', reverse, operator('xixian'))
      .then(back);
    given(...there, let_())
      .when('ReverseSpaceUnit', reverse, home)
      .refused('unit.let');
    given(...there, let_())
      .when('ReverseSpaceUnit', reverse, home)
      .says('a …, 1 in all');
    const taken: CarrierEvent = { type: 'space.allocation-reversed.v1', data: { ...let_().data, reason } };
    given(...there, let_(), taken)
      .when('ReverseSpaceUnit', reverse, home)
      .then(back);
    const again = { on, carrier: 'x', unit: 'u', areaSquareMetres: 7, desks: 1, from: '2023-02-01' };
    expect(
      given(...there, back)
        .when('AddSpaceUnit', again, home)
        .events(),
    ).toHaveLength(1);
  });
  it('gives a withdrawn unit back', () => {
    const reverse = { on, carrier: 'x', unit: 'u', reason };
    const gone: CarrierEvent = { type: 'space.withdrawn.v1', data: { ...addition, until: '2023-06-01' } };
    given(...there, gone)
      .when('ReverseUnitWithdrawal', reverse, home)
      .then({ type: 'space.withdrawal-reversed.v1', data: { ...addition, reason } });
    given(...there)
      .when('ReverseUnitWithdrawal', reverse, home)
      .refused('unit.not-withdrawn');
  });
  it('leaves to the firm\u2019s own stream what came with an admission', () => {
    const admitted = { ...let_(), data: { ...let_().data, allocation: 'in-91610400ma6y0a0065-1' } };
    const fields = { on, carrier: 'x', allocation: admitted.data.allocation, reason };
    for (const name of ['ReverseAllocation', 'ReverseRelease'] as const) {
      given(...there, admitted)
        .when(name, fields, home)
        .refused('allocation.of-admission');
    }
    given(...there, admitted)
      .when('ReleaseSpace', { ...fields, until: '2023-05-01' }, home)
      .refused('allocation.of-admission');
  });

  describe('of the end of an agreement', () => {
    const agreed = { ...filed, data: { ...filed.data, agreementUntil: '2026-03-01' } } as CarrierEvent;
    const running = [proposed, byHome, byHost, agreed, at('2023-01-01', opened)];
    const correct = { on, carrier: 'x', reason };
    const corrected = (agreementUntil: string | null, status: 'open' | 'expired' = 'open'): CarrierEvent => ({
      type: 'carrier.agreement-corrected.v1',
      data: { ...identity, term: 1, agreementUntil, reason, status },
    });
    const ask = (agreementUntil: string | undefined, ...history: CarrierEvent[]) =>
      given(...running, ...history).when('CorrectAgreement', { ...correct, agreementUntil }, province);

    it('moves it either way, or takes it away, and rules ask it from then on', () => {
      ask('2027-03-01').then(corrected('2027-03-01'));
      ask('2025-03-01').then(corrected('2025-03-01'));
      ask(undefined).then(corrected(null));
      ask('2023-02-01').then(corrected('2023-02-01', 'expired'));
      expect(ask('2026-03-01').events()).toEqual([]);
      const day = '2026-06-01';
      const add = { on: day, carrier: 'x', unit: 'n', areaSquareMetres: 1, desks: 1, from: day };
      given(...running)
        .when('AddSpaceUnit', add, home)
        .refused('carrier.expired');
      expect(
        given(...running, corrected(null))
          .when('AddSpaceUnit', add, home)
          .events(),
      ).toHaveLength(1);
    });
    it('names what rested on it and would not any more', () => {
      ask('2022-12-31').refused('carrier.relied-on');
      ask('2022-12-31').says('开园', '1 in all');
      const later = { ...let_(), data: { ...let_().data, from: '2024-02-01' } };
      ask('2024-02-01', unit(10, 1), later).says('a …, 1 in all');
      ask('2024-02-02', unit(10, 1), later).then(corrected('2024-02-02'));
      ask('1999-01-01').refused('period.order');
      given(proposed).when('CorrectAgreement', correct, province).refused('carrier.no-agreement');
    });
  });
});

describe('an agreement with an end', () => {
  const until = '2026-03-01';
  const agreed = { ...filed, data: { ...filed.data, agreementUntil: until } } as CarrierEvent;
  const running = [proposed, byHome, byHost, agreed, opened, unit(100, 10)];
  const expired: CarrierEvent = {
    type: 'carrier.agreement-expired.v1',
    data: { ...identity, term: 1, agreementUntil: until, status: 'expired' },
  };
  const renewed = (term: number, agreementUntil = '2029-03-01'): CarrierEvent => ({
    type: 'carrier.renewed.v1',
    data: { ...identity, term, agreementUntil, status: 'open' },
  });
  const expire = { on: until, carrier: 'x', until };
  const renew = { on: '2026-04-01', carrier: 'x', until: '2029-03-01' };
  const tenant = { on, carrier: 'x', allocation: 'a', unit: 'u', uscc: 'c', firm: 'f', areaSquareMetres: 1, desks: 1 };
  const allocate = { ...tenant, from: on };

  it('expires once, unless it has been renewed', () => {
    given(...running)
      .when('ExpireAgreement', expire, province)
      .then(expired);
    given(...running, expired)
      .when('ExpireAgreement', expire, province)
      .refused('carrier.renewed');
    given(...running, renewed(1))
      .when('ExpireAgreement', expire, province)
      .refused('carrier.renewed');
  });
  it('lets nobody in on the days between its end and a renewal: that is another term', () => {
    const let_ = (day: string, ...history: CarrierEvent[]) =>
      given(...running, ...history).when('AllocateSpace', { ...allocate, on: day, from: day }, operator('xianyang'));
    const again = at(renew.on, renewed(2));
    given(...running, expired)
      .when('RenewAgreement', renew, province)
      .then(renewed(2));
    for (const noticed of [[], [expired]]) {
      expect(let_('2026-02-28', ...noticed, again).events()).toHaveLength(1);
      let_('2026-03-01', ...noticed, again).refused('carrier.expired');
      let_('2026-03-31', ...noticed, again).refused('carrier.expired');
      expect(let_('2026-04-01', ...noticed, again).events()).toHaveLength(1);
    }
  });
  it('is renewed in time within its term, whatever was noticed meanwhile, and not to an earlier end', () => {
    for (const noticed of [[], [expired]]) {
      for (const inTime of ['2026-01-15', until]) {
        given(...running, ...noticed)
          .when('RenewAgreement', { ...renew, on: inTime }, province)
          .then(renewed(1));
      }
    }
    given(...running)
      .when('RenewAgreement', { ...renew, on, until }, province)
      .refused('period.order');
  });
  it('of years ago is told late: what happened in it is judged by its days, and not by the notice of its end', () => {
    const past = [at('2020-01-10', proposed), at('2020-01-11', byHome), at('2020-01-11', byHost)];
    const term = { ...filed, data: { ...filed.data, agreementUntil: '2021-01-12' } } as CarrierEvent;
    const ended = { ...expired, data: { ...expired.data, agreementUntil: '2021-01-12', status: 'filed' } };
    const told = [...past, at('2020-01-12', term), at('2021-01-12', ended as CarrierEvent)];
    const open = (day: string) => given(...told).when('OpenCarrier', { on: day, carrier: 'x' }, operator('xixian'));
    open('2020-02-01').then(opened);
    open('2021-01-11').then(opened);
    open('2021-01-12').refused('carrier.expired');
    const there = [...told, at('2020-02-01', opened), at('2020-02-01', unit(100, 10))];
    const space = { ...allocate, unit: 'u2', desks: 1, areaSquareMetres: 1 };
    expect(
      given(...there)
        .when('AddSpaceUnit', { ...space, on: '2020-03-01', from: '2020-03-01' }, operator('xianyang'))
        .events(),
    ).toHaveLength(1);
    given(...there)
      .when('AddSpaceUnit', { ...space, on: '2021-03-01', from: '2021-03-01' }, operator('xianyang'))
      .refused('carrier.expired');
  });
  it('whose end was noticed has that notice voided by a renewal in time, and by none that came too late', () => {
    const voiding = { on: '2026-02-01', carrier: 'x', until, fact: 'e-7' };
    const inTime = at('2026-02-01', renewed(1));
    given(...running, expired, inTime)
      .when('VoidExpiry', voiding, province)
      .then({
        type: 'carrier.expiry-voided.v1',
        data: { ...identity, term: 1, agreementUntil: until, status: 'open', fact: 'e-7' },
      });
    given(...running, expired, at('2026-03-02', renewed(2)))
      .when('VoidExpiry', voiding, province)
      .refused('carrier.expired');
    given(...running, inTime)
      .when('VoidExpiry', voiding, province)
      .refused('carrier.not-noticed');
  });
  it('stays suspended when it expires and is renewed', () => {
    const suspended: CarrierEvent = { type: 'carrier.suspended.v1', data: { ...identity, reason: 'r' } };
    const at = { ...expired, data: { ...expired.data, status: 'suspended' } } as CarrierEvent;
    given(...running, suspended)
      .when('ExpireAgreement', expire, province)
      .then(at);
    given(...running, suspended, at)
      .when('ResumeCarrier', { on: '2026-03-15', carrier: 'x' }, province)
      .refused('carrier.expired');
    given(...running, suspended, at)
      .when('RenewAgreement', renew, province)
      .then({ ...renewed(2), data: { ...renewed(2).data, status: 'suspended' } } as CarrierEvent);
  });
  it('does not open the carrier once it has ended', () =>
    given(proposed, byHome, byHost, agreed)
      .when('OpenCarrier', { on: until, carrier: 'x' }, operator('xixian'))
      .refused('carrier.expired'));
});

describe('a suspension', () => {
  const suspended: CarrierEvent = { type: 'carrier.suspended.v1', data: { ...identity, reason: 'r' } };
  const resumed: CarrierEvent = { type: 'carrier.resumed.v1', data: identity };
  const there = [...open, unit(100, 10), at('2023-05-01', suspended), at('2023-06-01', resumed)];
  const tenant = { carrier: 'x', allocation: 'a', unit: 'u', uscc: 'c', firm: 'f', areaSquareMetres: 1, desks: 1 };
  const let_ = (day: string, from = day) =>
    given(...there).when('AllocateSpace', { ...tenant, on: day, from }, operator('xianyang'));

  it('leaves no space free on its days, and all of it on the others, whenever these are told of', () => {
    const types = (day: string) =>
      let_(day)
        .events()
        .map(({ type }) => type);
    // What is let before it reaches into it.
    expect(types('2023-04-30')).toEqual(['space.allocated.v1', 'space.suspended.v1']);
    expect(types('2023-06-01')).toEqual(['space.allocated.v1']);
    for (const day of ['2023-05-01', '2023-05-31']) let_(day).refused('carrier.suspended');
    let_('2023-04-30', '2023-05-15').refused('carrier.suspended');
    let_('2023-05-15', '2023-06-15').refused('carrier.suspended');
    const more = { carrier: 'x', unit: 'v', areaSquareMetres: 1, desks: 1, on: '2023-05-15', from: '2023-05-15' };
    given(...there)
      .when('AddSpaceUnit', more, operator('xianyang'))
      .refused('carrier.suspended');
  });
  const told = (days: { from: string; until: string | null }[], units = ['u'], allocations: string[] = []) =>
    ({
      type: 'space.suspended.v1',
      data: { ...identity, suspended: days, units, allocations },
    }) satisfies CarrierEvent;
  it('tells of each thing that reaches into its days, and of none that does not', () => {
    const lets = [
      ['before', '2023-01-01', '2023-05-01'],
      ['into', '2023-01-01', '2023-05-02'],
      ['later', '2023-08-01', null],
      ['nothing', '2023-08-01', '2023-08-01'],
    ] as const;
    const let_ = lets.map(([allocation, from, until]): CarrierEvent => ({
      type: 'space.allocated.v1',
      data: { ...identity, ...tenant, allocation, desks: 0, from, until },
    }));
    const there = [...open, unit(100, 10), ...let_];
    given(...there)
      .when('SuspendCarrier', { on: '2023-05-01', carrier: 'x', reason: 'r' }, province)
      .then(suspended, told([{ from: '2023-05-01', until: null }], ['u'], ['into', 'later']));
    given(...there, at('2023-05-01', suspended))
      .when('ResumeCarrier', { on: '2023-06-01', carrier: 'x' }, province)
      .then(resumed, told([{ from: '2023-05-01', until: '2023-06-01' }], ['u'], ['into', 'later']));
  });
  it('is told of what goes on into it by a correction', () => {
    const let_: CarrierEvent = {
      type: 'space.allocated.v1',
      data: { ...identity, ...tenant, from: '2023-02-01', until: null },
    };
    const released: CarrierEvent = { type: 'space.released.v1', data: { ...let_.data, until: '2023-04-01' } };
    const reverse = { on: '2023-07-01', carrier: 'x', allocation: 'a', reason: 'r' };
    const [, days] = given(...there, let_, released)
      .when('ReverseRelease', reverse, operator('xianyang'))
      .events();
    expect(days).toEqual(told([{ from: '2023-05-01', until: '2023-06-01' }], [], ['a']));
    const unitData = (unit(100, 10) as Extract<CarrierEvent, { type: 'space.added.v1' }>).data;
    const gone: CarrierEvent = { type: 'space.withdrawn.v1', data: { ...unitData, until: '2023-04-01' } };
    const back = { on: '2023-07-01', carrier: 'x', unit: 'u', reason: 'r' };
    const [, again] = given(...there, gone)
      .when('ReverseUnitWithdrawal', back, operator('xianyang'))
      .events();
    expect(again).toEqual(told([{ from: '2023-05-01', until: '2023-06-01' }]));
    const notice = { ...identity, notice: 1, closesOn: '2023-04-01' };
    const ended = [{ thing: 'unit' as const, id: 'u', until: null }];
    const wound: CarrierEvent[] = [
      at('2023-03-01', { type: 'carrier.winding-up.v1', data: { ...notice, allocations: [] } }),
      gone,
      { type: 'carrier.wound-up.v2', data: { ...notice, ended } },
    ];
    const voided = given(...there, ...wound).when('ReverseNotice', back, operator('xianyang'));
    expect(voided.events().map(({ type }) => type)).toEqual([
      'carrier.notice-reversed.v1',
      'space.withdrawal-reversed.v1',
      'space.suspended.v1',
      'carrier.winding-up-voided.v1',
    ]);
  });
  it('is told of late, before another and after', () => {
    const suspend = (day: string) =>
      given(...there).when('SuspendCarrier', { on: day, carrier: 'x', reason: 'r' }, province);
    const may = { from: '2023-05-01', until: '2023-06-01' };
    suspend('2023-04-01').then(suspended, told([{ from: '2023-04-01', until: '2023-06-01' }]));
    suspend('2023-07-01').then(suspended, told([may, { from: '2023-07-01', until: null }]));
    suspend('2023-05-15').refused('carrier.suspended');
    given(...there, at('2023-04-01', suspended))
      .when('ResumeCarrier', { on: '2023-04-10', carrier: 'x' }, province)
      .then(resumed, told([{ from: '2023-04-01', until: '2023-04-10' }, may]));
    given(...there)
      .when('ResumeCarrier', { on: '2023-06-10', carrier: 'x' }, province)
      .refused('carrier.not-suspended');
  });
});

describe('what follows from a fact is not dated before it, and may be on the same day', () => {
  const suspended: CarrierEvent = { type: 'carrier.suspended.v1', data: { ...identity, reason: 'r' } };
  const notice = { ...identity, notice: 1, closesOn: '2024-01-01', allocations: [] };
  const noticed: CarrierEvent = { type: 'carrier.winding-up.v1', data: notice };
  const tenant = {
    allocation: 'a',
    unit: 'u',
    uscc: 'c',
    firm: 'f',
    areaSquareMetres: 1,
    desks: 1,
    from: '2023-08-01',
  };
  const let_: CarrierEvent = { type: 'space.allocated.v1', data: { ...identity, ...tenant, until: null } };
  const day = '2023-06-01';
  const before = '2023-05-31';
  const home = operator('xianyang');
  const host = operator('xixian');
  const signed = [proposed, byHome];
  type Fact = CarrierEvent & { readonly on?: string };
  const cases: [string, keyof typeof all, object, Actor, ...Fact[]][] = [
    ['its proposal', 'SignAsHome', {}, home, at(day, proposed)],
    ['its proposal', 'SignAsHost', {}, host, at(day, proposed)],
    ['its proposal', 'DeclineProposal', { reason: 'r' }, host, at(day, proposed)],
    ["home's signature", 'WithdrawProposal', { reason: 'r' }, home, proposed, at(day, byHome)],
    ["home's signature", 'FileCarrier', { filing: 'f' }, province, proposed, at(day, byHome), byHost],
    ["the host's signature", 'FileCarrier', { filing: 'f' }, province, ...signed, at(day, byHost)],
    ['its filing', 'OpenCarrier', {}, host, ...signed, byHost, at(day, filed)],
    ['its filing', 'RenewAgreement', { until: '2030-01-01' }, province, ...signed, byHost, at(day, filed)],
    ['its opening', 'SuspendCarrier', { reason: 'r' }, province, ...signed, byHost, filed, at(day, opened)],
    ['its suspension', 'ResumeCarrier', {}, province, ...open, at(day, suspended)],
    ['its opening', 'GiveNotice', { closesOn: '2024-01-01' }, home, ...signed, byHost, filed, at(day, opened)],
    ['the notice', 'RevokeNotice', {}, home, ...open, at(day, noticed)],
    ['its opening', 'AddSpaceUnit', { ...tenant, unit: 'n' }, home, ...signed, byHost, filed, at(day, opened)],
    ['its addition', 'WithdrawSpaceUnit', { unit: 'u', until: '2023-09-01' }, home, ...open, at(day, unit(9, 9))],
    ['its opening', 'AllocateSpace', tenant, home, ...signed, byHost, filed, at(day, opened), unit(9, 9)],
    ['its allocation', 'ReleaseSpace', { ...tenant, until: '2023-09-01' }, home, ...open, unit(9, 9), at(day, let_)],
  ];
  it.each(cases.map((one) => [one[0], one[1], one] as const))('%s: %s', (what, name, [, , fields, by, ...history]) => {
    const decide = (on: string) => given(...history).when(name, { on, carrier: 'x', ...fields }, by);
    decide(before).refused('fact.too-early');
    decide(before).says(before, day, what);
    expect(decide(day).events()).toHaveLength(1);
  });
  it('nor does space begin before the carrier opened', () => {
    const opening = [...signed, byHost, filed, at(day, opened)];
    given(...opening)
      .when('AddSpaceUnit', { on: day, carrier: 'x', ...tenant, unit: 'n', from: before }, home)
      .refused('fact.too-early');
  });
});
