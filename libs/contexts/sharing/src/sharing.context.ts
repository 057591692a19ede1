import { regionsNow } from '#libs/contexts/topology';
import { defineContext } from '#libs/eventing-nest';
import * as commands from './sharing.commands.js';
import { instrument as decider } from './sharing.decider.js';
import { sharingMessages as messages } from './sharing.messages.js';
import { sharingUpcasters as upcasters } from './sharing.upcasters.js';

/** 资源共享: instruments of the network and their metered uses. */
export const sharingContext = defineContext({
  name: 'sharing',
  zh: '资源共享',
  decider,
  commands,
  world: regionsNow,
  upcasters,
  messages,
  version: 2,
});
