import { Client } from 'pg';
import type { Reads } from '#libs/eventing-nest';
import { completeUscc } from '#libs/fields';
import { lists } from '#libs/messages';
import { tableOf, type Sql } from '#libs/read-models';
import { contexts } from '../apps/platform/src/contexts.js';
import { searchQuestion } from '../libs/eventing-nest/src/search.question.js';
import { operator, province, startTestPlatform, withEnclave, withRegions, type TestPlatform } from './test-platform.js';

type By = Parameters<TestPlatform['done']>[0];
interface Hit {
  readonly list: string;
  readonly zh: string;
  readonly en: string;
  readonly key: Record<string, unknown>;
  readonly label: string;
  readonly exact: boolean;
  readonly row: Record<string, unknown>;
}

const uscc = completeUscc('91610400MA6Y0001');
const home = operator('xianyang');
const stranger = operator('baoji');
const contract = { on: '2023-05-01', type: 'development', output: 'xianyang', absorbing: 'xixian', amountFen: 1 };

let platform: TestPlatform;
let token = '';

beforeAll(async () => {
  platform = await startTestPlatform();
  await withRegions(platform);
  await withEnclave(platform, 1000, 100, '离岸研发中心');
  const let_ = { carrier: 'enclave', allocation: 'let-1', unit: 'floor-1', uscc, firm: '西咸光子科技有限公司' };
  const space = { areaSquareMetres: 10, desks: 1, on: '2023-03-01', from: '2023-03-01' };
  await platform.done(home, 'carriers/allocate-space', { ...let_, ...space });
  for (const named of ['飞地服务 1', '飞地服务 2', '飞地', '100%国产', '1000国产']) {
    const id = `c-${[...named].map((character) => character.codePointAt(0)!.toString(36)).join('')}`;
    const { headers } = await platform.done(home, 'contracts/file-contract', {
      ...contract,
      contract: id,
      title: named,
    });
    token = headers.get('consistency-token')!;
  }
});
afterAll(() => platform.close());

async function search(by: By, text: string, query = ''): Promise<{ hits: Hit[]; more: string[] }> {
  const path = `/api/v1/search?text=${encodeURIComponent(text)}${query}`;
  const { status, body } = await platform.send(by, 'GET', path, undefined, { 'consistency-token': token });
  expect([text, status]).toEqual([text, 200]);
  return body;
}
const found = ({ hits }: { hits: Hit[] }) => hits.map(({ list, label }) => [list, label]);

it('finds by a part of a name, in whichever list has it', async () => {
  const { hits, more } = await search(home, '光子科技');
  expect([found({ hits }), more]).toEqual([[['allocations', '西咸光子科技有限公司']], []]);
  expect(hits[0]).toMatchObject({
    zh: '空间分配',
    key: { carrier: 'enclave', allocation: 'let-1' },
    exact: false,
    row: { uscc, areaSquareMetres: 10, trace: { stream: 'carrier-enclave' } },
  });
});

it('finds by a code, however its letters are written, and by a key', async () => {
  for (const text of [uscc, uscc.toLowerCase()])
    expect((await search(home, text)).hits).toMatchObject([{ list: 'allocations', exact: true }]);
  expect((await search(home, 'let-1')).hits).toMatchObject([
    { list: 'allocations', exact: true, key: { allocation: 'let-1' } },
  ]);
  expect((await search(home, 'enclave')).hits[0]).toMatchObject({ list: 'carriers', exact: true, label: '咸阳飞地' });
  // A part of a key is none.
  expect(found(await search(home, 'let-'))).toEqual([]);
});

it('has what is meant exactly before what has it in its name', async () => {
  const { hits } = await search(home, '飞地', '&each=1');
  expect(hits[0]).toMatchObject({ list: 'contracts', label: '飞地', exact: true });
  expect(hits.filter(({ list }) => list === 'contracts')).toHaveLength(1);
  expect((await search(home, '飞地', '&each=1')).more).toContain('contracts');
  expect((await search(home, '飞地', '&each=3')).more).toEqual([]);
});

it('takes signs of patterns for what they are', async () => {
  expect(found(await search(home, '100%'))).toEqual([['contracts', '100%国产']]);
});

it('shows nobody what is not for its eyes', async () => {
  for (const text of ['光子科技', uscc, 'let-1', 'enclave', '100%']) {
    expect(found(await search(stranger, text))).toEqual([]);
    expect(found(await search({ role: 'sub-platform', region: 'baoji' }, text))).toEqual([]);
    expect(found(await search(province, text)).length).toBeGreaterThan(0);
  }
  // What everybody must know, everybody finds.
  expect((await search(stranger, 'xianyang')).hits[0]).toMatchObject({ list: 'regions', exact: true });
});

it('finds what was so on a day, as it was known at a moment', async () => {
  expect(found(await search(home, 'let-1', '&asOf=2023-02-28'))).toEqual([]);
  expect(found(await search(home, 'let-1', '&asOf=2023-03-01'))).toHaveLength(1);
  expect(found(await search(home, '光子科技', `&asAt=2023-03-01T00:00:00Z`))).toEqual([]);
});

it('refuses what is no text, or too many', async () => {
  const refused = async (query: string) => {
    const { status, body } = await platform.send(home, 'GET', `/api/v1/search?${query}`);
    return [status, body.code];
  };
  for (const query of [
    '',
    'text=',
    'text=%20',
    `text=${'a'.repeat(61)}`,
    'text=a&each=0',
    'text=a&each=21',
    'text=a&x=1',
  ])
    expect([query, ...(await refused(query))]).toEqual([query, 422, 'request.invalid']);
  for (const query of ['text=a%00b', 'text=a%E2%80%AEb', 'text=%E2%80%8B'])
    expect(await refused(query)).toEqual([400, 'url.form']);
});

it('asks every list that is searched in, one that is added tomorrow among them, and no other', async () => {
  const asked: string[] = [];
  const sql: Sql = { query: async (text) => (asked.push(text), []) };
  const tomorrow = { ...contexts[0]!, lists: [{ ...lists[0], name: 'added-tomorrow' }] };
  const reads = { transaction: (work: (sql: Sql) => Promise<unknown>) => work(sql) } as Reads;
  const question = searchQuestion([...contexts, tomorrow]);
  await question.ask({ text: '飞地' }, 'all', reads, undefined as never);
  const isAsked = (table: string) => asked.some((text) => text.includes(`${table} t`));
  for (const list of lists) expect([list.name, isAsked(tableOf(list))]).toEqual([list.name, list.search.length > 0]);
  expect(isAsked('"list_added_tomorrow"')).toBe(true);
});

describe('with 20 000 contracts', () => {
  const MANY = 20_000;

  beforeAll(async () => {
    const client = new Client({ connectionString: platform.databaseUrl });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `select column_name as name from information_schema.columns where table_name = 'list_contracts'`,
    );
    const made: Record<string, string> = {
      contract: `'many-' || lpad(n::text, 5, '0')`,
      title: `'飞地服务 ' || n`,
      filedOn: `to_char(date '2023-01-01' + n % 365, 'YYYY-MM-DD')`,
      _grams: `array['飞', '地', '飞地', '服', '务', '地服', '服务']`,
    };
    const names = rows.map(({ name }) => `"${name}"`).join(', ');
    const values = rows.map(({ name }) => made[name] ?? `t."${name}"`).join(', ');
    await client.query(
      `insert into list_contracts (${names}) select ${values}
         from list_contracts t, generate_series(1, ${MANY}) n where t.title = '飞地' and t._current`,
    );
    await client.query('analyze list_contracts');
    await client.end();
  });

  it('a search gives so many of each list, the exact first, and says which have more', async () => {
    const { hits, more } = await search(home, '飞地');
    expect(hits.filter(({ list }) => list === 'contracts')).toHaveLength(5);
    expect(hits[0]).toMatchObject({ label: '飞地', exact: true });
    expect(more).toEqual(['contracts']);
    expect((await search(home, 'many-19999')).hits).toMatchObject([{ list: 'contracts', exact: true }]);
  });

  it('what waits is told of in pages, each thing once, and counted whole', async () => {
    const page = async (query: string) => {
      const { body } = await platform.send(home, 'GET', `/api/v1/waiting?${query}`, undefined, {
        'consistency-token': token,
      });
      return body.kinds.find(({ kind }: { kind: string }) => kind === 'contract-recognise');
    };
    const whole = await page('');
    expect([whole.count, whole.items.length]).toEqual([MANY + 5, 20]);
    const seen = new Set<string>();
    let before = '';
    for (let next: string | null = ''; next !== null;) {
      const { items, ...rest } = await page(`kind=contract-recognise&limit=100${next && `&after=${next}`}`);
      expect(items.length).toBeLessThanOrEqual(100);
      for (const { key, since } of items) {
        expect(since >= before).toBe(true);
        before = since;
        seen.add(key.contract);
      }
      next = rest.next;
    }
    expect(seen.size).toBe(MANY + 5);
  }, 120_000);
});
