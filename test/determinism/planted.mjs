// Reducers that break the rule, each in a way of its own; and one that keeps it.
const decider = (step) => ({ initial: null, concerns: () => [], evolve: { 'carrier.registered.v1': step } });

export const byTheClock = decider(() => new Date().getFullYear());
export const byTheZone = decider(() => new Date(2023, 0, 1).toISOString());
export const byTheLanguage = decider((_, { kind }) => [`${kind}i`.toLocaleUpperCase(), (1e6).toLocaleString()]);
export const byChance = decider(() => Math.random());
export const inARow = {
  on: { 'carrier.registered.v1': { key: ({ carrier }) => ({ carrier }), apply: () => ({ seen: Date.now() }) } },
};
const list = { name: 'carriers', key: ['carrier'] };
export const inAMessage = {
  'carrier.registered.v1': {
    list,
    apply:
      ({ name }) =>
      () => ({ name, at: new Date().toString() }),
  },
};
export const byTheEventsAlone = decider((_, { name }) => name);
