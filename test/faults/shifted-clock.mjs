// A process with a clock of its own: appends what it is sent, with its own time as `recordedAt`.
const shift = Number(process.env.SHIFT_MS);
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...args) {
    super(...(args.length > 0 ? args : [Real.now() + shift]));
  }
  static now() {
    return Real.now() + shift;
  }
};

// After the clock is shifted: nothing of the store may see the right one.
const { PostgresStore } = await import('#libs/eventing-postgres');
const store = await PostgresStore.open({ url: process.env.DATABASE_URL });
process.on('message', async ({ stream, expected, events }) => {
  const recordedAt = new Date().toISOString();
  const stamped = events.map((event) => ({ ...event, metadata: { ...event.metadata, recordedAt } }));
  process.send({ appended: await store.append(stream, expected, stamped) });
});
process.send({ ready: true });
