import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, START, type NewEvent, type RecordedEvent } from '#libs/eventing';
import { PostgresStore } from '#libs/eventing-postgres';
import { figures, lists } from '#libs/messages';
import { createTestDatabase } from '#libs/testing';
import { upcasters } from '../../apps/platform/src/contexts.js';
import { auditor, operator, province, startTestPlatform, type TestPlatform } from '../test-platform.js';
import { until } from '../until.js';
import { comparable, earlierAnswers } from './earlier-answers.js';
import { journey, journeyBeforeProcesses, journeyOfProcesses } from './journey.js';
import { departures, type Shapes } from './shapes.js';

/**
 * The committed history of each release replays for ever: through upcasters and projections to the committed figures. To
 * add that of a new release, lead the journeys through its events, name it here and run this once with RECORD_HISTORY=1; what
 * is committed is never recorded again.
 */
const PERIOD = 'from=2023-01-01&to=2024-01-01';
const questionsOf = (listed: readonly string[], computed: readonly string[]) => [
  'topology',
  'carriers/coverage',
  ...listed.map((name) => `${name}?limit=1000`),
  ...computed.flatMap((name) => [`figures/${name}?${PERIOD}&per=month`, `figures/${name}?${PERIOD}&level=city`]),
];
const names = (described: readonly { readonly name: string }[]) => described.map(({ name }) => name);
/** What release 3 did not have yet. */
const LATER: readonly string[] = ['authorities'];
/** What each release is asked: the first two in words of their own, which answers of today are put in. */
const RELEASES: Readonly<Record<string, readonly string[] | 'earlier'>> = {
  'release-1': 'earlier',
  'release-2': 'earlier',
  'release-3': questionsOf(
    names(lists).filter((name) => !LATER.includes(name)),
    ['capacity', 'sharing', 'flows'],
  ),
  'release-4': [`flows/matrix?${PERIOD}`, ...questionsOf(names(lists), names(figures))],
  'release-5': [`flows/matrix?${PERIOD}`, ...questionsOf(names(lists), names(figures))],
};
const historyOf = (release: string) => join(__dirname, `${release}.jsonl`);
const figuresOf = (release: string) => join(__dirname, `${release}.figures.json`);

const stored = (release: string) =>
  readFileSync(historyOf(release), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Stored);
const committed = (release: string) => {
  const told: unknown = JSON.parse(readFileSync(figuresOf(release), 'utf8'));
  return RELEASES[release] === 'earlier' ? comparable(told) : withoutPlaces(told);
};

async function answers(platform: TestPlatform, release: string, token: string): Promise<unknown> {
  const ask = async (question: string) => {
    const answer = await platform.send(auditor, 'GET', `/api/v1/${question}`, undefined, {
      'consistency-token': token,
    });
    expect([answer.status, answer.headers.get('consistency')]).toEqual([200, 'current']);
    return answer.body;
  };
  const questions = RELEASES[release]!;
  if (questions === 'earlier') return comparable(await earlierAnswers(ask));
  const told = [];
  for (const question of questions) told.push(withoutPlaces(await ask(question)));
  return told;
}

/** Positions are the store's own: another that holds the same events has others. How a figure is defined may be said at more length. */
const NOT_COMPARED = new Set(['position', 'asAt', 'definition']);
/** What a row was caused by is told as it is read today, which may be a later version of what was stored. */
const withoutVersion = (cause: string) => cause.replace(/\.v\d+$/, '');
const withoutPlaces = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer, (name, value: unknown) => {
      if (NOT_COMPARED.has(name)) return undefined;
      return name === 'cause' && typeof value === 'string' ? withoutVersion(value) : value;
    }),
  );

type Work<T> = (platform: TestPlatform, store: PostgresStore) => Promise<T>;

/** A platform with its store, for as long as the work takes. No process goes on with a history: it is what happened. */
async function onPlatform<T>(work: Work<T>, settings: Record<string, string> = {}): Promise<T> {
  const platform = await startTestPlatform({ ROLES: 'api,projector', ...settings });
  const store = await PostgresStore.open({ url: settings['DATABASE_URL'] ?? platform.databaseUrl });
  try {
    return await work(platform, store);
  } finally {
    await store.close();
    await platform.close();
  }
}

/** The same, after all journeys: with every event that this release can store. */
async function afterJourneys(work: (platform: TestPlatform, events: readonly RecordedEvent[]) => Promise<void>) {
  const database = await createTestDatabase();
  const settings = { DATABASE_URL: database.url };
  await onPlatform(async (platform) => {
    await journey(platform);
    await journeyBeforeProcesses(platform);
  }, settings);
  await onPlatform(
    async (platform, store) => {
      await journeyOfProcesses(platform);
      const events = await until('the end of the journeys', async () => {
        const page = await store.readAll({ after: START, limit: 1000 });
        return page.events.some(({ type }) => type === 'carrier.winding-up-voided.v1') && page.events;
      });
      await work(platform, events);
    },
    { ...settings, ROLES: 'api,projector,processes' },
  );
  await database.drop();
}

type Stored = NewEvent & { readonly stream: string };

async function record(store: PostgresStore, history: readonly Stored[]): Promise<string> {
  let position = START;
  for (const { stream, ...event } of history) ({ position } = await store.append(stream, 'any', [event]));
  return position;
}

const replay = (release: string, history = stored(release)) =>
  onPlatform(async (platform, store) => answers(platform, release, await record(store, history)));

const missing = Object.keys(RELEASES).filter((release) => !existsSync(historyOf(release)));
if (process.env['RECORD_HISTORY'] === '1' && missing.length > 0) {
  it.each(missing)('records %s', (release) =>
    afterJourneys(async (platform, events) => {
      const lines = events.map(({ id, type, data, metadata, stream }) =>
        JSON.stringify({ id, type, data, metadata, stream }),
      );
      writeFileSync(historyOf(release), `${lines.join('\n')}\n`);
      writeFileSync(
        figuresOf(release),
        `${JSON.stringify(await answers(platform, release, events.at(-1)!.position), null, 2)}\n`,
      );
    }),
  );
}

it.each(Object.keys(RELEASES))('the history of %s replays to its figures', async (release) => {
  // A thing may be told more of today; what a release told of it stands.
  expect(await replay(release)).toMatchObject(committed(release) as object);
});

it('an altered history does not', async () => {
  const altered = stored('release-1').map((event) =>
    event.type === 'contract.filed.v1' ? { ...event, data: { ...event.data, amountFen: 1 } } : event,
  );
  expect(await replay('release-1', altered)).not.toEqual(committed('release-1'));
});

it(
  'what the platform stores today has the committed shapes, type for type',
  () =>
    afterJourneys(async (_, events) => {
      const shapes = JSON.parse(readFileSync(join(__dirname, 'shapes.json'), 'utf8')) as Shapes;
      for (const { type, data } of events) expect([type, departures(data, shapes[type] ?? {})]).toEqual([type, []]);
      const written = new Set([...events.map(({ type }) => type), ...Object.keys(upcasters)]);
      expect([...written].sort()).toEqual(Object.keys(shapes));
    }),
  60_000,
);

it('what the first release stored stays as it was for an auditor, and is today’s event for everyone else', () =>
  onPlatform(async (platform, store) => {
    await record(store, stored('release-1'));
    const filed = stored('release-1').find(({ type }) => type === 'carrier.filed.v1')!;

    const { body } = await platform.send(auditor, 'GET', `/api/v1/streams/${filed.stream}`);
    const shown = (body.events as Stored[]).find(({ id }) => id === filed.id)!;
    expect(shown.type).toBe('carrier.filed.v1');
    for (const part of ['data', 'metadata'] as const)
      expect(JSON.stringify(shown[part])).toBe(canonicalJson(filed[part]));

    // A command decides on it, and the feed has it.
    const again = { on: '2024-01-01', carrier: 'enclave', filing: 'f-2' };
    const refused = await platform.send(province, 'POST', '/api/v1/carriers/file-carrier', again);
    expect([refused.status, refused.body.code]).toEqual([409, 'carrier.filed']);
    const records = await until('the feed has the filing', async () => {
      const feed = await platform.send(operator('xianyang'), 'GET', '/api/v1/feeds/region.xianyang?limit=1000');
      const found = (feed.body.records as { id: string }[]).filter(({ id }) => id === `${filed.id}.0`);
      return found.length > 0 && found;
    });
    expect(records).toMatchObject([{ data: { carrier: 'enclave', status: 'filed' } }]);
  }));
