import type { Map } from 'immutable';

/** A thing of the structure as its list shows it, the step that made it so, and what a reversal of that step goes back to. */
export interface Stepped<Row, Step> {
  readonly row: Row;
  readonly step: Step;
  /** The day of the step: what follows is not dated before it. */
  readonly steppedOn: string;
  readonly before: Stepped<Row, Step> | null;
}

/** What people call the steps. */
export const stepNames: Readonly<Record<string, string>> = {
  planned: '规划',
  'under-way': '在建',
  designated: '设立',
  opened: '建立',
  'theme-changed': '变更主题',
  revoked: '终止',
  closed: '终止',
};

/** The things with one that has gone a step. */
export const stepped = <S extends Stepped<unknown, unknown>>(
  things: Map<string, S>,
  id: string,
  next: Omit<S, 'before'>,
) => things.set(id, { ...next, before: things.get(id) ?? null } as S);

/** The things with one as it was before its last step; without it where that was its first. */
export function steppedBack<S extends Stepped<unknown, unknown>>(things: Map<string, S>, id: string): Map<string, S> {
  const before = things.get(id)!.before as S | null;
  return before ? things.set(id, before) : things.delete(id);
}
