import { codesNow, knownCodes } from '#libs/contexts/codes';
import { regionsNow } from '#libs/contexts/topology';
import type { Command, Look } from '#libs/eventing';
import { defineContext } from '#libs/eventing-nest';
import * as commands from './carriers.commands.js';
import { carrier as decider } from './carriers.decider.js';
import { carriersMessages as messages } from './carriers.messages.js';
import { agreementExpiry, windingUp } from './carriers.process-managers.js';
import { coverage } from './carriers.questions.js';
import * as steps from './carriers.steps.js';
import { carriersUpcasters as upcasters } from './carriers.upcasters.js';

/** Only what names a kind looks at the code lists. */
async function world(look: Look, command: Command) {
  const codes = 'kind' in command ? await codesNow(look, 'carrier-kinds') : knownCodes();
  return { ...(await regionsNow(look)), codes };
}

/** 载体: incubators, accelerators, enclaves and offshore centres, their space and who it is let to. */
export const carriersContext = defineContext({
  name: 'carriers',
  zh: '载体',
  decider,
  commands,
  steps,
  world,
  upcasters,
  messages,
  version: 1,
  processes: [windingUp, agreementExpiry],
  questions: [coverage],
});
