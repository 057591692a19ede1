import { command } from '#libs/eventing-nest';
import {
  Basis,
  Fen,
  On,
  OneOf,
  PastDay,
  Quantity,
  Reason,
  RegionId,
  Slug,
  Text,
  Whole,
  type LegalBasis,
} from '#libs/fields';
import { sharingKinds } from '#libs/messages';

const INSTRUMENT = {
  zh: '仪器',
  en: 'Instrument',
  help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
  example: 'xianyang-sem-01',
} as const;
const Instrument = () => Slug({ ...INSTRUMENT, lookUp: 'instruments' });

@command({ zh: '仪器入网', en: 'Bring an instrument into the network', roles: ['province', 'operator'] })
export class NetworkInstrument {
  @On() readonly on!: string;
  @Slug({ ...INSTRUMENT, isNew: true }) readonly instrument!: string;
  @Text(100, { zh: '名称', en: 'Name', example: '扫描电子显微镜' }) readonly name!: string;
  @RegionId({ zh: '所属区域', en: 'Owning region', lookUp: 'regions' }) readonly owner!: string;
  @Whole(1, 1000, {
    zh: '台数',
    en: 'Units',
    unit: '台',
    help: ['作为一项入网的同型仪器；缺省一台', 'Of one kind, networked as one; one when absent'],
    optional: true,
    example: 1,
  })
  readonly units?: number;
  @Text(60, {
    zh: '资产编号',
    en: 'Asset number',
    help: ['在所属区域内不重复', 'Unique within the owning region'],
    optional: true,
    example: 'ZC-2023-0001',
  })
  readonly assetNumber?: string;
  @Fen({ zh: '原值', en: 'Original value', example: 120_000_000 }) readonly originalValueFen!: number;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '仪器退网', en: 'Withdraw an instrument from the network', roles: ['province', 'operator'] })
export class WithdrawInstrument {
  @On() readonly on!: string;
  @Instrument() readonly instrument!: string;
  @Reason() readonly reason!: string;
}

@command({
  zh: '登记一次计量使用（事实日期即使用日期，连续多日时为首日）',
  en: 'Record a metered use, on its day, the first where it took several',
  roles: ['operator'],
})
export class RecordUse {
  @On() readonly on!: string;
  @Instrument() readonly instrument!: string;
  @Slug({
    zh: '使用记录',
    en: 'Use',
    help: ['在仪器内不重复', 'Unique within the instrument'],
    isNew: true,
    example: 'use-0001',
  })
  readonly use!: string;
  @RegionId({ zh: '使用方所在区域', en: 'Using region', lookUp: 'regions', example: 'xixian' }) readonly using!: string;
  @PastDay({
    zh: '使用末日',
    en: 'Last day of the use',
    help: ['当日完成则不填', 'Leave out where it took one day'],
    optional: true,
  })
  readonly lastDay?: string;
  @Quantity(0.01, 8784, {
    zh: '计量机时',
    en: 'Metered hours',
    unit: '小时',
    help: [
      '至多两位小数；每台每日不超过 24 小时，与其他使用合计',
      'At most two decimals; at most 24 a day for each unit, all uses taken together',
    ],
    example: 6.5,
  })
  readonly hours!: number;
  @OneOf(sharingKinds, {
    zh: '内部或对外',
    en: 'Internal or external',
    help: ['其他区域使用应记为对外共享', 'A use by another region is external'],
  })
  readonly sharing!: keyof typeof sharingKinds;
}

@command({ zh: '冲销一次使用记录', en: 'Reverse a use', roles: ['operator'] })
export class ReverseUse {
  @On() readonly on!: string;
  @Instrument() readonly instrument!: string;
  @Slug({ zh: '被冲销的使用记录', en: 'Use that is reversed', lookUp: 'uses', example: 'use-0001' })
  readonly use!: string;
  @Reason() readonly reason!: string;
}

@command({
  zh: '冲销入网（误登记；其使用记录须先冲销）',
  en: 'Reverse that an instrument joined; its uses are reversed first',
  roles: ['province', 'operator'],
})
export class ReverseInstrument {
  @On() readonly on!: string;
  @Instrument() readonly instrument!: string;
  @Reason() readonly reason!: string;
}

@command({ zh: '冲销退网', en: 'Reverse that an instrument was withdrawn', roles: ['province', 'operator'] })
export class ReverseWithdrawal {
  @On() readonly on!: string;
  @Instrument() readonly instrument!: string;
  @Reason() readonly reason!: string;
}
