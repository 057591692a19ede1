import type { AnyList, Figure } from '#libs/messages';
import { applyDeltas, type FigureChange } from './figure-deltas.js';
import { buildSums } from './figure-sums.js';
import { dropFigure, figureTables, journalOf, replaceFigure } from './figure-tables.js';
import { createList, indexList, tableOf, type Build } from './list-table.js';
import { foldList, type Changed, type Touch } from './list-write.js';
import type { Sql } from './sql.js';

/** Lists and the figures that are computed from them: folded together, built anew together. */
export interface ReadModel {
  readonly lists: readonly AnyList[];
  readonly figures: readonly Figure[];
}

/** The thing that a touch is about, among all of the read model. */
export const thingOf = ({ list, key }: Pick<Touch, 'list' | 'key'>): string => JSON.stringify([list.name, ...key]);

/** Folds facts, in their order. Exactly once is the caller's business: in the transaction that also moves its checkpoint. */
export async function fold(sql: Sql, model: ReadModel, build: Build, touches: readonly Touch[]): Promise<void> {
  const changes: Changed[] = [];
  for (const list of model.lists) {
    const mine = touches.filter((touch) => touch.list === list);
    if (mine.length > 0) changes.push(...(await foldList(sql, list, build, mine)));
  }
  for (const figure of model.figures)
    await applyDeltas(
      sql,
      figure,
      build,
      changes.flatMap((c) => entriesOf(figure, c)),
    );
}

function entriesOf({ entries }: Figure, { touch, before, after }: Changed): FigureChange[] {
  const of = entries.find(({ list }) => list === touch.list);
  if (!of) return [];
  const { list, position, event } = touch;
  const made = { before: before ? of.of(before) : [], after: of.of(after) };
  return [{ list: list.name, key: thingOf(touch), position, event, ...made }];
}

/** The tables of a build, empty. */
export async function createTables(sql: Sql, model: ReadModel, build: Build): Promise<void> {
  await dropTables(sql, model, build);
  for (const list of model.lists) await sql.query(createList(list, build));
  for (const figure of model.figures) await sql.query(figureTables(figure, build));
}

export async function dropTables(sql: Sql, { lists, figures }: ReadModel, build: Build): Promise<void> {
  for (const list of lists) await sql.query(`drop table if exists ${tableOf(list, build)}`);
  for (const figure of figures) await sql.query(dropFigure(figure, build));
}

/** Makes the indexes and the sums of a next build that has caught up. */
export async function completeTables(sql: Sql, { lists, figures }: ReadModel, build: Build): Promise<void> {
  for (const list of lists) {
    const [is] = await sql.query<{ indexed: boolean }>(
      'select count(*) > 2 as indexed from pg_index where indrelid = to_regclass($1)',
      [tableOf(list, build)],
    );
    // Whoever takes over a build that another has completed does it again.
    if (!is!.indexed) await sql.query(indexList(list, build));
  }
  for (const figure of figures) await buildSums(sql, figure, build);
}

/** Puts the next build in the place of the live one. */
export async function replaceTables(sql: Sql, model: ReadModel): Promise<void> {
  for (const list of model.lists) {
    const renamed = tableOf(list, 'live');
    await sql.query(`drop table if exists ${renamed}`);
    await sql.query(`alter table ${tableOf(list, 'next')} rename to ${renamed}`);
  }
  for (const figure of model.figures) await sql.query(replaceFigure(figure));
}

/** A digest of a build's rows, whatever their order: sums do not depend on it, so that nothing has to be sorted. */
export async function digestOf(sql: Sql, { lists, figures }: ReadModel, build: Build): Promise<string> {
  const tables = [...lists.map((list) => tableOf(list, build)), ...figures.map((figure) => journalOf(figure, build))];
  const digests: string[] = [];
  for (const table of tables) {
    const [sum] = await sql.query<{ digest: string }>(
      `select count(*) || '-' || coalesce(sum(hash_record_extended(t, 0)::numeric), 0) as digest from ${table} t`,
    );
    digests.push(sum!.digest);
  }
  return digests.join(' ');
}
