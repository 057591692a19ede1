import { processManager, startOfDay, step } from '#libs/eventing';
import { carrier } from './carriers.decider.js';
import type { CarrierEvent } from './carriers.events.js';

interface WindingUp {
  readonly phase: 'noticed' | 'closing' | 'ended';
  readonly carrier: string;
  readonly notice: number;
  readonly closesOn: string;
}

/** 清退: from a notice to the day of closing, on which the carrier and all that is still let in it end. */
export const windingUp = processManager<WindingUp, CarrierEvent>({
  name: 'winding-up',
  on: {
    'carrier.winding-up.v1': {
      key: ({ carrier, notice }) => `${carrier}-${notice}`,
      react: (state, { carrier, notice, closesOn }) =>
        state
          ? undefined
          : {
              state: { phase: 'noticed', carrier, notice, closesOn },
              deadline: { name: 'closes', at: startOfDay(closesOn) },
            },
    },
    'process.deadline-passed.v1': {
      react: (state) => {
        const { carrier: of, notice, closesOn } = state;
        return {
          state: { ...state, phase: 'closing' },
          do: [step('wind-up', carrier, 'WindUpCarrier', { on: closesOn, carrier: of, notice })],
        };
      },
    },
    'carrier.notice-revoked.v1': {
      key: ({ carrier, notice }) => `${carrier}-${notice}`,
      // While it is closing, the carrier's own stream decides which of the two came first: the step's answer says it.
      react: (state) =>
        state?.phase === 'noticed' ? { state: { ...state, phase: 'ended' }, end: 'revoked' } : undefined,
    },
    'process.step-done.v1': { react: (state) => ({ state: { ...state, phase: 'ended' }, end: 'wound-up' }) },
    'process.step-refused.v1': { react: (state) => ({ state: { ...state, phase: 'ended' }, end: 'revoked' }) },
  },
});

interface Agreement {
  readonly carrier: string;
  readonly until: string;
}

/** 协议到期: an agreement of home and host that is not renewed ends on its day. A renewal in time moves the deadline on. */
export const agreementExpiry = processManager<Agreement, CarrierEvent>({
  name: 'agreement-expiry',
  on: {
    'carrier.filed.v2': {
      key: ({ carrier }) => `${carrier}-1`,
      react: (_, { carrier, agreementUntil }) => (agreementUntil === null ? undefined : runs(carrier, agreementUntil)),
    },
    'carrier.renewed.v1': {
      key: ({ carrier, term }) => `${carrier}-${term}`,
      react: (_, { carrier, agreementUntil }) => runs(carrier, agreementUntil),
    },
    'process.deadline-passed.v1': {
      react: (state) => {
        const { carrier: of, until } = state;
        return { state, do: [step('expire', carrier, 'ExpireAgreement', { on: until, carrier: of, until })] };
      },
    },
    'process.step-done.v1': { react: (state) => ({ state, end: 'expired' }) },
    'process.step-refused.v1': {
      // Refused for a renewal: that has set the next deadline, or is about to.
      react: (state, { code }) => (code === 'carrier.wound-up' ? { state, end: 'wound-up' } : undefined),
    },
  },
});

const runs = (carrier: string, until: string) => ({
  state: { carrier, until },
  deadline: { name: 'agreement-ends', at: startOfDay(until) },
});
