import { regionsNow } from '#libs/contexts/topology';
import { defineContext } from '#libs/eventing-nest';
import * as commands from './contracts.commands.js';
import { contract as decider } from './contracts.decider.js';
import { achievementsMessages as messages } from './contracts.messages.js';

/** 成果: technology contracts, and so the flows of achievements between regions. */
export const achievementsContext = defineContext({
  name: 'contracts',
  zh: '技术合同',
  decider,
  commands,
  world: regionsNow,
  messages,
  version: 1,
});
