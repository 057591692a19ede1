import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { query } from '#libs/eventing-nest';
import { TopologyEntry, type EntryKind } from './structure.projection.js';

/** The structure of the province; each entry carries its legal basis. */
export class Structure {
  @ApiProperty({ type: Object, nullable: true, description: '总窗口' }) hub!: object | null;
  @ApiProperty({ type: [Object], description: '区域' }) regions!: object[];
  @ApiProperty({ type: [Object], description: '行政区划代码' }) codes!: object[];
  @ApiProperty({ type: [Object], description: '分组：关中、陕北、陕南' }) groups!: object[];
  @ApiProperty({ type: [Object], description: '先行区、示范区、试验区、引领区等' }) zones!: object[];
  @ApiProperty({ type: [Object], description: '有效的联动关系' }) links!: object[];
  @ApiProperty({ type: [Object], description: '覆盖要求' }) rules!: object[];
}

@query({
  path: 'topology',
  zh: '一总多区：总窗口、区、联动关系及其依据',
  roles: ['province', 'operator', 'auditor', 'sub-platform'],
  reads: ['structure'],
  answer: Structure,
})
export class GetStructure {}

@QueryHandler(GetStructure)
export class GetStructureHandler implements IQueryHandler<GetStructure, Structure> {
  constructor(private readonly database: DataSource) {}

  async execute(): Promise<Structure> {
    const entries = await this.database.getRepository(TopologyEntry).find({ order: { position: 'ASC', id: 'ASC' } });
    const of = (kind: EntryKind) =>
      entries.filter((e) => e.kind === kind).map((e) => ({ ...e.data, since: e.occurredAt }));
    return {
      hub: of('hub')[0] ?? null,
      regions: of('region'),
      codes: of('code'),
      groups: of('group'),
      zones: of('zone'),
      links: of('link'),
      rules: of('rule'),
    };
  }
}
