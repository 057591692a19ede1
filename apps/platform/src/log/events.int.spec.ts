import { once } from 'node:events';
import { get as request, type IncomingMessage } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { EventStore, NewEvent } from '#libs/eventing';
import { itWithPython, recomputed } from '../../../../test/log-by-python.js';
import { logged, openLog, type TestLog } from '../../../../test/test-log.js';

jest.setTimeout(60_000);

const LINES = 'application/x-ndjson';
const command = logged(3).metadata.commandId;
const regions = ['baoji', 'xianyang'];
const HISTORY: readonly [stream: string, NewEvent][] = [
  ['carrier-a', logged(1, { occurredAt: '2023-01-01' }, 'carrier.opened.v1')],
  ['carrier-a', logged(2, { occurredAt: '2023-01-31', actor: { id: 'province@', role: 'province' } })],
  ['carrier-b', logged(3, { occurredAt: '2023-02-01', regions })],
  ['use-a', logged(4, { occurredAt: '2023-02-02', regions: ['baoji'], correlationId: command })],
  ['use_a', logged(5, { occurredAt: '2022-12-31', regions, correlationId: command })],
];

let under: TestLog;
let app: NestFastifyApplication;
let pages: number;

beforeAll(async () => {
  under = await openLog();
  const counting: EventStore = Object.create(under.store, {
    readAll: { value: (...read: Parameters<EventStore['readAll']>) => (pages++, under.store.readAll(...read)) },
  }) as EventStore;
  app = await under.serve(counting);
  let position = '';
  for (const [stream, event] of HISTORY) ({ position } = await under.store.append(stream, 'any', [event]));
  under.start();
  await under.numbered(position);
});

beforeEach(() => {
  pages = 0;
});

afterAll(async () => {
  await app.close();
  await under.close();
});

async function get(query = '', by = 'auditor', accept = 'application/json') {
  const url = `${await app.getUrl()}/api/v1/events${query}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${by}`, accept } });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

async function json(query = '', by = 'auditor') {
  const { status, text } = await get(query, by);
  expect(status).toBe(200);
  return JSON.parse(text) as { events: Entry[]; head: object; next: number | null; tampered: null };
}

interface Entry {
  readonly sequence: number;
  readonly digest: string;
  readonly id: string;
}

const sequences = async (query: string, by?: string) => (await json(query, by)).events.map((e) => e.sequence);

it('gives every event with its number, its digest and what was stored, byte for byte', async () => {
  const { events, head, next, tampered } = await json();
  const { sequence, digest } = await under.log.head();
  expect([head, next, tampered]).toEqual([{ sequence, digest }, null, null]);
  const [first] = await under.store.readStream('carrier-a', { limit: 1 });
  const { id, type, data, metadata, stream, revision, position } = first!;
  const own = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(events[0]).toEqual({ id, type, data, metadata, stream, revision, position, sequence: 1, digest: own });
  expect(events.at(-1)!.digest).toBe(digest);
  const [stored] = await under.reads.query<{ data: string }[]>('select data from eventing.events limit 1');
  expect((await get()).text).toContain(`{"data":${stored!.data},"digest":"`);
});

it('pages by number', async () => {
  const first = await json('?limit=2');
  expect([first.events.length, first.next]).toEqual([2, 2]);
  expect((await json('?after=2&limit=3')).next).toBeNull();
  expect(await sequences('?after=4')).toEqual([5]);
  const last = await json('?after=5');
  expect([last.events, last.next, last.tampered]).toEqual([[], null, null]);
});

it.each([
  ['type=carrier.opened.v1', [1]],
  ['stream=carrier-', [1, 2, 3]],
  ['stream=use_', [5]],
  ['region=baoji', [3, 4, 5]],
  ['actor=province@', [2]],
  [`command=${command}`, [3]],
  [`correlation=${command}`, [3, 4, 5]],
  ['occurredFrom=2023-01-31&occurredTo=2023-02-02', [2, 3]],
  ['recordedFrom=2026-11-02T00:00:02Z&recordedTo=2026-11-02T08:00:04%2B08:00', [2, 3]],
  ['region=baoji&region=xianyang&stream=use', undefined],
  ['region=baoji&stream=carrier&after=1', [3]],
  ['region=baoji&after=3&limit=1', [4]],
  ['region=baoji&after=5', []],
])('?%s', async (query, expected) => {
  if (expected) expect(await sequences(`?${query}`)).toEqual(expected);
  else expect((await get(`?${query}`)).status).toBe(422);
});

it('names the next page of what a filter lets through', async () => {
  expect((await json('?region=baoji&limit=2')).next).toBe(4);
  expect((await json('?region=baoji&limit=3')).next).toBeNull();
});

it("shows a region's operator what concerns it, and auditors and the province everything", async () => {
  expect(await sequences('', 'operator~xianyang')).toEqual([1, 2, 3, 5]);
  expect(await sequences('', 'operator~baoji')).toEqual([3, 4, 5]);
  expect(await sequences('?region=xianyang', 'operator~baoji')).toEqual([3, 5]);
  expect(await sequences('', 'operator~xixian')).toEqual([]);
  const { text } = await get('', 'operator~xianyang', LINES);
  expect(text.trimEnd().split('\n')).toHaveLength(4);
  expect(await sequences('', 'province')).toEqual([1, 2, 3, 4, 5]);
  expect((await get('', 'sub-platform~xianyang')).status).toBe(403);
});

it('refuses in both languages what is behind the head, and what is no question', async () => {
  for (const accept of ['application/json', LINES]) {
    const { status, text } = await get('?after=6', 'auditor', accept);
    expect([status, JSON.parse(text)]).toMatchObject([
      422,
      { code: 'log.beyond-head', detail: '日志的末条是 5，没有 6', detailEn: 'The log ends at 5; there is no 6' },
    ]);
  }
  for (const query of [
    'after=-1',
    'after=x',
    'limit=0',
    'limit=1001',
    'recordedFrom=2026-11-02',
    'recordedTo=0000-01-01T00:00Z',
    'occurredTo=2023-02-30',
    'by=x',
  ]) {
    expect([query, (await get(`?${query}`)).status]).toEqual([query, 422]);
  }
});

it('an export is the whole rest, a line each, behind the head in a header', async () => {
  const { headers, text } = await get('?after=1', 'auditor', LINES);
  const { sequence, digest } = await under.log.head();
  expect([headers.get('content-type'), headers.get('log-head')]).toEqual([LINES, `${sequence}:${digest}`]);
  const whole = (await json()).events;
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Entry),
  ).toEqual(whole.slice(1));
  expect((await get('?after=1&limit=2', 'auditor', LINES)).text.trimEnd().split('\n')).toHaveLength(2);
  expect((await get('?after=5', 'auditor', LINES)).text).toBe('');
});

describe('twenty thousand events', () => {
  const MANY = 20_000;

  beforeAll(async () => {
    let position = '';
    for (let n = 0; n < MANY; n += 500) {
      const events = Array.from({ length: 500 }, (_, i) => logged(100 + n + i));
      ({ position } = await under.store.append(`use-${n % 7}`, 'any', events));
    }
    await under.numbered(position);
  });

  itWithPython('come to the head by ten lines of Python, and page by page', async () => {
    const { headers, text } = await get('', 'auditor', LINES);
    expect(recomputed(text)).toEqual({ status: 0, stdout: headers.get('log-head'), stderr: '' });
    const seen: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: Awaited<ReturnType<typeof json>> = await json(`?limit=1000&after=${after}`);
      expect(page.tampered).toBeNull();
      seen.push(...page.events.map((e) => e.digest));
      after = page.next;
    }
    expect(seen).toEqual(
      text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as Entry).digest),
    );
  });

  it('wait in the store while a client does not take them', async () => {
    const headers = { authorization: 'Bearer auditor', accept: LINES };
    const [idle] = (await once(request(`${await app.getUrl()}/api/v1/events`, { headers }), 'response')) as [
      IncomingMessage,
    ];
    idle.pause();
    try {
      // Another takes the whole meanwhile: time enough for the first, if nothing held it back.
      const { text } = await get('', 'auditor', LINES);
      const whole = Math.ceil(text.trimEnd().split('\n').length / 1_000);
      expect(pages - whole).toBeLessThan(whole / 2);
      let bytes = 0;
      for await (const chunk of idle) bytes += (chunk as Buffer).length;
      expect(bytes).toBe(Buffer.byteLength(text));
    } finally {
      idle.destroy();
    }
  });
});
