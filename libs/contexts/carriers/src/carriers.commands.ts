import { command } from '#libs/eventing-nest';
import {
  Basis,
  Code,
  Day,
  NameConfirmed,
  On,
  OneOf,
  Reason,
  RegionId,
  Slug,
  SquareMetres,
  Text,
  Uscc,
  Whole,
  type LegalBasis,
} from '#libs/fields';
import { stages, type Stage } from '#libs/messages';

const CARRIER = {
  zh: '载体',
  en: 'Carrier',
  help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
  example: 'xianyang-enclave',
} as const;
const Carrier = () => Slug({ ...CARRIER, lookUp: 'carriers' });
const NewCarrier = () => Slug({ ...CARRIER, isNew: true });

const WITHIN = ['在载体内不重复', 'Unique within the carrier'] as const;
const UNIT = { zh: '空间单元', en: 'Space unit', help: WITHIN, example: 'floor-3' } as const;
const Unit = () => Slug({ ...UNIT, lookUp: 'units' });
const NewUnit = () => Slug({ ...UNIT, isNew: true });
const ALLOCATION = { zh: '入驻', en: 'Allocation', help: WITHIN, example: 'let-001' } as const;
const Allocation = () => Slug({ ...ALLOCATION, lookUp: 'allocations' });
const NewAllocation = () => Slug({ ...ALLOCATION, isNew: true });

const DESKS = { zh: '工位数', en: 'Desks', unit: '个' } as const;

const Kind = (example: string) =>
  Text(30, {
    zh: '类别',
    en: 'Kind',
    help: ['代码表 carrier-kinds 中的代码或名称', 'A code of carrier-kinds, or its name'],
    codes: 'carrier-kinds',
    example,
  });

/** Of a plan that does not say it yet. */
const UNSAID = { optional: true } as const;
const Home = (more: { readonly optional?: boolean } = {}) =>
  RegionId({ zh: '飞出地', en: 'Home region', lookUp: 'regions', ...more });
const Host = (more: { readonly optional?: boolean } = {}) =>
  RegionId({
    zh: '飞入地',
    en: 'Host region',
    help: ['总窗口或其内的区域；协同创新基地为其外的区域', 'The hub, or a region inside it; of a base one outside'],
    lookUp: 'regions',
    example: 'xixian',
    ...more,
  });
const AnswerBy = () =>
  Day({
    zh: '答复期限（不含）',
    en: 'Answer before',
    help: [
      '双方未在该日之前签署，提议自该日失效；不限则不填',
      'Both sides sign before that day, or it lapses on it; leave out for none',
    ],
    optional: true,
    example: '2069-01-01',
  });

@command({
  zh: '登记本区域的载体（孵化器、加速器、促进器等）',
  en: 'Register a carrier of one region',
  roles: ['province', 'operator'],
})
export class RegisterCarrier {
  @On() readonly on!: string;
  @NewCarrier() readonly carrier!: string;
  @Text(60, { zh: '名称', en: 'Name', example: '咸阳立体联动孵化器' }) readonly name!: string;
  @Kind('孵化器') readonly kind!: string;
  @RegionId({ zh: '所在区域', en: 'Region', lookUp: 'regions' }) readonly region!: string;
  @RegionId({
    zh: '省外、境外的所在地',
    en: 'Place beyond the province',
    help: ['如海外离岸创新中心；在本区域则不填', 'Of an overseas centre; leave out where it is in its region'],
    lookUp: 'places',
    optional: true,
    example: 'iso-de',
  })
  readonly host?: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '记录双方共建的载体已规划或在建，尚未提出',
  en: 'Record that a carrier of two regions is planned or under way, before anybody proposes it',
  roles: ['province', 'operator'],
  // A plan comes further, and what was planned or has failed is proposed, under the same id.
  acts: [{ list: 'carriers', key: { carrier: 'carrier' } }],
})
export class PlanCarrier {
  @On() readonly on!: string;
  @NewCarrier() readonly carrier!: string;
  @Text(60, { zh: '名称', en: 'Name', example: '咸阳（西咸）飞地孵化器' }) readonly name!: string;
  @Kind('飞地孵化器') readonly kind!: string;
  @Home(UNSAID) readonly home?: string;
  @Host(UNSAID) readonly host?: string;
  @OneOf(stages, { zh: '阶段', en: 'Stage', help: ['规划或在建', 'Planned or under way'] }) readonly stage!: Stage;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '冲销规划（误记），载体标识可另作他用',
  en: 'Reverse a plan that was recorded by mistake: its id is free again',
  roles: ['province', 'operator'],
})
export class ReversePlan {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Reason() readonly reason!: string;
}

@command({
  zh: '飞出地提出设立双方共建的载体（飞地孵化器、离岸研发中心，或总窗口的协同创新基地等）',
  en: 'Propose a carrier of two regions (home; of a collaboration base that is the hub)',
  roles: ['operator'],
  acts: [{ list: 'carriers', key: { carrier: 'carrier' } }],
})
export class ProposeCarrier {
  @On() readonly on!: string;
  @NewCarrier() readonly carrier!: string;
  @Text(60, { zh: '名称', en: 'Name', example: '咸阳（西咸）飞地孵化器' }) readonly name!: string;
  @Kind('飞地孵化器') readonly kind!: string;
  @Home() readonly home!: string;
  @Host() readonly host!: string;
  @AnswerBy() readonly answerBy?: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '修订提议（任何一方，备案前）；此前的签署随之失效，双方重新签署',
  en: 'Revise a proposal before it is filed (either side): what was signed is taken back, and both sign anew',
  roles: ['operator'],
})
export class ReviseProposal {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Text(60, { zh: '名称', en: 'Name', example: '咸阳（西咸）飞地孵化器' }) readonly name!: string;
  @Kind('飞地孵化器') readonly kind!: string;
  @Home() readonly home!: string;
  @Host() readonly host!: string;
  @AnswerBy() readonly answerBy?: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '拒绝提议（飞入地，备案前）', en: 'Decline a proposal before it is filed (host)', roles: ['operator'] })
export class DeclineProposal {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Reason('空间不足') readonly reason!: string;
}

@command({ zh: '撤回提议（飞出地，备案前）', en: 'Withdraw a proposal before it is filed (home)', roles: ['operator'] })
export class WithdrawProposal {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Reason('另选合作方') readonly reason!: string;
}

@command({ zh: '飞出地签署', en: 'Sign as home', roles: ['operator'] })
export class SignAsHome {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
}

@command({ zh: '飞入地签署', en: 'Sign as host', roles: ['operator'] })
export class SignAsHost {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
}

@command({
  zh: '省级备案（双方均已签署）',
  en: 'File a carrier that both sides have signed (province)',
  roles: ['province'],
})
export class FileCarrier {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Code(60, { zh: '备案号', en: 'Filing number', example: '示例-2023-001' }) readonly filing!: string;
  @Day({
    zh: '双方协议终止日（不含）',
    en: 'Agreement ends on (exclusive)',
    help: ['长期则不填', 'Leave out while it is open-ended'],
    optional: true,
  })
  readonly agreementUntil?: string;
}

@command({ zh: '开园（已备案）', en: 'Open a carrier that is filed', roles: ['operator'] })
export class OpenCarrier {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
}

@command({ zh: '暂停', en: 'Suspend a carrier', roles: ['province'] })
export class SuspendCarrier {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Reason() readonly reason!: string;
}

@command({ zh: '恢复', en: 'Resume a carrier', roles: ['province'] })
export class ResumeCarrier {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
}

@command({ zh: '续签双方协议（已备案）', en: 'Renew the agreement of home and host', roles: ['province'] })
export class RenewAgreement {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Day({ zh: '新的协议终止日（不含）', en: 'Agreement ends anew on (exclusive)' }) readonly until!: string;
}

@command({
  zh: '清退通知：自此不再入驻，到期由系统清退',
  en: 'Give notice: nothing is let from now on, and it is wound up on its day',
  roles: ['province', 'operator'],
})
export class GiveNotice {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Day({ zh: '关闭日', en: 'Day of closing', help: ['该日起不再使用', 'The first day on which it is no more'] })
  readonly closesOn!: string;
}

@command({ zh: '撤回清退通知（关闭日前）', en: 'Revoke a notice, before its day', roles: ['province', 'operator'] })
export class RevokeNotice {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
}

@command({ zh: '增加空间单元（飞出地或飞入地）', en: 'Add a space unit (home or host)', roles: ['operator'] })
export class AddSpaceUnit {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @NewUnit()
  readonly unit!: string;
  @SquareMetres({
    zh: '可出租面积',
    en: 'Lettable area',
    help: ['至多两位小数', 'At most two decimals'],
    example: 1200,
  })
  readonly areaSquareMetres!: number;
  @Whole(0, 100_000, { ...DESKS, example: 120 }) readonly desks!: number;
  @Day({ zh: '可用起始日', en: 'Available from' }) readonly from!: string;
}

@command({ zh: '撤出空间单元（须已无人占用）', en: 'Withdraw a space unit that nobody occupies', roles: ['operator'] })
export class WithdrawSpaceUnit {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Unit()
  readonly unit!: string;
  @Day({ zh: '自此日起不再可用', en: 'Gone from this day' }) readonly until!: string;
}

@command({ zh: '分配空间给企业（飞出地）', en: 'Let space to a firm (home)', roles: ['operator'] })
export class AllocateSpace {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @NewAllocation()
  readonly allocation!: string;
  @Unit()
  readonly unit!: string;
  @Uscc({
    zh: '统一社会信用代码',
    en: 'Unified social credit code',
    help: ['18 位，两个校验码均核对', '18 characters; both check characters are verified'],
    lookUp: 'incubatees',
    example: '91610400MA6Y0A0065',
  })
  readonly uscc!: string;
  @Text(100, { zh: '企业名称', en: 'Name of the firm', example: '示例企业' }) readonly firm!: string;
  @NameConfirmed() readonly nameConfirmed?: boolean;
  @SquareMetres({
    zh: '面积',
    en: 'Area',
    help: ['至多两位小数', 'At most two decimals'],
    example: 80,
  })
  readonly areaSquareMetres!: number;
  @Whole(0, 100_000, { ...DESKS, example: 8 }) readonly desks!: number;
  @Day({ zh: '起始日', en: 'First day' }) readonly from!: string;
  @Day({
    zh: '终止日（不含）',
    en: 'Until (exclusive)',
    help: ['长期则不填', 'Leave out while it is open-ended'],
    optional: true,
  })
  readonly until?: string;
}

@command({ zh: '释放空间（飞出地）', en: 'Release space (home)', roles: ['operator'] })
export class ReleaseSpace {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Allocation()
  readonly allocation!: string;
  @Day({ zh: '自此日起释放', en: 'Free from this day' }) readonly until!: string;
}

@command({
  zh: '更正双方协议的终止日',
  en: 'Correct the day on which the agreement of home and host ends',
  roles: ['province'],
})
export class CorrectAgreement {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Day({
    zh: '正确的协议终止日（不含）',
    en: 'Until (exclusive)',
    help: ['长期则不填', 'Leave out while it is open-ended'],
    optional: true,
  })
  readonly agreementUntil?: string;
  @Reason() readonly reason!: string;
}

@command({
  zh: '冲销清退通知（误发）；已据以清退的一并恢复',
  en: 'Reverse a notice that was given by mistake; what was wound up on it goes on',
  roles: ['province', 'operator'],
})
export class ReverseNotice {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Reason() readonly reason!: string;
}

@command({
  zh: '冲销空间单元（误登记；其入驻须先冲销）',
  en: 'Reverse that a space unit was added; its allocations are reversed first',
  roles: ['operator'],
})
export class ReverseSpaceUnit {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Unit() readonly unit!: string;
  @Reason() readonly reason!: string;
}

@command({ zh: '冲销空间单元的撤出', en: 'Reverse that a space unit was withdrawn', roles: ['operator'] })
export class ReverseUnitWithdrawal {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Unit() readonly unit!: string;
  @Reason() readonly reason!: string;
}

@command({ zh: '冲销空间分配（飞出地）', en: 'Reverse an allocation (home)', roles: ['operator'] })
export class ReverseAllocation {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Allocation() readonly allocation!: string;
  @Reason() readonly reason!: string;
}

@command({ zh: '冲销空间释放（飞出地）', en: 'Reverse a release (home)', roles: ['operator'] })
export class ReverseRelease {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Allocation() readonly allocation!: string;
  @Reason() readonly reason!: string;
}
