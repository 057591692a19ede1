import { shippedCodes } from '#libs/contexts/codes';
import type { SampleCommand } from '../command.js';
import { PLAN, POINTS } from './documents.js';
import { statements, underWay } from './statements.js';

/**
 * 秦创原 as the province's documents state it, each fact with document and clause. Nothing here is an example: what no document
 * says is not in this file, and what everyone knows without one says so.
 */
const CODES = 'GB/T 2260—2007 中华人民共和国行政区划代码';
const COUNTRIES = 'ISO 3166-1';
const PUBLISHED = POINTS.on;
/** GB/T 2260—2007 came into force on this day. */
const CODES_FROM = '2008-02-01';

const points = (clause: string) => ({ document: POINTS.document, clause });
/** General knowledge of the field, which nobody has looked up in a document. */
const known = (clause: string) => ({ document: '通识（未核实）', clause });

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

/** What the functional areas are called: the document of 2023 says 高新区, 杨凌, 沣东, 沣西, and of the hub nothing but 总窗口. */
const areas: Readonly<Record<string, object>> = {
  xixian: { document: PLAN.document, clause: '11' },
  yangling: { document: PLAN.document, clause: '12' },
};
const parks = [
  ['xian-hitech', '西安高新区', 'xian', { document: PLAN.document, clause: '12' }],
  ['fengdong', '沣东新城', HUB, known('文件称“沣东”')],
  ['fengxi', '沣西新城', HUB, known('文件称“沣西”')],
] as const;

/** Beyond the province, for contracts, uses and centres whose other side is there. */
const places = [
  ['cn-310000', { document: CODES, clause: '310000' }],
  ['cn-440300', { document: CODES, clause: '440300' }],
  ['iso-de', { document: COUNTRIES, clause: 'DE' }],
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
  const code = (id: string, number: string) =>
    topology('map-region-code', id, {
      region: id,
      code: number,
      from: CODES_FROM,
      basis: { document: CODES, clause: number },
    });
  return [
    ...shippedCodes.map(({ list, code: id, name, basis, ...said }): SampleCommand => ({
      key: `define-code-${list}-${id}`,
      phase: 0,
      group: `codes-${list}`,
      by: { role: 'province' },
      path: 'codes/define-code',
      body: { on: PUBLISHED, list, code: id, name, ...stated(said), basis },
    })),
    region('shaanxi', '陕西省', 'province', undefined, { document: CODES, clause: '610000' }),
    code('shaanxi', '610000'),
    ...cities.map(([id, name, number]) =>
      region(id, name, 'city', 'shaanxi', areas[id] ?? { document: CODES, clause: number! }),
    ),
    ...parks.map(([id, name, parent, basis]) => region(id, name, 'park', parent, basis)),
    ...cities.flatMap(([id, , number]) => (number === null ? [] : [code(id, number)])),
    ...places.map(([place, basis]) => topology('register-place', place, { place, basis })),
    topology('designate-hub', HUB, { region: HUB, basis: known('总窗口设在西咸新区；文件只称“总窗口”') }),
    ...groups.map(([group, name, regions]) =>
      topology('define-region-group', group, {
        group,
        name,
        regions,
        basis: { document: PLAN.document, clause: '12（分组）；成员为通识，未核实' },
      }),
    ),
    ...statements.map(({ of: { document, on }, statement, clause, ...said }) =>
      topology('record-statement', statement, { statement, ...said, basis: { document, clause } }, on),
    ),
    // The one link that a document has under way between two regions that it names.
    topology(
      'plan-link',
      'xian-xianyang',
      {
        link: 'xian-xianyang',
        kind: '一体化发展',
        from: 'xian',
        to: 'xianyang',
        stage: 'under-way',
        basis: { document: PLAN.document, clause: '12' },
      },
      PLAN.on,
    ),
    ...underWay.map(({ zone, clause, ...said }) =>
      topology('plan-zone', zone, { zone, ...said, stage: 'under-way', basis: points(clause) }),
    ),
    topology('state-coverage-rule', 'incubator-per-city', {
      rule: 'incubator-per-city',
      carrierKind: '孵化器',
      level: 'city',
      minimum: 1,
      basis: points('一、3'),
    }),
    ...[
      ['accelerator-where-able', '加速器'],
      ['promoter-where-able', '促进器'],
    ].map(([rule, carrierKind]) =>
      topology('state-coverage-rule', rule!, {
        rule,
        carrierKind,
        level: 'city',
        modality: 'supports',
        basis: points('一、3'),
      }),
    ),
  ];
}

/** Without what is not said. */
const stated = (said: object) => Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null));
