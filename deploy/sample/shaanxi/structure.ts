import type { SampleCommand } from '../command.js';

/**
 * 秦创原 as the province's document of 2023 states it, each fact with document and clause. Nothing here is an example:
 * what the document does not say is not in this file.
 */
const POINTS = '秦创原创新驱动平台建设2023年工作要点';
const PLAN = '秦创原创新驱动平台建设三年行动计划（2024—2026年）';
const CODES = 'GB/T 2260—2007 中华人民共和国行政区划代码';
const PUBLISHED = '2023-02-09';
/** GB/T 2260—2007 came into force on this day. */
const CODES_FROM = '2008-02-01';

const points = (clause: string) => ({ document: POINTS, clause });

/** Cities with their code, and 杨凌 and 西咸, which are functional areas without one. */
export const cities = [
  ['xian', '西安市', '610100'],
  ['tongchuan', '铜川市', '610200'],
  ['baoji', '宝鸡市', '610300'],
  ['xianyang', '咸阳市', '610400'],
  ['weinan', '渭南市', '610500'],
  ['yanan', '延安市', '610600'],
  ['hanzhong', '汉中市', '610700'],
  ['yulin', '榆林市', '610800'],
  ['ankang', '安康市', '610900'],
  ['shangluo', '商洛市', '611000'],
  ['yangling', '杨凌示范区', null],
  ['xixian', '西咸新区', null],
] as const;

export const HUB = 'xixian';

const parks = [
  ['xian-hitech', '西安高新区', 'xian', '一、2'],
  ['fengdong', '沣东新城', HUB, '一、1'],
  ['fengxi', '沣西新城', HUB, '一、1'],
] as const;

const zones = [
  ['xianyang-pioneer', 'xianyang', '先行区', '咸阳科技成果转化先行区', '科技成果转化', '一、2'],
  ['baoji-demonstration', 'baoji', '示范区', '宝鸡“两链”融合产业示范区', '“两链”融合', '一、2'],
  ['tongchuan-pilot', 'tongchuan', '试验区', '铜川“三项改革”成果转化试验区', '“三项改革”成果转化', '一、2'],
  ['ankang-demonstration', 'ankang', '示范区', '安康协同创新示范区', '协同创新', '一、2'],
  ['yulin-demonstration', 'yulin', '示范区', '榆林能源革命创新示范区', '能源革命', '一、2'],
  ['yangling-leading', 'yangling', '引领区', '杨凌旱区农业创新引领区', '旱区农业', '一、2'],
  ['xian-hitech-main', 'xian-hitech', '主阵地', '西安高新区主阵地', '综合性科学中心和科技创新中心', '一、2'],
  ['fengdong-incubators', 'fengdong', '总基地', '沣东立体联动“孵化器”总基地', '孵化器', '一、1'],
  ['fengxi-accelerators', 'fengxi', '总基地', '沣西成果转化“加速器”总基地', '加速器', '一、1'],
] as const;

const groups = [
  ['guanzhong', '关中', ['xian', 'tongchuan', 'baoji', 'xianyang', 'weinan', 'yangling', 'xixian']],
  ['shaanbei', '陕北', ['yanan', 'yulin']],
  ['shaannan', '陕南', ['hanzhong', 'ankang', 'shangluo']],
] as const;

export function structure(): SampleCommand[] {
  const topology = (path: string, key: string, body: object, on = PUBLISHED): SampleCommand => ({
    key: `${path}-${key}`,
    phase: 0,
    group: 'topology',
    by: { role: 'province' },
    path: `topology/${path}`,
    body: {
      on,
      ...body,
    },
  });
  const region = (id: string, name: string, level: string, parent: string | undefined, basis: object) =>
    topology('register-region', id, { region: id, name, level, parent, basis });
  return [
    region('shaanxi', '陕西省', 'province', undefined, { document: CODES, clause: '610000' }),
    ...cities.map(([id, name, code]) =>
      region(
        id,
        name,
        'city',
        'shaanxi',
        code === null ? points(id === HUB ? '一、1' : '一、2') : { document: CODES, clause: code },
      ),
    ),
    ...parks.map(([id, name, parent, clause]) => region(id, name, 'park', parent, points(clause))),
    ...cities
      .filter(([, , code]) => code !== null)
      .map(([id, , code]) =>
        topology(
          'map-region-code',
          id,
          { region: id, code, from: CODES_FROM, basis: { document: CODES, clause: code } },
          CODES_FROM,
        ),
      ),
    topology('designate-hub', HUB, { region: HUB, basis: points('一、1') }),
    ...groups.map(([group, name, regions]) =>
      topology('define-region-group', group, { group, name, regions, basis: { document: PLAN, clause: '12' } }),
    ),
    ...zones.map(([zone, at, kind, name, theme, clause]) =>
      topology('designate-zone', zone, { zone, region: at, kind, name, theme, basis: points(clause) }),
    ),
    // 支持总窗口在各地市建立协同创新基地: one base for each 地市; the document names none of them singly.
    ...cities
      .filter(([id]) => id !== HUB)
      .map(([id]) =>
        topology('open-link', `base-${id}`, {
          link: `base-${id}`,
          kind: 'collaboration-base',
          from: HUB,
          to: id,
          basis: points('一、3'),
        }),
      ),
    topology('state-coverage-rule', 'incubator-per-city', {
      rule: 'incubator-per-city',
      carrierKind: '孵化器',
      level: 'city',
      minimum: 1,
      basis: points('一、3'),
    }),
  ];
}
