import { command } from '#libs/eventing-nest';
import { Fen, NameConfirmed, On, OneOf, Reason, RegionId, Slug, Text, Uscc } from '#libs/fields';
import { technologyContractTypes, type TechnologyContractType } from '#libs/messages';

const CONTRACT = {
  zh: '技术合同',
  en: 'Technology contract',
  help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
  example: 'tc-2023-0001',
} as const;
const Contract = () => Slug({ ...CONTRACT, lookUp: 'contracts' });

const Country = (options: { zh: string; en: string; example?: string }) =>
  Text(2, {
    help: ['仅境外单位填写；ISO 3166-1 两位字母代码', 'Of a foreign unit only; two letters, ISO 3166-1'],
    optional: true,
    ...options,
  });

@command({
  zh: '申报技术合同（输出方）',
  en: 'File a technology contract (output side)',
  roles: ['operator'],
  // What was withdrawn is filed anew.
  acts: [{ list: 'contracts', key: { contract: 'contract' } }],
})
export class FileContract {
  @On() readonly on!: string;
  @Slug({ ...CONTRACT, isNew: true }) readonly contract!: string;
  @Text(200, { zh: '合同名称', en: 'Title', example: '示例技术开发合同' }) readonly title!: string;
  @OneOf(technologyContractTypes, {
    zh: '类型',
    en: 'Type',
    help: ['开发、转让、许可、咨询、服务', 'Development, transfer, licence, consulting or service'],
  })
  readonly type!: TechnologyContractType;
  @RegionId({
    zh: '输出区域',
    en: 'Output region',
    help: ['技术来自何处', 'Where the technology comes from'],
    lookUp: 'regions',
    example: 'xixian',
  })
  readonly output!: string;
  @RegionId({
    zh: '吸纳区域',
    en: 'Absorbing region',
    help: ['技术去向何处', 'Where the technology goes'],
    lookUp: 'regions',
  })
  readonly absorbing!: string;
  @Fen({ zh: '合同成交额', en: 'Amount', example: 50_000_000 }) readonly amountFen!: number;
  @Fen({
    zh: '再次填写成交额',
    en: 'The amount, a second time',
    help: ['成交额超过 100 亿元时必填', 'Needed for more than 10 billion yuan'],
    optional: true,
  })
  readonly amountConfirmedFen?: number;
  @Text(100, { zh: '卖方名称', en: 'Name of the seller', optional: true, example: '示例企业' })
  readonly seller?: string;
  @Uscc({
    zh: '卖方统一社会信用代码',
    en: 'Credit code of the seller',
    help: ['境外单位不填，改填国别', 'A foreign one has its country in place of it'],
    optional: true,
    example: '91610400MA6Y0A0065',
  })
  readonly sellerUscc?: string;
  @Country({ zh: '卖方国别', en: 'Country of a foreign seller' }) readonly sellerCountry?: string;
  @Text(100, { zh: '买方名称', en: 'Name of the buyer', optional: true, example: 'Example GmbH' })
  readonly buyer?: string;
  @Uscc({
    zh: '买方统一社会信用代码',
    en: 'Credit code of the buyer',
    help: ['境外单位不填，改填国别', 'A foreign one has its country in place of it'],
    optional: true,
  })
  readonly buyerUscc?: string;
  @Country({ zh: '买方国别', en: 'Country of a foreign buyer', example: 'DE' }) readonly buyerCountry?: string;
  @NameConfirmed() readonly nameConfirmed?: boolean;
}

@command({ zh: '认定登记', en: 'Recognise a contract', roles: ['province'] })
export class RecogniseContract {
  @On() readonly on!: string;
  @Contract() readonly contract!: string;
  @Slug({ zh: '认定登记编号', en: 'Registration', isNew: true, example: 'rec-2023-0001' })
  readonly registration!: string;
  @Fen({
    zh: '核定技术性收入',
    en: 'Technical revenue',
    help: ['不超过成交额', 'At most the amount'],
    example: 40_000_000,
  })
  readonly technicalRevenueFen!: number;
}

@command({ zh: '不予认定', en: 'Refuse a contract', roles: ['province'] })
export class RefuseContract {
  @On() readonly on!: string;
  @Contract() readonly contract!: string;
  @Reason() readonly reason!: string;
}

@command({ zh: '冲销认定', en: 'Reverse a recognition', roles: ['province'] })
export class ReverseContract {
  @On() readonly on!: string;
  @Contract() readonly contract!: string;
  @Slug({ zh: '被冲销的认定登记编号', en: 'Registration that is reversed', example: 'rec-2023-0001' })
  readonly reverses!: string;
  @Reason() readonly reason!: string;
}

@command({
  zh: '撤回申报（误报；未认定或已冲销认定），可重新申报（输出方）',
  en: 'Reverse a filing that is not recognised; it may be filed anew (output side)',
  roles: ['operator'],
})
export class ReverseFiling {
  @On() readonly on!: string;
  @Contract() readonly contract!: string;
  @Reason() readonly reason!: string;
}

@command({
  zh: '认定两份申报为同一合同（输出、吸纳双方各报一份）：只计另一份',
  en: 'Link two reports of one contract, of either side: the other one counts',
  roles: ['province'],
})
export class LinkTwin {
  @On() readonly on!: string;
  @Contract() readonly contract!: string;
  @Slug({
    zh: '计数的一份',
    en: 'The report that counts',
    lookUp: 'contracts',
    example: 'tc-2023-0002',
  })
  readonly twinOf!: string;
}

@command({
  zh: '冲销同一合同的认定：两份各自计数',
  en: 'Reverse that two reports are of one contract',
  roles: ['province'],
})
export class ReverseTwin {
  @On() readonly on!: string;
  @Contract() readonly contract!: string;
  @Reason() readonly reason!: string;
}
