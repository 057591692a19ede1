import { Column, Entity, PrimaryColumn } from 'typeorm';
import { projection } from '#libs/eventing';
import type { IncubateeEvent } from '../incubation.events.js';

/** A firm's stay in a carrier, one row for each spell. */
@Entity('incubatees')
export class IncubateeRow {
  @PrimaryColumn('text') carrier!: string;
  @PrimaryColumn('text') uscc!: string;
  @PrimaryColumn('integer') spell!: number;
  @Column('text') home!: string;
  @Column('text') firm!: string;
  @Column('text') field!: string;
  /** Of the stay: admitted, settled, rejected, withdrawn, or how it ended. */
  @Column('text') status!: string;
  @Column('text') allocation!: string;
  @Column('date') from!: string;
  @Column('date') stayUntil!: string;
  @Column('boolean') overstayed!: boolean;
  @Column('date', { nullable: true }) leftOn!: string | null;
  /** Why it was rejected. */
  @Column('jsonb', { nullable: true }) refusal!: { code: string; zh: string; en: string } | null;
  @Column('text') occurredAt!: string;
  @Column('text') position!: string;
  /** Of the event that last changed the row. */
  @Column('text') changedPosition!: string;
}

const key = ({ carrier, uscc, spell }: { carrier: string; uscc: string; spell: number }) => ({ carrier, uscc, spell });

export const incubatees = projection<IncubateeRow, IncubateeEvent>({
  name: 'incubatees',
  version: 1,
  row: IncubateeRow,
  on: {
    'incubatee.admitted.v1': {
      key,
      apply: (_, data, { position: changedPosition }) => {
        const { carrier, uscc, spell, home, firm, field, allocation, from, stayUntil } = data;
        const stay = { carrier, uscc, spell, home, firm, field, allocation, from, stayUntil };
        return { ...stay, status: 'admitted', overstayed: false, leftOn: null, refusal: null, changedPosition };
      },
    },
    'incubatee.settled.v1': {
      key,
      apply: (row, _, { position }) => row && { ...row, status: 'settled', changedPosition: position },
    },
    'incubatee.rejected.v1': {
      key,
      apply: (row, { code, reason, reasonEn }, { position }) =>
        row && {
          ...row,
          status: 'rejected',
          refusal: { code, zh: reason, en: reasonEn },
          changedPosition: position,
        },
    },
    'incubatee.withdrawn.v1': {
      key,
      apply: (row, _, { position }) => row && { ...row, status: 'withdrawn', changedPosition: position },
    },
    'incubatee.overstayed.v1': {
      key,
      apply: (row, _, { position }) => row && { ...row, overstayed: true, changedPosition: position },
    },
    'incubatee.exited.v1': {
      key,
      apply: (row, { outcome, leftOn }, { position }) =>
        row && { ...row, status: outcome, leftOn, changedPosition: position },
    },
  },
});
