/** A start that cannot go on. The message is for the person at the terminal: what is wrong, and what to do about it. */
export class StartupError extends Error {
  constructor(zh: string, en: string) {
    super(`${zh}\n  ${en}`);
    this.name = 'StartupError';
  }
}
