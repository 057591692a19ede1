import { columnsIn, type Column } from './column.js';
import { unitsOfMeasure, type Figure, type Measure } from './figure.js';
import type { AnyList } from './list.js';
import { inBoth, type InBoth } from './said.js';

/** A list, as whoever makes pages of lists needs it. */
export interface ListEntry extends InBoth {
  readonly name: string;
  /** The context that tells of it; null where contexts are not known. */
  readonly context: string | null;
  readonly key: readonly string[];
  readonly filter: readonly string[];
  readonly sort: readonly string[];
  readonly search: readonly string[];
  readonly columns: readonly Column[];
}

/** What a figure's cells are told apart by. */
export interface DimensionEntry extends InBoth, Pick<Column, 'values' | 'list' | 'codes'> {
  readonly region?: true;
}

/** A figure, as whoever makes pages of figures needs it. */
export interface FigureEntry extends InBoth {
  readonly name: string;
  readonly context: string | null;
  readonly source: string;
  readonly by: readonly string[];
  readonly dimensions: Readonly<Record<string, DimensionEntry>>;
  readonly measures: Readonly<Record<string, Omit<Measure, 'unit'> & { readonly unit: InBoth }>>;
  readonly rates: Figure['rates'];
}

/** What there is to look at, described in both languages: pages are made from it (docs/decisions/0031). */
export interface ReadCatalogue {
  readonly lists: readonly ListEntry[];
  readonly figures: readonly FigureEntry[];
}

/** @param contextOf the context that a list or a figure belongs to */
export function catalogueOf(
  lists: readonly AnyList[],
  figures: readonly Figure[],
  contextOf: (of: AnyList | Figure) => string | null = () => null,
): ReadCatalogue {
  return {
    lists: lists.map((list) => {
      const { name, key, filter, sort, search, heading } = list;
      const common = { name, context: contextOf(list), ...inBoth(heading) };
      return { ...common, key, filter, sort, search, columns: columnsIn(list, lists) };
    }),
    figures: figures.map((figure) => {
      const { name, zh, en, source, by, measures, rates } = figure;
      const context = contextOf(figure);
      const dimensions = dimensionsOf(figure, lists);
      return { name, context, zh, en, source, by, dimensions, measures: mapped(measures, measured), rates };
    }),
  };
}

const measured = ({ unit, ...measure }: Measure) => ({ ...measure, unit: inBoth(unitsOfMeasure[unit]) });

/** A dimension is what the column of that name is, in the rows that the figure is computed from. */
function dimensionsOf({ dimensions, entries }: Figure, lists: readonly AnyList[]): FigureEntry['dimensions'] {
  const columns = entries.flatMap((of) => columnsIn(of.list, lists));
  return mapped(dimensions, ({ zh, en, region }, name) => {
    const { values, list, codes } = columns.find((column) => column.name === name) ?? {};
    return {
      zh,
      en,
      ...(region ? { region } : {}),
      ...(list === undefined ? {} : { list }),
      ...(codes === undefined ? {} : { codes }),
      ...(values ? { values } : {}),
    };
  });
}

const mapped = <From, To>(all: Readonly<Record<string, From>>, make: (one: From, name: string) => To) =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, make(one, name)]));
