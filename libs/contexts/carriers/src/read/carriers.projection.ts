import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CarrierStatus } from '#libs/contracts';
import { projection } from '#libs/eventing';
import type { CarrierEvent } from '../carriers.events.js';

/** A carrier as it stands. */
@Entity('carriers')
export class CarrierRow {
  @PrimaryColumn('text') carrier!: string;
  @Column('text') name!: string;
  @Column('text') kind!: string;
  @Column('text') home!: string;
  @Column('text') host!: string;
  @Column('text') status!: string;
  @Column('text') occurredAt!: string;
  @Column('text') position!: string;
}

const key = ({ carrier }: { carrier: string }) => ({ carrier });

type Identity = Extract<CarrierEvent, { type: 'carrier.opened.v1' }>['data'];

const moved = (status: CarrierStatus) => stands(() => status);
const stands = <Data extends Identity>(status: (data: Data) => CarrierStatus) => ({
  key,
  apply: (row: CarrierRow | undefined, data: Data) => {
    const { carrier, name, kind, home, host } = data;
    return { ...row, carrier, name, kind, home, host, status: status(data) };
  },
});

export const carriers = projection<CarrierRow, CarrierEvent>({
  name: 'carriers',
  version: 1,
  row: CarrierRow,
  on: {
    'carrier.registered.v1': moved('open'),
    'carrier.proposed.v1': moved('proposed'),
    'carrier.signed-by-home.v1': moved('negotiating'),
    'carrier.signed-by-host.v1': moved('negotiating'),
    'carrier.filed.v2': moved('filed'),
    'carrier.opened.v1': moved('open'),
    'carrier.suspended.v1': moved('suspended'),
    'carrier.resumed.v1': moved('open'),
    'carrier.renewed.v1': stands(({ status }) => status),
    'carrier.agreement-expired.v1': stands(({ status }) => status),
    'carrier.winding-up.v1': moved('winding-up'),
    'carrier.notice-revoked.v1': stands(({ status }) => status),
    'carrier.wound-up.v1': moved('wound-up'),
  },
});
