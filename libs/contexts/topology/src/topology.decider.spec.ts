import { OrderedMap } from 'immutable';
import { evolve, type Actor } from '#libs/eventing';
import { specification } from '#libs/testing';
import * as commands from './topology.commands.js';
import { topology } from './topology.decider.js';
import type { TopologyEvent } from './topology.events.js';

const { given } = specification(topology, commands, undefined);
const province: Actor = { id: 'p', role: 'province' };
const on = '2023-02-09';
const basis = { document: '秦创原创新驱动平台建设2023年工作要点', clause: '一、2' };

const region = (name: string, parent: string | null = 'shaanxi', level = parent === null ? 'province' : 'city') =>
  ({ type: 'region.registered.v1', data: { region: name, name, level, parent, basis } }) as TopologyEvent;
const hub = (name: string): TopologyEvent => ({ type: 'hub.designated.v1', data: { region: name, basis } });
const code = (of: string, number: string, from: string, until: string | null = null): TopologyEvent => ({
  type: 'region.code-mapped.v1',
  data: { region: of, code: number, from, until, basis },
});
const tree = [region('shaanxi', null), region('xianyang'), region('xixian'), region('fengdong', 'xixian')];

describe('the tree of regions', () => {
  it('takes a region under a registered parent', () => {
    const fields = { on, region: 'baoji', name: '宝鸡市', level: 'city', parent: 'shaanxi', basis } as const;
    const data = { region: 'baoji', name: '宝鸡市', level: 'city', parent: 'shaanxi', basis } as const;
    given(...tree)
      .when('RegisterRegion', fields, province)
      .then({ type: 'region.registered.v1', data });
  });

  it.each([
    ['a region twice', { region: 'xianyang', level: 'city', parent: 'shaanxi' }, 'region.exists'],
    ['an unknown parent', { region: 'baoji', level: 'city', parent: 'nowhere' }, 'region.unknown'],
    ['a city without a parent', { region: 'baoji', level: 'city' }, 'region.needs-parent'],
    ['a second province', { region: 'gansu', level: 'province' }, 'region.one-province'],
    [
      'a province with a parent',
      { region: 'gansu', level: 'province', parent: 'shaanxi' },
      'region.province-has-no-parent',
    ],
  ] as const)('refuses %s', (_, fields, why) => {
    given(...tree)
      .when('RegisterRegion', { on, name: 'x', basis, ...fields }, province)
      .refused(why);
  });

  it('refuses a cycle, of one or of several steps', () => {
    for (const [name, parent] of [
      ['xixian', 'fengdong'],
      ['xixian', 'xixian'],
      ['shaanxi', 'fengdong'],
    ] as const) {
      given(...tree)
        .when('MoveRegion', { on, region: name, parent, basis }, province)
        .refused('region.cycle');
    }
  });

  it('does nothing when a region is moved to where it is', () => {
    given(...tree)
      .when('MoveRegion', { on, region: 'fengdong', parent: 'xixian', basis }, province)
      .then();
  });
});

describe('GB/T 2260 codes', () => {
  const when = (of: string, number: string, from: string, until?: string) =>
    given(...tree, code('xianyang', '610400', '1984-01-01', '2000-01-01')).when(
      'MapRegionCode',
      { on, region: of, code: number, from, until, basis },
      province,
    );
  it('follow one another', () => expect(when('xianyang', '610401', '2000-01-01').events()).toHaveLength(1));
  it('pass to another region after their end', () =>
    expect(when('xixian', '610400', '2000-01-01').events()).toHaveLength(1));
  it('belong to one region at a time', () => when('xixian', '610400', '1999-12-31').refused('code.taken'));
  it('are one per region at a time', () => when('xianyang', '610401', '1999-12-31').refused('code.second'));
  it('end after they begin', () => when('xianyang', '610401', '2001-01-01', '2001-01-01').refused('code.period'));
});

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
  it('concerns every region', () => {
    const state = given(...tree).when('DesignateHub', { on, region: 'xixian', basis }, province);
    const [event] = state.events();
    const regions = OrderedMap({ shaanxi: {}, xixian: {} }) as never;
    expect(topology.concerns(event!, { ...topology.initial, regions })).toEqual(['shaanxi', 'xixian']);
  });
});

describe('links', () => {
  const open = (kind: 'collaboration-base' | 'enclave-incubator' | 'offshore-centre', from: string, to: string) =>
    given(...tree, hub('xixian')).when('OpenLink', { on, link: 'l', kind, from, to, basis }, province);
  it('of a base go from the hub to a city', () => {
    expect(open('collaboration-base', 'xixian', 'xianyang').events()).toHaveLength(1);
    open('collaboration-base', 'xianyang', 'xixian').refused('link.from-hub');
    open('collaboration-base', 'xixian', 'xixian').refused('link.from-hub');
  });
  it.each(['enclave-incubator', 'offshore-centre'] as const)('of an %s go from a city to the hub', (kind) => {
    expect(open(kind, 'xianyang', 'xixian').events()).toHaveLength(1);
    open(kind, 'xixian', 'xianyang').refused('link.to-hub');
  });
  it('need a hub', () => {
    const fields = { on, link: 'l', kind: 'offshore-centre', from: 'xianyang', to: 'xixian', basis } as const;
    given(...tree)
      .when('OpenLink', fields, province)
      .refused('hub.none');
  });
  it('close once', () => {
    const data = { link: 'l', kind: 'offshore-centre', from: 'xianyang', to: 'xixian', basis } as const;
    const opened: TopologyEvent = { type: 'link.opened.v1', data };
    const closed: TopologyEvent = { type: 'link.closed.v1', data };
    given(...tree, opened)
      .when('CloseLink', { on, link: 'l', basis }, province)
      .then(closed);
    given(...tree, opened, closed)
      .when('CloseLink', { on, link: 'l', basis }, province)
      .refused('link.closed');
  });
});

describe('zones', () => {
  const zone = { zone: 'z', region: 'xianyang', kind: '先行区', name: '咸阳先行区' };
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
});

describe('a coverage rule', () => {
  const rule = { rule: 'incubator-per-city', carrierKind: '孵化器', level: 'city', minimum: 1, basis } as const;
  const stated: TopologyEvent = { type: 'coverage-rule.stated.v1', data: rule };

  it('is stated once', () => {
    given()
      .when('StateCoverageRule', { on, ...rule }, province)
      .then(stated);
    given(stated)
      .when('StateCoverageRule', { on, ...rule }, province)
      .refused('rule.exists');
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
    const state = events.reduce((s, event) => evolve(topology, s, event), topology.initial);
    expect(topology.concerns(stated, state)).toEqual(['shaanxi', ...cities]);
  });
});
