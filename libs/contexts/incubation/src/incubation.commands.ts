import { command } from '#libs/eventing-nest';
import { Day, On, OneOf, Quantity, RegionId, Slug, Text, Uscc, Whole } from '#libs/fields';
import { outcomes, type ExitOutcome } from './incubation.events.js';

const Carrier = () => Slug({ zh: '载体标识', example: 'xianyang-enclave' });
const Firm = () => Uscc({ zh: '企业统一社会信用代码', example: '91610400MA6Y0A0023' });

@command({ zh: '准入企业（飞出地）；随后自动分配空间，分配成功即入驻，不成即不予准入', roles: ['operator'] })
export class AdmitFirm {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @RegionId({ zh: '飞出地' }) readonly home!: string;
  @Firm() readonly uscc!: string;
  @Text(100, { zh: '企业名称', example: '示例企业' }) readonly firm!: string;
  @Text(40, {
    zh: '所属领域，开放代码表；生物医药、集成电路、现代农业在孵时限为 60 个月，其余 48 个月',
    example: '集成电路',
  })
  readonly field!: string;
  @Day({ zh: '企业成立日期；入孵时成立不超过 24 个月', example: '2022-06-01' }) readonly founded!: string;
  @Slug({ zh: '空间单元标识', example: 'floor-3' }) readonly unit!: string;
  @Quantity(0, 1e7, { zh: '面积，平方米', example: 80 }) readonly areaSquareMetres!: number;
  @Whole(0, 100_000, { zh: '工位数', example: 8 }) readonly desks!: number;
  @Day({ zh: '入孵日' }) readonly from!: string;
  @Day({ zh: '空间终止日（不含）；长期则不填', optional: true }) readonly until?: string;
}

@command({ zh: '撤回准入（尚未入驻；飞出地）', roles: ['operator'] })
export class WithdrawAdmission {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Firm() readonly uscc!: string;
}

@command({ zh: '企业离开（事实日期即离开日；飞出地）', roles: ['operator'] })
export class ExitFirm {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Firm() readonly uscc!: string;
  @OneOf(outcomes, { zh: '毕业、退出或淘汰' }) readonly outcome!: ExitOutcome;
}
