import { evolve, isRefusal } from '#libs/eventing';
import type { Actor, AnyDecider, Command, CommandClasses, Decider, DomainEvent } from '#libs/eventing';

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
    given: (...history: E[]) => ({
      when: <K extends keyof C & string>(name: K, fields: InstanceType<C[K]>, by: Actor) => {
        const state = history.reduce<unknown>((s, e) => evolve(decider as AnyDecider, s, e), decider.initial);
        const command: Command = Object.assign(new commands[name]!(), fields);
        const decision = (decider as AnyDecider).decide[name]!(command, state, { by, world });
        return {
          then: (...expected: E[]) => expect(decision).toEqual(expected),
          /** The events, for an assertion on part of them. */
          events: (): E[] => {
            expect(isRefusal(decision) ? `refused: ${decision.code}` : 'accepted').toBe('accepted');
            return decision as E[];
          },
          refused: (code: string) => expect(isRefusal(decision) ? decision.code : decision).toBe(code),
        };
      },
    }),
  };
}
