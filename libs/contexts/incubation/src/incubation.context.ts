import { carrier, kindOf, nameOfFirm, notRestorable } from '#libs/contexts/carriers';
import { regionsNow } from '#libs/contexts/topology';
import type { Command, Look } from '#libs/eventing';
import { defineContext, type NaturalKey } from '#libs/eventing-nest';
import * as commands from './incubation.commands.js';
import { incubatee as decider, type Incubation } from './incubation.decider.js';
import { incubationMessages as messages } from './incubation.messages.js';
import { incubateeEvents as events } from './incubation.texts.js';
import { admission } from './incubation.process-managers.js';
import * as steps from './incubation.steps.js';
import { incubationUpcasters as upcasters } from './incubation.upcasters.js';
import { overstay } from './stay.process-manager.js';
import { incubationWaiting as waiting } from './incubation.waiting.js';

async function world(look: Look, command: Command): Promise<Incubation> {
  const regions = await regionsNow(look);
  const { carrier: id } = command as Command & { readonly carrier: string };
  const whole = await look(carrier, id);
  const { host = null, kind = '' } = whole.agreement.identity ?? {};
  const { incubation } = kindOf(kind);
  return { ...regions, host, incubation, notRestorable: (allocation) => notRestorable(whole, allocation) };
}

function keys(name: string, fields: object): readonly NaturalKey[] {
  if (name !== 'AdmitFirm') return [];
  const { uscc, firm, nameConfirmed } = fields as commands.AdmitFirm;
  return [nameOfFirm(uscc, firm, nameConfirmed)];
}

/** 孵化: firms in carriers, from their admission to how they leave. */
export const incubationContext = defineContext({
  name: 'incubation',
  zh: '孵化',
  en: 'Incubation',
  decider,
  commands,
  steps,
  world,
  keys,
  keyed: { 'incubatee.admitted.v2': 'AdmitFirm' },
  upcasters,
  events,
  messages,
  version: 3,
  processes: [admission, overstay],
  waiting,
});
