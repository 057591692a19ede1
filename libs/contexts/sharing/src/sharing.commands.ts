import { command } from '#libs/eventing-nest';
import { Basis, Fen, On, OneOf, Quantity, RegionId, Slug, Text, type LegalBasis } from '#libs/fields';

const Instrument = () => Slug({ zh: '仪器标识', example: 'xianyang-sem-01' });

@command({ zh: '仪器入网', roles: ['province', 'operator'] })
export class NetworkInstrument {
  @On() readonly on!: string;
  @Instrument() readonly instrument!: string;
  @Text(100, { zh: '名称', example: '扫描电子显微镜' }) readonly name!: string;
  @RegionId({ zh: '所属区域' }) readonly owner!: string;
  @Fen({ zh: '原值，分', example: 120_000_000 }) readonly originalValueFen!: number;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '仪器退网', roles: ['province', 'operator'] })
export class WithdrawInstrument {
  @On() readonly on!: string;
  @Instrument() readonly instrument!: string;
  @Text(200, { zh: '原因' }) readonly reason!: string;
}

@command({ zh: '登记一次计量使用（事实日期即使用日期）', roles: ['operator'] })
export class RecordUse {
  @On() readonly on!: string;
  @Instrument() readonly instrument!: string;
  @Slug({ zh: '使用记录标识', example: 'use-0001' }) readonly use!: string;
  @RegionId({ zh: '使用方所在区域', example: 'xixian' }) readonly using!: string;
  @Quantity(0.01, 8784, { zh: '计量机时，小时', example: 6.5 }) readonly hours!: number;
  @OneOf(['internal', 'external'], { zh: '内部使用或对外共享' }) readonly sharing!: 'internal' | 'external';
}

@command({ zh: '冲销一次使用记录', roles: ['operator'] })
export class ReverseUse {
  @On() readonly on!: string;
  @Instrument() readonly instrument!: string;
  @Slug({ zh: '被冲销的使用记录', example: 'use-0001' }) readonly use!: string;
  @Text(200, { zh: '原因' }) readonly reason!: string;
}
