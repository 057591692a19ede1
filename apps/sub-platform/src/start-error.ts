/** sysexits.h: something that the start needs is not available; the configuration is wrong. */
export const UNAVAILABLE = 69;
export const CONFIGURATION = 78;

/** A start that cannot go on. The message is for the person at the terminal: what is wrong, and what to do about it. */
export class StartError extends Error {
  constructor(
    readonly exitCode: typeof UNAVAILABLE | typeof CONFIGURATION,
    zh: string,
    en: string,
  ) {
    super(`${zh}\n  ${en}`);
    this.name = 'StartError';
  }
}
