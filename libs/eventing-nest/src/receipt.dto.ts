import { ApiProperty } from '@nestjs/swagger';

export class RecordedDto {
  @ApiProperty({ format: 'uuid' }) readonly id!: string;
  @ApiProperty({ example: 'carrier.proposed.v1' }) readonly type!: string;
}

/** A command's answer (see `Receipt`). */
export class ReceiptDto {
  @ApiProperty({ description: '事件流', example: 'carrier-xianyang-enclave' }) readonly stream!: string;
  @ApiProperty({ description: '命令后的版本；没有事件时为 -1' }) readonly revision!: number;
  @ApiProperty({ description: '一致性令牌：随查询送回，可读到本次写入' }) readonly position!: string;
  @ApiProperty({ type: [RecordedDto], description: '本次记录的事件' }) readonly events!: RecordedDto[];
  @ApiProperty({ description: '此命令先前已执行，这是当时的答复' }) readonly repeated!: boolean;
}
