import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { askerOf, query, scopeOf } from '#libs/eventing-nest';
import { Day, RegionId, Slug } from '#libs/fields';
import { CapacityEntry } from './capacity.projection.js';

/** Square metres or desks: what there is, what is let and what is free on a day, and the occupancy over a period. */
export class Capacity {
  @ApiProperty({ description: '总量，当日' }) total!: number;
  @ApiProperty({ description: '已分配，当日' }) allocated!: number;
  @ApiProperty({ description: '空余，当日' }) free!: number;
  @ApiProperty({ description: '分子：期内已分配量 × 天数之和' }) allocatedDays!: number;
  @ApiProperty({ description: '分母：期内可用量 × 天数之和' }) availableDays!: number;
  @ApiProperty({ type: Number, nullable: true, description: '入驻率 = 分子 / 分母；分母为零时没有' }) occupancy!:
    number | null;
}

export class CapacityRow {
  @ApiProperty({ enum: ['carrier', 'home', 'host', 'total'], description: '按载体、飞出地、飞入地或合计' }) by!: string;
  @ApiProperty({ description: '载体或区域标识；合计为空' }) id!: string;
  @ApiProperty({ nullable: true, type: String, description: '载体名称' }) name!: string | null;
  @ApiProperty({ type: Capacity, description: '面积，平方米' }) area!: Capacity;
  @ApiProperty({ type: Capacity, description: '工位' }) desks!: Capacity;
}

export class CapacityFigure {
  @ApiProperty({ description: '总量、已分配、空余所取的日期' }) on!: string;
  @ApiProperty({ description: '入驻率期间起' }) from!: string;
  @ApiProperty({ description: '入驻率期间止（不含）' }) to!: string;
  @ApiProperty({ type: String, nullable: true, description: '仅含与此区域有关的载体；空为全省' }) scope!: string | null;
  @ApiProperty({ type: [CapacityRow] }) rows!: CapacityRow[];
}

/**
 * Incubator capacity. Area occupancy 面积入驻率 = Σ(let m²·days) / Σ(lettable m²·days) over the period, desk occupancy
 * 工位入驻率 = occupied desk-days / available desk-days (docs/domain.md §5).
 */
@query({
  path: 'figures/capacity',
  zh: '孵化容量：总量、已分配、空余与入驻率，按载体、飞出地、飞入地与合计',
  roles: ['province', 'operator', 'auditor', 'sub-platform'],
  reads: ['capacity'],
  answer: CapacityFigure,
})
export class GetCapacity {
  @Day({ zh: '期间起', example: '2023-01-01' }) readonly from!: string;
  @Day({ zh: '期间止（不含）', example: '2024-01-01' }) readonly to!: string;
  @Day({ zh: '总量与空余所取的日期；缺省为期间最后一日', optional: true }) readonly on?: string;
  @Slug({ zh: '仅此载体', optional: true }) readonly carrier?: string;
  @RegionId({ zh: '仅此飞出地', optional: true }) readonly home?: string;
  @RegionId({ zh: '仅此飞入地', optional: true, example: 'xixian' }) readonly host?: string;
}

interface Sums {
  by: string;
  id: string | null;
  name: string | null;
  [sum: string]: string | null;
}

const dayBefore = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

@QueryHandler(GetCapacity)
export class GetCapacityHandler implements IQueryHandler<GetCapacity, CapacityFigure> {
  constructor(private readonly database: DataSource) {}

  async execute(question: GetCapacity): Promise<CapacityFigure> {
    const { from, to, on = dayBefore(to), carrier, home, host } = question;
    const scope = scopeOf(askerOf(question)) ?? null;
    const days = `greatest(0, least(coalesce(e.until, 'infinity'), :to::date) - greatest(e.from, :from::date))`;
    const there = `e.from <= :on and (e.until is null or e.until > :on)`;
    const sum = (what: string, kind: string, where: string) =>
      `coalesce(sum(${what}) filter (where e.kind = '${kind}' and ${where}), 0)`;
    const sums = await this.database
      .getRepository(CapacityEntry)
      .createQueryBuilder('e')
      .select(
        `case when grouping(carrier) = 0 then 'carrier' when grouping(home) = 0 then 'home'
          when grouping(host) = 0 then 'host' else 'total' end`,
        'by',
      )
      .addSelect('coalesce(e.carrier, e.home, e.host)', 'id')
      .addSelect('case when grouping(carrier) = 0 then max(e."carrierName") end', 'name')
      .addSelect(sum('e."areaSquareMetres"', 'unit', there), 'areaTotal')
      .addSelect(sum('e."areaSquareMetres"', 'allocation', there), 'areaAllocated')
      .addSelect(sum(`e."areaSquareMetres" * ${days}`, 'unit', 'true'), 'areaAvailableDays')
      .addSelect(sum(`e."areaSquareMetres" * ${days}`, 'allocation', 'true'), 'areaAllocatedDays')
      .addSelect(sum('e.desks', 'unit', there), 'desksTotal')
      .addSelect(sum('e.desks', 'allocation', there), 'desksAllocated')
      .addSelect(sum(`e.desks * ${days}`, 'unit', 'true'), 'desksAvailableDays')
      .addSelect(sum(`e.desks * ${days}`, 'allocation', 'true'), 'desksAllocatedDays')
      .where('(:scope::text is null or e.home = :scope or e.host = :scope)', { scope })
      .andWhere('(:carrier::text is null or e.carrier = :carrier)', { carrier: carrier ?? null })
      .andWhere('(:home::text is null or e.home = :home)', { home: home ?? null })
      .andWhere('(:host::text is null or e.host = :host)', { host: host ?? null })
      .groupBy('grouping sets ((e.carrier), (e.home), (e.host), ())')
      .orderBy('1')
      .addOrderBy('2')
      .setParameters({ from, to, on })
      .getRawMany<Sums>();
    const rows = sums.map((s) => ({
      by: s.by,
      id: s.id ?? '',
      name: s.name,
      area: measure(s, 'area', 2),
      desks: measure(s, 'desks', 0),
    }));
    return { on, from, to, scope, rows };
  }
}

function measure(sums: Sums, of: 'area' | 'desks', decimals: number): Capacity {
  const value = (name: string) => Number(sums[`${of}${name}`]);
  const [total, allocated] = [value('Total'), value('Allocated')];
  const [allocatedDays, availableDays] = [value('AllocatedDays'), value('AvailableDays')];
  const free = Number((total - allocated).toFixed(decimals));
  return {
    total,
    allocated,
    free,
    allocatedDays,
    availableDays,
    occupancy: availableDays ? allocatedDays / availableDays : null,
  };
}
