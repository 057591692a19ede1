import * as lists from '#libs/messages';
import { change, put, type MessagesOf } from '#libs/messages';
import type { CodesEvent } from './codes.events.js';

/** What everyone is told of the code lists. */
export const codesMessages: MessagesOf<CodesEvent> = {
  'code.defined.v1': put(lists.codes, (code, before, since) => ({
    ...code,
    since: before?.since ?? since,
    until: null,
  })),
  'code.ended.v1': change(lists.codes, ({ until, basis }) => ({ until, basis })),
};
