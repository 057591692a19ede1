import type { Values } from './form';

/** What somebody was typing survives a closed browser; under whose name, so that a shared machine mixes nothing. */
interface Draft {
  readonly values: Values;
  /** Of what was sent last: sent again unchanged, it is the same command. */
  readonly sent?: { readonly body: string; readonly key: string };
}

const place = (actor: string, command: string) => `liandong.draft.${actor}.${command}`;

export function draftOf(actor: string, command: string): Draft {
  try {
    return JSON.parse(localStorage.getItem(place(actor, command)) ?? '{"values":{}}') as Draft;
  } catch {
    return { values: {} };
  }
}

export function keepDraft(actor: string, command: string, draft: Draft): void {
  try {
    localStorage.setItem(place(actor, command), JSON.stringify(draft));
  } catch {
    // A full store loses the draft's last letters, which nobody should be stopped by.
  }
}

export const dropDraft = (actor: string, command: string): void => localStorage.removeItem(place(actor, command));

/** The key of a command: the same for the same body until it is answered. */
export function keyFor(actor: string, command: string, values: Values, body: unknown): string {
  const text = JSON.stringify(body);
  const { sent } = draftOf(actor, command);
  const key = sent?.body === text ? sent.key : crypto.randomUUID();
  keepDraft(actor, command, { values, sent: { body: text, key } });
  return key;
}

/** What somebody did last in this browser, newest first. */
export interface Recent {
  readonly command: string;
  readonly stream: string;
  readonly at: string;
}

const RECENT = 8;
const recentPlace = (actor: string) => `liandong.recent.${actor}`;

export function recentOf(actor: string): readonly Recent[] {
  try {
    return JSON.parse(localStorage.getItem(recentPlace(actor)) ?? '[]') as Recent[];
  } catch {
    return [];
  }
}

export function keepRecent(actor: string, done: Recent): void {
  localStorage.setItem(recentPlace(actor), JSON.stringify([done, ...recentOf(actor)].slice(0, RECENT)));
}
