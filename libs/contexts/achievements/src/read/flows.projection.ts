import { Column, Entity, PrimaryColumn } from 'typeorm';
import { projection } from '#libs/eventing';
import type { ContractEvent, TechnologyContractType } from '../contracts.events.js';

/** One recognition of a contract. The flow matrix is the sum over those that are not reversed. */
@Entity('flow_entries')
export class FlowEntry {
  @PrimaryColumn('text') contract!: string;
  @PrimaryColumn('text') registration!: string;
  @Column('text') type!: TechnologyContractType;
  @Column('text') output!: string;
  @Column('text') absorbing!: string;
  @Column('bigint') amountFen!: number;
  @Column('bigint') technicalRevenueFen!: number;
  @Column('date') recognisedOn!: string;
  @Column('boolean') reversed!: boolean;
  @Column('text') occurredAt!: string;
  @Column('text') position!: string;
  /** Of the event that last changed the entry: its reversal. */
  @Column('text') changedPosition!: string;
}

const key = ({ contract, registration }: { contract: string; registration: string }) => ({ contract, registration });

export const flows = projection<FlowEntry, ContractEvent>({
  name: 'flows',
  version: 1,
  row: FlowEntry,
  on: {
    'contract.recognised.v1': {
      key,
      apply: (_, data, { position }) => ({ ...data, reversed: false, changedPosition: position }),
    },
    'contract.reversed.v1': {
      key,
      apply: (row, _, { position }) => row && { ...row, reversed: true, changedPosition: position },
    },
  },
});
