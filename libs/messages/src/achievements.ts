import Type from 'typebox';
import { day, fen, nullable, oneOf, region, slug, text, uscc } from './field.js';
import { entriesOf, figure } from './figure.js';
import { list } from './list.js';

export const technologyContractTypes = ['development', 'transfer', 'licence', 'consulting', 'service'] as const;

const party = (zh: string, en: string) =>
  nullable(
    Type.Object(
      {
        name: text(100, '名称', 'Name', '示例企业'),
        uscc: nullable(uscc('统一社会信用代码', 'Its unified social credit code; null for a foreign one')),
        country: nullable(text(2, '国别', 'Country of a foreign one, ISO 3166-1 alpha-2', 'DE')),
      },
      { additionalProperties: false, title: zh, description: en },
    ),
  );

export const contracts = list({
  name: 'contracts',
  zh: '技术合同',
  en: 'A technology contract and where it stands',
  type: 'cn.liandong.technology-contract.changed.v2',
  key: ['contract'],
  visibleTo: ['output', 'absorbing'],
  filter: ['type', 'output', 'absorbing', 'status', 'registration'],
  sort: ['filedOn', 'amountFen', 'title'],
  search: ['title', 'registration'],
  row: {
    contract: slug('合同', 'Contract', 'tc-2023-0001'),
    title: text(200, '合同名称', 'Title', '示例技术开发合同'),
    type: oneOf(technologyContractTypes, '类型：开发、转让、许可、咨询、服务', 'Type'),
    output: region('输出区域', 'The region that the technology comes from', 'xixian'),
    absorbing: region('吸纳区域', 'The region that it goes to'),
    amountFen: fen('成交额，分', 'Amount in fen'),
    filedOn: day('申报日', 'The day on which it was filed'),
    status: oneOf(['filed', 'recognised', 'refused', 'reversed', 'withdrawn'], '状态', 'Where it stands'),
    registration: nullable(slug('认定登记编号', 'Registration of its last recognition', 'rec-2023-0001')),
    recognisedOn: nullable(day('认定日', 'The day of its last recognition, which decides the period it counts in')),
    technicalRevenueFen: nullable(
      fen('核定技术性收入，分', 'What was last recognised as technical revenue, in fen', 40_000_000),
    ),
    reason: nullable(text(200, '不予认定或冲销的原因', 'Why it was refused or reversed')),
    seller: party('卖方', 'The seller; null where it was not told'),
    buyer: party('买方', 'The buyer; null where it was not told'),
    twinOf: nullable(
      slug('计数的一份', 'The report of the same contract that counts in place of this', 'tc-2023-0002'),
    ),
    differences: Type.Array(
      Type.Object(
        {
          field: text(40, '项目', 'Field', 'amountFen'),
          here: text(200, '本份', 'What this report says', '50000000'),
          there: text(200, '计数的一份', 'What the one that counts says', '48000000'),
        },
        { additionalProperties: false },
      ),
      { title: '两份的差异', description: 'What this report says otherwise than the one that counts' },
    ),
  },
  example: {
    contract: 'tc-2023-0001',
    title: '示例技术开发合同',
    type: 'development',
    output: 'xixian',
    absorbing: 'xianyang',
    amountFen: 50_000_000,
    filedOn: '2023-05-01',
    status: 'recognised',
    registration: 'rec-2023-0001',
    recognisedOn: '2023-05-20',
    technicalRevenueFen: 40_000_000,
    reason: null,
    seller: { name: '示例企业', uscc: '91610400MA6Y0A0065', country: null },
    buyer: { name: 'Example GmbH', uscc: null, country: 'DE' },
    twinOf: null,
    differences: [],
  },
});

/**
 * The flow matrix 流向矩阵: region × region × contract type × period (docs/domain.md §5). A contract counts in the period of
 * its recognition, and a reversal takes it out of that same period.
 */
export const flows = figure({
  name: 'flows',
  zh: '成果流向',
  en: 'Achievement flows',
  source: '流向矩阵：输出区域 × 吸纳区域 × 合同类型 × 认定期间的项数、成交额与核定技术性收入；冲销计入原认定期间',
  dimensions: {
    output: { zh: '输出区域', en: 'Output region', region: true },
    absorbing: { zh: '吸纳区域', en: 'Absorbing region', region: true },
    type: { zh: '合同类型', en: 'Type of contract' },
  },
  measures: {
    count: { zh: '项数', en: 'Contracts', kind: 'flow', decimals: 0, unit: '项' },
    amountFen: { zh: '成交额', en: 'Amount', kind: 'flow', decimals: 0, unit: '分' },
    technicalRevenueFen: { zh: '核定技术性收入', en: 'Technical revenue', kind: 'flow', decimals: 0, unit: '分' },
  },
  rates: {},
  entries: [
    entriesOf(contracts, (row) => {
      const { output, absorbing, type, status, recognisedOn, amountFen, technicalRevenueFen, twinOf } = row;
      // Of two reports of one contract the province counts one.
      if (status !== 'recognised' || recognisedOn === null || twinOf !== null) return [];
      const values = { count: 1, amountFen, technicalRevenueFen: technicalRevenueFen ?? 0 };
      return [{ cell: { output, absorbing, type }, from: recognisedOn, values }];
    }),
  ],
  by: ['output', 'absorbing'],
  sums: [['output'], ['absorbing'], ['type'], ['output', 'absorbing', 'type']],
  rolled: [
    ['output', 'absorbing'],
    ['output', 'absorbing', 'type'],
  ],
});
