import type { Type } from '@nestjs/common';
import type { Actor, Role } from '#libs/eventing';
import { Day, Text } from '#libs/fields';
import type { Scope, Times } from '#libs/read-models';
import type { Reads } from './reads.js';

/** Something that can be asked beside lists and figures, described once: its route and its documentation follow. */
export interface Question<Parameters extends object, Answer extends object> {
  readonly name: string;
  /** Below `/api/v1/`. */
  readonly path: string;
  readonly zh: string;
  readonly roles: readonly Role[];
  /** The read models that it reads. */
  readonly reads: readonly string[];
  readonly parameters: Type<Parameters>;
  readonly answer: Type<Answer>;
  /** What of it the asker may see is its own to decide: without the scope it does not compile. */
  ask(parameters: Parameters & Times, scope: Scope, reads: Reads, asker: Asker): Promise<Answer>;
}

/** Who asks, and when. */
export interface Asker extends Pick<Actor, 'role' | 'region'> {
  /** The day that it is in China. */
  readonly today: string;
  /** For which regions the asker acts now: an operator for its own, and for those inside it without an authority of their own. */
  acting(): Promise<(region: string) => boolean>;
}

/** A question whose types only the compiler needs to know. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyQuestion = Question<any, any>;

/** Names the types once, so that the object literal is checked against them. */
export const question = <Parameters extends object, Answer extends object>(
  definition: Question<Parameters, Answer>,
): AnyQuestion => definition;

/** The parameters of a question that is asked nothing but its two times. */
export class TimesParameters {
  @Day({ zh: '截至此日', en: 'As of this day', help: ['缺省为最近', 'The latest when absent'], optional: true })
  readonly asOf?: string;
  @Text(80, {
    zh: '截至此刻已记录',
    en: 'As at this moment',
    help: ['时刻或位置；缺省为现在', 'An instant or a position; now when absent'],
    optional: true,
  })
  readonly asAt?: string;
}
