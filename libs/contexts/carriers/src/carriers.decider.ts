import type { Regions } from '#libs/contexts/topology';
import type { CarrierStatus } from '#libs/contracts';
import { decider, notFor, refusals, unknownRegion, type Refusal } from '#libs/eventing';
import type * as commands from './carriers.commands.js';
import type { CarrierEvent } from './carriers.events.js';
import type * as steps from './carriers.steps.js';

/** Space over a period; `until` is exclusive, null while it is open-ended. */
interface Period {
  readonly from: string;
  readonly until: string | null;
}
interface Unit extends Period {
  readonly areaSquareMetres: number;
  readonly desks: number;
}
interface Allocation extends Unit {
  readonly unit: string;
  readonly uscc: string;
  readonly firm: string;
}
type Of<T> = Readonly<Record<string, T>>;
type Identity = Extract<CarrierEvent, { type: 'carrier.opened.v1' }>['data'];

export interface CarrierState {
  /** How far it has come; where an opened carrier stands today is `standing`. */
  readonly status: 'unknown' | 'negotiating' | 'filed' | 'opened' | 'wound-up';
  readonly suspended: boolean;
  readonly identity: Identity | null;
  readonly signedByHome: boolean;
  readonly signedByHost: boolean;
  /** The day, exclusive, on which the agreement of home and host ends; null while none is known. */
  readonly agreementUntil: string | null;
  readonly expired: boolean;
  readonly term: number;
  readonly closesOn: string | null;
  /** How many notices there have been. */
  readonly notices: number;
  readonly units: Of<Unit>;
  readonly allocations: Of<Allocation>;
}

const refuse = refusals({
  'carrier.exists': ['conflict', '载体 {carrier} 已登记', 'Carrier {carrier} is already registered', 'carrier'],
  'carrier.unknown': ['missing', '载体 {carrier} 未登记', 'Carrier {carrier} is not registered', 'carrier'],
  'carrier.bilateral': [
    'invalid',
    '{kind}须由飞出地与飞入地双方登记',
    'A {kind} is registered by home and host together',
    'kind',
  ],
  'carrier.two-regions': ['invalid', '飞出地与飞入地须为两个区域', 'Home and host must be two regions', 'host'],
  'carrier.host-in-hub': ['invalid', '飞入地须是总窗口或在其内', 'The host must be the hub or lie inside it', 'host'],
  'carrier.signed': ['conflict', '该方已签署', 'That side has signed already'],
  'carrier.not-negotiating': ['conflict', '已备案，不能再签署', 'It is filed: nothing is left to sign'],
  'carrier.not-signed': [
    'conflict',
    '须飞出地与飞入地均已签署方可备案；尚缺：{missing}',
    'Both sides must have signed before it is filed; missing: {missing}',
  ],
  'carrier.filed': ['conflict', '已备案', 'It is filed already'],
  'carrier.not-filed': ['conflict', '须先由省级备案方可开园', 'The province must file it before it opens'],
  'carrier.not-open': ['conflict', '载体未开园或已暂停', 'The carrier is not open'],
  'carrier.not-suspended': ['conflict', '载体未暂停', 'The carrier is not suspended'],
  'carrier.no-agreement': ['conflict', '须先由省级备案双方协议', 'There is no agreement on file'],
  'carrier.expired': [
    'conflict',
    '双方协议已于 {until} 到期，须先续签',
    'The agreement ended on {until}: renew it first',
  ],
  'carrier.renewed': ['conflict', '双方协议已续签', 'The agreement has been renewed'],
  'carrier.winding-up': [
    'conflict',
    '载体已通知清退，{closesOn} 关闭',
    'The carrier has been given notice and closes on {closesOn}',
  ],
  'carrier.wound-up': ['conflict', '载体已关闭', 'The carrier has been wound up'],
  'carrier.no-notice': ['conflict', '没有有效的清退通知', 'There is no notice in force'],
  'carrier.closing': [
    'conflict',
    '关闭日 {closesOn} 已到，不能撤回',
    'It closes on {closesOn}: too late to revoke the notice',
  ],
  'unit.exists': ['conflict', '空间单元 {unit} 已存在', 'Space unit {unit} exists', 'unit'],
  'unit.unknown': ['missing', '空间单元 {unit} 不存在', 'Space unit {unit} does not exist', 'unit'],
  'unit.empty': ['invalid', '面积与工位不能都为零', 'Area and desks cannot both be zero', 'areaSquareMetres'],
  'unit.occupied': [
    'conflict',
    '该日及以后仍有入驻：{allocation}',
    'It is still let on or after that day: {allocation}',
    'until',
  ],
  'period.order': ['invalid', '终止日须晚于起始日', 'The end must be after the start', 'until'],
  'allocation.exists': ['conflict', '入驻 {allocation} 已存在', 'Allocation {allocation} exists', 'allocation'],
  'allocation.unknown': ['missing', '入驻 {allocation} 不存在', 'Allocation {allocation} does not exist', 'allocation'],
  'allocation.released': [
    'conflict',
    '该入驻已于 {until} 终止，不能延后',
    'It ended on {until} and cannot be prolonged',
    'until',
  ],
  'space.outside-period': [
    'conflict',
    '空间单元在该期间不可用（{from} 起）',
    'The unit is not available throughout that period (from {from})',
    'from',
  ],
  'space.no-desks': [
    'conflict',
    '工位不足：{day} 仅余 {free} 个，需要 {wanted} 个',
    'Not enough desks: {free} free on {day}, {wanted} wanted',
    'desks',
  ],
  'space.no-area': [
    'conflict',
    '面积不足：{day} 仅余 {free} 平方米，需要 {wanted} 平方米',
    'Not enough area: {free} m² free on {day}, {wanted} m² wanted',
    'areaSquareMetres',
  ],
});

const FOREVER = '9999-12-31';
const end = ({ until }: Period) => until ?? FOREVER;
const covers = (period: Period, day: string) => period.from <= day && day < end(period);
/** Whether it goes on, or begins, on that day or later; what ends as it begins is nothing. */
const isLeft = (period: Period, day: string) => end(period) > day && period.from < end(period);
const later = (a: string, b: string) => (a > b ? a : b);
const overlap = (a: Period, b: Period) => a.from < end(b) && b.from < end(a);

/**
 * Whether the wanted space is free throughout its period. The load of a unit changes only where a period begins, so the
 * fullest day is the first day wanted or the first day of an allocation within it. Areas are compared in hundredths of a
 * square metre, as integers.
 */
function shortage(unit: Unit, others: readonly Unit[], wanted: Unit): Refusal | undefined {
  const rivals = others.filter((other) => overlap(other, wanted));
  for (const day of [wanted.from, ...rivals.map((r) => r.from).filter((from) => covers(wanted, from))].sort()) {
    const there = rivals.filter((rival) => covers(rival, day));
    const desks = unit.desks - there.reduce((sum, a) => sum + a.desks, 0);
    if (wanted.desks > desks) return refuse('space.no-desks', { day, free: desks, wanted: wanted.desks });
    const hundredths = (area: number) => Math.round(area * 100);
    const area = hundredths(unit.areaSquareMetres) - there.reduce((sum, a) => sum + hundredths(a.areaSquareMetres), 0);
    if (hundredths(wanted.areaSquareMetres) > area) {
      return refuse('space.no-area', { day, free: area / 100, wanted: wanted.areaSquareMetres });
    }
  }
  return undefined;
}

/** Where the carrier stands, as everyone is told: of several reasons not to let space, the one that lasts longest. */
function standing({ status, closesOn, suspended, expired }: CarrierState): CarrierStatus | 'unknown' {
  if (status !== 'opened') return status;
  return closesOn !== null ? 'winding-up' : suspended ? 'suspended' : expired ? 'expired' : 'open';
}

/** Where a carrier stands that is registered. */
const known = (state: CarrierState) => standing(state) as CarrierStatus;

/** Why nothing can be let or offered, if so. */
function closed(state: CarrierState): Refusal | undefined {
  const { closesOn, agreementUntil } = state;
  switch (standing(state)) {
    case 'open':
      return undefined;
    case 'winding-up':
      return refuse('carrier.winding-up', { closesOn: closesOn! });
    case 'wound-up':
      return refuse('carrier.wound-up');
    case 'expired':
      return refuse('carrier.expired', { until: agreementUntil! });
    default:
      return refuse('carrier.not-open');
  }
}

/**
 * The rules of a carrier. An enclave incubator or offshore centre opens only when home and host have each signed by their
 * own authority and the province has filed it: neither side alone can. Space is never let twice.
 */
export const carrier = decider<CarrierState, CarrierEvent, typeof commands & typeof steps, Regions>({
  category: 'carrier',
  initial: {
    status: 'unknown',
    identity: null,
    signedByHome: false,
    signedByHost: false,
    suspended: false,
    agreementUntil: null,
    expired: false,
    term: 0,
    closesOn: null,
    notices: 0,
    units: {},
    allocations: {},
  },
  id: (command) => command.carrier,
  concerns: ({ data }) => [data.home, data.host],
  decide: {
    RegisterCarrier: ({ carrier, name, kind, region, basis }, { identity }, { by, world }) =>
      notFor(by, region) ??
      (identity
        ? refuse('carrier.exists', { carrier })
        : kind === '飞地孵化器' || kind === '离岸研发中心'
          ? refuse('carrier.bilateral', { kind })
          : !world.has(region)
            ? unknownRegion(region, 'region')
            : [{ type: 'carrier.registered.v1', data: { carrier, name, kind, home: region, host: region, basis } }]),

    ProposeCarrier: ({ carrier, name, kind, home, host, basis }, { identity }, { by, world }) =>
      notFor(by, home) ??
      (identity
        ? refuse('carrier.exists', { carrier })
        : home === host
          ? refuse('carrier.two-regions')
          : !world.has(home)
            ? unknownRegion(home, 'home')
            : !world.has(host)
              ? unknownRegion(host, 'host')
              : !world.inHub(host) || world.inHub(home)
                ? refuse('carrier.host-in-hub')
                : [{ type: 'carrier.proposed.v1', data: { carrier, name, kind, home, host, basis } }]),

    SignAsHome: ({ carrier }, { identity, status, signedByHome }, { by }) =>
      !identity
        ? refuse('carrier.unknown', { carrier })
        : (notFor(by, identity.home) ??
          (status !== 'negotiating'
            ? refuse('carrier.not-negotiating')
            : signedByHome
              ? refuse('carrier.signed')
              : [{ type: 'carrier.signed-by-home.v1', data: identity }])),

    SignAsHost: ({ carrier }, { identity, status, signedByHost }, { by }) =>
      !identity
        ? refuse('carrier.unknown', { carrier })
        : (notFor(by, identity.host) ??
          (status !== 'negotiating'
            ? refuse('carrier.not-negotiating')
            : signedByHost
              ? refuse('carrier.signed')
              : [{ type: 'carrier.signed-by-host.v1', data: identity }])),

    FileCarrier: ({ on, carrier, filing, agreementUntil = null }, { identity, status, signedByHome, signedByHost }) =>
      !identity
        ? refuse('carrier.unknown', { carrier })
        : status !== 'negotiating'
          ? refuse('carrier.filed')
          : !signedByHome || !signedByHost
            ? refuse('carrier.not-signed', {
                missing: [...(signedByHome ? [] : ['飞出地 home']), ...(signedByHost ? [] : ['飞入地 host'])].join(
                  '、',
                ),
              })
            : agreementUntil !== null && agreementUntil <= on
              ? { ...refuse('period.order'), field: 'agreementUntil' }
              : [{ type: 'carrier.filed.v2', data: { ...identity, filing, agreementUntil } }],

    OpenCarrier: ({ carrier }, { identity, status, expired, agreementUntil }, { by }) =>
      !identity
        ? refuse('carrier.unknown', { carrier })
        : (notFor(by, identity.home, identity.host) ??
          (status !== 'filed'
            ? refuse('carrier.not-filed')
            : expired
              ? refuse('carrier.expired', { until: agreementUntil! })
              : [{ type: 'carrier.opened.v1', data: identity }])),

    SuspendCarrier: ({ carrier, reason }, state) =>
      !state.identity
        ? refuse('carrier.unknown', { carrier })
        : (closed(state) ?? [{ type: 'carrier.suspended.v1', data: { ...state.identity, reason } }]),

    ResumeCarrier: ({ carrier }, state) => {
      const { identity, expired, agreementUntil } = state;
      if (!identity) return refuse('carrier.unknown', { carrier });
      if (standing(state) !== 'suspended') return refuse('carrier.not-suspended');
      if (expired) return refuse('carrier.expired', { until: agreementUntil! });
      return [{ type: 'carrier.resumed.v1', data: identity }];
    },

    RenewAgreement: ({ on, carrier, until }, state) => {
      const { identity, agreementUntil, closesOn, expired, term, status } = state;
      if (!identity) return refuse('carrier.unknown', { carrier });
      if (status === 'wound-up') return refuse('carrier.wound-up');
      if (closesOn !== null) return refuse('carrier.winding-up', { closesOn });
      if (term === 0) return refuse('carrier.no-agreement');
      if (until <= on || until <= (agreementUntil ?? on)) return refuse('period.order');
      const renewed = { ...state, expired: false };
      const data = { ...identity, term: expired ? term + 1 : term, agreementUntil: until, status: known(renewed) };
      return [{ type: 'carrier.renewed.v1', data }];
    },

    ExpireAgreement: ({ carrier, until }, state) => {
      const { identity, agreementUntil, expired, term, status } = state;
      if (!identity) return refuse('carrier.unknown', { carrier });
      if (status === 'wound-up') return refuse('carrier.wound-up');
      if (agreementUntil !== until || expired) return refuse('carrier.renewed');
      const data = { ...identity, term, agreementUntil: until, status: known({ ...state, expired: true }) };
      return [{ type: 'carrier.agreement-expired.v1', data }];
    },

    GiveNotice: ({ on, carrier, closesOn }, { identity, status, notices, allocations, ...state }, { by }) => {
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home, identity.host);
      if (foreign) return foreign;
      if (status !== 'opened') return refuse(status === 'wound-up' ? 'carrier.wound-up' : 'carrier.not-open');
      if (state.closesOn !== null) return refuse('carrier.winding-up', { closesOn: state.closesOn });
      if (closesOn <= on) return { ...refuse('period.order'), field: 'closesOn' };
      const open = Object.keys(allocations).filter((id) => isLeft(allocations[id]!, closesOn));
      return [
        {
          type: 'carrier.winding-up.v1',
          data: { ...identity, notice: notices + 1, closesOn, allocations: open.sort() },
        },
      ];
    },

    RevokeNotice: ({ on, carrier }, state, { by }) => {
      const { identity, closesOn, notices } = state;
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home, identity.host);
      if (foreign) return foreign;
      if (closesOn === null) return refuse('carrier.no-notice');
      if (on >= closesOn) return refuse('carrier.closing', { closesOn });
      const status = known({ ...state, closesOn: null });
      return [{ type: 'carrier.notice-revoked.v1', data: { ...identity, notice: notices, closesOn, status } }];
    },

    // One append: whether a notice that is being revoked, or a release, came before it or not, nothing is ever half closed.
    WindUpCarrier: ({ carrier, notice }, { identity, closesOn, notices, units, allocations }) => {
      if (!identity) return refuse('carrier.unknown', { carrier });
      if (closesOn === null || notice !== notices) return refuse('carrier.no-notice');
      // What was to begin only later never was: it ends as it begins.
      const ended = <T extends Period>(period: T) => ({ ...period, until: later(period.from, closesOn) });
      return [
        ...Object.entries(allocations)
          .filter(([, a]) => isLeft(a, closesOn))
          .map(([allocation, a]) => ({
            type: 'space.released.v1' as const,
            data: { ...identity, allocation, ...ended(a) },
          })),
        ...Object.entries(units)
          .filter(([, u]) => isLeft(u, closesOn))
          .map(([unit, u]) => ({ type: 'space.withdrawn.v1' as const, data: { ...identity, unit, ...ended(u) } })),
        { type: 'carrier.wound-up.v1', data: { ...identity, notice, closesOn } },
      ];
    },

    AddSpaceUnit: ({ carrier, unit, areaSquareMetres, desks, from }, state, { by }) =>
      !state.identity
        ? refuse('carrier.unknown', { carrier })
        : (notFor(by, state.identity.home, state.identity.host) ??
          closed(state) ??
          (state.units[unit]
            ? refuse('unit.exists', { unit })
            : areaSquareMetres === 0 && desks === 0
              ? refuse('unit.empty')
              : [
                  {
                    type: 'space.added.v1',
                    data: { ...state.identity, unit, areaSquareMetres, desks, from, until: null },
                  },
                ])),

    WithdrawSpaceUnit: ({ carrier, unit, until }, { identity, units, allocations }, { by }) => {
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home, identity.host);
      if (foreign) return foreign;
      const at = units[unit];
      if (!at) return refuse('unit.unknown', { unit });
      if (until <= at.from || until > end(at)) return refuse('period.order');
      const tenant = Object.entries(allocations).find(([, a]) => a.unit === unit && isLeft(a, until));
      if (tenant) return refuse('unit.occupied', { allocation: tenant[0] });
      const { areaSquareMetres, desks, from } = at;
      return [{ type: 'space.withdrawn.v1', data: { ...identity, unit, areaSquareMetres, desks, from, until } }];
    },

    AllocateSpace: (command, state, { by }) => {
      const { identity, units, allocations } = state;
      const { carrier, allocation, unit, uscc, firm, areaSquareMetres, desks, from, until = null } = command;
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home);
      if (foreign) return foreign;
      const shut = closed(state);
      if (shut) return shut;
      if (allocations[allocation]) return refuse('allocation.exists', { allocation });
      const at = units[unit];
      if (!at) return refuse('unit.unknown', { unit });
      if (until !== null && until <= from) return refuse('period.order');
      if (areaSquareMetres === 0 && desks === 0) return refuse('unit.empty');
      const wanted = { unit, areaSquareMetres, desks, from, until };
      if (from < at.from || end(wanted) > end(at)) return refuse('space.outside-period', { from: at.from });
      const others = Object.values(allocations).filter((a) => a.unit === unit);
      return (
        shortage(at, others, wanted) ?? [
          { type: 'space.allocated.v1', data: { ...identity, allocation, uscc, firm, ...wanted } },
        ]
      );
    },

    ReleaseSpace: ({ carrier, allocation, until }, { identity, allocations }, { by }) => {
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home);
      if (foreign) return foreign;
      const at = allocations[allocation];
      if (!at) return refuse('allocation.unknown', { allocation });
      if (until < at.from) return refuse('period.order');
      if (until > end(at)) return refuse('allocation.released', { until: end(at) });
      if (until === at.until) return [];
      return [{ type: 'space.released.v1', data: { ...identity, ...at, allocation, until } }];
    },
  },
  evolve: {
    'carrier.registered.v1': (s, data) => ({ ...s, status: 'opened', identity: identityOf(data) }),
    'carrier.proposed.v1': (s, data) => ({ ...s, status: 'negotiating', identity: identityOf(data) }),
    'carrier.signed-by-home.v1': (s) => ({ ...s, signedByHome: true }),
    'carrier.signed-by-host.v1': (s) => ({ ...s, signedByHost: true }),
    'carrier.filed.v2': (s, { agreementUntil }) => ({ ...s, status: 'filed', agreementUntil, term: 1 }),
    'carrier.opened.v1': (s) => ({ ...s, status: 'opened' }),
    'carrier.suspended.v1': (s) => ({ ...s, suspended: true }),
    'carrier.resumed.v1': (s) => ({ ...s, suspended: false }),
    'carrier.renewed.v1': (s, { term, agreementUntil }) => ({ ...s, term, agreementUntil, expired: false }),
    'carrier.agreement-expired.v1': (s) => ({ ...s, expired: true }),
    'carrier.winding-up.v1': (s, { notice, closesOn }) => ({ ...s, notices: notice, closesOn }),
    'carrier.notice-revoked.v1': (s) => ({ ...s, closesOn: null }),
    'carrier.wound-up.v1': (s) => ({ ...s, status: 'wound-up', closesOn: null }),
    'space.added.v1': withUnit,
    'space.withdrawn.v1': withUnit,
    'space.allocated.v1': withAllocation,
    'space.released.v1': withAllocation,
  },
});

function identityOf({ carrier, name, kind, home, host }: Identity): Identity {
  return { carrier, name, kind, home, host };
}

function withUnit(s: CarrierState, data: Unit & { unit: string }): CarrierState {
  const { unit, areaSquareMetres, desks, from, until } = data;
  return { ...s, units: { ...s.units, [unit]: { areaSquareMetres, desks, from, until } } };
}

function withAllocation(s: CarrierState, data: Allocation & { allocation: string }): CarrierState {
  const { allocation, unit, uscc, firm, areaSquareMetres, desks, from, until } = data;
  const entry = { unit, uscc, firm, areaSquareMetres, desks, from, until };
  return { ...s, allocations: { ...s.allocations, [allocation]: entry } };
}
