import Type from 'typebox';
import type { Times } from '#libs/read-models';
import type { Parameters } from './parameters.js';
import type { Reads } from './reads.js';

/** Both times of a question, as they are asked for. */
export interface AskedTimes {
  readonly asOf?: string;
  readonly asAt?: string;
}

const MOMENT = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)';

/** The parameters of everything that answers at both times. */
export const times: Parameters = {
  asOf: Type.String({
    format: 'date',
    title: '截至此日为真的事实；缺省为全部',
    description: 'Facts that were true by that day',
    examples: ['2023-12-31'],
  }),
  asAt: Type.String({
    pattern: `^(?:${MOMENT}|[0-9a-f-]{1,80})$`,
    title: '截至此刻（时刻，或事件库中的位置）已记录的事实；缺省为现在',
    description: 'Facts that were recorded by that instant, or by that position',
    examples: ['2024-01-31T00:00:00+08:00'],
  }),
};

export const isMoment = (asAt: string): boolean => new RegExp(`^${MOMENT}$`).test(asAt);

/** The times with a moment as the position that it stands for. */
export async function timesOf({ asOf, asAt }: AskedTimes, reads: Reads): Promise<Times> {
  return asAt === undefined ? { asOf } : { asOf, asAt: (await reads.known(asAt)).position };
}
