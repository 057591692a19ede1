import { ApiProperty } from '@nestjs/swagger';
import { Seq, type Collection } from 'immutable';
import { question, TimesParameters, type Reads } from '#libs/eventing-nest';
import { carriers, coverageRules, hubs, regions, type AnyList, type RowOf } from '#libs/messages';
import { askList, rollUpTo, type Scope, type Times } from '#libs/read-models';

export class Lacking {
  @ApiProperty({ description: '区域' }) region!: string;
  @ApiProperty({ description: '名称' }) name!: string;
  @ApiProperty({ description: '现有' }) have!: number;
  @ApiProperty({ description: '另在筹建（已规划、提出或备案，未开园）' }) planned!: number;
}

export class CoverageRow {
  @ApiProperty({ description: '覆盖要求' }) rule!: string;
  @ApiProperty({ type: Object, description: '依据：文件与条款' }) basis!: object;
  @ApiProperty({ description: '表述方式：requires 要求、supports 支持、encourages 鼓励 …' }) modality!: string;
  @ApiProperty({ description: '载体类别' }) carrierKind!: string;
  @ApiProperty({ type: Number, nullable: true, description: '每个区域至少几个；文件未给数字为 null' })
  minimum!: number | null;
  @ApiProperty({ description: '已达到的区域数；未给数字时为已有的区域数' }) covered!: number;
  @ApiProperty({ description: '应覆盖的区域数' }) regions!: number;
  @ApiProperty({ type: [Lacking], description: '尚缺的区域；未给数字时没有' }) lacking!: Lacking[];
}

export class Coverage {
  @ApiProperty({ type: [CoverageRow] }) rules!: CoverageRow[];
}

/** A province has a few thousand carriers: one page. */
const ALL = 100_000;

type Carrier = RowOf<typeof carriers>;
type Rule = RowOf<typeof coverageRules>;
type Region = RowOf<typeof regions>;

/** Planned, proposed, or agreed upon, and not there yet. */
const PLANNED: readonly string[] = [
  'planned',
  'under-way',
  'proposed',
  'negotiating',
  'filed',
] satisfies Carrier['status'][];

/**
 * Which regions meet the coverage rules of the documents, and by name which do not, as of a day. What lies inside a region
 * counts for it, on the tree of that day; what is open counts, and what is being prepared is shown beside it.
 */
export const coverage = question({
  name: 'GetCoverage',
  path: 'carriers/coverage',
  zh: '覆盖要求的落实：哪些市（区）尚缺',
  roles: ['province', 'operator', 'auditor', 'sub-platform'],
  reads: ['carriers', 'topology'],
  parameters: TimesParameters,
  answer: Coverage,
  // Everyone may know who lacks what, and a scope never changes a number.
  async ask(times: Times, _: Scope, { sql }: Reads): Promise<Coverage> {
    const all = async <L extends AnyList>(list: L) => {
      const { items } = await askList(sql, list, { ...times, scope: 'all', filter: {}, limit: ALL });
      return items.map(({ row }) => row as RowOf<L>);
    };
    const [stated, places, hub, there] = [
      (await all(coverageRules)).filter(({ endedOn }) => endedOn === null),
      (await all(regions)).filter(({ until }) => until === null),
      (await all(hubs)).find(({ until }) => until === null)?.region,
      await all(carriers),
    ];
    const trees = new Map<string, ReadonlyMap<string, string>>();
    for (const level of new Set(stated.map((rule) => rule.level))) trees.set(level, await rollUpTo(level, sql, times));
    const byKind = Seq(there).groupBy(({ kind }) => kind);
    return {
      rules: stated.map((rule) => {
        const bound = places.filter(
          ({ level, region }) => level === rule.level && (rule.includesHub || region !== hub),
        );
        return rowOf(rule, bound, byKind.get(rule.carrierKind, Seq.Indexed<Carrier>()), trees.get(rule.level)!);
      }),
    };
  },
});

function rowOf(
  { rule, basis, modality, carrierKind, minimum }: Rule,
  bound: readonly Region[],
  there: Collection<number, Carrier>,
  inside: ReadonlyMap<string, string>,
): CoverageRow {
  const byRegion = there.groupBy(({ home }) => inside.get(home ?? ''));
  const counted = bound.map(({ region, name }) => {
    const own = byRegion.get(region, Seq.Indexed<Carrier>());
    const have = own.count(({ status }) => status === 'open');
    return { region, name, have, planned: own.count(({ status }) => PLANNED.includes(status)) };
  });
  const covered = counted.filter(({ have }) => have >= (minimum ?? 1)).length;
  const lacking = minimum === null ? [] : counted.filter(({ have }) => have < minimum);
  return { rule, basis, modality, carrierKind, minimum, regions: counted.length, covered, lacking };
}
