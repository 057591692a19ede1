import { command } from '#libs/eventing-nest';
import { Fen, On, OneOf, RegionId, Slug, Text } from '#libs/fields';
import { contractTypes, type TechnologyContractType } from './contracts.events.js';

const Contract = () => Slug({ zh: '技术合同标识', example: 'tc-2023-0001' });

@command({ zh: '申报技术合同（输出方）', roles: ['operator'] })
export class FileContract {
  @On() readonly on!: string;
  @Contract() readonly contract!: string;
  @Text(200, { zh: '合同名称', example: '示例技术开发合同' }) readonly title!: string;
  @OneOf(contractTypes, { zh: '类型：开发、转让、许可、咨询、服务' }) readonly type!: TechnologyContractType;
  @RegionId({ zh: '输出区域', example: 'xixian' }) readonly output!: string;
  @RegionId({ zh: '吸纳区域' }) readonly absorbing!: string;
  @Fen({ zh: '合同成交额，分', example: 50_000_000 }) readonly amountFen!: number;
}

@command({ zh: '认定登记', roles: ['province'] })
export class RecogniseContract {
  @On() readonly on!: string;
  @Contract() readonly contract!: string;
  @Slug({ zh: '认定登记编号', example: 'rec-2023-0001' }) readonly registration!: string;
  @Fen({ zh: '核定技术性收入，分', example: 40_000_000 }) readonly technicalRevenueFen!: number;
}

@command({ zh: '不予认定', roles: ['province'] })
export class RefuseContract {
  @On() readonly on!: string;
  @Contract() readonly contract!: string;
  @Text(200, { zh: '原因' }) readonly reason!: string;
}

@command({ zh: '冲销认定', roles: ['province'] })
export class ReverseContract {
  @On() readonly on!: string;
  @Contract() readonly contract!: string;
  @Slug({ zh: '被冲销的认定登记编号', example: 'rec-2023-0001' }) readonly reverses!: string;
  @Text(200, { zh: '原因' }) readonly reason!: string;
}
