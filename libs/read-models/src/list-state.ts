import type { AnyList } from '#libs/messages';
import { tableOf } from './list-table.js';

/** The regions whose things the asker may see. It hides rows; it never changes one. */
export type Scope = 'all' | readonly string[];

/** Which state is asked for: what was true on a day, what was known at a position; both are the latest when absent. */
export interface Times {
  readonly asOf?: string;
  readonly asAt?: string;
}

/** After every position and every day. */
export const EVER = '~';

/** Puts a value among a statement's parameters, and gives its place. */
export type Given = (value: unknown) => string;

/** That a version holds on the day, as it was known at the position. */
export function holdsAt({ asOf, asAt }: Times, given: Given): (version: string) => string {
  const [day, position] = [given(asOf ?? EVER), given(asAt ?? EVER)];
  return (version) =>
    `${version}._valid_from <= ${day} and ${version}._known_from <= ${position} and (${version}._known_to is null or ${version}._known_to > ${position})`;
}

/** The version of each thing that holds on the day, as it was known at the position; `of` is what the statement calls it. */
export function stateOf(list: AnyList, times: Times, given: Given, of = 't'): string {
  if (times.asOf === undefined && times.asAt === undefined) return `${of}._current`;
  const holds = holdsAt(times, given);
  const later = `${of}_later`;
  const same = list.key.map((name: string) => `${later}."${name}" = ${of}."${name}"`).join(' and ');
  return `${holds(of)} and not exists (
    select from ${tableOf(list)} ${later} where ${same} and ${later}._valid_from > ${of}._valid_from and ${holds(later)})`;
}

/** What of it the asker may see. */
export function scoped({ visibleTo }: AnyList, scope: Scope, given: Given): string {
  if (scope === 'all' || visibleTo === 'all') return 'true';
  const regions = given(scope);
  return `(${visibleTo.map((name: string) => `t."${name}" = any(${regions})`).join(' or ')})`;
}
