import { command } from '#libs/eventing-nest';
import { Basis, Day, On, OneOf, Quantity, RegionId, Slug, Text, Uscc, Whole, type LegalBasis } from '#libs/fields';
import { bilateralKinds, type BilateralKind } from './carriers.events.js';

const Carrier = () => Slug({ zh: '载体标识', example: 'xianyang-enclave' });

@command({ zh: '登记本区域的载体（孵化器、加速器、促进器等）', roles: ['province', 'operator'] })
export class RegisterCarrier {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Text(60, { zh: '名称', example: '咸阳立体联动孵化器' }) readonly name!: string;
  @Text(20, { zh: '类别，开放代码表', example: '孵化器' }) readonly kind!: string;
  @RegionId({ zh: '所在区域' }) readonly region!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '飞出地提出设立飞地孵化器或离岸研发中心', roles: ['operator'] })
export class ProposeCarrier {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Text(60, { zh: '名称', example: '咸阳（西咸）飞地孵化器' }) readonly name!: string;
  @OneOf(bilateralKinds, { zh: '类别' }) readonly kind!: BilateralKind;
  @RegionId({ zh: '飞出地' }) readonly home!: string;
  @RegionId({ zh: '飞入地，总窗口或其内', example: 'xixian' }) readonly host!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '飞出地签署', roles: ['operator'] })
export class SignAsHome {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
}

@command({ zh: '飞入地签署', roles: ['operator'] })
export class SignAsHost {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
}

@command({ zh: '省级备案（双方均已签署）', roles: ['province'] })
export class FileCarrier {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Text(60, { zh: '备案号', example: '示例-2023-001' }) readonly filing!: string;
  @Day({ zh: '双方协议终止日（不含）；长期则不填', optional: true }) readonly agreementUntil?: string;
}

@command({ zh: '开园（已备案）', roles: ['operator'] })
export class OpenCarrier {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
}

@command({ zh: '暂停', roles: ['province'] })
export class SuspendCarrier {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Text(200, { zh: '原因' }) readonly reason!: string;
}

@command({ zh: '恢复', roles: ['province'] })
export class ResumeCarrier {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
}

@command({ zh: '续签双方协议（已备案）', roles: ['province'] })
export class RenewAgreement {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Day({ zh: '新的协议终止日（不含）' }) readonly until!: string;
}

@command({ zh: '清退通知：自此不再入驻，到期由系统清退', roles: ['province', 'operator'] })
export class GiveNotice {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Day({ zh: '关闭日：该日起不再使用' }) readonly closesOn!: string;
}

@command({ zh: '撤回清退通知（关闭日前）', roles: ['province', 'operator'] })
export class RevokeNotice {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
}

@command({ zh: '增加空间单元（飞出地或飞入地）', roles: ['operator'] })
export class AddSpaceUnit {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Slug({ zh: '空间单元标识', example: 'floor-3' }) readonly unit!: string;
  @Quantity(0, 1e7, { zh: '可出租面积，平方米', example: 1200 }) readonly areaSquareMetres!: number;
  @Whole(0, 100_000, { zh: '工位数', example: 120 }) readonly desks!: number;
  @Day({ zh: '可用起始日' }) readonly from!: string;
}

@command({ zh: '撤出空间单元（须已无人占用）', roles: ['operator'] })
export class WithdrawSpaceUnit {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Slug({ zh: '空间单元标识', example: 'floor-3' }) readonly unit!: string;
  @Day({ zh: '自此日起不再可用' }) readonly until!: string;
}

@command({ zh: '分配空间给企业（飞出地）', roles: ['operator'] })
export class AllocateSpace {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Slug({ zh: '入驻标识', example: 'let-001' }) readonly allocation!: string;
  @Slug({ zh: '空间单元标识', example: 'floor-3' }) readonly unit!: string;
  @Uscc({ zh: '企业统一社会信用代码', example: '91610400MA6Y0A0023' }) readonly uscc!: string;
  @Text(100, { zh: '企业名称', example: '示例企业' }) readonly firm!: string;
  @Quantity(0, 1e7, { zh: '面积，平方米', example: 80 }) readonly areaSquareMetres!: number;
  @Whole(0, 100_000, { zh: '工位数', example: 8 }) readonly desks!: number;
  @Day({ zh: '起始日' }) readonly from!: string;
  @Day({ zh: '终止日（不含）；长期则不填', optional: true }) readonly until?: string;
}

@command({ zh: '释放空间（飞出地）', roles: ['operator'] })
export class ReleaseSpace {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Slug({ zh: '入驻标识', example: 'let-001' }) readonly allocation!: string;
  @Day({ zh: '自此日起释放' }) readonly until!: string;
}
