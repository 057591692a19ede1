import Type from 'typebox';
import { day, fen, nullable, oneOf, region, slug, text, uscc } from './field.js';
import { entriesOf, figure } from './figure.js';
import { list } from './list.js';
import { called, known, naming } from './notes.js';
import type { Texts } from './said.js';

/** The five types of technology contract: 开发 转让 许可 咨询 服务. */
export const technologyContractTypes = {
  development: ['开发', 'Development'],
  transfer: ['转让', 'Transfer'],
  licence: ['许可', 'Licence'],
  consulting: ['咨询', 'Consulting'],
  service: ['服务', 'Service'],
} as const satisfies Texts;
export type TechnologyContractType = keyof typeof technologyContractTypes;

export const contractStatuses = {
  filed: ['已申报', 'Filed'],
  recognised: ['已认定', 'Recognised'],
  refused: ['不予认定', 'Refused'],
  reversed: ['认定已冲销', 'Recognition reversed'],
  withdrawn: ['申报已撤回', 'Filing withdrawn'],
} as const satisfies Texts;

/** What two reports of one contract may say otherwise. */
const compared = {
  type: ['类型', 'Type'],
  output: ['输出区域', 'Output region'],
  absorbing: ['吸纳区域', 'Absorbing region'],
  amountFen: ['成交额（分）', 'Amount (fen)'],
  seller: ['卖方', 'Seller'],
  buyer: ['买方', 'Buyer'],
} as const satisfies Texts;

const party = (label: string, zh: string, en: string) =>
  nullable(
    called(
      label,
      Type.Object(
        {
          name: text(100, '名称', 'Name', '示例企业'),
          uscc: nullable(
            called('Credit code', uscc('统一社会信用代码', 'Its unified social credit code; null for a foreign one')),
          ),
          country: nullable(called('Country', text(2, '国别', 'Country of a foreign one, ISO 3166-1 alpha-2', 'DE'))),
        },
        { additionalProperties: false, title: zh, description: en },
      ),
    ),
  );

export const contracts = list({
  name: 'contracts',
  zh: '技术合同',
  en: 'A technology contract and where it stands',
  heading: ['技术合同', 'Technology contracts'],
  type: 'cn.liandong.technology-contract.changed.v2',
  key: ['contract'],
  visibleTo: ['output', 'absorbing'],
  filter: ['type', 'output', 'absorbing', 'status', 'registration'],
  sort: ['filedOn', 'amountFen', 'title'],
  search: ['title', 'registration'],
  row: {
    contract: slug('合同', 'Contract', 'tc-2023-0001'),
    title: text(200, '合同名称', 'Title', '示例技术开发合同'),
    type: called(['类型', 'Type'], oneOf(technologyContractTypes, '类型：开发、转让、许可、咨询、服务', 'Type')),
    output: called('Output region', region('输出区域', 'The region that the technology comes from', 'xixian')),
    absorbing: called('Absorbing region', region('吸纳区域', 'The region that it goes to')),
    amountFen: called(['成交额', 'Amount'], fen('成交额，分', 'Amount in fen')),
    filedOn: called('Filed on', day('申报日', 'The day on which it was filed')),
    status: called('Status', oneOf(contractStatuses, '状态', 'Where it stands')),
    registration: nullable(
      called('Registration', slug('认定登记编号', 'Registration of its last recognition', 'rec-2023-0001')),
    ),
    recognisedOn: nullable(
      called('Recognised on', day('认定日', 'The day of its last recognition, which decides the period it counts in')),
    ),
    technicalRevenueFen: nullable(
      called(
        ['核定技术性收入', 'Technical revenue'],
        fen('核定技术性收入，分', 'What was last recognised as technical revenue, in fen', 40_000_000),
      ),
    ),
    reason: nullable(called('Reason', text(200, '不予认定或冲销的原因', 'Why it was refused or reversed'))),
    seller: party('Seller', '卖方', 'The seller; null where it was not told'),
    buyer: party('Buyer', '买方', 'The buyer; null where it was not told'),
    twinOf: nullable(
      naming(
        'contracts',
        called(
          'Counted as',
          slug('计数的一份', 'The report of the same contract that counts in place of this', 'tc-2023-0002'),
        ),
      ),
    ),
    differences: called(
      'Differences',
      Type.Array(
        called(
          ['差异', 'Difference'],
          Type.Object(
            {
              field: known(compared, text(40, '项目', 'Field', 'amountFen')),
              here: called('This report', text(200, '本份', 'What this report says', '50000000')),
              there: called(
                'The one that counts',
                text(200, '计数的一份', 'What the one that counts says', '48000000'),
              ),
            },
            { additionalProperties: false },
          ),
        ),
        { title: '两份的差异', description: 'What this report says otherwise than the one that counts' },
      ),
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
