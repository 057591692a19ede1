import Type from 'typebox';
import { basis, day, hundredths, nullable, oneOf, region, slug, text, uscc, whole } from './field.js';
import { entriesOf, figure } from './figure.js';
import { list } from './list.js';
import { called, codeOf } from './notes.js';
import type { Texts } from './said.js';
import { stages } from './stages.js';

export const carrierStatuses = {
  ...stages,
  proposed: ['已提出', 'Proposed'],
  negotiating: ['协商中', 'Negotiating'],
  declined: ['已拒绝', 'Declined'],
  withdrawn: ['已撤回', 'Withdrawn'],
  lapsed: ['已失效', 'Lapsed'],
  filed: ['已备案', 'Filed'],
  open: ['已开园', 'Open'],
  suspended: ['已暂停', 'Suspended'],
  expired: ['协议到期', 'Agreement expired'],
  'winding-up': ['清退中', 'Winding up'],
  'wound-up': ['已关闭', 'Wound up'],
} as const satisfies Texts;
export type CarrierStatus = keyof typeof carrierStatuses;

const identity = {
  carrier: slug('载体', 'Carrier'),
  name: called('Carrier name', text(60, '载体名称', 'Name of the carrier', '咸阳（西咸）飞地孵化器')),
  kind: codeOf(
    'carrier-kinds',
    called('Kind', text(20, '载体类别', 'Kind of carrier, an open code list', '飞地孵化器')),
  ),
  home: called('Home region', region('飞出地', 'Home region; of a carrier of one region that region')),
  host: region('飞入地', 'Host region', 'xixian'),
};
const enclave = {
  carrier: 'xianyang-enclave',
  name: '咸阳（西咸）飞地孵化器',
  kind: '飞地孵化器',
  home: 'xianyang',
  host: 'xixian',
};

export const carriers = list({
  name: 'carriers',
  zh: '载体',
  en: 'A carrier: incubator, accelerator, enclave, offshore centre …',
  heading: ['载体', 'Carriers'],
  type: 'cn.liandong.carrier.changed.v3',
  key: ['carrier'],
  visibleTo: ['home', 'host'],
  filter: ['kind', 'home', 'host', 'status'],
  sort: ['name', 'since'],
  search: ['name', 'filing'],
  row: {
    ...identity,
    home: nullable(called('Home region', region('飞出地', 'Home region; null where a plan does not say it yet'))),
    host: nullable(
      called('Host region', region('飞入地', 'Host region; null where a plan does not say it yet', 'xixian')),
    ),
    status: called('Status', oneOf(carrierStatuses, '状态', 'Where it stands')),
    since: called(
      'Since',
      day('登记、提出或规划日', 'The day on which it was registered or proposed; of a plan, that of its stage'),
    ),
    plannedOn: nullable(
      called(
        'Planned on',
        day('规划日', 'The day since when it is planned or under way; null where that was not recorded'),
      ),
    ),
    answerBy: nullable(
      called(
        'Answer before',
        day('答复期限（不含）', 'The day, exclusive, by which both sides are to sign; it lapses on it otherwise'),
      ),
    ),
    signedByHomeOn: nullable(called('Signed by home on', day('飞出地签署日', 'The day on which home signed'))),
    signedByHostOn: nullable(called('Signed by host on', day('飞入地签署日', 'The day on which host signed'))),
    endedFor: nullable(
      called('Why it ended', text(200, '拒绝或撤回的原因', 'Why the proposal was declined or withdrawn')),
    ),
    filing: nullable(text(60, '备案号', 'Filing number', '示例-2023-001')),
    filedOn: nullable(called('Filed on', day('备案日', 'The day on which the province filed it'))),
    openedOn: nullable(called('Opened on', day('开园日', 'The day on which it opened'))),
    agreementUntil: nullable(
      called('Agreement ends on', day('协议终止日（不含）', 'The day, exclusive, on which the agreement ends')),
    ),
    suspendedFor: nullable(called('Why it is suspended', text(200, '暂停原因', 'Why it is suspended'))),
    closesOn: nullable(
      called('Closes on', day('关闭日', 'The first day on which it is no more; null without a notice in force')),
    ),
    basis: basis(),
  },
  example: {
    ...enclave,
    status: 'open',
    since: '2023-02-09',
    plannedOn: null,
    answerBy: null,
    signedByHomeOn: '2023-02-10',
    signedByHostOn: '2023-02-11',
    endedFor: null,
    filing: '示例-2023-001',
    filedOn: '2023-02-20',
    openedOn: '2023-03-01',
    agreementUntil: '2026-03-01',
    suspendedFor: null,
    closesOn: null,
    basis: { document: '秦创原创新驱动平台建设2023年工作要点', clause: '一、3' },
  },
});

const suspensions = called(
  'Suspensions',
  Type.Array(
    called(
      ['暂停', 'Suspension'],
      Type.Object(
        {
          from: called('From', day('起始日', 'The first day')),
          until: nullable(
            called(
              'Until (exclusive)',
              day('终止日（不含）', 'The day, exclusive, on which it is resumed; null while it is not'),
            ),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    { title: '暂停期', description: 'When its carrier is suspended: it does not count on these days' },
  ),
);

const space = {
  unit: slug('空间单元', 'Space unit', 'floor-3'),
  areaSquareMetres: called('Area, m²', hundredths('面积，平方米', 'Area in square metres')),
  desks: whole('工位数', 'Desks', 8),
  from: called('From', day('起始日', 'The first day')),
  until: nullable(
    called(
      'Until (exclusive)',
      day('终止日（不含）', 'The day, exclusive, on which it ends; null while it is open-ended'),
    ),
  ),
  suspended: suspensions,
};
const floor = { unit: 'floor-3', areaSquareMetres: 1200, desks: 120, from: '2023-03-01', until: null, suspended: [] };

export const units = list({
  name: 'units',
  zh: '空间单元',
  en: 'Space that a carrier has, over a period',
  heading: ['空间单元', 'Space units'],
  type: 'cn.liandong.space-unit.changed.v3',
  key: ['carrier', 'unit'],
  visibleTo: ['home', 'host'],
  filter: ['kind', 'home', 'host'],
  sort: ['from'],
  search: ['name'],
  row: { ...identity, ...space },
  example: { ...enclave, ...floor },
});

export const allocations = list({
  name: 'allocations',
  zh: '空间分配',
  en: 'Space that is let to a firm, over a period',
  heading: ['空间分配', 'Allocations of space'],
  type: 'cn.liandong.allocation.changed.v3',
  key: ['carrier', 'allocation'],
  visibleTo: ['home', 'host'],
  filter: ['unit', 'uscc', 'kind', 'home', 'host'],
  sort: ['from', 'firm'],
  search: ['firm', 'uscc'],
  row: {
    ...identity,
    allocation: slug('入驻', 'Allocation', 'let-001'),
    uscc: called('Credit code', uscc('统一社会信用代码', 'The firm, by its unified social credit code')),
    firm: called('Firm', text(100, '企业名称', 'Name of the firm', '示例企业')),
    ...space,
  },
  example: {
    ...enclave,
    allocation: 'let-001',
    uscc: '91610400MA6Y0A0065',
    firm: '示例企业',
    ...floor,
    areaSquareMetres: 80.5,
    desks: 8,
  },
});

const cellOf = ({ carrier, kind, home, host }: { carrier: string; kind: string; home: string; host: string }) => ({
  carrier,
  kind,
  home,
  host,
});

/** The stretches of a period on which the carrier is not suspended. */
function inUse({ from, until, suspended }: Stretch & { readonly suspended: readonly Stretch[] }): Stretch[] {
  const stretches: Stretch[] = [];
  let start = from;
  for (const gap of suspended) {
    if (until !== null && gap.from >= until) break;
    if (gap.from > start) stretches.push({ from: start, until: gap.from });
    if (gap.until === null) return stretches;
    if (gap.until > start) start = gap.until;
  }
  return until === null || start < until ? [...stretches, { from: start, until }] : stretches;
}
interface Stretch {
  readonly from: string;
  readonly until: string | null;
}

/** Incubator capacity 孵化容量: space there is, space that is let, and the occupancy over a period (docs/domain.md §5). */
export const capacity = figure({
  name: 'capacity',
  zh: '孵化容量',
  en: 'Incubator capacity',
  source:
    '面积入驻率 = Σ(已分配面积 × 天) / Σ(可用面积 × 天)；工位入驻率 = Σ(已分配工位 × 天) / Σ(可用工位 × 天)；载体暂停的日子，可用与已分配均不计',
  dimensions: {
    carrier: { zh: '载体', en: 'Carrier', of: ['kind', 'home', 'host'] },
    kind: { zh: '载体类别', en: 'Kind of carrier' },
    home: { zh: '飞出地', en: 'Home region', region: true },
    host: { zh: '飞入地', en: 'Host region', region: true },
  },
  measures: {
    lettableSquareMetres: { zh: '可用面积', en: 'Lettable area', kind: 'level', decimals: 2, unit: '平方米' },
    letSquareMetres: { zh: '已分配面积', en: 'Area that is let', kind: 'level', decimals: 2, unit: '平方米' },
    desks: { zh: '可用工位', en: 'Desks', kind: 'level', decimals: 0, unit: '个' },
    desksLet: { zh: '已分配工位', en: 'Desks that are let', kind: 'level', decimals: 0, unit: '个' },
  },
  rates: {
    areaOccupancy: { zh: '面积入驻率', en: 'Area occupancy', of: ['letSquareMetres', 'lettableSquareMetres'] },
    deskOccupancy: { zh: '工位入驻率', en: 'Desk occupancy', of: ['desksLet', 'desks'] },
  },
  entries: [
    entriesOf(units, (row) => {
      const values = { lettableSquareMetres: row.areaSquareMetres, desks: row.desks };
      return inUse(row).map((period) => ({ cell: cellOf(row), ...period, values }));
    }),
    entriesOf(allocations, (row) => {
      const values = { letSquareMetres: row.areaSquareMetres, desksLet: row.desks };
      return inUse(row).map((period) => ({ cell: cellOf(row), ...period, values }));
    }),
  ],
  by: ['carrier'],
  // Of a thousand carriers the second has as many days, and a handful of cells.
  sums: [
    ['carrier', 'kind', 'home', 'host'],
    ['kind', 'home', 'host'],
  ],
});

/** Carriers there are and the space that they have 载体数与面积, by kind, region and day. */
export const carrierCounts = figure({
  name: 'carriers',
  zh: '载体数与面积',
  en: 'Carriers and their area',
  source: '载体自开园日至关闭日各计一个，暂停期间照计；面积为各空间单元自提供之日至撤出之日的面积，不论是否已分配',
  dimensions: {
    kind: { zh: '载体类别', en: 'Kind of carrier' },
    home: { zh: '飞出地', en: 'Home region', region: true },
    host: { zh: '飞入地', en: 'Host region', region: true },
  },
  measures: {
    carriers: { zh: '载体数', en: 'Carriers', kind: 'level', decimals: 0, unit: '个' },
    squareMetres: { zh: '面积', en: 'Area', kind: 'level', decimals: 2, unit: '平方米' },
  },
  rates: {},
  entries: [
    entriesOf(carriers, ({ kind, home, host, openedOn, closesOn }) =>
      openedOn === null || home === null || host === null
        ? []
        : [{ cell: { kind, home, host }, from: openedOn, until: closesOn, values: { carriers: 1 } }],
    ),
    entriesOf(units, ({ kind, home, host, areaSquareMetres, from, until }) => {
      return [{ cell: { kind, home, host }, from, until, values: { squareMetres: areaSquareMetres } }];
    }),
  ],
  by: ['kind', 'home'],
  sums: [['kind', 'home', 'host']],
});
