// Loaded into the platform before its own code. Ends it as kill −9 does, at one named point of one firm's admission, and
// holds the allocation back until the admission is withdrawn where that is asked for.
import { Executor } from '#libs/eventing';
import { PostgresStore } from '#libs/eventing-postgres';

const { DIE_AT: point, DIE_FOR: uscc = 'nobody', HOLD_UNTIL_WITHDRAWN: hold } = process.env;

const at = (here) => {
  if (here === point) process.kill(process.pid, 'SIGKILL');
};
const concerns = (value) => JSON.stringify(value).toUpperCase().includes(uscc);

let withdrawn;
const withdrawal = new Promise((resolve) => (withdrawn = resolve));

const { execute } = Executor.prototype;
Executor.prototype.execute = async function (decider, name, command, context, world) {
  const mine = context.by.id.startsWith('process:') && concerns(command);
  if (mine && hold && name === 'AllocateSpace') await withdrawal;
  if (mine) at(`before ${name}`);
  try {
    return await execute.call(this, decider, name, command, context, world);
  } finally {
    if (mine) at(`after ${name}`);
  }
};

const { append } = PostgresStore.prototype;
PostgresStore.prototype.append = async function (stream, expected, events) {
  const { type, data } = events[0];
  const what = stream.startsWith('process-') ? `the answer to ${data.step}` : type;
  const mine = concerns(stream);
  if (mine) at(`before ${what}`);
  const appended = await append.call(this, stream, expected, events);
  if (mine) at(`after ${what}`);
  if (mine && type === 'incubatee.withdrawn.v1') withdrawn();
  return appended;
};
