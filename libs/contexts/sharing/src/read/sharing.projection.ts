import { Column, Entity, PrimaryColumn } from 'typeorm';
import { projection } from '#libs/eventing';
import type { SharingEvent } from '../sharing.events.js';

/** One metered use. The figures are sums over those that are not reversed. */
@Entity('sharing_entries')
export class SharingEntry {
  @PrimaryColumn('text') instrument!: string;
  @PrimaryColumn('text') use!: string;
  @Column('text') owner!: string;
  @Column('text') using!: string;
  @Column('numeric') hours!: number;
  @Column('text') sharing!: 'internal' | 'external';
  @Column('date') usedOn!: string;
  @Column('boolean') reversed!: boolean;
  @Column('text') occurredAt!: string;
  @Column('text') position!: string;
  /** Of the event that last changed the entry: its reversal. */
  @Column('text') changedPosition!: string;
}

const key = ({ instrument, use }: { instrument: string; use: string }) => ({ instrument, use });

export const sharing = projection<SharingEntry, SharingEvent>({
  name: 'sharing',
  version: 1,
  row: SharingEntry,
  on: {
    'use.recorded.v1': {
      key,
      apply: (_, data, { position }) => ({ ...data, reversed: false, changedPosition: position }),
    },
    'use.reversed.v1': {
      key,
      apply: (row, _, { position }) => row && { ...row, reversed: true, changedPosition: position },
    },
  },
});
