import { ApiProperty } from '@nestjs/swagger';

export class WaitingCommand {
  @ApiProperty({ description: '命令', example: 'SignAsHost' }) name!: string;
  @ApiProperty({ description: '路径', example: '/api/v1/carriers/sign-as-host' }) path!: string;
  @ApiProperty({ type: [String], description: '可用的角色', example: ['operator'] }) roles!: readonly string[];
  @ApiProperty({ description: '说明', example: '飞入地签署' }) zh!: string;
  @ApiProperty({ description: 'Text', example: 'Sign as host' }) en!: string;
}

export class WaitingThing {
  @ApiProperty({ description: '说明', example: '“咸阳飞地”待飞入地 xixian 签署' }) zh!: string;
  @ApiProperty({ description: 'Text', example: '“咸阳飞地” waits for the host, xixian, to sign' }) en!: string;
  @ApiProperty({ type: Object, description: '标识', example: { carrier: 'xianyang-enclave' } }) key!: object;
  @ApiProperty({ type: String, nullable: true, description: '自何日起', example: '2026-11-01' }) since!: string | null;
  @ApiProperty({ type: String, nullable: true, description: '期限（不含）；没有则为空', example: '2026-12-01' })
  deadline!: string | null;
  @ApiProperty({ type: [String], description: '该谁办：区域，或 province（省级）', example: ['xixian'] })
  turn!: string[];
  @ApiProperty({ description: '该您办', example: true }) mine!: boolean;
}

export class WaitingKind {
  @ApiProperty({ description: '种类', example: 'carrier-sign-host' }) kind!: string;
  @ApiProperty({ description: '名称', example: '待飞入地签署' }) zh!: string;
  @ApiProperty({ description: 'Name', example: 'To be signed by the host' }) en!: string;
  @ApiProperty({ description: '所在列表', example: 'carriers' }) list!: string;
  @ApiProperty({ description: '您看得到的共几件', example: 1 }) count!: number;
  @ApiProperty({ type: [WaitingCommand], description: '以何命令办理' }) commands!: WaitingCommand[];
  @ApiProperty({ type: [WaitingThing], description: '期限最近的在前；没有期限的以最久的在前，或依标识' })
  items!: WaitingThing[];
  @ApiProperty({
    type: String,
    nullable: true,
    description: '下一页：连同 kind 作 after；已到末尾则为空',
    example: null,
  })
  next!: string | null;
}

export class WaitingAnswer {
  @ApiProperty({ description: '以此日计', example: '2026-11-28' }) day!: string;
  @ApiProperty({ type: [WaitingKind], description: '各种类；问了 kind 则只有这一种' }) kinds!: WaitingKind[];
}
