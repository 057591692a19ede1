import { isDeepStrictEqual } from 'node:util';
import { contexts } from '../../../apps/platform/src/contexts.js';
import { processes } from '../../../apps/platform/src/processes/processes.projection.js';
import { modelOf } from '../../../libs/city/src/tables.js';
import type { AnyProjection, ProcessInstance, RecordedEvent } from '#libs/eventing';
import {
  EMPTY_FEED,
  nextDigest,
  regionFeed,
  touched,
  type AnyList,
  type FeedRecord,
  type Figure,
} from '#libs/messages';
import { advance, columnsOf, journalOf, tableOf, type Version } from '#libs/read-models';
import type { Row, Server } from './server.js';
import { quoted, rowKey } from './statement.js';
import { FEED, journal, kept, type System } from './system.js';

/** What the writers know, and whether all that was made of it is what it must be. Answers what is wrong. */
export async function compare(system: System, acknowledged: readonly string[]): Promise<string[]> {
  const { province, city } = system;
  const log = province.events.map((s) => s.event);
  return [
    ...written(log, acknowledged),
    ...[journal(), processes].flatMap((rows) => keptRows(province, rows, log)),
    ...kept.lists.flatMap((list) => keptVersions(province, list, log)),
    ...kept.figures.flatMap((figure) => keptJournal(province, figure)),
    ...numbered(province, log),
    ...followed(system),
    ...modelOf(FEED).figures.flatMap((figure) => keptJournal(city, figure)),
    ...ended(system, log),
  ];
}

const messages = Object.assign({}, ...contexts.map((context) => context.messages)) as typeof kept.messages;

const touchesOf = ({ type, data, metadata }: RecordedEvent) =>
  touched(messages, type, data, metadata.occurredAt.slice(0, 10));

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
function keptRows(province: Server, { name, on }: AnyProjection, log: readonly RecordedEvent[]): string[] {
  const rows = new Map<string, Row>();
  for (const event of log) {
    for (const step of [on[event.type] ?? []].flat()) {
      const key = step.key(event.data, event);
      if (!key) continue;
      const id = JSON.stringify(Object.values(key));
      const after = step.apply(rows.get(id), event.data, event);
      const traced = { occurredAt: event.metadata.occurredAt, position: event.position };
      if (after) rows.set(id, JSON.parse(JSON.stringify({ ...traced, ...after })) as Row);
      else rows.delete(id);
    }
  }
  const key = name === 'journal' ? ['stream'] : ['process', 'key'];
  return differences(name, rows, new Map([...province.table(name).values()].map((row) => [rowKey(row, key), row])));
}

function differences(
  what: string,
  expected: ReadonlyMap<string, unknown>,
  there: ReadonlyMap<string, unknown>,
): string[] {
  return [...new Set([...expected.keys(), ...there.keys()])]
    .filter((id) => !isDeepStrictEqual(expected.get(id), there.get(id)))
    .map((id) => `${what} ${id} is ${JSON.stringify(there.get(id))}, not ${JSON.stringify(expected.get(id))}`);
}

/** Each version of each thing, those of the past too, is what a fold of the log makes, event by event. */
function keptVersions(province: Server, list: AnyList, log: readonly RecordedEvent[]): string[] {
  const timelines = new Map<string, Version[]>();
  const versions = new Set<Version>();
  for (const event of log) {
    const { id, type, stream, revision, position, metadata } = event;
    const fact = { day: metadata.occurredAt.slice(0, 10), position, event: { id, type, stream, revision } };
    for (const { key, apply } of touchesOf(event).filter((touch) => touch.list === list)) {
      const thing = JSON.stringify(key);
      const timeline = timelines.get(thing) ?? [];
      timelines.set(thing, timeline);
      advance(timeline, fact, apply, (version) => versions.add(version));
    }
  }
  const stored = [...versions].map(({ row, validFrom, knownFrom, knownTo, current, event }) => ({
    ...(JSON.parse(JSON.stringify(row)) as Row),
    _valid_from: validFrom,
    _known_from: knownFrom,
    _known_to: knownTo,
    _current: current,
    _event: event.id,
    _cause: event.type,
    _stream: event.stream,
    _revision: event.revision,
  }));
  const there = [...tableIn(province, tableOf(list)).values()];
  const key = [...(list.key as string[]), '_valid_from', '_known_from'];
  const keyed = (rows: readonly Row[]) => new Map(rows.map((row) => [rowKey(row, key), row]));
  return differences(list.name, keyed(stored), keyed(there));
}

const tableIn = (server: Server, named: string) => server.table(quoted(named)[0]!);

/** What stands in a list now, by its key. */
function nowIn(server: Server, list: AnyList): Map<string, Row> {
  const names = columnsOf(list).map(({ name }) => name);
  const rows = [...tableIn(server, tableOf(list)).values()].filter((row) => row['_current']);
  return new Map(
    rows.map((row) => [rowKey(row, list.key), Object.fromEntries(names.map((name) => [name, row[name] ?? null]))]),
  );
}

/** The lines of a figure's journal come to the entries of what stands in its lists: none is missing, none counts twice. */
function keptJournal(server: Server, figure: Figure): string[] {
  const sums = (lines: readonly { day: string; cell: readonly unknown[]; values: readonly number[] }[]) => {
    const all = new Map<string, number[]>();
    for (const { day, cell, values } of lines) {
      const id = JSON.stringify([day, ...cell]);
      all.set(
        id,
        values.map((value, i) => value + (all.get(id)?.[i] ?? 0)),
      );
    }
    return new Map([...all].filter(([, values]) => values.some((value) => value !== 0)));
  };
  const [dimensions, measures] = [Object.keys(figure.dimensions), Object.entries(figure.measures)];
  const lines = [...tableIn(server, journalOf(figure, 'live')).values()].map((line) => ({
    day: line['d'] as string,
    cell: dimensions.map((name) => line[`c_${name}`]),
    values: measures.map(([name]) => line[`v_${name}`] as number),
  }));
  const entries = figure.entries.flatMap(({ list, of }) => [...nowIn(server, list).values()].flatMap(of));
  const expected = entries.flatMap(({ cell, from, until, values }) => {
    const of = (day: string, kinds: string, sign: number) => ({
      day,
      cell: dimensions.map((name) => cell[name]),
      values: measures.map(([name, { kind, decimals }]) =>
        kinds.includes(kind) ? sign * Math.round((values[name] ?? 0) * 10 ** decimals) : 0,
      ),
    });
    if (until && until <= from) return [of(from, 'flow', 1)];
    return [of(from, 'flow level', 1), ...(until ? [of(until, 'level', -1)] : [])];
  });
  return differences(`${server.name}: ${figure.name}`, sums(expected), sums(lines));
}

/** Each feed has the records of its events, in their order, as 1, 2, 3 …, with the chain of digests and of what they replace. */
function numbered(province: Server, log: readonly RecordedEvent[]): string[] {
  const wrong: string[] = [];
  for (const [feed, ids] of dueRecords(log)) {
    const rows = rowsOf(province, feed);
    const records = rows.map(({ record }) => record);
    const sequences = records.map((r) => r.feedsequence);
    if (!sequences.every((n, i) => n === i + 1)) wrong.push(`${feed} is numbered ${sequences.join(' ')}`);
    const there = records.map((r) => r.id);
    if (!isDeepStrictEqual(there, ids)) {
      wrong.push(`${feed} has ${there.length} records, of ${ids.length} changes, or in another order`);
    }
    const last = new Map<string, number>();
    for (const { subject, feedsequence, replaces } of records) {
      if (replaces !== (last.get(subject) ?? 0))
        wrong.push(`${feed}: ${feedsequence} says that it replaces ${replaces}`);
      last.set(subject, feedsequence);
    }
    const latest = rows.filter((row) => row.latest !== (last.get(row.record.subject) === row.record.feedsequence));
    if (latest.length > 0) wrong.push(`${feed}: ${latest.length} records are wrongly the last of their thing, or not`);
    const chain = records.reduce((digest, record) => nextDigest(digest, record), EMPTY_FEED);
    const head = province.table('feed_heads').get(feed);
    if (head?.['digest'] !== chain || head?.['sequence'] !== ids.length) wrong.push(`${feed} ends elsewhere`);
  }
  return wrong;
}

/** The ids of the records that each feed should have. */
function dueRecords(log: readonly RecordedEvent[]): Map<string, string[]> {
  const due = new Map<string, string[]>();
  const things = new Map<string, { readonly data: object; readonly feeds: ReadonlySet<string> }>();
  for (const event of log) {
    for (const [index, { list, key, apply }] of touchesOf(event).entries()) {
      const subject = JSON.stringify([list.name, ...key]);
      const before = things.get(subject);
      const data = apply(before?.data);
      if (!data) continue;
      const regions = (list.visibleTo as readonly string[]).map((field) => (data as Row)[field] as string | null);
      const concerned = regions.flatMap((region) => (region === null ? [] : [regionFeed(region)]));
      const feeds = new Set([...(before?.feeds ?? []), ...concerned]);
      things.set(subject, { data, feeds });
      for (const feed of feeds) due.set(feed, [...(due.get(feed) ?? []), `${event.id}.${index}`]);
    }
  }
  return due;
}

const rowsOf = (province: Server, feed: string) =>
  ([...province.table('feeds').values()] as unknown as { record: FeedRecord; latest: boolean }[])
    .filter(({ record }) => record.feed === feed)
    .sort((a, b) => a.record.feedsequence - b.record.feedsequence);

/** The city stands at the feed's end, and has each thing as it was last told of. */
function followed({ province, city }: System): string[] {
  const records = rowsOf(province, FEED).map(({ record }) => record);
  const cursor = city.table('feeds').get(FEED);
  const wrong = [...city.table('skipped').values()].map((row) => `the city has put aside ${JSON.stringify(row)}`);
  if (Number(cursor?.['sequence']) !== records.length || cursor?.['digest'] !== records.at(-1)?.digest) {
    wrong.push(`the city stands at ${JSON.stringify(cursor)}, the feed ends at ${records.length}`);
  }
  for (const list of modelOf(FEED).lists) {
    const told = records.filter(({ type }) => type === list.type).map(({ data }) => data as Row);
    const expected = new Map(told.map((data) => [rowKey(data, list.key), { ...data }]));
    wrong.push(...differences(`the city's ${list.name}`, expected, nowIn(city, list)));
  }
  return wrong;
}

/** How an admission ends, and what the firm's stream says of it. */
const ENDS: Readonly<Record<string, string>> = {
  settled: 'incubatee.settled.v2',
  rejected: 'incubatee.rejected.v1',
  withdrawn: 'incubatee.withdrawn.v1',
};

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
      const ends = Object.keys(ENDS).filter((e) => are(ENDS[e]!, mine) > 0);
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
      const times = are('carrier.wound-up.v2', (d) => d.carrier === state.carrier && d.notice === state.notice);
      if (times !== (end === 'wound-up' ? 1 : 0)) wrong.push(`${told}: wound up ${times} times`);
    } else if (process === 'agreement-expiry') {
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
