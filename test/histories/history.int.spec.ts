import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { START, type NewEvent, type RecordedEvent } from '#libs/eventing';
import { PostgresStore } from '#libs/eventing-postgres';
import { auditor, startTestPlatform, type TestPlatform } from '../test-platform.js';
import { journey } from './journey.js';

/**
 * The committed history of the first release replays for ever: through the projections to the committed figures. To add
 * a history of a later release, write a journey for it and run this once with RECORD_HISTORY=1; what is committed is
 * never recorded again.
 */
const HISTORY = join(__dirname, 'release-1.jsonl');
const FIGURES = join(__dirname, 'release-1.figures.json');
const PERIOD = 'from=2023-01-01&to=2024-01-01';
const QUESTIONS = [
  'topology',
  'carriers',
  'carriers/coverage',
  `figures/capacity?${PERIOD}`,
  `figures/sharing?${PERIOD}`,
  `figures/flows?${PERIOD}&period=month`,
];

const stored = () =>
  readFileSync(HISTORY, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as NewEvent & { stream: string });

async function figures(platform: TestPlatform, token: string): Promise<unknown[]> {
  const answers = [];
  for (const question of QUESTIONS) {
    const answer = await platform.send(auditor, 'GET', `/api/v1/${question}`, undefined, {
      'consistency-token': token,
    });
    expect([answer.status, answer.headers.get('consistency')]).toEqual([200, 'current']);
    answers.push(answer.body);
  }
  return answers;
}

async function replay(history: readonly (NewEvent & { stream: string })[]): Promise<unknown[]> {
  const platform = await startTestPlatform();
  const store = await PostgresStore.open({ url: platform.databaseUrl });
  try {
    let position = START;
    for (const { stream, ...event } of history) ({ position } = await store.append(stream, 'any', [event]));
    return await figures(platform, position);
  } finally {
    await store.close();
    await platform.close();
  }
}

if (process.env['RECORD_HISTORY'] === '1' && !existsSync(HISTORY)) {
  it('records', async () => {
    const platform = await startTestPlatform();
    await journey(platform);
    const store = await PostgresStore.open({ url: platform.databaseUrl });
    const { events, position } = await store.readAll({ after: START, limit: 1000 });
    const lines = events.map(({ position: _, revision: __, ...event }: RecordedEvent) => JSON.stringify(event));
    writeFileSync(HISTORY, `${lines.join('\n')}\n`);
    writeFileSync(FIGURES, `${JSON.stringify(await figures(platform, position), null, 2)}\n`);
    await store.close();
    await platform.close();
  });
}

it('the history of release 1 replays to its figures', async () => {
  expect(await replay(stored())).toEqual(JSON.parse(readFileSync(FIGURES, 'utf8')));
});

it('an altered history does not', async () => {
  const altered = stored().map((event) =>
    event.type === 'contract.recognised.v1' ? { ...event, data: { ...event.data, amountFen: 1 } } : event,
  );
  expect(await replay(altered)).not.toEqual(JSON.parse(readFileSync(FIGURES, 'utf8')));
});
