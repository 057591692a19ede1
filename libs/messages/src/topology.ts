import Type from 'typebox';
import { basis, day, nullable, oneOf, region, slug, text, whole } from './field.js';
import { list } from './list.js';

const levels = ['province', 'city', 'county', 'park'] as const;
const rests = { document: '秦创原创新驱动平台建设2023年工作要点', clause: '一、2' };

export const regions = list({
  name: 'regions',
  zh: '区域',
  en: 'A region of the province and where it lies',
  type: 'cn.liandong.region.changed.v1',
  key: ['region'],
  visibleTo: 'all',
  filter: ['level', 'parent'],
  sort: ['name', 'since'],
  search: ['name'],
  row: {
    region: region('区域', 'Region'),
    name: text(60, '名称', 'Name', '咸阳市'),
    level: oneOf(levels, '层级', 'Level'),
    parent: nullable(region('上级区域', 'The region that it lies in; null for the province', 'shaanxi')),
    since: day('自', 'The day since when it lies there', '2023-01-01'),
    basis: basis(),
  },
  example: { region: 'xianyang', name: '咸阳市', level: 'city', parent: 'shaanxi', since: '2023-01-01', basis: rests },
});

export const regionCodes = list({
  name: 'region-codes',
  zh: '行政区划代码',
  en: 'A GB/T 2260 code of a region, and while it is in force',
  type: 'cn.liandong.region-code.changed.v1',
  key: ['region', 'from'],
  visibleTo: 'all',
  filter: ['code'],
  sort: ['code'],
  row: {
    region: region('区域', 'Region'),
    code: text(6, '行政区划代码', 'Division code, GB/T 2260', '610400'),
    from: day('起', 'In force from'),
    until: nullable(day('止（不含）', 'In force until, exclusive; null while it is')),
    basis: basis(),
  },
  example: { region: 'xianyang', code: '610400', from: '1984-01-01', until: null, basis: rests },
});

export const regionGroups = list({
  name: 'region-groups',
  zh: '区域分组',
  en: 'A group of regions: 关中, 陕北, 陕南',
  type: 'cn.liandong.region-group.changed.v1',
  key: ['group'],
  visibleTo: 'all',
  sort: ['name'],
  search: ['name'],
  row: {
    group: slug('分组', 'Group', 'guanzhong'),
    name: text(60, '名称', 'Name', '关中'),
    regions: Type.Array(region('区域', 'Region'), { title: '成员区域', description: 'Its regions' }),
    basis: basis(),
  },
  example: { group: 'guanzhong', name: '关中', regions: ['xianyang'], basis: rests },
});

export const hubs = list({
  name: 'hubs',
  zh: '总窗口',
  en: 'A region that is, or was, the hub',
  type: 'cn.liandong.hub.changed.v2',
  key: ['region'],
  visibleTo: 'all',
  sort: ['from'],
  row: {
    region: region('区域', 'Region', 'xixian'),
    from: day('设立日', 'The day of its designation'),
    until: nullable(day('撤销日', 'The day on which it was revoked; null while it is the hub')),
    basis: basis(),
  },
  example: { region: 'xixian', from: '2023-02-09', until: null, basis: rests },
});

export const zones = list({
  name: 'zones',
  zh: '区（先行区、示范区、试验区、引领区等）',
  en: 'A zone of one hub, many zones',
  type: 'cn.liandong.zone.changed.v2',
  key: ['zone'],
  visibleTo: 'all',
  filter: ['region', 'kind', 'status'],
  sort: ['name', 'from'],
  search: ['name', 'theme'],
  row: {
    zone: slug('区', 'Zone', 'xianyang-pioneer'),
    region: region('所在区域', 'The region that it lies in'),
    kind: text(20, '类别', 'Kind, an open code list', '先行区'),
    name: text(60, '名称', 'Name', '咸阳科技成果转化先行区'),
    theme: nullable(text(60, '主题', 'Theme', '科技成果转化')),
    status: oneOf(['designated', 'revoked'], '状态', 'Status'),
    from: day('设立日', 'The day of its designation'),
    until: nullable(day('撤销日', 'The day on which it was revoked; null while it is there')),
    basis: basis(),
  },
  example: {
    zone: 'xianyang-pioneer',
    region: 'xianyang',
    kind: '先行区',
    name: '咸阳科技成果转化先行区',
    theme: '科技成果转化',
    status: 'designated',
    from: '2023-02-09',
    until: null,
    basis: rests,
  },
});

export const links = list({
  name: 'links',
  zh: '联动关系',
  en: 'A directed link between two regions',
  type: 'cn.liandong.link.changed.v2',
  key: ['link'],
  visibleTo: 'all',
  filter: ['kind', 'from', 'to', 'status'],
  sort: ['openedOn'],
  row: {
    link: slug('关系', 'Link', 'base-xianyang'),
    kind: text(30, '类别', 'Kind', 'collaboration-base'),
    from: region('起点区域', 'The region that it starts at', 'xixian'),
    to: region('终点区域', 'The region that it ends at'),
    status: oneOf(['open', 'closed'], '状态', 'Status'),
    openedOn: day('建立日', 'The day on which it was opened'),
    closedOn: nullable(day('终止日', 'The day on which it was closed; null while it is open')),
    basis: basis(),
  },
  example: {
    link: 'base-xianyang',
    kind: 'collaboration-base',
    from: 'xixian',
    to: 'xianyang',
    status: 'open',
    openedOn: '2023-02-09',
    closedOn: null,
    basis: rests,
  },
});

export const coverageRules = list({
  name: 'coverage-rules',
  zh: '覆盖要求',
  en: 'How many carriers of a kind each region of a level must have',
  type: 'cn.liandong.coverage-rule.changed.v1',
  key: ['rule'],
  visibleTo: 'all',
  filter: ['carrierKind', 'level'],
  sort: ['statedOn'],
  row: {
    rule: slug('要求', 'Rule', 'incubator-per-city'),
    carrierKind: text(20, '载体类别', 'Kind of carrier', '孵化器'),
    level: oneOf(levels, '适用的区域层级', 'Level of the regions that it speaks of'),
    minimum: whole('每个区域至少几个', 'How many each region must have'),
    statedOn: day('提出日', 'The day on which it was stated'),
    basis: basis(),
  },
  example: {
    rule: 'incubator-per-city',
    carrierKind: '孵化器',
    level: 'city',
    minimum: 1,
    statedOn: '2023-02-09',
    basis: rests,
  },
});
