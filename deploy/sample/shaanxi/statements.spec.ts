import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as documents from './documents.js';
import { shaanxi } from './index.js';
import { statements, underWay } from './statements.js';

/** The clauses that the sample quotes, as they were published. */
const textOf = (file: string) => readFileSync(join(__dirname, 'documents', file), 'utf8');

const NUMBERS = '[一二三四五六七八九十]+';
/** How a part of a clause is written, and what each part of its kind begins with: 一、(二)3; all others by their first words. */
const KINDS = [
  [new RegExp(`^${NUMBERS}、`), new RegExp(`^${NUMBERS}、`)],
  [new RegExp(`^[(（]${NUMBERS}[)）]`), new RegExp(`^[(（]${NUMBERS}[)）]`)],
  [/^\d+/, /^\d+\s*[.．]/],
  [/^.+/, new RegExp(`^(?:${NUMBERS}[、是]|.*[?？]$)`)],
] as const;

/** What stands in a clause: from where each of its parts begins to where the next of its kind does. */
function passage(lines: readonly string[], clause: string): string {
  if (clause === '') return lines.join('\n');
  const [written, beginning] = KINDS.find(([kind]) => kind.test(clause))!;
  const part = written.exec(clause)![0];
  const isIt = (line: string) => line.startsWith(part) && (!/^\d+$/.test(part) || !/^\d/.test(line.slice(part.length)));
  const from = lines.findIndex(isIt);
  if (from < 0) return '';
  const next = lines.findIndex((line, i) => i > from && beginning.test(line));
  return passage(lines.slice(from, next < 0 ? undefined : next), clause.slice(part.length));
}

type Said = Pick<(typeof statements)[number], 'of' | 'clause' | 'wording'>;
const missing = (said: readonly Said[]) =>
  said
    .filter(({ of, clause, wording }) => !passage(textOf(of.file).split('\n'), clause).includes(wording))
    .map(({ wording }) => wording);

it('every wording stands in the clause that it is quoted from, and another would be found', () => {
  expect(statements.length).toBeGreaterThan(70);
  expect(missing(statements)).toEqual([]);
  for (const of of Object.values(documents)) {
    const one = statements.find((said) => said.of === of)!;
    const elsewhere = statements.find((said) => said.of === of && said.clause !== one.clause)!;
    expect(missing([{ ...one, wording: `${one.wording}已建成` }])).toHaveLength(1);
    expect(missing([{ ...one, clause: elsewhere.clause }])).toHaveLength(1);
    expect(missing([{ ...one, clause: '九、9' }])).toHaveLength(1);
  }
});

it('what is under way is said to be, of each of it', () => {
  for (const { zone, clause } of underWay)
    expect(statements.find(({ subjectId }) => subjectId === zone)).toMatchObject({ clause, modality: 'under-way' });
  const planned = shaanxi().filter(({ path }) => path === 'topology/plan-link');
  expect(planned.length).toBeGreaterThan(0);
  for (const { body } of planned) {
    const { link, basis } = body as { link: string; basis: { clause: string } };
    const said = statements.find(({ subjectId }) => subjectId === link);
    expect(said).toMatchObject({ clause: basis.clause, modality: 'under-way' });
  }
});

it('a statement that names a thing of the platform names one that there is', () => {
  const ids = new Set(
    shaanxi().flatMap(({ body }) => {
      const { region, zone, link, rule } = body as Readonly<Record<string, string | undefined>>;
      return [region, zone, link, rule];
    }),
  );
  const named = statements.flatMap(({ subjectId }) => (subjectId === undefined ? [] : [subjectId]));
  expect(named.filter((id) => !ids.has(id))).toEqual([]);
});

it('a name that the document does not say has another basis', () => {
  const { document, file } = documents.POINTS;
  const ofPoints = shaanxi().filter(({ body }) => JSON.stringify(body).includes(document));
  expect(ofPoints.length).toBeGreaterThan(30);
  for (const name of ['西咸', '西安高新区', '杨凌示范区', '沣东新城', '沣西新城']) {
    expect(textOf(file)).not.toContain(name);
    expect(ofPoints.filter(({ body }) => JSON.stringify(body).includes(name)).map(({ key }) => key)).toEqual([]);
  }
});

it('nothing is designated or opened by it: it has intents only', () => {
  const paths = shaanxi().map(({ path }) => path);
  expect(paths.filter((path) => /designate-zone|open-link/.test(path))).toEqual([]);
  expect(paths.filter((path) => path === 'topology/designate-hub')).toHaveLength(1);
});
