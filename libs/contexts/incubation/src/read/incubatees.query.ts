import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { askerOf, query, scopeOf } from '#libs/eventing-nest';
import { OneOf, Slug, Uscc } from '#libs/fields';
import { outcomes } from '../incubation.events.js';
import { IncubateeRow } from './incubatees.projection.js';

const statuses = ['admitted', 'settled', 'rejected', 'withdrawn', ...outcomes] as const;

export class IncubateeView {
  @ApiProperty({ description: '载体' }) carrier!: string;
  @ApiProperty({ description: '统一社会信用代码' }) uscc!: string;
  @ApiProperty({ description: '第几次入孵' }) spell!: number;
  @ApiProperty({ description: '飞出地' }) home!: string;
  @ApiProperty({ description: '企业名称' }) firm!: string;
  @ApiProperty({ description: '所属领域' }) field!: string;
  @ApiProperty({ enum: statuses, description: '状态' }) status!: string;
  @ApiProperty({ description: '入驻标识' }) allocation!: string;
  @ApiProperty({ description: '入孵日' }) from!: string;
  @ApiProperty({ description: '在孵时限（不含）' }) stayUntil!: string;
  @ApiProperty({ description: '曾超期' }) overstayed!: boolean;
  @ApiProperty({ type: String, nullable: true, description: '离开日' }) leftOn!: string | null;
  @ApiProperty({ type: Object, nullable: true, description: '不予准入的原因：code、zh、en' }) refusal!: object | null;
  @ApiProperty({ description: '准入日期' }) occurredAt!: string;
}

export class Incubatees {
  @ApiProperty({ type: [IncubateeView] }) incubatees!: IncubateeView[];
}

@query({
  path: 'incubatees',
  zh: '准入与在孵企业',
  roles: ['province', 'operator', 'auditor', 'sub-platform'],
  reads: ['incubatees'],
  answer: Incubatees,
})
export class GetIncubatees {
  @Slug({ zh: '仅此载体', optional: true }) readonly carrier?: string;
  @Uscc({ zh: '仅此企业', optional: true }) readonly uscc?: string;
  @OneOf(statuses, { zh: '仅此状态', optional: true }) readonly status?: string;
}

@QueryHandler(GetIncubatees)
export class GetIncubateesHandler implements IQueryHandler<GetIncubatees, Incubatees> {
  constructor(private readonly database: DataSource) {}

  async execute(question: GetIncubatees): Promise<Incubatees> {
    const { carrier = null, uscc = null, status = null } = question;
    const scope = scopeOf(askerOf(question)) ?? null;
    const rows = await this.database
      .getRepository(IncubateeRow)
      .createQueryBuilder('i')
      .where('(:scope::text is null or i.home = :scope)', { scope })
      .andWhere('(:carrier::text is null or i.carrier = :carrier)', { carrier })
      .andWhere('(:uscc::text is null or i.uscc = :uscc)', { uscc })
      .andWhere('(:status::text is null or i.status = :status)', { status })
      .orderBy({ 'i.carrier': 'ASC', 'i.uscc': 'ASC', 'i.spell': 'ASC' })
      .getMany();
    return { incubatees: rows.map(({ position: _, changedPosition: __, ...row }) => row) };
  }
}
