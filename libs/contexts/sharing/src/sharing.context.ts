import { regionsNow } from '#libs/contexts/topology';
import { notFor, type Acting, type Look } from '#libs/eventing';
import { defineContext, type NaturalKey } from '#libs/eventing-nest';
import * as commands from './sharing.commands.js';
import { assetHeld, instrument as decider } from './sharing.decider.js';
import { sharingMessages as messages } from './sharing.messages.js';
import { sharingEvents as events } from './sharing.texts.js';
import { sharingUpcasters as upcasters } from './sharing.upcasters.js';

/** 资产编号 is given by joining the network, and free again where that was reversed. */
function keys(name: string, fields: object, look: Look, by: Acting): readonly NaturalKey[] {
  const { instrument, owner, assetNumber } = fields as commands.NetworkInstrument;
  if (name !== 'NetworkInstrument' || assetNumber === undefined || notFor(by, owner)) return [];
  const held = (holder: string) => assetHeld(assetNumber, holder);
  const uses = async (holder: string) => {
    const { assetNumber: current, joinings } = await look(decider, holder);
    return { times: joinings.get(assetNumber, 0), isInForce: current === assetNumber };
  };
  return [{ kind: 'asset', value: `${owner}-${assetNumber}`, holder: instrument, held, uses }];
}

/** 资源共享: instruments of the network and their metered uses. */
export const sharingContext = defineContext({
  name: 'sharing',
  zh: '资源共享',
  en: 'Resource sharing',
  decider,
  commands,
  world: regionsNow,
  keys,
  keyed: { 'instrument.networked.v2': 'NetworkInstrument' },
  upcasters,
  events,
  messages,
  version: 3,
});
