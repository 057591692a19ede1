import { codesNow, knownCodes } from '#libs/contexts/codes';
import { regionsNow } from '#libs/contexts/topology';
import type { Command, Look } from '#libs/eventing';
import { defineContext, type NaturalKey } from '#libs/eventing-nest';
import * as commands from './carriers.commands.js';
import { carrier as decider } from './carriers.decider.js';
import { carriersMessages as messages } from './carriers.messages.js';
import { carrierEvents as events } from './carriers.texts.js';
import { agreementExpiry, linking, windingUp } from './carriers.process-managers.js';
import { coverage } from './carriers.questions.js';
import { filingHeld } from './proposal.lifecycle.js';
import * as steps from './carriers.steps.js';
import { nameOfFirm } from './firms.js';
import { carriersUpcasters as upcasters } from './carriers.upcasters.js';
import { carriersWaiting as waiting } from './carriers.waiting.js';

/** Only what names a kind looks at the code lists. */
async function world(look: Look, command: Command) {
  const codes = 'kind' in command ? await codesNow(look, 'carrier-kinds', 'link-kinds') : knownCodes();
  return { ...(await regionsNow(look)), codes };
}

/** 备案号 is given once, by the filing, for good. */
function keys(name: string, fields: object): readonly NaturalKey[] {
  if (name === 'AllocateSpace') {
    const { uscc, firm, nameConfirmed } = fields as commands.AllocateSpace;
    return [nameOfFirm(uscc, firm, nameConfirmed)];
  }
  if (name !== 'FileCarrier') return [];
  const { carrier, filing } = fields as commands.FileCarrier;
  const held = (holder: string) => filingHeld(filing, holder);
  const uses = async () => ({ times: 1, isInForce: true });
  return [{ kind: 'filing', value: filing, holder: carrier, held, uses }];
}

/** 载体: incubators, accelerators, enclaves and offshore centres, their space and who it is let to. */
export const carriersContext = defineContext({
  name: 'carriers',
  zh: '载体',
  en: 'Carriers',
  decider,
  commands,
  steps,
  world,
  keys,
  keyed: { 'carrier.filed.v2': 'FileCarrier', 'space.allocated.v1': 'AllocateSpace' },
  upcasters,
  events,
  messages,
  version: 3,
  processes: [windingUp, agreementExpiry, linking],
  questions: [coverage],
  waiting,
});
