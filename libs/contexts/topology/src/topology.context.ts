import { codesNow } from '#libs/contexts/codes';
import { defineContext } from '#libs/eventing-nest';
import { actsFor } from './authority.lifecycle.js';
import * as commands from './topology.commands.js';
import { topology as decider } from './topology.decider.js';
import { topologyMessages as messages } from './topology.messages.js';
import { topologyEvents as events } from './topology.texts.js';
import { difference, structure } from './topology.questions.js';
import { topologyUpcasters as upcasters } from './topology.upcasters.js';

/** 一总多区: regions, hub, zones, links and what the documents require of them. */
export const topologyContext = defineContext({
  name: 'topology',
  zh: '一总多区',
  en: 'One hub, many zones',
  decider,
  commands,
  world: async (look) => ({ codes: await codesNow(look) }),
  actsFor: async (look, by) => {
    const structure = await look(decider, 'topology');
    return (region) => actsFor(structure, by, region);
  },
  upcasters,
  events,
  messages,
  version: 3,
  questions: [structure, difference],
});
