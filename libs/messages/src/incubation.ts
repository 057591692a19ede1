import Type from 'typebox';
import { day, flag, hundredths, nullable, oneOf, region, slug, text, uscc, whole } from './field.js';
import { entriesOf, figure } from './figure.js';
import { list } from './list.js';
import { called } from './notes.js';
import type { Texts } from './said.js';

/** How a stay ended. */
export const outcomes = {
  graduated: ['毕业', 'Graduated'],
  exited: ['退出', 'Exited'],
  eliminated: ['淘汰', 'Eliminated'],
} as const satisfies Texts;
export type ExitOutcome = keyof typeof outcomes;

export const incubateeStatuses = {
  admitted: ['已准入，待落实空间', 'Admitted, space pending'],
  settled: ['在孵', 'In incubation'],
  rejected: ['不予准入', 'Rejected'],
  withdrawn: ['已撤回', 'Withdrawn'],
  ...outcomes,
  reversed: ['已冲销', 'Reversed'],
} as const satisfies Texts;
export type IncubateeStatus = keyof typeof incubateeStatuses;

export const incubatees = list({
  name: 'incubatees',
  zh: '准入与在孵企业',
  en: 'A stay of a firm in a carrier, from its admission on',
  heading: ['准入与在孵企业', 'Firms admitted and in incubation'],
  type: 'cn.liandong.incubatee.changed.v2',
  key: ['carrier', 'uscc', 'spell'],
  visibleTo: ['home', 'host'],
  filter: ['home', 'host', 'status', 'field', 'overstayed'],
  sort: ['from', 'firm', 'stayUntil'],
  search: ['firm', 'uscc'],
  row: {
    carrier: slug('载体', 'Carrier'),
    uscc: called('Credit code', uscc('统一社会信用代码', 'The firm, by its unified social credit code')),
    spell: called('Stay number', whole('第几次入孵', "1 for the firm's first admission to this carrier, and so on")),
    firm: called('Firm', text(100, '企业名称', 'Name of the firm', '示例企业')),
    home: region('飞出地', 'Home region'),
    host: nullable(
      called('Host region', region('飞入地', 'Host region; null where an earlier release did not record it', 'xixian')),
    ),
    field: text(40, '所属领域', 'Field', '集成电路'),
    founded: called('Founded on', day('成立日期', 'The day on which the firm was founded', '2022-06-01')),
    status: called('Status', oneOf(incubateeStatuses, '状态', 'Where the stay stands, or how it ended')),
    from: called('From', day('入孵日', 'The first day of the stay', '2023-03-01')),
    stayUntil: nullable(
      called(
        'Stay ends on',
        day(
          '在孵时限（不含）',
          'The day, exclusive, on which the longest stay is over; null: it has none',
          '2028-03-01',
        ),
      ),
    ),
    leftOn: nullable(called('Left on', day('离开日', 'The day on which it left'))),
    overstayed: called('Overstayed', flag('曾超期', 'It was there when its longest stay was over')),
    unit: called('Space unit', slug('空间单元', 'The space unit that was asked for', 'floor-3')),
    areaSquareMetres: called('Area, m²', hundredths('面积，平方米', 'The area that was asked for, in square metres')),
    desks: called('Desks', whole('工位数', 'The desks that were asked for', 8)),
    allocation: called('Allocation', slug('入驻', 'The allocation of its space', 'in-91610400ma6y0a0065-1')),
    refusal: nullable(
      called(
        'Why it was rejected',
        Type.Object(
          {
            code: text(100, '代码', 'Code', 'space.no-desks'),
            zh: text(1000, '原因', 'Reason'),
            en: text(1000, '原因（英文）', 'Reason in English'),
          },
          { additionalProperties: false, title: '不予准入的原因', description: 'Why it was rejected' },
        ),
      ),
    ),
  },
  example: {
    carrier: 'xianyang-enclave',
    uscc: '91610400MA6Y0A0065',
    spell: 1,
    firm: '示例企业',
    home: 'xianyang',
    host: 'xixian',
    field: '集成电路',
    founded: '2022-06-01',
    status: 'settled',
    from: '2023-03-01',
    stayUntil: '2028-03-01',
    leftOn: null,
    overstayed: false,
    unit: 'floor-3',
    areaSquareMetres: 80.5,
    desks: 8,
    allocation: 'in-91610400ma6y0a0065-1',
    refusal: null,
  },
});

/** Firms in incubation 在孵企业: who came in, who is there and who left, by carrier and region. */
export const firmCounts = figure({
  name: 'firms',
  zh: '在孵企业',
  en: 'Firms in incubation',
  source:
    '已落实空间的准入计入入孵日所在期间；在孵自入孵日至离开日（不含）；毕业、退出、淘汰计入离开日所在期间；按载体计户，准入已冲销的不计',
  dimensions: {
    carrier: { zh: '载体', en: 'Carrier', of: ['home', 'host'] },
    home: { zh: '飞出地', en: 'Home region', region: true },
    host: { zh: '飞入地', en: 'Host region', region: true },
  },
  measures: {
    admitted: { zh: '入孵企业', en: 'Firms admitted', kind: 'flow', decimals: 0, unit: '家' },
    incubated: { zh: '在孵企业', en: 'Firms in incubation', kind: 'level', decimals: 0, unit: '家' },
    graduated: { zh: '毕业企业', en: 'Firms that graduated', kind: 'flow', decimals: 0, unit: '家' },
    left: {
      zh: '离开企业（含毕业）',
      en: 'Firms that left, graduates among them',
      kind: 'flow',
      decimals: 0,
      unit: '家',
    },
  },
  rates: {},
  entries: [
    entriesOf(incubatees, ({ carrier, home, host, status, from, leftOn }) => {
      if (['admitted', 'rejected', 'withdrawn', 'reversed'].includes(status)) return [];
      // An earlier release did not record the host: it counts in none, and the sums stay whole.
      const cell = { carrier, home, host: host ?? '' };
      const stay = { cell, from, until: leftOn, values: { admitted: 1, incubated: 1 } };
      if (leftOn === null) return [stay];
      return [stay, { cell, from: leftOn, values: { graduated: status === 'graduated' ? 1 : 0, left: 1 } }];
    }),
  ],
  by: ['home', 'host'],
  sums: [
    ['home', 'host'],
    ['carrier', 'home', 'host'],
  ],
  rolled: [['home', 'host']],
});
