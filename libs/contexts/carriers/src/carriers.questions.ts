import { ApiProperty } from '@nestjs/swagger';
import { regionsNow } from '#libs/contexts/topology';
import { question } from '#libs/eventing-nest';
import { carriers } from '#libs/messages';
import { askList } from '#libs/read-models';

export class Lacking {
  @ApiProperty({ description: '区域' }) region!: string;
  @ApiProperty({ description: '名称' }) name!: string;
  @ApiProperty({ description: '现有' }) have!: number;
}

export class CoverageRow {
  @ApiProperty({ description: '覆盖要求' }) rule!: string;
  @ApiProperty({ description: '载体类别' }) carrierKind!: string;
  @ApiProperty({ description: '每个区域至少几个' }) minimum!: number;
  @ApiProperty({ description: '已达到的区域数' }) covered!: number;
  @ApiProperty({ description: '应覆盖的区域数' }) regions!: number;
  @ApiProperty({ type: [Lacking], description: '尚缺的区域' }) lacking!: Lacking[];
}

export class Coverage {
  @ApiProperty({ type: [CoverageRow] }) rules!: CoverageRow[];
}

export class CoverageParameters {}

/** A province has a few thousand carriers: one page. */
const ALL = 100_000;

/** Which regions meet the coverage rules of the documents, and by name which do not. */
export const coverage = question({
  name: 'GetCoverage',
  path: 'carriers/coverage',
  zh: '覆盖要求的落实：哪些市（区）尚缺',
  roles: ['province', 'operator', 'auditor', 'sub-platform'],
  reads: ['carriers'],
  parameters: CoverageParameters,
  answer: Coverage,
  // Everyone may know who lacks what, and a scope never changes a number.
  async ask(_, __, { sql, look }): Promise<Coverage> {
    const { rules, atLevel } = await regionsNow(look);
    const page = await askList(sql, carriers, { scope: 'all', filter: { status: 'open' }, limit: ALL });
    const open = page.items.map(({ row }) => row as { kind: string; home: string });
    return {
      rules: rules.map(({ rule, carrierKind, level, minimum }) => {
        const counted = atLevel(level).map(({ region, name }) => {
          const have = open.filter((c) => c.kind === carrierKind && c.home === region).length;
          return { region, name, have };
        });
        const lacking = counted.filter(({ have }) => have < minimum);
        const covered = counted.length - lacking.length;
        return { rule, carrierKind, minimum, regions: counted.length, covered, lacking };
      }),
    };
  },
});
