import { nameOfFirm } from '#libs/contexts/carriers';
import { regionsNow } from '#libs/contexts/topology';
import type { Command, Look } from '#libs/eventing';
import { defineContext, type NaturalKey } from '#libs/eventing-nest';
import * as commands from './contracts.commands.js';
import { contract as decider, registrationHeld, twinHeld, type Contracts } from './contracts.decider.js';
import { achievementsMessages as messages } from './contracts.messages.js';
import { contractEvents as events } from './contracts.texts.js';
import { contractsUpcasters as upcasters } from './contracts.upcasters.js';
import { matrix } from './flows.questions.js';
import { contractsWaiting as waiting } from './contracts.waiting.js';

async function world(look: Look, command: Command): Promise<Contracts> {
  const regions = await regionsNow(look);
  const { twinOf } = command as Command & { readonly twinOf?: string };
  return { ...regions, twin: twinOf === undefined ? null : await look(decider, twinOf) };
}

/** 认定登记编号 is given by a recognition, and free again where that was reversed. */
function keys(name: string, fields: object, look: Look): readonly NaturalKey[] {
  if (name === 'FileContract') return namesOf(fields as commands.FileContract);
  if (name === 'LinkTwin') return [pairOf(fields as commands.LinkTwin, look)];
  if (name !== 'RecogniseContract') return [];
  const { contract, registration } = fields as commands.RecogniseContract;
  const held = (holder: string) => registrationHeld(registration, holder);
  const uses = async (holder: string) => {
    const { recognised, recognitions } = await look(decider, holder);
    const isInForce = recognised?.registration === registration;
    return { times: recognitions.get(registration, 0), isInForce };
  };
  return [{ kind: 'registration', value: registration, holder: contract, held, uses }];
}

/** Two reports are a pair once, whichever of them counts: each is decided on a stream of its own, and neither might. */
function pairOf({ contract, twinOf }: commands.LinkTwin, look: Look): NaturalKey {
  const pair = [contract, twinOf].sort();
  const uses = async (holder: string) => {
    const other = pair.find((one) => one !== holder) ?? holder;
    const linked = await look(decider, holder);
    return { times: linked.twinnings.get(other, 0), isInForce: linked.twinOf === other };
  };
  return { kind: 'twin', value: pair.join('+'), holder: contract, held: () => twinHeld(twinOf, contract), uses };
}

function namesOf({ seller, sellerUscc, buyer, buyerUscc, nameConfirmed }: commands.FileContract): NaturalKey[] {
  const nameOf = (uscc: string | undefined, name: string | undefined, field: string) =>
    uscc === undefined || name === undefined ? [] : [nameOfFirm(uscc, name, nameConfirmed, field)];
  return [...nameOf(sellerUscc, seller, 'seller'), ...nameOf(buyerUscc, buyer, 'buyer')];
}

/** 成果: technology contracts, and so the flows of achievements between regions. */
export const achievementsContext = defineContext({
  name: 'contracts',
  zh: '技术合同',
  en: 'Technology contracts',
  decider,
  commands,
  world,
  keys,
  // The names of parties were never told without being claimed.
  keyed: { 'contract.recognised.v1': 'RecogniseContract', 'contract.twinned.v1': 'LinkTwin' },
  upcasters,
  events,
  messages,
  version: 2,
  questions: [matrix],
  waiting,
});
