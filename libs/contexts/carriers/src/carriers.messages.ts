import {
  allocations,
  carriers,
  change,
  changeEach,
  put,
  units,
  type CarrierStatus,
  type MessagesOf,
} from '#libs/messages';
import type { CarrierEvent } from './carriers.events.js';

type Data<T extends CarrierEvent['type']> = Extract<CarrierEvent, { type: T }>['data'];

/** What there is to say of a carrier only later. */
const NOTHING = {
  answerBy: null,
  signedByHomeOn: null,
  signedByHostOn: null,
  endedFor: null,
  filing: null,
  filedOn: null,
  openedOn: null,
  agreementUntil: null,
  suspendedFor: null,
  closesOn: null,
} as const;

/** A carrier that is registered or proposed: nothing counts of what came before, but that it was planned. */
const begun = (status: CarrierStatus) =>
  put(carriers, (data: Data<'carrier.registered.v1'> | Data<'carrier.proposed.v2'>, before, since) => {
    const { carrier, name, kind, home, host, basis } = data;
    return {
      ...NOTHING,
      carrier,
      name,
      kind,
      home,
      host,
      basis,
      status,
      since,
      plannedOn: before?.plannedOn ?? null,
      answerBy: 'answerBy' in data ? data.answerBy : null,
      openedOn: status === 'open' ? since : null,
    };
  });

/** One that nobody has proposed yet. */
const planned = put(carriers, ({ stage, ...plan }: Data<'carrier.planned.v1'>, before, on) => ({
  ...NOTHING,
  ...plan,
  status: stage,
  since: on,
  plannedOn: before?.plannedOn ?? on,
}));

/** What is recorded late of a proposal says nothing of the days on which it had ended already, or come to more. */
const ifWaiting = (before: string, status: CarrierStatus) =>
  before === 'proposed' || before === 'negotiating' ? status : before;

/** A suspension that is recorded late says nothing of a carrier that has been given notice since. */
const unlessClosing = (before: string, status: CarrierStatus) =>
  before === 'winding-up' || before === 'wound-up' ? before : status;

const unit = put(units, (data: Data<'space.added.v1'>, before) => {
  const { carrier, name, kind, home, host, unit: id, areaSquareMetres, desks, from, until } = data;
  const suspended = before?.suspended ?? [];
  return { carrier, name, kind, home, host, unit: id, areaSquareMetres, desks, from, until, suspended };
});

const allocation = put(allocations, (data: Data<'space.allocated.v1'>, before) => {
  const { carrier, name, kind, home, host, allocation: id, uscc, firm, unit: of, areaSquareMetres, desks } = data;
  const { from, until } = data;
  return {
    carrier,
    name,
    kind,
    home,
    host,
    allocation: id,
    uscc,
    firm,
    unit: of,
    areaSquareMetres,
    desks,
    from,
    until,
    suspended: before?.suspended ?? [],
  };
});

type Suspended = Data<'space.suspended.v1'>;
const days = ({ suspended }: Suspended) => ({ suspended: [...suspended] });

/** What home and host are told of a carrier, of its space, and of the space that is let. */
export const carriersMessages: MessagesOf<CarrierEvent> = {
  'carrier.registered.v1': begun('open'),
  'carrier.planned.v1': planned,
  'carrier.plan-reversed.v1': change(carriers, ({ reason }) => {
    return { status: 'withdrawn', plannedOn: null, endedFor: reason };
  }),
  'carrier.proposed.v2': begun('proposed'),
  'carrier.revised.v1': put(carriers, ({ name, kind, home, host, answerBy, basis }, before) => {
    const revised = { name, kind, home, host, answerBy, basis, signedByHomeOn: null, signedByHostOn: null };
    return before && { ...before, ...revised, status: ifWaiting(before.status, 'proposed') };
  }),
  'carrier.declined.v1': change(carriers, ({ reason }) => ({ status: 'declined', endedFor: reason })),
  'carrier.withdrawn.v1': change(carriers, ({ reason }) => ({ status: 'withdrawn', endedFor: reason })),
  'carrier.proposal-lapsed.v1': change(carriers, () => ({ status: 'lapsed' })),
  'carrier.lapse-voided.v1': change(carriers, ({ status }) => ({ status })),
  'carrier.signed-by-home.v1': put(carriers, (_, before, on) => {
    return before && { ...before, status: ifWaiting(before.status, 'negotiating'), signedByHomeOn: on };
  }),
  'carrier.signed-by-host.v1': put(carriers, (_, before, on) => {
    return before && { ...before, status: ifWaiting(before.status, 'negotiating'), signedByHostOn: on };
  }),
  'carrier.filed.v2': change(carriers, ({ filing, agreementUntil }, filedOn) => {
    return { status: 'filed', filing, agreementUntil, filedOn };
  }),
  'carrier.opened.v1': change(carriers, (_, openedOn) => ({ status: 'open', openedOn })),
  'carrier.suspended.v1': put(carriers, ({ reason }, before) => {
    return before && { ...before, status: unlessClosing(before.status, 'suspended'), suspendedFor: reason };
  }),
  'carrier.resumed.v1': put(carriers, (_, before) => {
    return before && { ...before, status: unlessClosing(before.status, 'open'), suspendedFor: null };
  }),
  'carrier.renewed.v1': change(carriers, ({ status, agreementUntil }) => ({ status, agreementUntil })),
  'carrier.agreement-corrected.v1': change(carriers, ({ status, agreementUntil }) => ({ status, agreementUntil })),
  'carrier.agreement-expired.v1': change(carriers, ({ status }) => ({ status })),
  'carrier.expiry-voided.v1': change(carriers, ({ status }) => ({ status })),
  'carrier.winding-up.v1': change(carriers, ({ closesOn }) => ({ status: 'winding-up', closesOn })),
  'carrier.notice-revoked.v1': change(carriers, ({ status }) => ({ status, closesOn: null })),
  'carrier.notice-reversed.v1': change(carriers, ({ status }) => ({ status, closesOn: null })),
  'carrier.winding-up-voided.v1': change(carriers, ({ status }) => ({ status, closesOn: null })),
  'carrier.wound-up.v2': change(carriers, ({ closesOn }) => ({ status: 'wound-up', closesOn })),
  'space.added.v1': unit,
  // What never was ends as it begins.
  'space.addition-reversed.v1': change(units, ({ from }) => ({ until: from })),
  'space.withdrawn.v1': unit,
  'space.withdrawal-reversed.v1': unit,
  'space.allocated.v1': allocation,
  'space.allocation-reversed.v1': change(allocations, ({ from }) => ({ until: from })),
  'space.released.v1': allocation,
  'space.release-reversed.v1': allocation,
  'space.suspended.v1': [
    changeEach(units, (data: Suspended) => data.units.map((unit) => [data.carrier, unit]), days),
    changeEach(allocations, (data: Suspended) => data.allocations.map((one) => [data.carrier, one]), days),
  ],
};
