import type { Regions } from '#libs/contexts/topology';
import { decider, notFor, refusals, unknownRegion, type Refusal } from '#libs/eventing';
import type * as commands from './carriers.commands.js';
import type { CarrierEvent } from './carriers.events.js';

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
  readonly status: 'unknown' | 'negotiating' | 'filed' | 'open' | 'suspended';
  readonly identity: Identity | null;
  readonly signedByHome: boolean;
  readonly signedByHost: boolean;
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

/**
 * The rules of a carrier. An enclave incubator or offshore centre opens only when home and host have each signed by their
 * own authority and the province has filed it: neither side alone can. Space is never let twice.
 */
export const carrier = decider<CarrierState, CarrierEvent, typeof commands, Regions>({
  category: 'carrier',
  initial: {
    status: 'unknown',
    identity: null,
    signedByHome: false,
    signedByHost: false,
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

    FileCarrier: ({ carrier, filing }, { identity, status, signedByHome, signedByHost }) =>
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
            : [{ type: 'carrier.filed.v1', data: { ...identity, filing } }],

    OpenCarrier: ({ carrier }, { identity, status }, { by }) =>
      !identity
        ? refuse('carrier.unknown', { carrier })
        : (notFor(by, identity.home, identity.host) ??
          (status !== 'filed' ? refuse('carrier.not-filed') : [{ type: 'carrier.opened.v1', data: identity }])),

    SuspendCarrier: ({ carrier, reason }, { identity, status }) =>
      !identity
        ? refuse('carrier.unknown', { carrier })
        : status !== 'open'
          ? refuse('carrier.not-open')
          : [{ type: 'carrier.suspended.v1', data: { ...identity, reason } }],

    ResumeCarrier: ({ carrier }, { identity, status }) =>
      !identity
        ? refuse('carrier.unknown', { carrier })
        : status !== 'suspended'
          ? refuse('carrier.not-suspended')
          : [{ type: 'carrier.resumed.v1', data: identity }],

    AddSpaceUnit: ({ carrier, unit, areaSquareMetres, desks, from }, { identity, status, units }, { by }) =>
      !identity
        ? refuse('carrier.unknown', { carrier })
        : (notFor(by, identity.home, identity.host) ??
          (status !== 'open'
            ? refuse('carrier.not-open')
            : units[unit]
              ? refuse('unit.exists', { unit })
              : areaSquareMetres === 0 && desks === 0
                ? refuse('unit.empty')
                : [
                    { type: 'space.added.v1', data: { ...identity, unit, areaSquareMetres, desks, from, until: null } },
                  ])),

    WithdrawSpaceUnit: ({ carrier, unit, until }, { identity, units, allocations }, { by }) => {
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home, identity.host);
      if (foreign) return foreign;
      const at = units[unit];
      if (!at) return refuse('unit.unknown', { unit });
      if (until <= at.from || until > end(at)) return refuse('period.order');
      const tenant = Object.entries(allocations).find(([, a]) => a.unit === unit && end(a) > until);
      if (tenant) return refuse('unit.occupied', { allocation: tenant[0] });
      const { areaSquareMetres, desks, from } = at;
      return [{ type: 'space.withdrawn.v1', data: { ...identity, unit, areaSquareMetres, desks, from, until } }];
    },

    AllocateSpace: (command, { identity, status, units, allocations }, { by }) => {
      const { carrier, allocation, unit, uscc, firm, areaSquareMetres, desks, from, until = null } = command;
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home);
      if (foreign) return foreign;
      if (status !== 'open') return refuse('carrier.not-open');
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
    'carrier.registered.v1': (s, data) => ({ ...s, status: 'open', identity: identityOf(data) }),
    'carrier.proposed.v1': (s, data) => ({ ...s, status: 'negotiating', identity: identityOf(data) }),
    'carrier.signed-by-home.v1': (s) => ({ ...s, signedByHome: true }),
    'carrier.signed-by-host.v1': (s) => ({ ...s, signedByHost: true }),
    'carrier.filed.v1': (s) => ({ ...s, status: 'filed' }),
    'carrier.opened.v1': (s) => ({ ...s, status: 'open' }),
    'carrier.suspended.v1': (s) => ({ ...s, status: 'suspended' }),
    'carrier.resumed.v1': (s) => ({ ...s, status: 'open' }),
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
