import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shaanxi } from './index.js';
import { statements, underWay } from './statements.js';

/** The clauses of the document that the sample quotes, as they were published. */
const text = readFileSync(join(__dirname, 'documents', 'points-2023.txt'), 'utf8');

/** 一、3 is the paragraph 3. of the document: they are numbered through it. */
const paragraph = (clause: string) => {
  const number = clause.split('、')[1]!;
  return text.split('\n').find((line) => line.startsWith(`${number}.`)) ?? '';
};
const missing = (said: readonly { clause: string; wording: string }[]) =>
  said.filter(({ clause, wording }) => !paragraph(clause).includes(wording)).map(({ wording }) => wording);

it('every wording stands in the clause that it is quoted from, and another would be found', () => {
  expect(statements.length).toBeGreaterThan(20);
  expect(missing(statements)).toEqual([]);
  const [first] = statements;
  expect(missing([{ ...first!, wording: '建成沣东立体联动“孵化器”总基地' }])).toHaveLength(1);
  expect(missing([{ ...first!, clause: '一、3' }])).toHaveLength(1);
});

it('what is under way is said to be, of each of it', () => {
  for (const { zone, clause } of underWay)
    expect(statements.find(({ subjectId }) => subjectId === zone)).toMatchObject({ clause, modality: 'under-way' });
});

it('a name that the document does not say has another basis', () => {
  const ofPoints = shaanxi().filter(({ body }) => JSON.stringify(body).includes('2023年工作要点'));
  expect(ofPoints.length).toBeGreaterThan(30);
  for (const name of ['西咸', '西安高新区', '杨凌示范区', '沣东新城', '沣西新城']) {
    expect(text).not.toContain(name);
    expect(ofPoints.filter(({ body }) => JSON.stringify(body).includes(name)).map(({ key }) => key)).toEqual([]);
  }
});

it('nothing is designated or opened by it: it has intents only', () => {
  const paths = shaanxi().map(({ path }) => path);
  expect(paths.filter((path) => /designate-zone|open-link/.test(path))).toEqual([]);
  expect(paths.filter((path) => path === 'topology/designate-hub')).toHaveLength(1);
});
