import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { EventStore, RecordedEvent } from '#libs/eventing';
import { logged, openLog, type TestLog } from '../../../../test/test-log.js';
import { until } from '../../../../test/until.js';

jest.setTimeout(60_000);

let under: TestLog;

beforeEach(async () => {
  under = await openLog({
    'use.recorded.v1': ({ n }: { n: number }) => ({ type: 'use.recorded.v2', data: { n, hours: 0 } }),
  });
});

afterEach(() => under.close());

const append = async (stream: string, ...numbers: number[]) => {
  const events = numbers.map((n) => logged(n));
  return (await under.store.append(stream, 'any', events)).position;
};

const sequences = () =>
  under.reads.query<{ sequence: string; stream: string; revision: string; type: string; digest: string }[]>(
    'select sequence, stream, revision, type, digest from event_log order by sequence',
  );

/** The digests as they come out of the stored bytes by other means: SQL for the order, the reference writer of RFC 8785. */
async function expectedDigests(): Promise<string[]> {
  const events = await under.reads.query<Record<'id' | 'stream' | 'type' | 'data' | 'metadata' | 'at', string>[]>(
    `select id, stream, revision::int, type, data, metadata, lpad(to_hex(epoch), 4, '0') || '-' ||
        lpad(to_hex(xid::text::bigint), 16, '0') || '-' || lpad(to_hex(gp), 16, '0') as at
      from eventing.events order by epoch, xid, gp`,
  );
  let digest = '0'.repeat(64);
  return events.map(({ data, metadata, at, ...rest }, i) => {
    const entry = { ...rest, data: JSON.parse(data), metadata: JSON.parse(metadata), position: at, sequence: i + 1 };
    digest = createHash('sha256')
      .update(`${digest}${canonicalize(entry)}`)
      .digest('hex');
    return digest;
  });
}

it('numbers every event in order and chains what was stored, not what is made of it today', async () => {
  await append('use-a', 1, 2);
  under.start();
  await append('use-b', 3);
  // More than what is inserted one by one, and more than one batch.
  for (let n = 0; n < 12; n++) await append('use-a', ...Array.from({ length: 500 }, (_, i) => 10 + 500 * n + i));
  await under.numbered(await append('use-b', 4));
  const rows = await sequences();
  expect(rows.map((row) => Number(row.sequence))).toEqual(rows.map((_, i) => i + 1));
  expect(rows).toHaveLength(6004);
  expect(rows[2]).toMatchObject({ stream: 'use-b', revision: '0', type: 'use.recorded.v1' });
  expect(rows.map((row) => row.digest)).toEqual(await expectedDigests());
  expect(await under.verify()).toMatchObject({ entries: 6004, difference: undefined });
});

it('goes on where it was, and nothing is numbered twice', async () => {
  const first = under.start();
  await under.numbered(await append('use-a', 1, 2));
  await first.stop();
  const position = await append('use-a', 3);
  under.start();
  const head = await under.numbered(position);
  expect(head.sequence).toBe(3);
  expect((await sequences()).map((row) => row.digest)).toEqual(await expectedDigests());
});

it('comes to the same from a store that hands out values and no texts', async () => {
  const values = ({ id, type, data, metadata, stream, revision, position }: RecordedEvent): RecordedEvent => {
    return { id, type, data, metadata, stream, revision, position };
  };
  const plain: EventStore = Object.create(under.store, {
    readAll: {
      value: async (options: Parameters<EventStore['readAll']>[0]) => {
        const page = await under.store.readAll(options);
        return { ...page, events: page.events.map(values) };
      },
    },
    subscribe: {
      value: async function* (options: Parameters<EventStore['subscribe']>[0]) {
        for await (const batch of under.store.subscribe(options)) yield { ...batch, events: batch.events.map(values) };
      },
    },
  }) as EventStore;
  under.start(plain);
  await under.numbered(await append('use-a', 1, 2, 3));
  expect((await sequences()).map((row) => row.digest)).toEqual(await expectedDigests());
  expect(await under.verify([], plain)).toMatchObject({ entries: 3, difference: undefined });
});

it('keeps what is asked for: by whom, for whom, when it was true and when it was recorded', async () => {
  const odd = { regions: ['a"b\\', 'baoji', '{}'], actor: { id: 'x\ty', role: 'province' as const } };
  const instant = { occurredAt: '2023-05-31T16:30:00Z', recordedAt: '2026-11-02T08:00:00.500+08:00' };
  under.start();
  const events = [logged(1, odd), logged(2, instant), ...Array.from({ length: 300 }, (_, n) => logged(n + 3, odd))];
  // The first two come alone and are inserted, the others are copied.
  await under.numbered((await under.store.append('use-a', 'any', events.slice(0, 2))).position);
  await under.numbered((await under.store.append('use-a', 'any', events.slice(2))).position);
  const rows = await under.reads.query<object[]>(
    'select actor, command, correlation, regions, occurred_on::text, recorded_at from event_log order by sequence',
  );
  const { commandId: command, correlationId: correlation } = events[0]!.metadata;
  const recorded_at = new Date(events[0]!.metadata.recordedAt);
  expect(rows[0]).toEqual({
    actor: 'x\ty',
    command,
    correlation,
    regions: odd.regions,
    occurred_on: '2023-06-01',
    recorded_at,
  });
  expect(rows[1]).toMatchObject({ occurred_on: '2023-06-01', recorded_at: new Date('2026-11-02T00:00:00.500Z') });
  expect(rows[301]).toMatchObject({ actor: 'x\ty', regions: odd.regions });
  expect(await under.verify()).toMatchObject({ entries: 302, difference: undefined });
});

it('numbers an event whatever is in it: none may keep the others from being numbered', async () => {
  under.start();
  await under.numbered(await append('use-a', 1));
  const foreign = [
    ['null', 'null'],
    ['{}', '[]'],
    ['"text"', '{"actor":"x","regions":"y","recordedAt":"yesterday","occurredAt":"2023-02-31","commandId":7}'],
    [
      '{}',
      '{"actor":{"id":"\\u0000"},"regions":["\\u0000",1],"recordedAt":"0000-01-01","occurredAt":"9999-12-31T23:00:00Z"}',
    ],
    ['not JSON', 'not\\JSON\tat all'],
  ];
  await under.harm(
    foreign
      .map(
        ([data, metadata], n) => `insert into eventing.events (epoch, stream, revision, id, type, data, metadata)
          values (1, 'x', ${n}, gen_random_uuid(), 'x.v1', '${data}', '${metadata}');`,
      )
      .join('\n'),
  );
  const head = await under.numbered(await append('use-a', 2));
  expect(head.sequence).toBe(2 + foreign.length);
  expect(await under.reads.query('select * from projection_parked')).toEqual([]);
  expect(await under.verify()).toMatchObject({ entries: head.sequence, difference: undefined });
});

it('events that were held back by hand are numbered in their order; meanwhile none counts as missing', async () => {
  under.start();
  await under.numbered(await append('use-a', 1));
  await under.reads.query(
    `insert into projection_parked (name, build, key, position, stream, revision) values ('log', 'live', 'log', '', '', -1)`,
  );
  await until('it is held', async () => {
    await append('use-b', 100 + Number((await under.reads.query('select count(*) from eventing.events'))[0].count));
    return (await under.reads.query<object[]>(`select from projection_parked where position <> ''`)).length > 1;
  });
  expect((await under.verify()).difference).toBeUndefined();
  await under.reads.query('update projection_parked set wanted = true');
  const head = await under.numbered(await append('use-a', 2));
  const rows = await sequences();
  expect([rows.length, rows.map((row) => row.digest)]).toEqual([head.sequence, await expectedDigests()]);
});

describe('the position as at a moment', () => {
  const second = (n: number) => logged(n).metadata.recordedAt;
  const recorded = [1, 2, 2, 9, 3, 4, 10];
  let positions: string[];

  beforeEach(async () => {
    positions = [];
    for (const [i, n] of recorded.entries()) {
      const event = logged(i, { recordedAt: second(n) });
      positions.push((await under.store.append('use-a', 'any', [event])).position);
    }
    under.start();
    await under.numbered(positions.at(-1)!);
  });

  it('is that of the last event recorded by then, before all and after all', async () => {
    const found = await Promise.all([0, 1, 2, 10, 11].map((n) => under.log.positionAt(second(n))));
    expect(found).toEqual(['', positions[0], positions[2], positions[6], positions[6]]);
    await expect(under.log.positionAt('yesterday')).rejects.toThrow(RangeError);
  });

  it('an event counts as recorded no earlier than those before it: a clock that ran ahead hides what follows until then', async () => {
    const found = await Promise.all([3, 8, 9].map((n) => under.log.positionAt(second(n))));
    expect(found).toEqual([positions[2], positions[2], positions[5]]);
  });

  it('never changes for a moment that has passed, whatever is recorded later', async () => {
    const before = await Promise.all([2, 5, 9].map((n) => under.log.positionAt(second(n))));
    const late = await under.store.append('use-a', 'any', [logged(50, { recordedAt: second(1) })]);
    await under.numbered(late.position);
    expect(await Promise.all([2, 5, 9].map((n) => under.log.positionAt(second(n))))).toEqual(before);
  });
});
