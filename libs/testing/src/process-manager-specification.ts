import {
  deadlinePassed,
  outcomeOf,
  processStream,
  reacted,
  type Actor,
  type DomainEvent,
  type ProcessManager,
  type ProcessInstance,
  type RecordedEvent,
} from '#libs/eventing';

/** What happened to a process itself; everything else is an event of a context. */
type Told =
  { readonly done: string } | { readonly refused: string; readonly code: string } | { readonly passed: string };

/** The pending step of that name was carried out, or refused; the deadline has passed. */
export const done = (step: string): Told => ({ done: step });
export const refused = (step: string, code: string): Told => ({ refused: step, code });
export const passed = (deadline: string): Told => ({ passed: deadline });

const ON = '2023-03-01';
const NOW = new Date('2023-03-02T00:00:00Z');

/**
 * Given events and answers, then steps, a deadline or an end: a process's test, readable as the rule it tests.
 *
 * `const { given } = processSpecification(admission)`
 */
export function processSpecification<State, E extends DomainEvent>(of: ProcessManager<State, E>) {
  const touches = of.on as Readonly<Record<string, { key(data: object, event: RecordedEvent): string | undefined }>>;
  return {
    given(...history: readonly ((E & { by?: Actor }) | Told)[]) {
      let row: ProcessInstance<State> | undefined;
      let key = '';
      for (const [n, told] of history.entries()) {
        const event = 'type' in told ? happened(told, n) : answered(row!, told, n);
        if ('type' in told) {
          const touched = touches[event.type]?.key(event.data, event);
          if (touched === undefined) continue;
          key = touched;
        }
        const next = reacted(of, key, row, event);
        row = next && { occurredAt: event.metadata.occurredAt, position: '', ...next };
      }
      return {
        /** All pending steps, in order: name, command, fields. */
        wants: (...steps: readonly (readonly [step: string, command: string, fields: object])[]) =>
          expect(row?.pending.map((p) => [p.step, p.command, p.fields])).toEqual(steps),
        waitsFor: (deadline: string, due: string) => expect([row?.deadline?.name, row?.due]).toEqual([deadline, due]),
        /** It has ended so, and waits for no deadline. */
        ends: (end: string) => expect([row?.end, row?.deadline]).toEqual([end, null]),
        /** It has not begun, or has not ended. */
        goesOn: () => expect(row?.end ?? null).toBeNull(),
        row: () => row,
      };
    },
  };
}

function happened({ type, data, by }: DomainEvent & { by?: Actor }, n: number): RecordedEvent {
  const id = `event-${n}`;
  const metadata = {
    commandId: id,
    commandDigest: '',
    causationId: id,
    correlationId: id,
    actor: by ?? { id: 'o', role: 'operator' as const, region: 'xianyang' },
    occurredAt: ON,
    recordedAt: NOW.toISOString(),
    regions: ['xianyang'],
    schemaVersion: 1 as const,
  };
  return { id, type, data, stream: `stream-${n}`, revision: 0, position: String(n), metadata };
}

function answered(row: ProcessInstance, told: Told, n: number): RecordedEvent {
  const of = (name: string) => {
    const pending = row.pending.find((p) => p.step === name);
    if (!pending) throw new Error(`no step ${name} is pending: ${row.pending.map((p) => p.step).join(', ')}`);
    return pending;
  };
  const event =
    'passed' in told
      ? deadlinePassed({ ...row, deadline: row.deadline && { ...row.deadline, name: told.passed } }, NOW)
      : 'done' in told
        ? outcomeOf(row, of(told.done), undefined, NOW)
        : outcomeOf(row, of(told.refused), { code: told.code, zh: `中文 ${told.code}`, en: told.code }, NOW);
  return { ...event, stream: processStream(row), revision: row.revision + 1, position: String(n) };
}
