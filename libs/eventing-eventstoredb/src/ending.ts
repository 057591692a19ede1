/** Something that ends once. Unlike a promise it forgets those who no longer wait for it. */
export class Ending {
  reason: Error | undefined;
  private readonly waiting = new Set<(why: Error) => void>();

  get over(): boolean {
    return this.reason !== undefined;
  }

  end(why: Error): void {
    if (this.reason) return;
    this.reason = why;
    for (const tell of this.waiting) tell(why);
    this.waiting.clear();
  }

  /** Answers how to forget it again. */
  whenOver(tell: (why: Error) => void): () => void {
    if (this.reason) tell(this.reason);
    else this.waiting.add(tell);
    return () => this.waiting.delete(tell);
  }

  /** The promise's value, or undefined as soon as it has ended. */
  async unless<T>(promise: Promise<T>): Promise<T | undefined> {
    let forget: () => void = () => undefined;
    const ended = new Promise<undefined>((resolve) => {
      forget = this.whenOver(() => resolve(undefined));
    });
    try {
      return await Promise.race([promise, ended]);
    } finally {
      forget();
    }
  }
}
