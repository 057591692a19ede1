import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import Type from 'typebox';
import { list } from '#libs/messages';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { day, flag, hundredths, nullable, slug, text, whole } from '../../messages/src/field.js';
import { createList, tableOf, type Build } from './list-table.js';
import { foldList, type Touch } from './list-write.js';
import type { Sql } from './sql.js';

const notes = list({
  name: 'notes',
  zh: '记事',
  en: 'A note',
  heading: ['笔记', 'Notes'],
  type: 'cn.liandong.note.changed.v1',
  key: ['book', 'page'],
  visibleTo: 'all',
  search: ['title', 'author'],
  row: {
    book: slug('册', 'Book'),
    page: whole('页', 'Page'),
    title: text(60, '题', 'Title'),
    author: nullable(text(60, '作者', 'Author')),
    size: hundredths('面积', 'Area'),
    seen: nullable(day('见于', 'Seen')),
    open: flag('开', 'Open'),
    basis: nullable(Type.Object({ said: Type.String() })),
  },
  example: { book: 'b', page: 1, title: '题', author: null, size: 1, seen: null, open: true, basis: null },
});

const ODD = [
  '秦创原',
  'a"b',
  'back\\slash',
  'tab\tbed',
  'line\nbreak\r',
  '{a,b}',
  'NULL',
  '\\N',
  "it's",
  ' ',
  '𠮷野家',
  '100%',
];
/** More than what is copied from on. */
const THINGS = 300;

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

const query: Sql['query'] = async (statement, parameters) =>
  (await client.query(statement, parameters as unknown[])).rows;
const copyIn: Sql['copyIn'] = (statement, lines) => pipeline([`${lines.join('\n')}\n`], client.query(from(statement)));

const rowOf = (n: number) => ({
  book: `b-${n % 7}`,
  page: n,
  title: ODD[n % ODD.length]!,
  author: n % 3 === 0 ? null : ODD[(n * 5) % ODD.length]!,
  size: n / 100,
  seen: n % 2 === 0 ? null : '2023-01-01',
  open: n % 5 === 0,
  basis: n % 4 === 0 ? null : { said: ODD[(n * 7) % ODD.length]! },
});

const touchOf = (n: number, on: string, position: string, apply: Touch['apply']): Touch => {
  const { book, page } = rowOf(n);
  const event = { id: `e-${n}`, type: 'note.v1', stream: `s-${n % 3}`, revision: n };
  return { list: notes, key: [book, page], day: on, position, event, apply };
};

async function folded(sql: Sql, build: Build, touches: readonly Touch[][]): Promise<unknown[]> {
  await query(createList(notes, build));
  for (const batch of touches) await foldList(sql, notes, build, batch);
  const versions = await query<{ version: object }>(
    `select to_jsonb(t) - '_grams' || jsonb_build_object('grams', array(select distinct unnest(_grams) order by 1)) as version
      from ${tableOf(notes, build)} t order by book, page, _valid_from, _known_from`,
  );
  return versions.map(({ version }) => version);
}

it('writes many versions, whatever is in them, as it writes few', async () => {
  const numbers = Array.from({ length: THINGS }, (_, n) => n);
  const made = numbers.map((n) => touchOf(n, '2023-02-01', '01', () => rowOf(n)));
  const later = numbers.map((n) => touchOf(n, '2023-03-01', '02', (before) => before && { ...before, open: true }));
  const late = numbers.map((n) => touchOf(n, '2023-02-15', '03', (before) => before && { ...before, author: 'late' }));
  const many = await folded({ query, copyIn }, 'live', [made, later, late]);
  const few = await folded(
    { query },
    'next',
    [made, later, late].flatMap((batch) => [batch.slice(0, 100), batch.slice(100)]),
  );
  expect(many).toEqual(few);
  expect(many).toHaveLength(
    4 * numbers.filter((n) => !rowOf(n).open).length + 2 * numbers.filter((n) => rowOf(n).open).length,
  );
  expect(many.filter((version) => (version as { _current: boolean })._current)).toHaveLength(THINGS);
  const titles = new Set(many.map((version) => (version as { title: string }).title));
  expect(titles).toEqual(new Set(ODD));
}, 60_000);
