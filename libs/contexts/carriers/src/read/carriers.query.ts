import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { TopologyDirectory } from '#libs/contexts/topology';
import { carrierStatuses } from '#libs/contracts';
import { askerOf, query, scopeOf } from '#libs/eventing-nest';
import { CarrierRow } from './carriers.projection.js';

export class CarrierView {
  @ApiProperty() carrier!: string;
  @ApiProperty({ description: '名称' }) name!: string;
  @ApiProperty({ description: '类别' }) kind!: string;
  @ApiProperty({ description: '飞出地' }) home!: string;
  @ApiProperty({ description: '飞入地' }) host!: string;
  @ApiProperty({ enum: [...carrierStatuses] }) status!: string;
  @ApiProperty({ description: '首次登记的日期' }) occurredAt!: string;
}

export class Carriers {
  @ApiProperty({ type: [CarrierView] }) carriers!: CarrierView[];
}

@query({
  path: 'carriers',
  zh: '载体及其状态',
  roles: ['province', 'operator', 'auditor', 'sub-platform'],
  reads: ['carriers'],
  answer: Carriers,
})
export class GetCarriers {}

@QueryHandler(GetCarriers)
export class GetCarriersHandler implements IQueryHandler<GetCarriers, Carriers> {
  constructor(private readonly database: DataSource) {}

  async execute(question: GetCarriers): Promise<Carriers> {
    const scope = scopeOf(askerOf(question));
    const rows = await this.database.getRepository(CarrierRow).find({
      where: scope === undefined ? {} : [{ home: scope }, { host: scope }],
      order: { carrier: 'ASC' },
    });
    return { carriers: rows.map(({ position: _, ...row }) => row) };
  }
}

export class CoverageRow {
  @ApiProperty({ description: '覆盖要求' }) rule!: string;
  @ApiProperty({ description: '载体类别' }) carrierKind!: string;
  @ApiProperty({ description: '每个区域至少几个' }) minimum!: number;
  @ApiProperty({ description: '已达到的区域数' }) covered!: number;
  @ApiProperty({ description: '应覆盖的区域数' }) regions!: number;
  @ApiProperty({ type: [Object], description: '尚缺的区域' }) lacking!: {
    region: string;
    name: string;
    have: number;
  }[];
}

export class Coverage {
  @ApiProperty({ type: [CoverageRow] }) rules!: CoverageRow[];
}

/** Which regions meet the coverage rules of the documents, and by name which do not. */
@query({
  path: 'carriers/coverage',
  zh: '覆盖要求的落实：哪些市（区）尚缺',
  roles: ['province', 'operator', 'auditor', 'sub-platform'],
  reads: ['carriers'],
  answer: Coverage,
})
export class GetCoverage {}

@QueryHandler(GetCoverage)
export class GetCoverageHandler implements IQueryHandler<GetCoverage, Coverage> {
  constructor(
    private readonly database: DataSource,
    private readonly topology: TopologyDirectory,
  ) {}

  async execute(): Promise<Coverage> {
    const { rules, atLevel } = await this.topology.current();
    const open = await this.database.getRepository(CarrierRow).findBy({ status: 'open' });
    return {
      rules: rules.map(({ rule, carrierKind, level, minimum }) => {
        const counted = atLevel(level).map(({ region, name }) => {
          const have = open.filter((c) => c.kind === carrierKind && c.home === region).length;
          return { region, name, have };
        });
        const lacking = counted.filter(({ have }) => have < minimum);
        return {
          rule,
          carrierKind,
          minimum,
          regions: counted.length,
          covered: counted.length - lacking.length,
          lacking,
        };
      }),
    };
  }
}
