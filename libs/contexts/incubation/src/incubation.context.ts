import { carrier } from '#libs/contexts/carriers';
import { regionsNow } from '#libs/contexts/topology';
import type { Command, Look } from '#libs/eventing';
import { defineContext } from '#libs/eventing-nest';
import * as commands from './incubation.commands.js';
import { incubatee as decider, type Incubation } from './incubation.decider.js';
import { incubationMessages as messages } from './incubation.messages.js';
import { admission, overstay } from './incubation.process-managers.js';
import * as steps from './incubation.steps.js';
import { incubationUpcasters as upcasters } from './incubation.upcasters.js';

async function world(look: Look, command: Command): Promise<Incubation> {
  const regions = await regionsNow(look);
  const { carrier: id } = command as Command & { readonly carrier: string };
  const { agreement } = await look(carrier, id);
  const { host = null, kind = null } = agreement.identity ?? {};
  return { ...regions, host, kind };
}

/** 孵化: firms in carriers, from their admission to how they leave. */
export const incubationContext = defineContext({
  name: 'incubation',
  zh: '孵化',
  decider,
  commands,
  steps,
  world,
  upcasters,
  messages,
  version: 2,
  processes: [admission, overstay],
});
