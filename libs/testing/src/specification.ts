import { evolve, isRefusal } from '#libs/eventing';
import type { Actor, AnyDecider, Command, CommandClasses, Decider, DomainEvent, Refusal } from '#libs/eventing';

/** When facts of a history were true that do not say it: long before any day of the tests. */
const LONG_AGO = '2000-01-01';

/** A fact of a history, on its day. */
export const at = <E extends DomainEvent>(on: string, event: E): E & { readonly on: string } => ({ ...event, on });

/**
 * Given events, when a command, then events or a refusal: a decider's test, readable as the rule it tests.
 *
 * `const { given } = specification(carrier, commands, world)`
 */
export function specification<S, E extends DomainEvent, C extends CommandClasses, W>(
  decider: Decider<S, E, C, W>,
  commands: C,
  world: W,
) {
  return {
    given: (...history: (E & { readonly on?: string })[]) => ({
      when: <K extends keyof C & string>(name: K, fields: InstanceType<C[K]>, by: Actor) => {
        const state = history.reduce<unknown>(
          (s, { on = LONG_AGO, ...e }) => evolve(decider as AnyDecider, s, e, on),
          decider.initial,
        );
        const command: Command = Object.assign(new commands[name]!(), fields);
        const decision = (decider as AnyDecider).decide[name]!(command, state, { by, world });
        return {
          then: (...expected: E[]) => expect(decision).toEqual(expected),
          /** The events, for an assertion on part of them. */
          events: (): E[] => {
            expect(isRefusal(decision) ? `refused: ${decision.code}` : 'accepted').toBe('accepted');
            return decision as E[];
          },
          /** The refusal, for an assertion on what it says. */
          refusal: (): Refusal => {
            expect(isRefusal(decision) ? 'refused' : 'accepted').toBe('refused');
            return decision as Refusal;
          },
          refused: (code: string) => expect(isRefusal(decision) ? decision.code : decision).toBe(code),
          /** What the refusal's English text names, for a code that has many. */
          says: (...parts: string[]) => {
            for (const part of parts) expect(isRefusal(decision) ? decision.en : decision).toContain(part);
          },
        };
      },
    }),
  };
}
