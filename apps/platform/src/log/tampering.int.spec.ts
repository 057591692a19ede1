import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { logged, openLog, type TestLog } from '../../../../test/test-log.js';
import { until } from '../../../../test/until.js';
import { LogAlarm } from './alarm.js';
import { explained, type What } from './difference.js';

jest.setTimeout(60_000);

/** Entry n is revision ⌊(n − 1) / 3⌋ of one of three streams, which take turns. */
const ENTRIES = 12;
const streamOf = (n: number) => `use-${'abc'[(n - 1) % 3]}`;
const revisionOf = (n: number) => Math.floor((n - 1) / 3);

let under: TestLog;
let app: NestFastifyApplication;

beforeEach(async () => {
  under = await openLog();
  app = await under.serve();
  let position = '';
  for (let n = 1; n <= ENTRIES; n++) {
    ({ position } = await under.store.append(streamOf(n), 'any', [logged(n)]));
  }
  under.start();
  await under.numbered(position);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await app.close();
  await under.close();
});

const event = (n: number) => `stream = '${streamOf(n)}' and revision = ${revisionOf(n)}`;
const edit = (n: number, change: string) => `update eventing.events set ${change} where ${event(n)}`;
const editLog = (n: number, change: string) => `update event_log set ${change} where sequence = ${n}`;

const ALL = 'epoch, xid, gp, stream, revision, id, type, data, metadata';
const insert = (rows: string) => `insert into eventing.events (${ALL}) overriding system value ${rows}`;
const SAID = 't.stream, t.revision, t.id, t.type, t.data, t.metadata';
/** Takes events out and puts them in again elsewhere: places are unique, so that no update can do it. */
const move = (which: string, places: string) => `
  create temp table taken as select * from eventing.events where ${which};
  delete from eventing.events where ${which};
  ${insert(`select p.*, ${SAID} from taken t join lateral (${places}) p on true`)}`;

/** Exactly behind entry n, before the one that follows it. */
const behind = (n: number) => `select epoch, xid, gp + 1000000 as gp from eventing.events where ${event(n)}`;
const FORGED = `'use-z', 0, gen_random_uuid(), 'use.recorded.v1', '{"n":0}', '{"regions":["xianyang"]}'`;

async function get(query = '', accept = 'application/json') {
  const answer = await fetch(`${await app.getUrl()}/api/v1/events${query}`, {
    headers: { authorization: 'Bearer auditor', accept },
  });
  expect(answer.status).toBe(200);
  return answer.text();
}

interface Told {
  readonly sequence: number;
  readonly stream: string | null;
  readonly revision: number | null;
  readonly what: readonly What[];
}

const plain = ({ sequence, stream, revision, what }: Told) => ({ sequence, stream, revision, what });

async function page(query = ''): Promise<{ told: Told | null; events: { sequence: number }[] }> {
  const { tampered, events } = JSON.parse(await get(query)) as {
    tampered: Told | null;
    events: { sequence: number }[];
  };
  return { told: tampered && plain(tampered), events };
}

async function line(): Promise<Told | null> {
  const lines = (await get('', 'application/x-ndjson')).trimEnd().split('\n');
  const all = lines.map((text) => JSON.parse(text) as { tampered?: Told });
  const tampered = all.find((one) => one.tampered)?.tampered;
  return tampered ? plain(tampered) : null;
}

const at = (n: number, ...what: What[]): Told => ({ sequence: n, stream: streamOf(n), revision: revisionOf(n), what });

const attacks: [name: string, statements: string, difference: Told, verified?: number][] = [
  ['data edited', edit(5, `data = replace(data, '"n":5', '"n":50')`), at(5, 'data')],
  ['metadata edited', edit(5, `metadata = replace(metadata, 'operator@', 'forger@')`), at(5, 'metadata')],
  ['data and metadata edited', edit(5, `data = '{}', metadata = '{}'`), at(5, 'data', 'metadata')],
  ['bytes that mean the same edited', edit(5, `data = replace(data, ',', ', ')`), at(5, 'data')],
  ['data that are no JSON any more', edit(5, `data = e'{\\n'`), at(5, 'data')],
  ['a type edited', edit(5, `type = 'use.reversed.v1'`), at(5, 'type')],
  ['an id edited', edit(5, 'id = gen_random_uuid()'), at(5, 'id')],
  ['a stream renamed', edit(5, `stream = 'use-x'`), at(5, 'stream')],
  ['the first of several edits', `${edit(9, `data = '{}'`)}; ${edit(4, `data = '{}'`)}`, at(4, 'data')],
  ['an event deleted in the middle', `delete from eventing.events where ${event(5)}`, at(5, 'removed')],
  ['the first event deleted', `delete from eventing.events where ${event(1)}`, at(1, 'removed')],
  ['the last event deleted', `delete from eventing.events where ${event(12)}`, at(12, 'removed')],
  ['all events deleted', 'delete from eventing.events', at(1, 'removed')],
  [
    'an event inserted',
    insert(`select b.*, ${FORGED} from (${behind(5)}) b`),
    { sequence: 6, stream: 'use-z', revision: 0, what: ['inserted'] },
  ],
  [
    'an event inserted before all others',
    insert(`values (1, '1', 0, ${FORGED})`),
    { sequence: 1, stream: 'use-z', revision: 0, what: ['inserted'] },
  ],
  [
    'two events swapped in order',
    move(`${event(5)} or ${event(9)}`, 'select o.epoch, o.xid, o.gp from taken o where o.id <> t.id'),
    at(5, 'reordered'),
  ],
  ['an event moved towards the beginning', move(event(9), behind(4)), at(9, 'reordered'), 4],
  ['an event moved towards the end', move(event(4), behind(9)), at(4, 'reordered')],
  ["the log's digest edited", editLog(5, `digest = md5(digest) || md5(digest)`), at(5, 'log-digest')],
  ["the log's last digest edited", editLog(12, `digest = '"'`), at(12, 'log-digest')],
  ["the log's last digest edited to what no header can hold", editLog(12, `digest = e'\\n'`), at(12, 'log-digest')],
  ["the log's regions edited", editLog(5, `regions = '{}'`), at(5, 'log-row')],
  ["the log's moment edited", editLog(5, `as_at = as_at + interval '1 s'`), at(5, 'log-row')],
  ["the log's position edited", editLog(5, `position = 'nowhere'`), at(5, 'log-row')],
  ["the log's first position edited", editLog(1, `position = ''`), at(1, 'log-row')],
  ['a row of the log numbered anew', editLog(5, 'sequence = 50'), at(5, 'log-removed')],
  ['a row of the log deleted', 'delete from event_log where sequence = 5', at(5, 'log-removed')],
  ['the first row of the log deleted', 'delete from event_log where sequence = 1', at(1, 'log-removed')],
  ['the last row of the log deleted', 'delete from event_log where sequence = 12', at(12, 'log-removed')],
  ['the whole log deleted', 'delete from event_log', at(1, 'log-removed')],
  [
    'an event and its row deleted',
    `delete from eventing.events where ${event(5)}; delete from event_log where sequence = 5`,
    { sequence: 5, stream: null, revision: null, what: ['log-removed'] },
  ],
  [
    'an event edited and its own digest computed anew',
    `${edit(5, `data = '{}'`)};
      ${editLog(5, `digest = encode(sha256('forged'), 'hex'), data_mark = 0`)}`,
    at(5, 'data'),
  ],
];

it('an intact log passes', async () => {
  const verified = await under.verify();
  expect(verified).toMatchObject({ entries: ENTRIES, difference: undefined });
  const { told, events } = await page();
  expect([told, await line(), events.length]).toEqual([null, null, ENTRIES]);
});

it.each(attacks)('%s', async (_, statements, difference, verified = difference.sequence - 1) => {
  const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation();
  await under.harm(statements);
  const verification = await under.verify();
  expect([verification.entries, verification.difference]).toEqual([verified, difference]);
  expect((await page()).told).toEqual(difference);
  expect(await line()).toEqual(difference);
  const { values } = await app.get(LogAlarm).differences.get();
  expect(values).toMatchObject([{ value: 2 }]);
  expect(logged.mock.calls).toEqual(Array(2).fill([expect.stringContaining(explained(difference).zh)]));
});

it('a page that a filter makes is compared entry by entry', async () => {
  await under.harm(
    `${edit(5, `data = '{}'`)}; delete from eventing.events where ${event(8)}; ${editLog(11, `actor = 'x'`)}`,
  );
  const told = async (query: string) => (await page(query)).told;
  expect(await told('?stream=use-b&limit=1')).toBeNull();
  expect(await told('?stream=use-b')).toEqual(at(5, 'data'));
  expect(await told('?stream=use-b&after=5')).toEqual(at(8, 'removed'));
  expect(await told('?region=xianyang&after=8')).toEqual(at(11, 'log-row'));
  expect(await told('?stream=use-a')).toBeNull();
  await under.harm('delete from event_log where sequence = 3');
  expect(await told('?stream=use-a')).toEqual({ sequence: 3, stream: null, revision: null, what: ['log-removed'] });
});

it('what is served of an entry is what stands there now; an event that is gone leaves its place empty', async () => {
  await under.harm(
    `${edit(2, `data = '{"n":7}'`)}; delete from eventing.events where ${event(3)}; ${edit(4, `data = e'{\n'`)}`,
  );
  const { events } = await page();
  expect(events.map((one) => one.sequence)).toEqual(Array.from({ length: ENTRIES }, (_, i) => i + 1));
  expect(events.slice(1, 4)).toMatchObject([
    { data: { n: 7 }, stream: 'use-b' },
    { data: null, metadata: null, stream: 'use-c', id: logged(3).id },
    { data: '{\n', metadata: logged(4).metadata },
  ]);
});

describe('a head that was written down', () => {
  const note = async (sequence: number) => {
    const { digest } = await under.log.linkAt(sequence);
    return { sequence, digest };
  };

  it('finds a history that was rewritten as a whole, which is right in itself', async () => {
    const noted = [await note(12), await note(3), await note(4)];
    expect((await under.verify(noted)).difference).toBeUndefined();
    await under.harm(`${edit(5, `data = '{}'`)}; delete from event_log;
      update projection_checkpoints set position = '', owner_epoch = owner_epoch + 1, owner = null`);
    await until('it is numbered anew', async () => (await under.log.head()).sequence === ENTRIES);
    expect(await under.verify()).toMatchObject({ entries: ENTRIES, difference: undefined });
    expect(await under.verify(noted)).toMatchObject({ entries: 11, difference: at(12, 'head') });
    expect((await under.verify(noted.slice(1))).difference).toBeUndefined();
  });

  it('finds that events and log were cut off together', async () => {
    const noted = [await note(12)];
    await under.harm(`delete from eventing.events where ${event(12)}; delete from event_log where sequence = 12`);
    expect((await under.verify()).difference).toBeUndefined();
    expect((await under.verify(noted)).difference).toEqual({
      sequence: 12,
      stream: null,
      revision: null,
      what: ['head-missing'],
    });
  });

  it('does not hide what is found before it', async () => {
    const noted = [{ ...(await note(9)), digest: 'f'.repeat(64) }];
    await under.harm(edit(5, `data = '{}'`));
    expect((await under.verify(noted)).difference).toEqual(at(5, 'data'));
  });
});
