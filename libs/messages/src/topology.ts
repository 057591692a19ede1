import Type from 'typebox';
import { basis, day, flag, nullable, oneOf, region, slug, text, whole } from './field.js';
import { list } from './list.js';
import { called, codeOf } from './notes.js';
import type { Texts } from './said.js';
import { stages } from './stages.js';

export const regionLevels = {
  province: ['省', 'Province'],
  city: ['市', 'City'],
  county: ['县（区）', 'County'],
  town: ['乡镇（街道）', 'Town'],
  park: ['园区', 'Park'],
} as const satisfies Texts;
export type RegionLevel = keyof typeof regionLevels;

/** What a document says of a thing: 要求, 支持, 支持申报, 鼓励, 推进, 申报, 已有, 目标 (docs/domain.md §7). */
export const modalities = {
  requires: ['要求', 'Requires'],
  supports: ['支持', 'Supports'],
  'supports-application': ['支持申报', 'Supports applying for'],
  encourages: ['鼓励', 'Encourages'],
  'under-way': ['推进', 'Under way'],
  'applies-for': ['申报', 'Applies for'],
  has: ['已有', 'Has'],
  target: ['目标', 'Target'],
} as const satisfies Texts;
export type Modality = keyof typeof modalities;

export const subjectKinds = {
  hub: ['总窗口', 'Hub'],
  region: ['区域', 'Region'],
  zone: ['区', 'Zone'],
  link: ['联动关系', 'Link'],
  carrier: ['载体', 'Carrier'],
  rule: ['要求', 'Rule'],
  target: ['目标', 'Target'],
} as const satisfies Texts;
export type SubjectKind = keyof typeof subjectKinds;

const REVERSED = ['已冲销', 'Reversed'] as const;

export const zoneStatuses = {
  ...stages,
  designated: ['已设立', 'Designated'],
  revoked: ['已终止', 'Revoked'],
  reversed: REVERSED,
} as const satisfies Texts;

export const linkStatuses = {
  ...stages,
  open: ['已建立', 'Open'],
  closed: ['已终止', 'Closed'],
  reversed: REVERSED,
} as const satisfies Texts;

const rests = { document: '秦创原创新驱动平台建设2023年工作要点', clause: '一、2' };

export const regions = list({
  name: 'regions',
  zh: '区域',
  en: 'A region of the province and where it lies',
  heading: ['区域', 'Regions'],
  type: 'cn.liandong.region.changed.v2',
  key: ['region'],
  visibleTo: 'all',
  filter: ['level', 'parent'],
  sort: ['name', 'since'],
  search: ['name'],
  row: {
    region: region('区域', 'Region'),
    name: text(60, '名称', 'Name', '咸阳市'),
    level: oneOf(regionLevels, '层级', 'Level'),
    parent: nullable(
      called('Parent region', region('上级区域', 'The region that it lies in; null for the province', 'shaanxi')),
    ),
    administeredBy: nullable(
      called(
        'Administered by',
        region('代管的区域', 'The region that administers it in place of its parent', 'xixian'),
      ),
    ),
    since: called(['起始日', 'Since'], day('自', 'The day since when it lies there', '2023-01-01')),
    until: nullable(
      called(
        'Until (exclusive)',
        day('撤销日（不含）', 'The first day on which it is no more; null while it is there'),
      ),
    ),
    into: called(
      'Taken over by',
      Type.Array(called('Successor', region('承接的区域', 'A region that takes its place')), {
        title: '承接的区域',
        description: 'The regions that take its place, once it has ended',
      }),
    ),
    basis: basis(),
  },
  example: {
    region: 'xianyang',
    name: '咸阳市',
    level: 'city',
    parent: 'shaanxi',
    administeredBy: null,
    since: '2023-01-01',
    until: null,
    into: [],
    basis: rests,
  },
});

export const regionCodes = list({
  name: 'region-codes',
  zh: '行政区划代码',
  en: 'A code of a region, GB/T 2260 or of towns GB/T 10114, and while it is in force',
  heading: ['行政区划代码', 'Division codes'],
  type: 'cn.liandong.region-code.changed.v2',
  key: ['region', 'from'],
  visibleTo: 'all',
  filter: ['code'],
  sort: ['code'],
  row: {
    region: region('区域', 'Region'),
    code: called(
      ['行政区划代码', 'Division code'],
      text(
        9,
        '行政区划代码，乡镇、街道为九位',
        'Division code, GB/T 2260; of a town or subdistrict nine digits, GB/T 10114',
        '610400',
      ),
    ),
    from: called(['生效日', 'In force from'], day('起', 'In force from')),
    until: nullable(
      called(['失效日（不含）', 'Until (exclusive)'], day('止（不含）', 'In force until, exclusive; null while it is')),
    ),
    basis: basis(),
  },
  example: { region: 'xianyang', code: '610400', from: '1984-01-01', until: null, basis: rests },
});

export const regionGroups = list({
  name: 'region-groups',
  zh: '区域分组',
  en: 'A group of regions: 关中, 陕北, 陕南',
  heading: ['区域分组', 'Groups of regions'],
  type: 'cn.liandong.region-group.changed.v1',
  key: ['group'],
  visibleTo: 'all',
  sort: ['name'],
  search: ['name'],
  row: {
    group: slug('分组', 'Group', 'guanzhong'),
    name: text(60, '名称', 'Name', '关中'),
    regions: called('Members', Type.Array(region('区域', 'Region'), { title: '成员区域', description: 'Its regions' })),
    basis: basis(),
  },
  example: { group: 'guanzhong', name: '关中', regions: ['xianyang'], basis: rests },
});

/** Where a region lies: in its parent, in the region that administers it in the parent's place, and in those it went into. */
export interface Placed {
  readonly parent: string | null;
  readonly administeredBy: string | null;
  readonly into: readonly string[];
}

interface Tree {
  keys(): Iterable<string>;
  get(region: string): Placed | undefined;
}

/** A region and all that it lies in, the nearest first. */
export function above(region: string, at: (region: string) => Placed | undefined): ReadonlySet<string> {
  const found = new Set([region]);
  // A set goes on through what is added to it meanwhile.
  for (const one of found) {
    const { parent = null, administeredBy = null, into = [] } = at(one) ?? {};
    for (const next of [administeredBy, parent, ...into]) if (next !== null) found.add(next);
  }
  return found;
}

/** A region and all of these that lie inside it: who belongs to it sees what concerns them. */
export function inside(region: string, tree: Tree): ReadonlySet<string> {
  const within = [...tree.keys()].filter((one) => above(one, (at) => tree.get(at)).has(region));
  return new Set([region, ...within]);
}

/** What lies beyond the province: a figure rolls it up to 省外 or 境外. */
export const beyond = {
  elsewhere: ['省外', 'In another province'],
  abroad: ['境外', 'Abroad'],
} as const satisfies Texts;

export const places = list({
  name: 'places',
  zh: '省外、境外地点',
  en: 'A place beyond the province, as contracts, uses and centres name it in place of a region',
  heading: ['省外、境外地点', 'Places beyond the province'],
  type: 'cn.liandong.place.changed.v1',
  key: ['place'],
  visibleTo: 'all',
  filter: ['lies'],
  sort: ['name'],
  search: ['name'],
  row: {
    place: called(
      ['地点', 'Place'],
      slug('地点：cn-行政区划代码，iso-国家代码', 'cn- and a division code, or iso- and a country code', 'cn-310000'),
    ),
    name: text(60, '名称', 'Name', '上海市'),
    lies: called(
      ['省外或境外', 'Where it lies'],
      oneOf(beyond, '省外（elsewhere）或境外（abroad）', 'In another province, or abroad'),
    ),
    since: called(['起始日', 'Since'], day('自', 'The day since when it is registered')),
    basis: basis(),
  },
  example: {
    place: 'cn-310000',
    name: '上海市',
    lies: 'elsewhere',
    since: '2023-02-09',
    basis: { document: 'GB/T 2260', clause: '310000' },
  },
});

/** Whether an id is that of all that lies in other provinces, or abroad: what figures roll places up to. */
export const isBeyond = (id: string): boolean => Object.hasOwn(beyond, id);

const PLACE = /^(?:cn-\d{6}|iso-[a-z]{2}(?:-[a-z0-9-]+)?)$/;

/** Whether an id has the form of a place beyond the province; no region of the province has. It has no feed. */
export const isPlace = (id: string): boolean => PLACE.test(id);

export const authorities = list({
  name: 'authorities',
  zh: '自主办理的区域',
  en: 'A region with an authority of its own: those that it lies in no longer act for it',
  heading: ['自主办理的区域', 'Regions acting for themselves'],
  type: 'cn.liandong.authority.changed.v1',
  key: ['region', 'from'],
  visibleTo: 'all',
  sort: ['from'],
  row: {
    region: region('区域', 'Region', 'fengdong'),
    from: called(['起始日', 'Since'], day('自', 'The day since when it acts for itself alone')),
    until: nullable(
      called('Until (exclusive)', day('终止日（不含）', 'The first day on which it no more does; null while it does')),
    ),
    basis: basis(),
  },
  example: { region: 'fengdong', from: '2023-02-09', until: null, basis: rests },
});

export const hubs = list({
  name: 'hubs',
  zh: '总窗口',
  en: 'A region that is, or was, the hub',
  heading: ['总窗口', 'Hub'],
  type: 'cn.liandong.hub.changed.v2',
  key: ['region'],
  visibleTo: 'all',
  sort: ['from'],
  row: {
    region: region('区域', 'Region', 'xixian'),
    from: called('Designated on', day('设立日', 'The day of its designation')),
    until: nullable(called('Revoked on', day('撤销日', 'The day on which it was revoked; null while it is the hub'))),
    basis: basis(),
  },
  example: { region: 'xixian', from: '2023-02-09', until: null, basis: rests },
});

export const zones = list({
  name: 'zones',
  zh: '区（先行区、示范区、试验区、引领区等）',
  en: 'A zone of one hub, many zones',
  heading: ['区', 'Zones'],
  type: 'cn.liandong.zone.changed.v3',
  key: ['zone'],
  visibleTo: 'all',
  filter: ['region', 'kind', 'status'],
  sort: ['name', 'from'],
  search: ['name', 'theme'],
  row: {
    zone: slug('区', 'Zone', 'xianyang-pioneer'),
    region: called('Region', region('所在区域', 'The region that it lies in')),
    kind: codeOf('zone-kinds', called('Kind', text(20, '类别', 'Kind, a name of zone-kinds', '先行区'))),
    name: text(60, '名称', 'Name', '咸阳科技成果转化先行区'),
    theme: nullable(text(60, '主题', 'Theme', '科技成果转化')),
    status: called(
      ['状态', 'Status'],
      oneOf(
        zoneStatuses,
        '状态：规划、在建、已设立、已终止、已冲销（误登记，从未有过）',
        'How far it has come; what a document wants is not there for that, and what is reversed never was',
      ),
    ),
    plannedOn: nullable(
      called(
        'Planned on',
        day('规划日', 'The day since when it is planned or under way; null where that was not recorded'),
      ),
    ),
    from: nullable(
      called('Designated on', day('设立日', 'The day of its designation; null while it is not there yet')),
    ),
    until: nullable(called('Ended on', day('终止日', 'The day on which it ended; null while it is planned or there'))),
    basis: basis(),
  },
  example: {
    zone: 'xianyang-pioneer',
    region: 'xianyang',
    kind: '先行区',
    name: '咸阳科技成果转化先行区',
    theme: '科技成果转化',
    status: 'designated',
    plannedOn: null,
    from: '2023-02-09',
    until: null,
    basis: rests,
  },
});

export const links = list({
  name: 'links',
  zh: '联动关系',
  en: 'A directed link between two regions',
  heading: ['联动关系', 'Links'],
  type: 'cn.liandong.link.changed.v3',
  key: ['link'],
  visibleTo: 'all',
  filter: ['kind', 'from', 'to', 'status'],
  sort: ['openedOn'],
  row: {
    link: slug('关系', 'Link', 'base-xianyang'),
    kind: codeOf('link-kinds', called('Kind', text(63, '类别', 'Kind, a code of link-kinds', 'collaboration-base'))),
    from: called('From region', region('起点区域', 'The region that it starts at', 'xixian')),
    to: called('To region', region('终点区域', 'The region that it ends at')),
    status: called(
      ['状态', 'Status'],
      oneOf(
        linkStatuses,
        '状态：规划、在建、已建立、已终止、已冲销（误登记，从未有过）',
        'How far it has come; what a document wants is not open for that, and what is reversed never was',
      ),
    ),
    plannedOn: nullable(
      called(
        'Planned on',
        day('规划日', 'The day since when it is planned or under way; null where that was not recorded'),
      ),
    ),
    openedOn: nullable(
      called('Opened on', day('建立日', 'The day on which it was opened; null while it is not open yet')),
    ),
    closedOn: nullable(
      called('Ended on', day('终止日', 'The day on which it ended; null while it is planned or open')),
    ),
    basis: basis(),
  },
  example: {
    link: 'base-xianyang',
    kind: 'collaboration-base',
    from: 'xixian',
    to: 'xianyang',
    status: 'open',
    plannedOn: null,
    openedOn: '2023-02-09',
    closedOn: null,
    basis: rests,
  },
});

const SAYS = '表述方式：要求、支持、支持申报、鼓励、推进、申报、已有、目标';

export const statements = list({
  name: 'statements',
  zh: '文件的表述',
  en: 'What a document says, word for word; what came about is told of by zones, links and carriers',
  heading: ['文件的表述', 'Statements of documents'],
  type: 'cn.liandong.statement.changed.v1',
  key: ['statement'],
  visibleTo: 'all',
  filter: ['modality', 'subjectKind', 'subjectId'],
  sort: ['statedOn'],
  search: ['wording', 'subject'],
  row: {
    statement: slug('表述', 'Statement', 'points-2023-incubators'),
    modality: called(['表述方式', 'How it is said'], oneOf(modalities, SAYS, 'How the document says it')),
    wording: called(
      'Wording',
      text(300, '原文', 'The words of the document', '在每个市(区)布局建设1个特色化立体联动“孵化器”'),
    ),
    subjectKind: called(
      ['所指', 'Kind of subject'],
      oneOf(subjectKinds, '所指：总窗口、区域、区、关系、载体、要求、目标', 'What kind of thing it speaks of'),
    ),
    subject: called('Subject', text(100, '所指的名称', 'What it speaks of', '每个市(区) 孵化器')),
    subjectId: nullable(
      called('Its id here', slug('所指在平台上的标识', 'Its id here; null where the document does not say which')),
    ),
    statedOn: called('Stated on', day('表述日', 'The day of the document')),
    basis: basis(),
  },
  example: {
    statement: 'points-2023-incubators',
    modality: 'requires',
    wording: '在每个市(区)布局建设1个特色化立体联动“孵化器”',
    subjectKind: 'rule',
    subject: '每个市(区) 孵化器',
    subjectId: 'incubator-per-city',
    statedOn: '2023-02-09',
    basis: { document: '秦创原创新驱动平台建设2023年工作要点', clause: '一、3' },
  },
});

export const coverageRules = list({
  name: 'coverage-rules',
  zh: '覆盖要求',
  en: 'How many carriers of a kind each region of a level must or should have',
  heading: ['覆盖要求', 'Coverage rules'],
  type: 'cn.liandong.coverage-rule.changed.v2',
  key: ['rule'],
  visibleTo: 'all',
  filter: ['carrierKind', 'level', 'modality'],
  sort: ['statedOn'],
  row: {
    rule: slug('要求', 'Rule', 'incubator-per-city'),
    carrierKind: codeOf('carrier-kinds', text(20, '载体类别', 'Kind of carrier', '孵化器')),
    level: called('Level', oneOf(regionLevels, '适用的区域层级', 'Level of the regions that it speaks of')),
    minimum: nullable(
      called('At least', whole('每个区域至少几个', 'How many each must have; null where the document gives no number')),
    ),
    modality: called(['表述方式', 'How it is said'], oneOf(modalities, SAYS, 'How the document says it')),
    includesHub: called('Hub counts', flag('总窗口计入', 'Whether the hub is one of these regions')),
    statedOn: called('Stated on', day('提出日', 'The day on which it was stated')),
    endedOn: nullable(called('Ended on', day('终止日', 'The day on which it ended; null while it stands'))),
    basis: basis(),
  },
  example: {
    rule: 'incubator-per-city',
    carrierKind: '孵化器',
    level: 'city',
    minimum: 1,
    modality: 'requires',
    includesHub: false,
    statedOn: '2023-02-09',
    endedOn: null,
    basis: rests,
  },
});
