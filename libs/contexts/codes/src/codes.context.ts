import { defineContext } from '#libs/eventing-nest';
import * as commands from './codes.commands.js';
import { codes as decider } from './codes.decider.js';
import { codesNow } from './codes.lookup.js';
import { codesMessages as messages } from './codes.messages.js';
import { codeEvents as events } from './codes.texts.js';

/** 代码表: the kinds of carriers, zones and links, as the province extends them. */
export const codesContext = defineContext({
  name: 'codes',
  zh: '代码表',
  en: 'Code lists',
  decider,
  commands,
  world: async (look) => ({ codes: await codesNow(look, 'link-kinds') }),
  events,
  messages,
  version: 1,
});
