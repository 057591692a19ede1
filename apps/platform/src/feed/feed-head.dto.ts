import { ApiProperty } from '@nestjs/swagger';

/** Where a feed ends. */
export class FeedHeadDto {
  @ApiProperty({ description: '最后序号；空为 0' }) sequence!: number;
  @ApiProperty({ description: '至此的摘要' }) digest!: string;
}
