import { Column, Entity, PrimaryColumn } from 'typeorm';
import { projection } from '#libs/eventing';
import type { TopologyEvent } from '../topology.events.js';

export type EntryKind = 'region' | 'code' | 'group' | 'hub' | 'zone' | 'link' | 'rule';

/** One fact of the structure as it stands: a region, a zone, a link … `data` is the fact with its legal basis. */
@Entity('topology_entries')
export class TopologyEntry {
  @PrimaryColumn('text') kind!: EntryKind;
  @PrimaryColumn('text') id!: string;
  @Column('jsonb') data!: object;
  @Column('text') occurredAt!: string;
  @Column('text') position!: string;
}

const key = (kind: EntryKind, id: string) => ({ kind, id });
const entry = (kind: EntryKind, id: string, data: object) => ({ kind, id, data });

export const structure = projection<TopologyEntry, TopologyEvent>({
  name: 'structure',
  version: 1,
  row: TopologyEntry,
  on: {
    'region.registered.v1': {
      key: ({ region }) => key('region', region),
      apply: (_, data) => entry('region', data.region, data),
    },
    'region.moved.v1': {
      key: ({ region }) => key('region', region),
      apply: (row, data) => row && { ...row, data: { ...row.data, ...data } },
    },
    'region.code-mapped.v1': {
      key: ({ region, from }) => key('code', `${region} ${from}`),
      apply: (_, data) => entry('code', `${data.region} ${data.from}`, data),
    },
    'region-group.defined.v1': {
      key: ({ group }) => key('group', group),
      apply: (_, data) => entry('group', data.group, data),
    },
    'hub.designated.v1': { key: () => key('hub', 'hub'), apply: (_, data) => entry('hub', 'hub', data) },
    'hub.revoked.v1': { key: () => key('hub', 'hub'), apply: () => undefined },
    'zone.designated.v1': { key: ({ zone }) => key('zone', zone), apply: (_, data) => entry('zone', data.zone, data) },
    'zone.theme-changed.v1': {
      key: ({ zone }) => key('zone', zone),
      apply: (row, data) => row && { ...row, data: { ...row.data, ...data } },
    },
    'zone.revoked.v1': { key: ({ zone }) => key('zone', zone), apply: () => undefined },
    'link.opened.v1': { key: ({ link }) => key('link', link), apply: (_, data) => entry('link', data.link, data) },
    'link.closed.v1': { key: ({ link }) => key('link', link), apply: () => undefined },
    'coverage-rule.stated.v1': {
      key: ({ rule }) => key('rule', rule),
      apply: (_, data) => entry('rule', data.rule, data),
    },
  },
});
