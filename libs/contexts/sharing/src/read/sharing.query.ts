import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { askerOf, query, scopeOf } from '#libs/eventing-nest';
import { Day } from '#libs/fields';
import { SharingEntry } from './sharing.projection.js';

export class SharingCell {
  @ApiProperty({ description: '仪器所属区域' }) owner!: string;
  @ApiProperty({ description: '使用方所在区域' }) using!: string;
  @ApiProperty({ description: '使用次数' }) uses!: number;
  @ApiProperty({ description: '机时，小时' }) hours!: number;
}

export class SharingRate {
  @ApiProperty({ description: '所属区域；全省为空' }) owner!: string;
  @ApiProperty({ description: '使用次数' }) uses!: number;
  @ApiProperty({ description: '有仪器使用记录的仪器数' }) instruments!: number;
  @ApiProperty({ description: '对外机时，小时' }) externalHours!: number;
  @ApiProperty({ description: '有效工作机时，小时' }) effectiveHours!: number;
  @ApiProperty({ type: Number, nullable: true, description: '共享率（均值之比）= 对外机时之和 / 有效工作机时之和' })
  ratioOfMeans!: number | null;
  @ApiProperty({ type: Number, nullable: true, description: '共享率（比值之均）= 各仪器共享率的算术平均' })
  meanOfRatios!: number | null;
}

export class SharingFigure {
  @ApiProperty({ description: '期间起' }) from!: string;
  @ApiProperty({ description: '期间止（不含）' }) to!: string;
  @ApiProperty({ type: String, nullable: true, description: '仅含与此区域有关的使用；空为全省' }) scope!: string | null;
  @ApiProperty({ type: [SharingCell], description: '所属区域 × 使用区域' }) cells!: SharingCell[];
  @ApiProperty({ type: [SharingRate], description: '共享率，按所属区域' }) rates!: SharingRate[];
  @ApiProperty({ type: SharingRate, description: '合计' }) total!: SharingRate;
}

/**
 * Resource sharing between regions. Sharing rate 共享率 = external hours / effective hours (有效工作机时, all metered hours);
 * both weightings are given, each under its name (docs/domain.md §5).
 */
@query({
  path: 'figures/sharing',
  zh: '资源共享：所属区域 × 使用区域的次数、机时与共享率',
  roles: ['province', 'operator', 'auditor', 'sub-platform'],
  reads: ['sharing'],
  answer: SharingFigure,
})
export class GetSharing {
  @Day({ zh: '期间起', example: '2023-01-01' }) readonly from!: string;
  @Day({ zh: '期间止（不含）', example: '2024-01-01' }) readonly to!: string;
}

interface Sums {
  level: 'cell' | 'owner' | 'total';
  owner: string | null;
  using: string | null;
  uses: string;
  instruments: string;
  hours: string;
  external: string;
  mean: string | null;
}

@QueryHandler(GetSharing)
export class GetSharingHandler implements IQueryHandler<GetSharing, SharingFigure> {
  constructor(private readonly database: DataSource) {}

  async execute(question: GetSharing): Promise<SharingFigure> {
    const { from, to } = question;
    const scope = scopeOf(askerOf(question)) ?? null;
    const { tablePath } = this.database.getMetadata(SharingEntry);
    const sums = await this.database.query<Sums[]>(
      `with used as (
        select instrument, owner, "using", count(*) as uses, sum(hours) as hours,
          coalesce(sum(hours) filter (where sharing = 'external'), 0) as external
        from ${tablePath}
        where not reversed and "usedOn" >= $1 and "usedOn" < $2 and ($3::text is null or owner = $3 or "using" = $3)
        group by instrument, owner, "using"
      ), per_instrument as (
        select owner, instrument, sum(external) / sum(hours) as ratio from used group by owner, instrument
      ), means as materialized (select owner, avg(ratio) as mean from per_instrument group by grouping sets ((owner), ()))
      select case when grouping("using") = 0 then 'cell' when grouping(u.owner) = 0 then 'owner' else 'total' end as level,
        u.owner, u."using", coalesce(sum(uses), 0)::text as uses, count(distinct instrument)::text as instruments,
        coalesce(sum(hours), 0)::text as hours, coalesce(sum(external), 0)::text as external,
        (select mean::text from means m where m.owner is not distinct from u.owner) as mean
      from used u group by grouping sets ((u.owner, u."using"), (u.owner), ()) order by u.owner, u."using"`,
      [from, to, scope],
    );
    const at = (level: Sums['level']) => sums.filter((s) => s.level === level);
    return {
      from,
      to,
      scope,
      cells: at('cell').map((s) => ({
        owner: s.owner!,
        using: s.using!,
        uses: Number(s.uses),
        hours: Number(s.hours),
      })),
      rates: at('owner').map(rate),
      total: rate(at('total')[0]!),
    };
  }
}

function rate({ owner, uses, instruments, hours, external, mean }: Sums): SharingRate {
  const [externalHours, effectiveHours] = [Number(external), Number(hours)];
  return {
    owner: owner ?? '',
    uses: Number(uses),
    instruments: Number(instruments),
    externalHours,
    effectiveHours,
    ratioOfMeans: effectiveHours ? externalHours / effectiveHours : null,
    meanOfRatios: mean === null ? null : Number(mean),
  };
}
