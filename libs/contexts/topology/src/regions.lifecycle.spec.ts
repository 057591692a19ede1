import { knownCodes } from '#libs/contexts/codes';
import type { Actor } from '#libs/eventing';
import { regionLevels, valuesOf, type RegionLevel } from '#libs/messages';
import { at, specification } from '#libs/testing';
import * as commands from './topology.commands.js';
import { topology } from './topology.decider.js';
import type { TopologyEvent } from './topology.events.js';

const { given } = specification(topology, commands, { codes: knownCodes() });
const province: Actor = { id: 'p', role: 'province' };
const on = '2023-02-09';
const basis = { document: '陕西省人民政府关于西咸新区管理体制的批复', clause: '一' };

const region = (name: string, parent: string | null, level: RegionLevel): TopologyEvent => ({
  type: 'region.registered.v1',
  data: { region: name, name, level, parent, basis },
});
const moved = (name: string, parent: string): TopologyEvent => ({
  type: 'region.moved.v1',
  data: { region: name, parent, basis },
});
const ended = (name: string, ...into: string[]): TopologyEvent => ({
  type: 'region.ended.v1',
  data: { region: name, into, basis },
});
const code = (of: string, number: string): TopologyEvent => ({
  type: 'region.code-mapped.v1',
  data: { region: of, code: number, from: '2008-02-01', until: null, basis },
});
const hub: TopologyEvent = { type: 'hub.designated.v1', data: { region: 'xixian', basis } };
const tree = [
  region('shaanxi', null, 'province'),
  region('xianyang', 'shaanxi', 'city'),
  region('xixian', 'shaanxi', 'city'),
  region('qindu', 'xianyang', 'county'),
  region('fengdong', 'xixian', 'park'),
];

describe('the tree of regions', () => {
  const register = (fields: object, ...more: TopologyEvent[]) =>
    given(...tree, ...more).when(
      'RegisterRegion',
      { on, region: 'new', name: '新', level: 'city', parent: 'shaanxi', basis, ...fields },
      province,
    );

  it('takes a region under a registered parent', () => {
    const data = { region: 'new', name: '新', level: 'city', parent: 'shaanxi', basis } as const;
    register({}).then({ type: 'region.registered.v1', data });
  });

  it.each([
    ['a region twice', { region: 'xianyang' }, 'region.exists'],
    ['an unknown parent', { parent: 'nowhere' }, 'region.unknown'],
    ['a city without a parent', { parent: undefined }, 'region.needs-parent'],
    ['a second province', { level: 'province', parent: undefined }, 'region.one-province'],
    ['a province with a parent', { level: 'province' }, 'region.province-has-no-parent'],
    ['the id of a place of another province', { region: 'cn-310000' }, 'region.place'],
    ['the id of a country', { region: 'iso-de' }, 'region.place'],
    ['the id of all that lies abroad', { region: 'abroad' }, 'region.place'],
  ] as const)('refuses %s', (_, fields, why) => register(fields).refused(why));

  it('has each level under those that it may lie under, and under no other', () => {
    const under: Record<RegionLevel, readonly RegionLevel[]> = {
      province: [],
      city: ['province'],
      county: ['province', 'city'],
      town: ['city', 'county', 'park'],
      park: ['province', 'city', 'county', 'town', 'park'],
    };
    const parents = { province: 'shaanxi', city: 'xianyang', county: 'qindu', town: 'town', park: 'fengdong' } as const;
    for (const level of valuesOf(regionLevels).filter((one) => one !== 'province'))
      for (const above of valuesOf(regionLevels)) {
        const tried = register({ level, parent: parents[above] }, region('town', 'qindu', 'town'));
        if (under[level].includes(above)) expect(tried.events()).toHaveLength(1);
        else tried.refused('region.level');
      }
  });

  it('refuses a cycle, of one or of several steps', () => {
    const parks = [region('a', 'fengdong', 'park'), region('b', 'a', 'park')];
    for (const [name, parent] of [
      ['fengdong', 'b'],
      ['a', 'a'],
      ['xixian', 'fengdong'],
    ] as const)
      given(...tree, ...parks)
        .when('MoveRegion', { on, region: name, parent, basis }, province)
        .refused('region.cycle');
  });

  it('moves a region to where its level may lie only, and the province nowhere', () => {
    const move = (name: string, parent: string) =>
      given(...tree).when('MoveRegion', { on, region: name, parent, basis }, province);
    move('qindu', 'xixian').then(moved('qindu', 'xixian'));
    move('fengdong', 'xixian').then();
    move('xixian', 'qindu').refused('region.level');
    move('qindu', 'fengdong').refused('region.level');
    move('shaanxi', 'xianyang').refused('region.province-has-no-parent');
  });
});

describe('a change of a region', () => {
  it('is a new name, told once', () => {
    const rename = (...more: TopologyEvent[]) =>
      given(...tree, ...more).when('RenameRegion', { on, region: 'qindu', name: '秦都区', basis }, province);
    const renamed: TopologyEvent = { type: 'region.renamed.v1', data: { region: 'qindu', name: '秦都区', basis } };
    rename().then(renamed);
    rename(renamed).then();
    rename(ended('qindu')).refused('region.ended');
  });

  it('is another region that administers it, until it does no more', () => {
    const administer = (by: string | undefined, ...more: TopologyEvent[]) =>
      given(...tree, ...more).when('AdministerRegion', { on, region: 'qindu', by, basis }, province);
    const by = (administeredBy: string | null): TopologyEvent => ({
      type: 'region.administered.v1',
      data: { region: 'qindu', administeredBy, basis },
    });
    administer('xixian').then(by('xixian'));
    administer('xixian', by('xixian')).then();
    administer(undefined, by('xixian')).then(by(null));
    administer('qindu').refused('region.administers-itself');
    administer('nowhere').refused('region.unknown');
  });

  it('that is recorded late does not undo a later one, and is a fact all the same', () => {
    const later = at('2020-01-01', moved('fengdong', 'xianyang'));
    const late = moved('fengdong', 'xixian');
    const move = (day: string, parent: string, ...more: (typeof later)[]) =>
      given(...tree, ...more).when('MoveRegion', { on: day, region: 'fengdong', parent, basis }, province);
    expect(move('2018-01-01', 'xianyang', later).events()).toHaveLength(1);
    move('2021-01-01', 'xianyang', later, at('2018-01-01', late)).then();
    move('2019-12-31', 'xixian', later, at('2018-01-01', late)).then(late);
  });

  it('is not dated before the region was there', () => {
    const [shaanxi, ...others] = tree;
    const history = [shaanxi!, ...others.map((event) => at('2011-06-13', event))];
    const early = '2011-06-12';
    const changes = {
      RenameRegion: { name: 'x' },
      MoveRegion: { parent: 'xixian' },
      AdministerRegion: { by: 'xixian' },
      EndRegion: {},
      MapRegionCode: { code: '610402', from: '2008-02-01' },
    } as const;
    for (const [name, fields] of Object.entries(changes))
      given(...history)
        .when(name as 'RenameRegion', { on: early, region: 'qindu', basis, ...fields } as never, province)
        .refused('fact.too-early');
    given(...history)
      .when(
        'RegisterRegion',
        { on: early, region: 'x', name: 'x', level: 'county', parent: 'xianyang', basis },
        province,
      )
      .refused('fact.too-early');
    given(...history)
      .when('DefineRegionGroup', { on: early, group: 'g', name: 'g', regions: ['qindu'], basis }, province)
      .refused('fact.too-early');
  });
});

describe('the end of a region', () => {
  const end = (name: string, into: string[] | undefined, ...more: TopologyEvent[]) =>
    given(...tree, hub, ...more).when('EndRegion', { on, region: name, into, basis }, province);

  it('names what takes its place: one region of a merger, several of a split, none', () => {
    end('qindu', ['xianyang']).then(ended('qindu', 'xianyang'));
    end('qindu', ['xianyang', 'fengdong', 'xianyang']).then(ended('qindu', 'xianyang', 'fengdong'));
    end('qindu', undefined).then(ended('qindu'));
    end('qindu', ['qindu']).refused('region.own-successor');
    end('qindu', ['nowhere']).refused('region.unknown');
    end('qindu', undefined, ended('qindu')).refused('region.ended');
  });

  it('waits for all that refers to it, and says what that is', () => {
    const link = { link: 'l', kind: 'pairing', from: 'xianyang', to: 'fengdong', basis };
    const zone = { zone: 'z', region: 'xianyang', kind: '先行区', name: 'z', theme: null, basis };
    const tied = end(
      'xianyang',
      undefined,
      code('xianyang', '610400'),
      { type: 'link.opened.v2', data: { ...link, byCarrier: false } },
      { type: 'zone.planned.v1', data: { ...zone, stage: 'planned' } },
    );
    tied.refused('region.in-use');
    expect(tied.refusal().zh).toBe('须先了结：下级或代管区域 qindu；有效代码 610400；区 z；联动关系 l');
    end('xixian', undefined, moved('fengdong', 'shaanxi')).refused('region.in-use');
    expect(
      end(
        'xianyang',
        undefined,
        ended('qindu'),
        { type: 'link.opened.v2', data: { ...link, byCarrier: false } },
        { type: 'link.closed.v1', data: link },
        { type: 'zone.designated.v1', data: zone },
        { type: 'zone.revoked.v1', data: { zone: 'z', region: 'xianyang', basis } },
      ).events(),
    ).toHaveLength(1);
  });

  it('is the end of what is said of it', () => {
    const zone = { on, zone: 'z', region: 'qindu', kind: '先行区', name: 'z', basis };
    const gone = given(...tree, hub, ended('qindu'));
    gone.when('DesignateZone', zone, province).refused('region.ended');
    gone.when('PlanZone', { ...zone, stage: 'planned' }, province).refused('region.ended');
    gone.when('DesignateHub', { on, region: 'qindu', basis }, province).refused('hub.exists');
    gone.when('MoveRegion', { on, region: 'fengdong', parent: 'qindu', basis }, province).refused('region.ended');
    gone
      .when('OpenLink', { on, link: 'l', kind: 'pairing', from: 'xianyang', to: 'qindu', basis }, province)
      .refused('region.ended');
  });
});

it('a region does not leave the hub, or enter it, while a link rests on where it lies', () => {
  const link = { link: 'l', kind: 'offshore-centre', from: 'xianyang', to: 'fengdong', basis };
  const opened: TopologyEvent = { type: 'link.opened.v2', data: { ...link, byCarrier: false } };
  const move = (...more: TopologyEvent[]) =>
    given(...tree, hub, opened, ...more).when(
      'MoveRegion',
      { on, region: 'fengdong', parent: 'xianyang', basis },
      province,
    );
  move().refused('region.in-use');
  move({ type: 'link.closed.v1', data: link }).then(moved('fengdong', 'xianyang'));
});
