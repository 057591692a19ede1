import { Column, Entity, PrimaryColumn, type ValueTransformer } from 'typeorm';

/** PostgreSQL's bigint, which the driver gives as text; all of ours are safe integers. */
const whole: ValueTransformer = { to: (value: number) => value, from: (value: string) => Number(value) };

/** What every row keeps of the record that it was last changed by. */
export abstract class FromFeed {
  @Column('bigint', { transformer: whole }) feedsequence!: number;
  /** When the fact was true. */
  @Column('text') time!: string;
}

@Entity('carriers')
export class Carrier extends FromFeed {
  @PrimaryColumn('text') carrier!: string;
  @Column('text') name!: string;
  @Column('text') kind!: string;
  @Column('text') home!: string;
  @Column('text') host!: string;
  @Column('text') status!: string;
}

/** A space unit's size over a period. */
@Entity('space')
export class Space extends FromFeed {
  @PrimaryColumn('text') carrier!: string;
  @PrimaryColumn('text') unit!: string;
  @PrimaryColumn('text') from!: string;
  /** Exclusive; null while it is open-ended. */
  @Column('text', { nullable: true }) until!: string | null;
  @Column('float8') areaSquareMetres!: number;
  @Column('integer') desks!: number;
}

@Entity('allocations')
export class Allocation extends FromFeed {
  @PrimaryColumn('text') carrier!: string;
  @PrimaryColumn('text') allocation!: string;
  @Column('text') unit!: string;
  @Column('text') uscc!: string;
  @Column('text') firm!: string;
  @Column('float8') areaSquareMetres!: number;
  @Column('integer') desks!: number;
  @Column('text') from!: string;
  /** Exclusive; null until it is released. */
  @Column('text', { nullable: true }) until!: string | null;
}

@Entity('contracts')
export class TechnologyContract extends FromFeed {
  @PrimaryColumn('text') contract!: string;
  @Column('text') type!: string;
  @Column('text') output!: string;
  @Column('text') absorbing!: string;
  @Column('bigint', { transformer: whole }) amountFen!: number;
  @Column('bigint', { transformer: whole }) technicalRevenueFen!: number;
  @Column('text') status!: string;
}

@Entity('instrument_uses')
export class InstrumentUse extends FromFeed {
  @PrimaryColumn('text') instrument!: string;
  @PrimaryColumn('text') use!: string;
  @Column('text') owner!: string;
  @Column('text') using!: string;
  @Column('float8') hours!: number;
  @Column('text') sharing!: string;
  @Column('text') status!: string;
}

export type StructureKind = 'region' | 'hub' | 'zone' | 'link' | 'instrument';

/** One fact of the structure as it stands: a region, the hub, a zone, a link, a networked instrument. */
@Entity('structure')
export class StructureEntry extends FromFeed {
  @PrimaryColumn('text') kind!: StructureKind;
  @PrimaryColumn('text') id!: string;
  @Column('jsonb') data!: Readonly<Record<string, unknown>>;
}

/** A type of record that this release does not know, and how many of it were passed over. */
@Entity('skipped_types')
export class SkippedType extends FromFeed {
  @PrimaryColumn('text') type!: string;
  @Column('bigint', { transformer: whole }) count!: number;
}

/** Where this city is in its feed. */
@Entity('feed_cursor')
export class FeedCursor {
  @PrimaryColumn('text') region!: string;
  @Column('bigint', { transformer: whole }) sequence!: number;
  @Column('text') digest!: string;
  @Column('timestamptz') updatedAt!: Date;
}

export const tables = [
  Carrier,
  Space,
  Allocation,
  TechnologyContract,
  InstrumentUse,
  StructureEntry,
  SkippedType,
  FeedCursor,
];
