import { v5 as uuidV5 } from 'uuid';
import type { EventStore, NewEvent } from '#libs/eventing';

const NAMESPACE = '0d7c5b9e-3f21-4a86-9c1d-5e8f7a6b4c20';

/** An event whose id tells where it stands in the history. */
export function anEvent(n: number, data: object = { n, 名称: '示例', amountFen: 9_007_199_254_740_991 }): NewEvent {
  const id = uuidV5(String(n), NAMESPACE);
  return {
    id,
    // Types that no platform reads: a server's one log is shared with the other suites.
    type: n % 3 === 0 ? 'sample.first.v1' : 'sample.second.v1',
    data,
    metadata: {
      commandId: id,
      commandDigest: 'a'.repeat(64),
      causationId: id,
      correlationId: id,
      actor: { id: 'tester', role: 'operator', region: 'xianyang' },
      occurredAt: '2023-06-01',
      recordedAt: '2026-11-02T03:04:05.678Z',
      regions: ['xianyang'],
      schemaVersion: 1,
    },
  };
}

/** A history of `length` events in `streams` streams, which take turns, now and then with several events in a row. */
export async function record(store: EventStore, length: number, streams: number): Promise<void> {
  const revisions = new Map<string, number>();
  for (let n = 0; n < length;) {
    const stream = `use-${n % streams}`;
    const events = Array.from({ length: Math.min(1 + (n % 4), length - n) }, () => anEvent(n++));
    const revision = revisions.get(stream);
    const appended = await store.append(stream, revision ?? 'no-stream', events);
    revisions.set(stream, appended.revision);
  }
}
