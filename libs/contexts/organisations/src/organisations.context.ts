import { defineContext } from '#libs/eventing-nest';
import * as commands from './organisations.commands.js';
import { organisation as decider } from './organisations.decider.js';
import { organisationMessages as messages } from './organisations.messages.js';
import { organisationEvents as events } from './organisations.texts.js';

/** 单位: codes that the province admits though they fail the check of the standard. */
export const organisationsContext = defineContext({
  name: 'organisations',
  zh: '单位',
  en: 'Organisations',
  decider,
  commands,
  world: async () => undefined,
  events,
  messages,
  version: 1,
  admits: async (look, code) => (await look(decider, code)).admitted !== null,
});
