import { topology } from '#libs/contexts/topology';
import { processManager, startOfDay, step, type Reaction } from '#libs/eventing';
import { carrier } from './carriers.decider.js';
import type { LegalBasis } from '#libs/fields';
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
    'carrier.notice-reversed.v1': {
      key: ({ carrier, notice }) => `${carrier}-${notice}`,
      react: (state) =>
        state?.phase === 'noticed' ? { state: { ...state, phase: 'ended' }, end: 'reversed' } : undefined,
    },
    'process.step-done.v1': { react: (state) => ({ state: { ...state, phase: 'ended' }, end: 'wound-up' }) },
    'process.step-refused.v1': { react: (state) => ({ state: { ...state, phase: 'ended' }, end: 'revoked' }) },
  },
});

interface Agreement {
  readonly carrier: string;
  /** The end that is waited for; null: it has none. */
  readonly until: string | null;
  /** The end that is being noticed, or was. */
  readonly noticed: string | null;
  /** The event that last set the end. */
  readonly fact: string;
}

/**
 * 协议到期: that an agreement of home and host which is not renewed has ended is noticed on its day. A renewal moves the day on;
 * one of before the end that is recorded only after it shows the notice to be void, and the process says so.
 */
export const agreementExpiry = processManager<Agreement, CarrierEvent>({
  name: 'agreement-expiry',
  on: {
    'carrier.filed.v2': {
      key: ({ carrier }) => `${carrier}-1`,
      react: (_, { carrier, agreementUntil }, { id }) =>
        agreementUntil === null ? undefined : runs({ carrier, until: agreementUntil, noticed: null, fact: id }),
    },
    'carrier.renewed.v1': {
      key: ({ carrier, term }) => `${carrier}-${term}`,
      react: (state, { carrier, agreementUntil }, { id, metadata }) => {
        const next = { carrier, until: agreementUntil, noticed: state?.noticed ?? null, fact: id };
        return { ...runs(next), do: voiding(next, metadata.occurredAt) };
      },
    },
    'carrier.agreement-corrected.v1': {
      key: ({ carrier, term }) => `${carrier}-${term}`,
      react: (state, { carrier, agreementUntil }, { id, metadata }) => {
        const next = { carrier, until: agreementUntil, noticed: state?.noticed ?? null, fact: id };
        return { ...runs(next), do: voiding(next, metadata.occurredAt) };
      },
    },
    'process.deadline-passed.v1': {
      react: (state) => {
        const { carrier: of } = state;
        const until = state.until!;
        return {
          state: { ...state, noticed: until },
          do: [step('expire', carrier, 'ExpireAgreement', { on: until, carrier: of, until })],
        };
      },
    },
    'process.step-done.v1': {
      react: (state, { step: name }, { metadata }) => {
        if (name === 'void') return { state: { ...state, noticed: null } };
        // A renewal that came while it was being noticed.
        if (state.until !== state.noticed) return { state, do: voiding(state, metadata.occurredAt) };
        return { state, end: 'expired' };
      },
    },
    'process.step-refused.v1': {
      react: (state, { step: name, code }) => {
        if (name === 'void') return undefined;
        if (code === 'carrier.wound-up') return { state, end: 'wound-up' };
        // Refused for a renewal: it has set the next deadline, or is about to and lets this go on, or began another term.
        return { state: { ...state, noticed: null }, ...(state.until === state.noticed ? { end: 'renewed' } : {}) };
      },
    },
  },
});

const runs = (state: Agreement): Reaction<Agreement> => ({
  state,
  deadline: state.until === null ? null : { name: 'agreement-ends', at: startOfDay(state.until) },
  end: null,
});

/** Whether the notice of an earlier end is void the carrier says, who knows the periods. */
const voiding = ({ carrier: of, noticed, fact }: Agreement, on: string) =>
  noticed === null ? [] : [step('void', carrier, 'VoidExpiry', { on, carrier: of, until: noticed, fact })];

interface Linking {
  readonly carrier: string;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly basis: LegalBasis;
  /** How often it has been opened. */
  readonly openings: number;
  /** The day by which both are to sign, and the one that was noticed, or is being, as that of its lapse. */
  readonly answerBy: string | null;
  readonly noticed: string | null;
}

type Proposal = Extract<CarrierEvent, { type: 'carrier.proposed.v2' }>['data'];

/** Of what is proposed, anew or otherwise than before. */
const waits = (
  { carrier: of, home, host, tie, answerBy, basis }: Proposal,
  { openings = 0, noticed = null }: Partial<Linking> = {},
): Reaction<Linking> => ({
  state: { carrier: of, kind: tie.link, from: home, to: host, basis, openings, answerBy, noticed },
  deadline: answerBy === null ? null : { name: 'answer', at: startOfDay(answerBy) },
  end: null,
});

/** Whether the notice of its lapse is void the carrier says, who knows who has signed. */
const voidingLapse = (state: Linking | undefined, on: string, fact: string) =>
  state?.noticed
    ? [step('void', carrier, 'VoidLapse', { on, carrier: state.carrier, until: state.noticed, fact })]
    : [];

const signs: Reacts = (state, _, { id, metadata }) =>
  state && { state, do: voidingLapse(state, metadata.occurredAt, id) };
type Reacts = (
  state: Linking | undefined,
  data: object,
  event: { readonly id: string; readonly metadata: { readonly occurredAt: string } },
) => Reaction<Linking> | undefined;

const ofCarrier = ({ carrier: of }: { carrier: string }) => of;

/** The link is known by its carrier; one that is opened again is another. */
const linkOf = ({ carrier: of, openings }: Linking) => (openings === 1 ? of : `${of}-${openings}`);

function opens(before: Linking | undefined, on: string): Reaction<Linking> | undefined {
  if (!before) return undefined;
  const state = { ...before, openings: before.openings + 1 };
  const { kind, from, to, basis } = state;
  return {
    state,
    do: [step('open', topology, 'OpenLink', { on, link: linkOf(state), kind, from, to, basis })],
    end: null,
  };
}

/**
 * 联动关系: a carrier of two regions is the link between them, from its proposal, which lapses on its day unless both have signed
 * before; it opens and ends with it. That it lapsed is a notice: a signature of before that day, known only later, has it voided.
 */
export const linking = processManager<Linking, CarrierEvent>({
  name: 'link',
  on: {
    'carrier.proposed.v2': { key: ofCarrier, react: (state, data) => waits(data, { openings: state?.openings }) },
    'carrier.revised.v1': {
      key: ofCarrier,
      react: (state, data, { id, metadata }) => ({
        ...waits(data, state),
        do: voidingLapse(state, metadata.occurredAt, id),
      }),
    },
    'carrier.signed-by-home.v1': { key: ofCarrier, react: signs },
    'carrier.signed-by-host.v1': { key: ofCarrier, react: signs },
    'carrier.opened.v1': { key: ofCarrier, react: (state, _, { metadata }) => opens(state, metadata.occurredAt) },
    // Of a carrier of one region there is no link.
    'carrier.wound-up.v2': {
      key: ofCarrier,
      react: (state, { closesOn }) =>
        state && {
          state,
          do: [step('close', topology, 'CloseLink', { on: closesOn, link: linkOf(state), basis: state.basis })],
          end: null,
        },
    },
    'carrier.winding-up-voided.v1': { key: ofCarrier, react: (state, { closesOn }) => opens(state, closesOn) },
    'process.deadline-passed.v1': {
      react: (state) => {
        const until = state.answerBy!;
        return {
          state: { ...state, noticed: until },
          do: [step('lapse', carrier, 'LapseProposal', { on: until, carrier: state.carrier, until })],
        };
      },
    },
    'process.step-done.v1': {
      react: (state, { step: name }) => {
        if (name === 'void') return { state: { ...state, noticed: null }, end: null };
        return { state, end: ENDS[name] };
      },
    },
    'process.step-refused.v1': {
      react: (state, { step: name }) => {
        if (name === 'void') return undefined;
        return name === 'lapse' ? { state: { ...state, noticed: null } } : { state, end: 'refused' };
      },
    },
  },
});

const ENDS: Readonly<Record<string, string>> = { open: 'opened', close: 'closed', lapse: 'lapsed' };
