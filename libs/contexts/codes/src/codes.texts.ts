import type { Texts } from '#libs/messages';
import type { CodesEvent } from './codes.events.js';

/** What people read in place of the stored names of a code list's events. */
export const codeEvents: Texts<CodesEvent['type']> = {
  'code.defined.v1': ['增列或修订代码', 'Code defined'],
  'code.ended.v1': ['停用代码', 'Code ended'],
};
