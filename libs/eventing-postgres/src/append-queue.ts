import type { Expected } from '#libs/eventing';

/** An append as the server takes it. */
export interface Request {
  readonly stream: string;
  readonly expected: Expected;
  readonly ids: readonly string[];
  readonly types: readonly string[];
  /** Canonical JSON. */
  readonly data: readonly string[];
  readonly metadata: readonly string[];
}

/** Where the last event of a request came to stand; undefined when the stream was not where the request expected it. */
export type Outcome = { readonly revision: string; readonly xid: string; readonly gp: string } | undefined;

interface Waiting {
  readonly request: Request;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}

/** Two transactions under way: while one waits for the disk, the next is filled and worked on. Measured against 1, 4 and 8. */
const FLIGHTS = 2;
/** The most a transaction takes on; a request that is larger goes alone. */
const EVENTS = 256;

/**
 * Lets concurrent appends share a transaction. An append that finds a free flight leaves at once, so that nothing waits
 * for company; those that come while all flights are out leave together with the next. A transaction holds at most one
 * request of a stream, and no stream is in two flights at once: requests of one process never wait for each other's
 * locks.
 */
export class AppendQueue {
  private waiting: Waiting[] = [];
  private readonly inFlight = new Set<string>();
  private flights = 0;

  /** `send` carries out requests to different streams in one transaction, or fails for all of them. */
  constructor(private readonly send: (requests: readonly Request[]) => Promise<readonly Outcome[]>) {}

  append(request: Request): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, resolve, reject });
      this.depart();
    });
  }

  private depart(): void {
    while (this.flights < FLIGHTS && this.waiting.length > 0) {
      const party = this.gather();
      if (party.length === 0) return;
      this.flights++;
      void this.fly(party).finally(() => {
        for (const { request } of party) this.inFlight.delete(request.stream);
        this.flights--;
        this.depart();
      });
    }
  }

  private gather(): Waiting[] {
    const party: Waiting[] = [];
    const left: Waiting[] = [];
    let events = 0;
    for (const waiting of this.waiting) {
      const { stream, ids } = waiting.request;
      const full = party.length > 0 && events + ids.length > EVENTS;
      if (full || this.inFlight.has(stream)) {
        left.push(waiting);
      } else {
        this.inFlight.add(stream);
        party.push(waiting);
        events += ids.length;
      }
    }
    this.waiting = left;
    return party;
  }

  private async fly(party: readonly Waiting[]): Promise<void> {
    // Every process locks streams in the same order.
    const sorted = party.toSorted((a, b) => (a.request.stream < b.request.stream ? -1 : 1));
    try {
      const outcomes = await this.send(sorted.map((w) => w.request));
      sorted.forEach((waiting, i) => waiting.resolve(outcomes[i]));
    } catch (error) {
      if (sorted.length === 1) return sorted[0]!.reject(error);
      // One of them is at fault, and its transaction has left nothing of any: each is sent for itself.
      await Promise.all(
        sorted.map((waiting) =>
          this.send([waiting.request]).then(([outcome]) => waiting.resolve(outcome), waiting.reject),
        ),
      );
    }
  }
}
