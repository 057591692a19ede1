import type { Actor } from '#libs/eventing';
import { specification } from '#libs/testing';
import * as commands from './organisations.commands.js';
import { organisation } from './organisations.decider.js';
import type { OrganisationEvent } from './organisations.events.js';

const { given } = specification(organisation, commands, undefined);
const province: Actor = { id: 'p', role: 'province' };
const of = { uscc: '91610400MA6Y0A0024', name: '示例企业' };
const basis = { document: 'd', clause: 'c' };
const admitted: OrganisationEvent = { type: 'organisation.code-admitted.v1', data: { ...of, evidence: 'e', basis } };
const withdrawn: OrganisationEvent = { type: 'organisation.code-withdrawn.v1', data: { ...of, reason: 'r' } };
const admit = { on: '2023-06-01', ...of, evidence: 'e', basis };
const withdraw = { on: '2023-07-01', uscc: of.uscc, reason: 'r' };

it('is admitted once, withdrawn while it is, and admitted again', () => {
  given().when('AdmitCode', admit, province).then(admitted);
  given(admitted).when('AdmitCode', admit, province).refused('code.admitted');
  given(admitted).when('WithdrawCode', withdraw, province).then(withdrawn);
  given().when('WithdrawCode', withdraw, province).refused('code.not-admitted');
  given(admitted, withdrawn).when('WithdrawCode', withdraw, province).refused('code.not-admitted');
  given(admitted, withdrawn).when('AdmitCode', admit, province).then(admitted);
});
