import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { START, type NewEvent } from '#libs/eventing';
import { PostgresStore } from '#libs/eventing-postgres';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { basis, operator, province, startTestPlatform, type TestPlatform } from './test-platform.js';

/** What a release that claimed no keys has recorded: two registrations, one of them reversed, three filing numbers, four firms. */
const history = readFileSync(join(__dirname, 'histories', 'release-2.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as NewEvent & { readonly stream: string });

let database: TestDatabase;
let store: PostgresStore;
let platforms: TestPlatform[];
const start = () => startTestPlatform({ DATABASE_URL: database.url, ROLES: 'api' });

beforeAll(async () => {
  database = await createTestDatabase();
  store = await PostgresStore.open({ url: database.url });
  for (const { stream, ...event } of history) await store.append(stream, 'any', [event]);
  platforms = await Promise.all([start(), start()]);
}, 60_000);
afterAll(async () => {
  for (const platform of platforms) await platform.close();
  await store.close();
  await database.drop();
});

const claims = async () => {
  const { events } = await store.readAll({ after: START, types: ['key.claimed.v1'], limit: 1000 });
  return events.map(({ data }) => data as { kind: string; value: string; holder: string });
};
const on = '2024-03-01';
const [xixian, baoji] = [operator('xixian'), operator('baoji')];
const recognise = async (contract: string, registration: string) => {
  const [{ send, done }] = platforms as [TestPlatform];
  const sides = { output: 'xixian', absorbing: 'xianyang' };
  await done(xixian, 'contracts/file-contract', { on, contract, title: 't', type: 'service', ...sides, amountFen: 1 });
  const body = { on, contract, registration, technicalRevenueFen: 0 };
  const answer = await send(province, 'POST', '/api/v1/contracts/recognise-contract', body);
  return [answer.status, answer.body.code];
};

it('a number that an earlier release has recorded is taken, until that has it no more', async () => {
  expect(await recognise('late-1', 'rec-1')).toEqual([409, 'contract.registration-held']);
  expect(await recognise('late-2', 'rec-2')).toEqual([200, undefined]);
  expect(await recognise('late-3', 'rec-2')).toEqual([409, 'contract.registration-held']);

  const [{ send, done }] = platforms as [TestPlatform];
  const carrier = 'late-centre';
  const names = { name: '宝鸡二号离岸研发中心', kind: '离岸研发中心', home: 'baoji', host: 'xixian' };
  await done(baoji, 'carriers/propose-carrier', { on, carrier, ...names, basis });
  await done(baoji, 'carriers/sign-as-home', { on, carrier });
  await done(xixian, 'carriers/sign-as-host', { on, carrier });
  const filing = await send(province, 'POST', '/api/v1/carriers/file-carrier', { on, carrier, filing: 'f-2' });
  expect([filing.status, filing.body.code]).toEqual([409, 'carrier.filing-held']);
});

it('a firm is known by the name that an earlier release has recorded', async () => {
  const [{ send }] = platforms as [TestPlatform];
  const known = history.find(({ type }) => type === 'incubatee.admitted.v1')!.data as { uscc: string; firm: string };
  const sale = { contract: 'sale', title: 't', type: 'service', output: 'xixian', absorbing: 'xianyang', amountFen: 1 };
  const file = (seller: string) =>
    send(xixian, 'POST', '/api/v1/contracts/file-contract', { on, ...sale, seller, sellerUscc: known.uscc });
  const other = await file('另一企业');
  expect([other.status, other.body.code]).toEqual([409, 'firm.other-name']);
  expect((await file(known.firm)).status).toBe(200);
});

it('each fact claims once, however many processes go through the log, and however often', async () => {
  const ofKind = async (kind: string) =>
    (await claims()).filter((claim) => claim.kind === kind).map(({ value }) => value);
  const before = await claims();
  expect((await ofKind('filing')).sort()).toEqual(['f-1', 'f-2', 'f-3']);
  expect((await ofKind('registration')).sort()).toEqual(['rec-1', 'rec-2', 'rec-2']);
  expect(new Set(await ofKind('firm')).size).toBe(4);

  const reads = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  const rows = await reads.query<{ position: string | null }[]>('select position from recorded_keys');
  expect([rows.length > 3, rows.every(({ position }) => position === null)]).toEqual([true, true]);
  // As if none of it had been gone through: what was claimed is, by a command or from the log.
  await reads.query('truncate recorded_keys');
  const again = await start();
  platforms.push(again);
  const refused = await again.send(province, 'POST', '/api/v1/contracts/recognise-contract', {
    on,
    contract: 'late-3',
    registration: 'rec-1',
    technicalRevenueFen: 0,
  });
  expect(refused.body.code).toBe('contract.registration-held');
  expect(await claims()).toEqual(before);
  await reads.destroy();
});
