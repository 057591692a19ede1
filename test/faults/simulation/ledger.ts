import { isDeepStrictEqual } from 'node:util';
import { applyRecords } from '../../../apps/sub-platform/src/feed/apply.js';
import { regionFeed } from '../../../apps/platform/src/feed/feed.projection.js';
import { EMPTY_FEED, nextDigest, type FeedRecord } from '#libs/contracts';
import type { AnyProjection, ProcessInstance, RecordedEvent } from '#libs/eventing';
import { Scheduler, type Host } from './scheduler.js';
import { Database, Server, type Row } from './server.js';
import { perform } from './statements.js';
import { figures, REGION, type System } from './system.js';

/** What the writers know, and whether all that was made of it is what it must be. Answers what is wrong. */
export async function compare(system: System, acknowledged: readonly string[]): Promise<string[]> {
  const log = system.province.events.map((s) => s.event);
  return [
    ...written(log, acknowledged),
    ...figures.flatMap((figure) => kept(system, figure, log)),
    ...numbered(system, log),
    ...(await followed(system)),
    ...ended(system, log),
  ];
}

/** Each fact that a writer was told of stands once, and each stream is without a hole. */
function written(log: readonly RecordedEvent[], acknowledged: readonly string[]): string[] {
  const ids = new Set(log.map((e) => e.id));
  const commands = new Set(log.map((e) => e.metadata.commandId));
  const next = new Map<string, number>();
  return [
    ...(ids.size < log.length ? ['an event stands twice in the log'] : []),
    ...acknowledged.filter((id) => !commands.has(id)).map((id) => `acknowledged and lost: ${id}`),
    ...log
      .filter(({ stream, revision }) => {
        const expected = next.get(stream) ?? 0;
        next.set(stream, revision + 1);
        return revision !== expected;
      })
      .map((e) => `${e.stream}@${e.revision} is not where it should be in the log`),
  ];
}

/** The rows are what a fold of the whole log makes: nothing skipped, nothing twice, nothing out of order. */
function kept({ province }: System, { name, on }: AnyProjection, log: readonly RecordedEvent[]): string[] {
  const rows = new Map<string, Row>();
  for (const event of log) {
    const key = on[event.type]?.key(event.data, event);
    if (!key) continue;
    const id = JSON.stringify(Object.values(key));
    const after = on[event.type]!.apply(rows.get(id), event.data, event);
    const traced = { occurredAt: event.metadata.occurredAt, position: event.position };
    if (after) rows.set(id, JSON.parse(JSON.stringify({ ...traced, ...after })) as Row);
    else rows.delete(id);
  }
  const table = province.table(name === 'capacity' ? 'capacity_entries' : name);
  const there = new Map([...table.values()].map((row) => [JSON.stringify(keyOf(name, row)), row]));
  return [...new Set([...rows.keys(), ...there.keys()])]
    .filter((id) => !isDeepStrictEqual(rows.get(id), there.get(id)))
    .map((id) => `${name} ${id} is ${JSON.stringify(there.get(id))}, not ${JSON.stringify(rows.get(id))}`);
}

const keyOf = (figure: string, row: Row): unknown[] => {
  if (figure === 'journal') return [row['stream']];
  return figure === 'processes' ? [row['process'], row['key']] : [row['carrier'], row['kind'], row['id']];
};

/** Each region's feed has the records of its events, in their order, as 1, 2, 3 …, with the chain of digests. */
function numbered({ province }: System, log: readonly RecordedEvent[]): string[] {
  const expected = new Map<string, string[]>();
  for (const event of log.filter((e) => regionFeed.types!.includes(e.type))) {
    for (const region of regionFeed.keys(event)) expected.set(region, [...(expected.get(region) ?? []), event.id]);
  }
  const wrong: string[] = [];
  for (const [region, ids] of expected) {
    const records = feedOf(province, region);
    const sequences = records.map((r) => r.feedsequence);
    if (!sequences.every((n, i) => n === i + 1)) wrong.push(`feed of ${region} is numbered ${sequences.join(' ')}`);
    if (
      !isDeepStrictEqual(
        records.map((r) => r.id),
        ids,
      )
    ) {
      wrong.push(`feed of ${region} has ${records.length} records, of ${ids.length} events, or in another order`);
    }
    const chain = records.reduce((digest, record) => nextDigest(digest, record), EMPTY_FEED);
    const head = province.table('region_feed_heads').get(region);
    if (head?.['digest'] !== chain || head['sequence'] !== ids.length) wrong.push(`feed of ${region} ends elsewhere`);
  }
  return wrong;
}

const feedOf = (province: Server, region: string) =>
  [...province.table('region_feed').values()]
    .map((row) => row['record'] as FeedRecord)
    .filter((record) => record.region === region)
    .sort((a, b) => a.feedsequence - b.feedsequence);

/** The city has what all records make when they are applied at once. */
async function followed({ province, city }: System): Promise<string[]> {
  const scratch = new Server('scratch', new Scheduler(0), 0);
  const host: Host = { name: 'scratch', state: 'running' };
  const transaction = scratch.begin(scratch.connect(host));
  const query = async (sql: string, parameters: unknown[]) => {
    const { text, run } = perform(sql);
    return run(transaction, parameters, text);
  };
  const tx = { query, connection: new Database(scratch, host).source } as unknown as Parameters<typeof applyRecords>[0];
  const records = feedOf(province, REGION);
  await applyRecords(tx, records);
  const cursor = city.table('feed_cursor').get(REGION);
  const wrong: string[] = [];
  if (Number(cursor?.['sequence']) !== records.length || cursor?.['digest'] !== records.at(-1)?.digest) {
    wrong.push(`the city stands at ${JSON.stringify(cursor)}, the feed ends at ${records.length}`);
  }
  for (const table of ['carriers', 'space', 'allocations', 'skipped_types']) {
    const expected = new Set(transaction.rows(table).map((row) => JSON.stringify(sorted(row))));
    const there = new Set([...city.table(table).values()].map((row) => JSON.stringify(sorted(row))));
    if (!isDeepStrictEqual(there, expected)) {
      wrong.push(`the city's ${table} are ${[...there].join(' ')}, not ${[...expected].join(' ')}`);
    }
  }
  return wrong;
}

const sorted = (row: Row) => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1));

/** Each instance has come to one end, and the streams that it acted on say the same. */
function ended({ province }: System, log: readonly RecordedEvent[]): string[] {
  const wrong: string[] = [];
  const answered = new Set<string>();
  for (const { type, data, stream } of log) {
    const { commandId } = data as { commandId?: string };
    if (!type.startsWith('process.step-') || commandId === undefined) continue;
    if (answered.has(commandId)) wrong.push(`${stream}: a step was answered twice`);
    answered.add(commandId);
    // Nobody else lets space under a process's name: only its own earlier attempt can stand in its way.
    if ((data as { code?: string }).code === 'allocation.exists') wrong.push(`${stream}: a step was carried out twice`);
  }
  const rows = [...province.table('processes').values()] as unknown as ProcessInstance<Fields>[];
  for (const row of rows) {
    const { process, key, status, end, pending, state } = row;
    const are = (type: string, holds: (data: Fields) => boolean) =>
      log.filter((e) => e.type === type && holds(e.data as Fields)).length;
    const mine = (data: Fields) =>
      data.carrier === state.carrier && data.uscc === state.uscc && data.spell === state.spell;
    const told = `${process} ${key}, ended as ${end}`;
    if (status !== 'ended' || pending.length > 0) wrong.push(`${told}, is ${status} with ${pending.length} steps`);
    if (process === 'admission') {
      const ends = ['settled', 'rejected', 'withdrawn'].filter((e) => are(`incubatee.${e}.v1`, mine) > 0);
      if (!isDeepStrictEqual(ends, [end])) wrong.push(`${told}: the firm is ${ends.join(' and ')}`);
      const ours = (data: Fields) => data.carrier === state.carrier && data.allocation === state.allocation;
      const lets = are('space.allocated.v1', ours);
      const until = (
        log.findLast((e) => /^space\.(allocated|released)/.test(e.type) && ours(e.data as Fields))?.data as Fields
      )?.until;
      if (end === 'settled' ? lets !== 1 : lets > 1 || (lets === 1 && until !== state.from)) {
        wrong.push(`${told}: its space was let ${lets} times, until ${until}`);
      }
    } else if (process === 'overstay') {
      const times = are('incubatee.overstayed.v1', mine);
      if (times !== (end === 'overstayed' ? 1 : 0)) wrong.push(`${told}: flagged ${times} times`);
    } else if (process === 'winding-up') {
      const times = are('carrier.wound-up.v1', (d) => d.carrier === state.carrier && d.notice === state.notice);
      if (times !== (end === 'wound-up' ? 1 : 0)) wrong.push(`${told}: wound up ${times} times`);
    } else {
      const times = are('carrier.agreement-expired.v1', (d) => d.agreementUntil === state.until);
      if (times !== (end === 'expired' ? 1 : 0)) wrong.push(`${told}: expired ${times} times`);
    }
  }
  return wrong;
}

interface Fields {
  readonly carrier: string;
  readonly uscc?: string;
  readonly spell?: number;
  readonly allocation?: string;
  readonly from?: string;
  readonly until?: string | null;
  readonly notice?: number;
  readonly agreementUntil?: string;
}
