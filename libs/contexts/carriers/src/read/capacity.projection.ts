import { Column, Entity, PrimaryColumn } from 'typeorm';
import { projection, type RecordedEvent } from '#libs/eventing';
import type { CarrierEvent } from '../carriers.events.js';

/**
 * Space there is (a unit) or space that is let (an allocation), over a period. The figures are sums over these entries,
 * so that any date and any period can be asked, and any sum can be traced to the events behind it.
 */
@Entity('capacity_entries')
export class CapacityEntry {
  @PrimaryColumn('text') carrier!: string;
  @PrimaryColumn('text') kind!: 'unit' | 'allocation';
  @PrimaryColumn('text') id!: string;
  @Column('text') carrierName!: string;
  @Column('text') carrierKind!: string;
  @Column('text') home!: string;
  @Column('text') host!: string;
  @Column('text') unit!: string;
  @Column('text', { nullable: true }) uscc!: string | null;
  @Column('text', { nullable: true }) firm!: string | null;
  @Column('numeric') areaSquareMetres!: number;
  @Column('integer') desks!: number;
  @Column('date') from!: string;
  @Column('date', { nullable: true }) until!: string | null;
  @Column('text') occurredAt!: string;
  @Column('text') position!: string;
  /** Of the event that last changed the entry: its end. */
  @Column('text') changedPosition!: string;
}

type SpaceData = Extract<CarrierEvent, { type: 'space.added.v1' }>['data'];
type AllocationData = Extract<CarrierEvent, { type: 'space.allocated.v1' }>['data'];

function entry(kind: 'unit' | 'allocation', id: string, data: SpaceData | AllocationData, { position }: RecordedEvent) {
  const { carrier, name, kind: carrierKind, home, host, unit, areaSquareMetres, desks, from, until } = data;
  const { uscc = null, firm = null } = 'uscc' in data ? data : {};
  const at = { carrier, carrierName: name, carrierKind, home, host, unit, uscc, firm };
  return { ...at, kind, id, areaSquareMetres, desks, from, until, changedPosition: position };
}

const unitKey = ({ carrier, unit }: SpaceData) => ({ carrier, kind: 'unit' as const, id: unit });
const allocationKey = ({ carrier, allocation }: AllocationData) => ({
  carrier,
  kind: 'allocation' as const,
  id: allocation,
});

export const capacity = projection<CapacityEntry, CarrierEvent>({
  name: 'capacity',
  version: 1,
  row: CapacityEntry,
  on: {
    'space.added.v1': { key: unitKey, apply: (_, data, event) => entry('unit', data.unit, data, event) },
    'space.withdrawn.v1': {
      key: unitKey,
      apply: (row, { until }, { position }) => row && { ...row, until, changedPosition: position },
    },
    'space.allocated.v1': {
      key: allocationKey,
      apply: (_, data, event) => entry('allocation', data.allocation, data, event),
    },
    'space.released.v1': {
      key: allocationKey,
      apply: (row, { until }, { position }) => row && { ...row, until, changedPosition: position },
    },
  },
});
