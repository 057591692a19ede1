import { openProxy } from '#libs/testing';
import type { Trial } from './fault.js';

/** The names under which the store prepares its appends. */
const APPENDS = new Set(['append-one', 'append', 'append-many']);

/** The messages of PostgreSQL's protocol in what arrives in pieces: a type of one byte, a length of four, the rest. */
class Messages {
  private rest: Buffer = Buffer.alloc(0);

  /** The client's first message has no type. */
  constructor(private untyped: boolean) {}

  *take(chunk: Buffer): Generator<{ type: string; whole: Buffer; body: Buffer }> {
    this.rest = Buffer.concat([this.rest, chunk]);
    for (;;) {
      const head = this.untyped ? 0 : 1;
      if (this.rest.length < head + 4) return;
      const end = head + this.rest.readUInt32BE(head);
      if (this.rest.length < end) return;
      const whole = this.rest.subarray(0, end);
      yield { type: head ? String.fromCharCode(whole[0]!) : '', whole, body: whole.subarray(head + 4) };
      this.rest = this.rest.subarray(end);
      this.untyped = false;
    }
  }
}

/**
 * A way to the server that can lose the answer to an append which the server has committed. `lose` is asked when the
 * whole answer is here, which the server sends after the commit, and has not been passed on; when it says so the
 * connection is cut instead. It is told of how many appends the answer says that they were stored: none when it repeats one
 * that was stored before, or refuses it.
 */
export async function replyCuttingProxy(
  trial: Trial,
  url: string,
  lose: (stored: number) => Promise<boolean>,
): Promise<string> {
  const { hostname, port } = new URL(url);
  const proxy = await openProxy(hostname, Number(port), (client, server) => {
    const asked = new Messages(true);
    const answered = new Messages(false);
    let appending = false;
    let held: Buffer[] = [];
    let stored = 0;
    let failed = false;
    let passing = Promise.resolve();

    client.on('data', (chunk) => {
      for (const { type, body } of asked.take(chunk)) {
        // Bind: the portal's name, then the statement's.
        if (type === 'B') appending = APPENDS.has(body.toString('latin1').split('\0', 2)[1]!);
      }
      server.write(chunk);
    });
    const pass = async (chunk: Buffer) => {
      for (const { type, whole, body } of answered.take(chunk)) {
        if (!appending) {
          client.write(whole);
          continue;
        }
        held.push(whole);
        // A row for each append; null in its first column, after the number of columns, where there was a conflict.
        if (type === 'D' && body.readInt32BE(2) >= 0) stored++;
        if (type === 'E') failed = true;
        if (type !== 'Z') continue;
        // Ready for the next query, and not inside a transaction: what was done is committed.
        if (!failed && body.toString('latin1') === 'I' && (await lose(stored))) {
          client.resetAndDestroy();
          return;
        }
        client.write(Buffer.concat(held));
        [appending, held, stored, failed] = [false, [], 0, false];
      }
    };
    server.on('data', (chunk) => (passing = passing.then(() => pass(chunk))));
  });
  trial.defer(() => proxy.close());
  const through = new URL(url);
  through.port = String(proxy.port);
  return through.href;
}
