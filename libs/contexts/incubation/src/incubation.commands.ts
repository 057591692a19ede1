import { command } from '#libs/eventing-nest';
import {
  Day,
  KnownUscc,
  NameConfirmed,
  On,
  OneOf,
  PastDay,
  Reason,
  RegionId,
  Slug,
  SquareMetres,
  Text,
  Uscc,
  Whole,
} from '#libs/fields';
import { outcomes, type ExitOutcome } from '#libs/messages';

const Carrier = () =>
  Slug({
    zh: '载体',
    en: 'Carrier',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'carriers',
    example: 'xianyang-enclave',
  });
const FIRM = {
  zh: '统一社会信用代码',
  en: 'Unified social credit code',
  help: ['18 位，两个校验码均核对', '18 characters; both check characters are verified'],
  lookUp: 'incubatees',
  example: '91610400MA6Y0A0065',
} as const;

/** The last stay of a firm in a carrier is meant, or the one that is named. */
const STAYS = [{ list: 'incubatees', key: { carrier: 'carrier', uscc: 'uscc' } }];
const ONE_STAY = [{ list: 'incubatees', key: { carrier: 'carrier', uscc: 'uscc', spell: 'spell' } }];

@command({
  zh: '准入企业（飞出地）；随后自动分配空间，分配成功即入驻，不成即不予准入',
  en: 'Admit a firm (home); it settles when its space is let, and is rejected when it is not',
  roles: ['operator'],
  acts: STAYS,
})
export class AdmitFirm {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @RegionId({ zh: '飞出地', en: 'Home region', lookUp: 'regions' }) readonly home!: string;
  @Uscc(FIRM) readonly uscc!: string;
  @Text(100, { zh: '企业名称', en: 'Name of the firm', example: '示例企业' }) readonly firm!: string;
  @NameConfirmed() readonly nameConfirmed?: boolean;
  @Text(40, {
    zh: '所属领域',
    en: 'Field',
    help: [
      '开放代码表；生物医药、集成电路、现代农业在孵时限为 60 个月，其余 48 个月',
      'An open code list; a stay takes 60 months in 生物医药, 集成电路 and 现代农业, 48 elsewhere',
    ],
    example: '集成电路',
  })
  readonly field!: string;
  @PastDay({
    zh: '企业成立日期',
    en: 'Founded on',
    help: ['入孵时成立不超过 24 个月', 'At most 24 months before it enters'],
    example: '2022-06-01',
  })
  readonly founded!: string;
  @Slug({
    zh: '空间单元',
    en: 'Space unit',
    help: ['在载体内不重复', 'Unique within the carrier'],
    lookUp: 'units',
    example: 'floor-3',
  })
  readonly unit!: string;
  @SquareMetres({
    zh: '面积',
    en: 'Area',
    help: ['至多两位小数', 'At most two decimals'],
    example: 80,
  })
  readonly areaSquareMetres!: number;
  @Whole(0, 100_000, { zh: '工位数', en: 'Desks', unit: '个', example: 8 }) readonly desks!: number;
  @Day({ zh: '入孵日', en: 'First day of the stay' }) readonly from!: string;
  @Day({
    zh: '空间终止日（不含）',
    en: 'Space ends on (exclusive)',
    help: ['长期则不填', 'Leave out while it is open-ended'],
    optional: true,
  })
  readonly until?: string;
}

@command({
  zh: '撤回准入（尚未入驻；飞出地）',
  en: 'Withdraw an admission before the firm has settled (home)',
  roles: ['operator'],
  acts: STAYS,
})
export class WithdrawAdmission {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @KnownUscc(FIRM) readonly uscc!: string;
}

@command({
  zh: '企业离开（事实日期即离开日；飞出地）',
  en: 'Record that a firm leaves, on its day (home)',
  roles: ['operator'],
  acts: STAYS,
})
export class ExitFirm {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @KnownUscc(FIRM) readonly uscc!: string;
  @OneOf(outcomes, {
    zh: '离开方式',
    en: 'How it leaves',
    help: ['毕业、退出或淘汰', 'Graduated, exited or eliminated'],
  })
  readonly outcome!: ExitOutcome;
}

const Spell = () =>
  Whole(1, 1e6, {
    zh: '第几次入孵',
    en: 'Which stay',
    help: ['缺省为最近一次', 'The last one when absent'],
    optional: true,
    example: 1,
  });
@command({
  zh: '冲销准入（误登记；其离开须先冲销），空间一并收回；可重新准入（飞出地）',
  en: 'Reverse an admission, its exit first; its space is given back, and the firm may be admitted anew (home)',
  roles: ['operator'],
  acts: ONE_STAY,
})
export class ReverseAdmission {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @KnownUscc(FIRM) readonly uscc!: string;
  @Spell() readonly spell?: number;
  @Reason() readonly reason!: string;
}

@command({
  zh: '冲销企业离开（日期或方式有误），空间一并恢复；可重新登记（飞出地）',
  en: 'Reverse that a firm left; it has its space again, and its exit may be recorded anew (home)',
  roles: ['operator'],
  acts: ONE_STAY,
})
export class ReverseExit {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @KnownUscc(FIRM) readonly uscc!: string;
  @Spell() readonly spell?: number;
  @Reason() readonly reason!: string;
}
