import { Map } from 'immutable';
import type { Places } from '#libs/contexts/topology';
import { decider, notBefore, notFor, refusals, unknownRegion, type Refusal } from '#libs/eventing';
import { around, DAY, daysFrom, fullDay, type LongUse } from './hours.js';
import type * as commands from './sharing.commands.js';
import type { SharingEvent } from './sharing.events.js';

type Use = Extract<SharingEvent, { type: 'use.recorded.v2' }>['data'];

export interface InstrumentState {
  readonly status: 'unknown' | 'networked';
  readonly owner: string;
  readonly since: string;
  /** The last day on which it was in the network; null while none is known. */
  readonly withdrawnOn: string | null;
  /** An instrument is metered for years: one more use must not copy all that were before. */
  readonly uses: Map<string, Use & { readonly reversed: boolean }>;
  readonly units: number;
  /** What uses of one day take of each day, and the uses of several days, in hundredths of an hour. */
  readonly taken: Map<string, number>;
  readonly long: Map<string, LongUse>;
}

const refuse = refusals({
  'instrument.exists': [
    'conflict',
    '仪器 {instrument} 已入网',
    'Instrument {instrument} is in the network',
    'instrument',
  ],
  'instrument.unknown': [
    'missing',
    '仪器 {instrument} 未入网',
    'Instrument {instrument} is not in the network',
    'instrument',
  ],
  'instrument.withdrawn': [
    'conflict',
    '仪器 {instrument} 已于 {withdrawnOn} 退网',
    'Instrument {instrument} was withdrawn on {withdrawnOn}',
    'instrument',
  ],
  'use.exists': ['conflict', '使用记录 {use} 已登记', 'Use {use} is recorded already', 'use'],
  'use.unknown': ['missing', '使用记录 {use} 不存在', 'Use {use} does not exist', 'use'],
  'use.reversed': ['conflict', '使用记录 {use} 已冲销', 'Use {use} was reversed already', 'use'],
  'instrument.used-since': [
    'conflict',
    '其后仍有使用记录：{use}（{usedOn}）；退网不能早于此日，有误须先冲销',
    'It was used after that day: {use} ({usedOn}); withdraw it from then on, or reverse the use first',
    'on',
  ],
  'use.order': ['invalid', '使用末日早于首日', 'The last day is before the first', 'lastDay'],
  'use.too-long': ['invalid', '一次使用至多 {days} 日', 'One use takes at most {days} days', 'lastDay'],
  'use.hours': [
    'invalid',
    '{days} 日 {units} 台至多 {most} 小时',
    '{units} units have at most {most} hours in {days} days',
    'hours',
  ],
  'use.day-full': [
    'conflict',
    '该仪器 {day} 仅余 {free} 小时，需要 {wanted} 小时',
    'The instrument has {free} hours left on {day}, {wanted} are wanted',
    'hours',
  ],
  'use.no-hours': [
    'conflict',
    '至 {day} 的机时容纳不下已登记的各次使用与此次使用',
    'Up to {day} there are not hours enough for what is recorded and for this use',
    'hours',
  ],
  'instrument.used': [
    'conflict',
    '须先冲销其使用记录：{uses} 等 {count} 条',
    'Its uses are to be reversed first: {uses} …, {count} in all',
    'instrument',
  ],
  'instrument.in-network': ['conflict', '仪器 {instrument} 未退网', 'Instrument {instrument} was not withdrawn'],
  'use.other-region-is-external': [
    'invalid',
    '其他区域使用应记为对外共享',
    'A use by another region is external',
    'sharing',
  ],
});

/** The longest that one use may be told to take; a year. */
const MOST_DAYS = 366;
/** How many of what stands in the way a refusal names. */
const NAMED = 5;

const hundredthsOf = (hours: number): number => Math.round(hours * 100);

/** Why the instrument has not the hours, if so. A day has 24 of them for each unit, whoever uses it. */
function shortage(
  { units, taken, long }: InstrumentState,
  from: string,
  lastDay: string,
  hours: number,
): Refusal | undefined {
  if (lastDay < from) return refuse('use.order');
  const days = daysFrom(from, lastDay);
  if (days > MOST_DAYS) return refuse('use.too-long', { days: MOST_DAYS });
  const hundredths = hundredthsOf(hours);
  if (hundredths > days * units * DAY) return refuse('use.hours', { days, units, most: days * units * (DAY / 100) });
  const free = Math.max(0, units * DAY - taken.get(from, 0));
  if (days === 1 && hundredths > free)
    return refuse('use.day-full', { day: from, free: free / 100, wanted: hours });
  const near = around([...long.values()], from, lastDay);
  const day =
    days === 1
      ? fullDay(taken.set(from, taken.get(from, 0) + hundredths), near, units)
      : fullDay(taken, [...near, { from, lastDay, hundredths }], units);
  return day === undefined ? undefined : refuse('use.no-hours', { day });
}

/** The state with one more use, or with one less. */
function counting(s: InstrumentState, { use, usedOn, lastDay, hours }: Use, sign: 1 | -1): InstrumentState {
  const hundredths = hundredthsOf(hours);
  if (usedOn === lastDay) return { ...s, taken: s.taken.update(usedOn, 0, (all) => all + sign * hundredths) };
  return { ...s, long: sign > 0 ? s.long.set(use, { from: usedOn, lastDay, hundredths }) : s.long.delete(use) };
}

/** The rules of a networked instrument: its owner's operator records metered uses, and takes one back only by a reversal. */
export const instrument = decider<InstrumentState, SharingEvent, typeof commands, Places>({
  category: 'resource',
  refuses: refuse,
  initial: { status: 'unknown', owner: '', since: '', withdrawnOn: null, uses: Map(), units: 1, taken: Map(), long: Map() },
  id: (command) => command.instrument,
  concerns: ({ data }) => ('using' in data ? [data.owner, data.using] : [data.owner]),
  decide: {
    NetworkInstrument: (command, { status }, { by, world }) => {
      const { on, instrument, name, owner, units = 1, originalValueFen, basis } = command;
      const foreign = notFor(by, owner);
      if (foreign) return foreign;
      if (status !== 'unknown') return refuse('instrument.exists', { instrument });
      if (!world.has(owner)) return unknownRegion(owner, 'owner');
      const data = { instrument, name, owner, units, originalValueFen, basis, since: on };
      return [{ type: 'instrument.networked.v2', data }];
    },

    ReverseInstrument: ({ on, instrument, reason }, { status, owner, since, uses }, { by }) => {
      if (status === 'unknown') return refuse('instrument.unknown', { instrument });
      const barred = notFor(by, owner) ?? notBefore(on, [[since, '入网', 'its joining']]);
      if (barred) return barred;
      const standing = uses.filter(({ reversed }) => !reversed);
      const named = standing.keySeq().take(NAMED).join('、');
      if (standing.size > 0) return refuse('instrument.used', { uses: named, count: standing.size });
      return [{ type: 'instrument.reversed.v1', data: { instrument, owner, reason } }];
    },

    WithdrawInstrument: ({ on, instrument, reason }, { status, owner, since, withdrawnOn, uses }, { by }) => {
      if (status === 'unknown') return refuse('instrument.unknown', { instrument });
      const barred = notFor(by, owner) ?? notBefore(on, [[since, '入网', 'its joining']]);
      if (barred) return barred;
      if (withdrawnOn !== null) return refuse('instrument.withdrawn', { instrument, withdrawnOn });
      const later = uses.find(({ reversed, lastDay }) => !reversed && lastDay > on);
      if (later) return refuse('instrument.used-since', { use: later.use, usedOn: later.lastDay });
      return [{ type: 'instrument.withdrawn.v1', data: { instrument, owner, reason } }];
    },

    ReverseWithdrawal: ({ on, instrument, reason }, { status, owner, withdrawnOn }, { by }) => {
      if (status === 'unknown') return refuse('instrument.unknown', { instrument });
      const barred = notFor(by, owner) ?? notBefore(on, [[withdrawnOn, '退网', 'its withdrawal']]);
      if (barred) return barred;
      if (withdrawnOn === null) return refuse('instrument.in-network', { instrument });
      return [{ type: 'instrument.withdrawal-reversed.v1', data: { instrument, owner, reason } }];
    },

    RecordUse: (command, state, { by, world }) => {
      const { status, owner, since, withdrawnOn, uses } = state;
      const { on, instrument, use, using, hours, sharing, lastDay = on } = command;
      if (status === 'unknown') return refuse('instrument.unknown', { instrument });
      const barred = notFor(by, owner) ?? notBefore(on, [[since, '入网', 'its joining']]);
      if (barred) return barred;
      if (withdrawnOn !== null && lastDay > withdrawnOn) return refuse('instrument.withdrawn', { instrument, withdrawnOn });
      if (uses.has(use)) return refuse('use.exists', { use });
      if (!world.knows(using)) return unknownRegion(using, 'using');
      if (using !== owner && sharing === 'internal') return refuse('use.other-region-is-external');
      const short = shortage(state, on, lastDay, hours);
      if (short) return short;
      const data = { instrument, use, owner, using, hours, sharing, usedOn: on, lastDay };
      return [{ type: 'use.recorded.v2', data }];
    },

    ReverseUse: ({ on, instrument, use, reason }, { status, owner, uses }, { by }) => {
      if (status === 'unknown') return refuse('instrument.unknown', { instrument });
      const foreign = notFor(by, owner);
      if (foreign) return foreign;
      const at = uses.get(use);
      if (!at) return refuse('use.unknown', { use });
      if (at.reversed) return refuse('use.reversed', { use });
      const early = notBefore(on, [[at.usedOn, '使用', 'the use']]);
      if (early) return early;
      const { reversed: _reversed, lastDay: _lastDay, ...recorded } = at;
      return [{ type: 'use.reversed.v1', data: { ...recorded, reason } }];
    },
  },
  evolve: {
    'instrument.networked.v2': (s, { owner, since, units }) => ({
      ...s,
      status: 'networked',
      owner,
      since,
      units,
      withdrawnOn: null,
    }),
    // It never joined, so it may join yet. Its uses were reversed before; their names stay spent.
    'instrument.reversed.v1': (s) => ({ ...s, status: 'unknown' }),
    'instrument.withdrawn.v1': (s, _, on) => ({ ...s, withdrawnOn: on }),
    'instrument.withdrawal-reversed.v1': (s) => ({ ...s, withdrawnOn: null }),
    'use.recorded.v2': (s, use) => ({
      ...counting(s, use, 1),
      uses: s.uses.set(use.use, { ...use, reversed: false }),
    }),
    'use.reversed.v1': (s, { use }) => {
      const recorded = s.uses.get(use)!;
      return { ...counting(s, recorded, -1), uses: s.uses.set(use, { ...recorded, reversed: true }) };
    },
  },
});
