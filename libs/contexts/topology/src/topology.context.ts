import { codesNow } from '#libs/contexts/codes';
import { defineContext } from '#libs/eventing-nest';
import * as commands from './topology.commands.js';
import { topology as decider } from './topology.decider.js';
import { topologyMessages as messages } from './topology.messages.js';
import { difference, structure } from './topology.questions.js';
import { topologyUpcasters as upcasters } from './topology.upcasters.js';

/** 一总多区: regions, hub, zones, links and what the documents require of them. */
export const topologyContext = defineContext({
  name: 'topology',
  zh: '一总多区',
  decider,
  commands,
  world: async (look) => ({ codes: await codesNow(look) }),
  upcasters,
  messages,
  version: 2,
  questions: [structure, difference],
});
