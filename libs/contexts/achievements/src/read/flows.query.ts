import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { askerOf, query, scopeOf } from '#libs/eventing-nest';
import { Day, OneOf } from '#libs/fields';
import { contractTypes } from '../contracts.events.js';
import { FlowEntry } from './flows.projection.js';

export class FlowSum {
  @ApiProperty({ description: '项数' }) count!: number;
  @ApiProperty({ description: '成交额，分' }) amountFen!: number;
  @ApiProperty({ description: '核定技术性收入，分' }) technicalRevenueFen!: number;
}

export class FlowCell extends FlowSum {
  @ApiProperty({ description: '输出区域' }) output!: string;
  @ApiProperty({ description: '吸纳区域' }) absorbing!: string;
  @ApiProperty({ enum: contractTypes, description: '合同类型' }) type!: string;
  @ApiProperty({ description: '认定期间' }) period!: string;
}

export class FlowMargin extends FlowSum {
  @ApiProperty({ description: '区域' }) region!: string;
}

export class FlowFigure {
  @ApiProperty({ description: '起' }) from!: string;
  @ApiProperty({ description: '止（不含）' }) to!: string;
  @ApiProperty({ type: String, nullable: true, description: '仅含与此区域有关的合同；空为全省' }) scope!: string | null;
  @ApiProperty({ type: [FlowCell], description: '输出区域 × 吸纳区域 × 类型 × 期间' }) cells!: FlowCell[];
  @ApiProperty({ type: [FlowMargin], description: '行和：按输出区域' }) rows!: FlowMargin[];
  @ApiProperty({ type: [FlowMargin], description: '列和：按吸纳区域' }) columns!: FlowMargin[];
  @ApiProperty({ type: FlowSum, description: '合计；等于行和之和，也等于列和之和' }) total!: FlowSum;
}

const PERIODS = { year: 'YYYY', quarter: 'YYYY"Q"Q', month: 'YYYY-MM' } as const;

/**
 * The flow matrix 流向矩阵: region × region × contract type × period (docs/domain.md §5). A contract counts in the period of its
 * recognition, and a reversal takes it out of that same period.
 */
@query({
  path: 'figures/flows',
  zh: '成果流向：输出区域 × 吸纳区域 × 类型 × 期间',
  roles: ['province', 'operator', 'auditor', 'sub-platform'],
  reads: ['flows'],
  answer: FlowFigure,
})
export class GetFlows {
  @Day({ zh: '认定日期起', example: '2023-01-01' }) readonly from!: string;
  @Day({ zh: '认定日期止（不含）', example: '2024-01-01' }) readonly to!: string;
  @OneOf(Object.keys(PERIODS), { zh: '期间：年、季、月；缺省为年', optional: true })
  readonly period?: keyof typeof PERIODS;
}

interface Sums {
  level: 'cell' | 'output' | 'absorbing' | 'total';
  output: string;
  absorbing: string;
  type: string;
  period: string;
  count: string;
  amount: string;
  revenue: string;
}

@QueryHandler(GetFlows)
export class GetFlowsHandler implements IQueryHandler<GetFlows, FlowFigure> {
  constructor(private readonly database: DataSource) {}

  async execute(question: GetFlows): Promise<FlowFigure> {
    const { from, to, period = 'year' } = question;
    const scope = scopeOf(askerOf(question)) ?? null;
    const { tablePath } = this.database.getMetadata(FlowEntry);
    const sums = await this.database.query<Sums[]>(
      `select case when grouping(type) = 0 then 'cell' when grouping(output) = 0 then 'output'
          when grouping(absorbing) = 0 then 'absorbing' else 'total' end as level,
        output, absorbing, type, period, count(*)::text as count,
        coalesce(sum("amountFen"), 0)::text as amount, coalesce(sum("technicalRevenueFen"), 0)::text as revenue
      from (select *, to_char("recognisedOn", $4) as period from ${tablePath}) e
      where not reversed and "recognisedOn" >= $1 and "recognisedOn" < $2
        and ($3::text is null or output = $3 or absorbing = $3)
      group by grouping sets ((output, absorbing, type, period), (output), (absorbing), ())
      order by output, absorbing, type, period`,
      [from, to, scope, PERIODS[period]],
    );
    const at = (level: Sums['level']) => sums.filter((s) => s.level === level);
    return {
      from,
      to,
      scope,
      cells: at('cell').map((s) => {
        const { output, absorbing, type, period: within } = s;
        return { output, absorbing, type, period: within, ...sum(s) };
      }),
      rows: at('output').map((s) => ({ region: s.output, ...sum(s) })),
      columns: at('absorbing').map((s) => ({ region: s.absorbing, ...sum(s) })),
      total: sum(at('total')[0]!),
    };
  }
}

function sum({ count, amount, revenue }: Sums): FlowSum {
  return { count: Number(count), amountFen: exact(amount), technicalRevenueFen: exact(revenue) };
}

/** A sum of 分 that JSON can carry exactly; above 90 万亿元 it could not, and must not be rounded. */
function exact(digits: string): number {
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) throw new Error(`${digits} 分 is more than a JSON number can carry exactly`);
  return value;
}
