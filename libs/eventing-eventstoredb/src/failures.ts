export class NoAnswerError extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
    this.name = 'NoAnswerError';
  }
}

/** The errors that say for certain what happened. After all others an append may have taken place. */
export const ANSWERS = new Set<string | undefined>([
  'wrong-expected-version',
  'maximum-append-size-exceeded',
  'stream-deleted',
  'access-denied',
  'invalid-argument',
]);

/** The message of a conflict is empty, and some errors are not of the client's classes: only the type tells. */
export function typeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : undefined;
}
