import { OrderedMap } from 'immutable';
import { knownCodes } from '#libs/contexts/codes';
import { evolve, type Actor } from '#libs/eventing';
import { at, specification } from '#libs/testing';
import * as commands from './topology.commands.js';
import { topology } from './topology.decider.js';
import type { TopologyEvent } from './topology.events.js';

const { given } = specification(topology, commands, { codes: knownCodes() });
const province: Actor = { id: 'p', role: 'province' };
const on = '2023-02-09';
const basis = { document: '秦创原创新驱动平台建设2023年工作要点', clause: '一、2' };

const LEVELS = { shaanxi: 'city', xixian: 'park' } as Readonly<Record<string, string>>;
const region = (
  name: string,
  parent: string | null = 'shaanxi',
  level = parent === null ? 'province' : LEVELS[parent],
) => ({ type: 'region.registered.v1', data: { region: name, name, level, parent, basis } }) as TopologyEvent;
const hub = (name: string): TopologyEvent => ({ type: 'hub.designated.v1', data: { region: name, basis } });
const tree = [region('shaanxi', null), region('xianyang'), region('xixian'), region('fengdong', 'xixian')];

describe('the hub', () => {
  it('is one at a time', () => {
    given(...tree, hub('xixian'))
      .when('DesignateHub', { on, region: 'xianyang', basis }, province)
      .refused('hub.exists');
  });
  it('can be designated elsewhere once it is revoked', () => {
    const revoked: TopologyEvent = { type: 'hub.revoked.v1', data: { region: 'xixian', basis } };
    given(...tree, hub('xixian'), revoked)
      .when('DesignateHub', { on, region: 'xianyang', basis }, province)
      .then({ type: 'hub.designated.v1', data: { region: 'xianyang', basis } });
  });
  it('is revoked only where it is', () => {
    given(...tree, hub('xixian'))
      .when('RevokeHub', { on, region: 'xianyang', basis }, province)
      .refused('hub.not-there');
  });
  it('is not revoked while links rest on it, which the refusal names', () => {
    const link = (id: string, kind: string): TopologyEvent => ({
      type: 'link.opened.v2',
      data: { link: id, kind, from: 'xianyang', to: 'xixian', basis, byCarrier: true },
    });
    const revoke = (...more: TopologyEvent[]) =>
      given(...tree, hub('xixian'), ...more).when('RevokeHub', { on, region: 'xixian', basis }, province);
    const tied = revoke(link('a', 'enclave-incubator'), link('b', 'pairing'), link('c', 'offshore-centre'));
    expect(tied.refusal()).toMatchObject({ code: 'region.in-use', zh: '须先了结：联动关系 a、c' });
    expect(revoke(link('b', 'pairing')).events()).toHaveLength(1);
  });
  it('is not designated before the region was there or the one before was revoked, nor revoked before that', () => {
    const days = tree.map((event) => at('2014-01-06', event));
    const designated = at('2014-01-10', hub('xixian'));
    const revoked = at<TopologyEvent>('2020-01-01', { type: 'hub.revoked.v1', data: { region: 'xixian', basis } });
    const designate = (day: string, ...more: TopologyEvent[]) =>
      given(...days, ...more).when('DesignateHub', { on: day, region: 'xixian', basis }, province);
    designate('2014-01-05').refused('fact.too-early');
    designate('2019-12-31', designated, revoked).refused('fact.too-early');
    expect(designate('2020-01-01', designated, revoked).events()).toHaveLength(1);
    given(...days, designated)
      .when('RevokeHub', { on: '2014-01-09', region: 'xixian', basis }, province)
      .refused('fact.too-early');
  });
  it('concerns every region', () => {
    const state = given(...tree).when('DesignateHub', { on, region: 'xixian', basis }, province);
    const [event] = state.events();
    const regions = OrderedMap({ shaanxi: {}, xixian: {} }) as never;
    expect(topology.concerns(event!, { ...topology.initial, regions })).toEqual(['shaanxi', 'xixian']);
  });
});

describe('links', () => {
  const opening: Actor = { id: 'process:link', role: 'province' };
  const open = (kind: string, from: string, to: string, ...history: TopologyEvent[]) =>
    given(...tree, hub('xixian'), ...history).when('OpenLink', { on, link: 'l', kind, from, to, basis }, opening);

  it('lie where their kind says, which the hub is as a whole', () => {
    for (const base of ['collaboration-base', '协同创新基地']) {
      expect(open(base, 'xixian', 'xianyang').events()).toMatchObject([{ data: { kind: 'collaboration-base' } }]);
      expect(open(base, 'fengdong', 'xianyang').events()).toHaveLength(1);
      open(base, 'xianyang', 'xixian').refused('link.end');
      open(base, 'xixian', 'fengdong').refused('link.end');
      open(base, 'xixian', 'xixian').refused('link.one-region');
    }
    for (const kind of ['enclave-incubator', 'offshore-centre']) {
      expect(open(kind, 'xianyang', 'xixian').events()).toHaveLength(1);
      open(kind, 'xixian', 'xianyang').refused('link.end');
    }
  });
  it('need no end in the hub where their kind asks for none, and then no hub', () => {
    const history = [region('xian'), region('fuping', 'xian', 'county'), region('yanliang', 'xian', 'county')];
    expect(open('一体化发展', 'xian', 'xianyang', ...history).events()).toHaveLength(1);
    expect(open('合作园区', 'fuping', 'yanliang', ...history).events()).toHaveLength(1);
    open('integration', 'xian', 'xixian', ...history).refused('link.end');
    const paired = { on, link: 'l', kind: '结对', from: 'xianyang', to: 'fengdong', basis };
    expect(
      given(...tree)
        .when('OpenLink', paired, province)
        .events(),
    ).toHaveLength(1);
  });
  it('go beyond the province where their kind does, and no other', () => {
    const shanghai: TopologyEvent = {
      type: 'place.registered.v1',
      data: { place: 'cn-310000', name: '上海市', lies: 'elsewhere', basis },
    };
    expect(open('创新协同', 'xianyang', 'cn-310000', shanghai).events()).toHaveLength(1);
    open('创新协同', 'xianyang', 'cn-310000').refused('region.unknown');
    open('创新协同', 'xianyang', 'fengdong', shanghai).refused('link.end');
    for (const kind of ['结对', '协同创新基地']) open(kind, 'fengdong', 'cn-310000', shanghai).refused('link.end');
    open('飞地孵化器', 'cn-310000', 'xixian', shanghai).refused('link.end');
  });
  it('have the level that their kind asks for, outside the hub', () => {
    const code = { ...knownCodes().find('link-kinds', 'collaboration-base')!, level: 'city' };
    const world = { codes: { find: () => code, wanted: () => code, carrierOf: () => undefined } };
    const opened = (to: string) =>
      specification(topology, commands, world)
        .given(...tree, hub('xixian'), region('qindu', 'xianyang', 'county'))
        .when('OpenLink', { on, link: 'l', kind: 'x', from: 'fengdong', to, basis }, province);
    expect(opened('xianyang').events()).toHaveLength(1);
    opened('qindu').refused('link.level');
  });
  it('are of a kind that there is', () => {
    open('banana', 'xixian', 'xianyang').refused('code.not-listed');
  });
  it('of a kind that a kind of carrier is are opened by nobody but the carrier', () => {
    const kind = knownCodes().find('carrier-kinds', 'promoter')!;
    const added = { ...knownCodes(), carrierOf: (link: string) => (link === 'pairing' ? kind : undefined) };
    const alone = (link: string, from: string, to: string, codes = knownCodes()) =>
      specification(topology, commands, { codes })
        .given(...tree, hub('xixian'))
        .when('OpenLink', { on, link: 'l', kind: link, from, to, basis }, province);
    for (const link of ['enclave-incubator', 'offshore-centre'])
      alone(link, 'xianyang', 'xixian').refused('link.by-carrier');
    alone('collaboration-base', 'xixian', 'xianyang').refused('link.by-carrier');
    expect(alone('pairing', 'xixian', 'xianyang').events()).toHaveLength(1);
    alone('pairing', 'xixian', 'xianyang', added).refused('link.by-carrier');
  });
  it('need a hub', () => {
    const fields = { on, link: 'l', kind: 'offshore-centre', from: 'xianyang', to: 'xixian', basis } as const;
    given(...tree)
      .when('OpenLink', fields, opening)
      .refused('hub.none');
  });
  it('close once', () => {
    const data = { link: 'l', kind: 'offshore-centre', from: 'xianyang', to: 'xixian', basis } as const;
    const opened: TopologyEvent = { type: 'link.opened.v2', data: { ...data, byCarrier: false } };
    const closed: TopologyEvent = { type: 'link.closed.v1', data };
    given(...tree, opened)
      .when('CloseLink', { on, link: 'l', basis }, province)
      .then(closed);
    given(...tree, opened, closed)
      .when('CloseLink', { on, link: 'l', basis }, province)
      .refused('link.closed');
  });
  it('go from planned through under way to open and closed, each step once and none before the one that it follows', () => {
    const of = { link: 'l', kind: 'integration', from: 'xian', to: 'xianyang' };
    const xian = region('xian');
    const plan = (stage: 'planned' | 'under-way', day: string, ...more: TopologyEvent[]) =>
      given(...tree, xian, ...more).when('PlanLink', { on: day, ...of, stage, basis }, province);
    const planned = (stage: 'planned' | 'under-way', day: string) =>
      at<TopologyEvent>(day, { type: 'link.planned.v1', data: { ...of, stage, basis } });
    const opened = at<TopologyEvent>('2024-05-01', {
      type: 'link.opened.v2',
      data: { ...of, basis, byCarrier: false },
    });
    const openOn = (day: string, fields: object, ...more: TopologyEvent[]) =>
      given(...tree, xian, ...more).when('OpenLink', { on: day, ...of, basis, ...fields }, province);

    expect(plan('planned', '2024-03-01').events()).toMatchObject([{ data: { stage: 'planned' } }]);
    expect(plan('under-way', '2024-04-01', planned('planned', '2024-03-01')).events()).toHaveLength(1);
    plan('planned', '2024-04-01', planned('planned', '2024-03-01')).refused('link.exists');
    plan('under-way', '2024-02-01', planned('planned', '2024-03-01')).refused('fact.too-early');
    plan('under-way', '2024-06-01', opened).refused('link.exists');
    expect(openOn('2024-05-01', {}, planned('under-way', '2024-03-01')).events()).toHaveLength(1);
    openOn('2024-02-01', {}, planned('under-way', '2024-03-01')).refused('fact.too-early');
    openOn('2024-05-01', { kind: 'pairing' }, planned('under-way', '2024-03-01')).refused('link.another');
    given(...tree, xian, opened)
      .when('CloseLink', { on: '2024-04-30', link: 'l', basis }, province)
      .refused('fact.too-early');
    given(...tree, xian, planned('planned', '2024-03-01'))
      .when('CloseLink', { on: '2024-04-30', link: 'l', basis }, province)
      .then({ type: 'link.closed.v1', data: { ...of, basis } });
  });
});

describe('zones', () => {
  const zone = { zone: 'z', region: 'xianyang', kind: '先行区', name: '咸阳先行区' };

  it('are of a kind that there is, by its code or its name', () => {
    const designate = (kind: string) => given(...tree).when('DesignateZone', { on, ...zone, kind, basis }, province);
    expect(designate('pioneer').events()).toMatchObject([{ data: { kind: '先行区' } }]);
    designate('示范去').refused('code.not-listed');
  });
  const of = { zone: 'z', region: 'xianyang', basis };
  const designated: TopologyEvent = { type: 'zone.designated.v1', data: { ...zone, theme: null, basis } };
  const themed: TopologyEvent = { type: 'zone.theme-changed.v1', data: { ...of, theme: 't' } };
  const revoked: TopologyEvent = { type: 'zone.revoked.v1', data: of };

  it('lie in a registered region, each once at a time', () => {
    const designate = (...history: TopologyEvent[]) =>
      given(...history).when('DesignateZone', { on, ...zone, basis }, province);
    designate(...tree).then(designated);
    designate().refused('region.unknown');
    designate(...tree, designated).refused('zone.exists');
    designate(...tree, designated, revoked).then(designated);
  });
  it('change their theme to another only', () => {
    const change = (...history: TopologyEvent[]) =>
      given(...history).when('ChangeZoneTheme', { on, zone: 'z', theme: 't', basis }, province);
    change(designated).then(themed);
    change(designated, themed).then();
    change(designated, revoked).refused('zone.unknown');
  });
  it('are revoked where they lie, once', () => {
    const revoke = (...history: TopologyEvent[]) =>
      given(...history).when('RevokeZone', { on, zone: 'z', basis }, province);
    revoke(designated, themed).then(revoked);
    revoke(designated, revoked).refused('zone.unknown');
  });
  it('go from planned through under way to established and ended: what is wanted is not there for that', () => {
    const plan = (stage: 'planned' | 'under-way', day: string, ...more: TopologyEvent[]) =>
      given(...tree, ...more).when('PlanZone', { on: day, ...zone, stage, basis }, province);
    const planned = (stage: 'planned' | 'under-way', day: string) =>
      at<TopologyEvent>(day, { type: 'zone.planned.v1', data: { ...zone, theme: null, stage, basis } });
    const designate = (day: string, fields: object, ...more: TopologyEvent[]) =>
      given(...tree, ...more).when('DesignateZone', { on: day, ...zone, basis, ...fields }, province);
    const stages = [planned('planned', '2023-02-09'), planned('under-way', '2023-06-01')];

    plan('under-way', '2023-02-09').then({
      type: 'zone.planned.v1',
      data: { ...zone, theme: null, stage: 'under-way', basis },
    });
    expect(plan('under-way', '2023-06-01', stages[0]!).events()).toHaveLength(1);
    plan('under-way', '2023-07-01', ...stages).refused('zone.exists');
    plan('under-way', '2023-01-01', stages[0]!).refused('fact.too-early');
    plan('planned', '2025-01-01', designated).refused('zone.exists');
    expect(designate('2024-09-01', { name: '咸阳市科技成果转化先行区' }, ...stages).events()).toHaveLength(1);
    designate('2023-05-31', {}, ...stages).refused('fact.too-early');
    designate('2024-09-01', { region: 'xixian' }, ...stages).refused('zone.another');
    designate('2024-09-01', { kind: '示范区' }, ...stages).refused('zone.another');
    given(...tree, ...stages)
      .when('RevokeZone', { on: '2024-01-01', zone: 'z', basis }, province)
      .then(revoked);
  });
  it('follow each step in time', () => {
    const there = at('2024-09-01', designated);
    for (const [name, fields] of [
      ['ChangeZoneTheme', { theme: 't' }],
      ['RevokeZone', {}],
    ] as const)
      given(...tree, there)
        .when(name, { on: '2024-08-31', zone: 'z', basis, ...fields }, province)
        .refused('fact.too-early');
    given(...tree, there, at('2025-01-01', revoked))
      .when('DesignateZone', { on: '2024-12-31', ...zone, basis }, province)
      .refused('fact.too-early');
  });
});

describe('a coverage rule', () => {
  const said = { rule: 'incubator-per-city', carrierKind: '孵化器', level: 'city', basis } as const;
  const rule = { ...said, minimum: 1, modality: 'requires', includesHub: false } as const;
  const stated: TopologyEvent = { type: 'coverage-rule.stated.v2', data: rule };
  const ended: TopologyEvent = { type: 'coverage-rule.ended.v1', data: { rule: rule.rule, basis } };

  it('is stated once, about a kind that there is', () => {
    const state = (fields: object, ...more: TopologyEvent[]) =>
      given(...more).when('StateCoverageRule', { on, ...said, minimum: 1, ...fields }, province);
    state({}).then(stated);
    state({ carrierKind: 'incubator' }).then(stated);
    state({}, stated).refused('rule.exists');
    state({ carrierKind: '孵化气' }).refused('code.not-listed');
  });
  it('may have no number, say how the document says it, and count the hub', () => {
    given()
      .when('StateCoverageRule', { on, ...said, modality: 'supports', hub: 'counted' }, province)
      .then({
        type: 'coverage-rule.stated.v2',
        data: { ...said, minimum: null, modality: 'supports', includesHub: true },
      });
  });
  it('is revised while it stands, and ends', () => {
    const revise = (day: string, ...more: TopologyEvent[]) =>
      given(...more).when('ReviseCoverageRule', { on: day, ...said, minimum: 2 }, province);
    const end = (day: string, ...more: TopologyEvent[]) =>
      given(...more).when('EndCoverageRule', { on: day, rule: rule.rule, basis }, province);
    revise(on, stated).then({ type: 'coverage-rule.revised.v1', data: { ...rule, minimum: 2 } });
    end(on, stated).then(ended);
    for (const step of [revise, end]) {
      step(on).refused('rule.unknown');
      step(on, stated, ended).refused('rule.ended');
      step('2023-02-08', at(on, stated)).refused('fact.too-early');
    }
  });
  it('concerns all regions, in the order in which they were registered', () => {
    const cities = [
      'xian',
      'tongchuan',
      'baoji',
      'xianyang',
      'weinan',
      'yanan',
      'hanzhong',
      'yulin',
      'ankang',
      'shangluo',
    ];
    const events = [region('shaanxi', null), ...cities.map((city) => region(city)), stated];
    const state = events.reduce((s, event) => evolve(topology, s, event, on), topology.initial);
    expect(topology.concerns(stated, state)).toEqual(['shaanxi', ...cities]);
  });
});

it('a statement is recorded once, and brings nothing about', () => {
  const { on: _, ...said } = {
    on,
    statement: 's',
    modality: 'supports',
    wording: '支持总窗口在各地市建立协同创新基地',
    subjectKind: 'link',
    subject: '协同创新基地',
    basis,
  } as const;
  const record = (...more: TopologyEvent[]) => given(...more).when('RecordStatement', { on, ...said }, province);
  const recorded: TopologyEvent = { type: 'statement.recorded.v1', data: { ...said, subjectId: null } };
  record().then(recorded);
  record(recorded).refused('statement.exists');
  expect(evolve(topology, topology.initial, recorded, on)).toEqual({
    ...topology.initial,
    statements: topology.initial.statements.set('s', on),
  });
});

it('a statement that was recorded wrongly is corrected in all of it', () => {
  const said = { modality: 'supports', wording: '支持', subjectKind: 'link', subject: '基地', basis } as const;
  const recorded: TopologyEvent = {
    type: 'statement.recorded.v1',
    data: { statement: 's', subjectId: null, ...said },
  };
  const right = { ...said, statement: 's', wording: '支持总窗口', subjectId: 'base', reason: '漏字' };
  const correct = (day: string, ...more: TopologyEvent[]) =>
    given(...more).when('CorrectStatement', { on: day, ...right }, province);
  correct(on).refused('statement.unknown');
  correct('1999-12-31', recorded).refused('fact.too-early');
  correct(on, recorded).then({ type: 'statement.corrected.v1', data: right });
});
