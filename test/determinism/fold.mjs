// `node fold.mjs <events.json> <modules…>`: folds the events through every decider, projection and message of the built modules
// and prints a digest for each. CLOCK_SHIFT_MS sets its clock apart; time zone and language come from the environment.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const shift = Number(process.env.CLOCK_SHIFT_MS);
const OnTime = Date;
globalThis.Date = class extends OnTime {
  constructor(...given) {
    if (given.length === 0) super(OnTime.now() + shift);
    else super(...given);
  }
  static now() {
    return OnTime.now() + shift;
  }
};

// Only now, so that nothing has seen the other clock.
const built = new URL('../../dist/', import.meta.url);
const { canonicalJson, evolve, upcasting } = await import(new URL('libs/eventing/src/index.js', built));
const { figures, touched } = await import(new URL('libs/messages/src/index.js', built));
const { upcasters } = await import(new URL('apps/platform/src/contexts.js', built));

const [, , file, ...modules] = process.argv;
const histories = JSON.parse(readFileSync(file, 'utf8'));
const read = (history) => upcasting({ readAll: async () => ({ events: history }) }, upcasters).readAll({});

function* decided(decider, events) {
  const states = new Map();
  for (const event of events) {
    if (!(event.type in decider.evolve)) continue;
    const state = evolve(decider, states.get(event.stream) ?? decider.initial, event, event.metadata.occurredAt);
    states.set(event.stream, state);
    yield [state, decider.concerns(event, state)];
  }
}

function* projected(projection, events) {
  const rows = new Map();
  for (const event of events) {
    for (const step of [projection.on[event.type] ?? []].flat()) {
      const key = step.key(event.data, event);
      if (!key) continue;
      const id = canonicalJson(key);
      const row = step.apply(rows.get(id), event.data, event);
      rows.set(id, row);
      yield [key, row ?? null];
    }
  }
}

/** What events say of things, and what these make of every figure. */
function* told(messages, events) {
  const things = new Map();
  for (const { type, data, metadata } of events) {
    for (const { list, key, apply } of touched(messages, type, data, metadata.occurredAt)) {
      const id = canonicalJson([list.name, key]);
      const thing = apply(things.get(id)) ?? things.get(id);
      things.set(id, thing);
      const entries = figures.flatMap((figure) => figure.entries).filter((of) => of.list === list);
      yield [id, thing ?? null, thing ? entries.map((of) => of.of(thing)) : []];
    }
  }
}

/** The way to fold with what a module exports, when it is something to fold with. */
function foldOf(exported) {
  if (typeof exported !== 'object' || exported === null) return undefined;
  if ('evolve' in exported) return decided;
  if ('on' in exported) return projected;
  // What events are called has the same keys as what they say, and is nothing to fold with.
  const named = Object.values(exported).some((said) => Array.isArray(said) && typeof said[0] === 'string');
  return !named && Object.keys(exported).every((key) => /\.v\d+$/.test(key)) ? told : undefined;
}

const digests = {};
const folded = new Set();
for (const module of modules) {
  for (const [name, exported] of Object.entries(await import(module))) {
    const fold = foldOf(exported);
    if (!fold) continue;
    const hash = createHash('sha256');
    for (const history of histories) {
      const { events } = await read(history);
      // A row may leave a column out; JSON then leaves it out too.
      for (const value of fold(exported, events)) hash.update(canonicalJson(JSON.parse(JSON.stringify(value))));
      if (fold === decided) for (const { type } of events) if (type in exported.evolve) folded.add(type);
    }
    digests[name] = hash.digest('hex');
  }
}

const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
const world = { year: new Date().getFullYear(), timeZone, locale };
console.log(JSON.stringify({ world, digests, folded: [...folded].sort() }));
