import { Map } from 'immutable';
import type { Places } from '#libs/contexts/topology';
import { decider, notBefore, notFor, refusals, unknownRegion, type Refusal } from '#libs/eventing';
import { counting, ofHours, shortage, type Hours } from './hours.js';
import type * as commands from './sharing.commands.js';
import type { SharingEvent } from './sharing.events.js';

type Use = Extract<SharingEvent, { type: 'use.recorded.v2' }>['data'];

export interface InstrumentState extends Hours {
  readonly status: 'unknown' | 'networked';
  readonly owner: string;
  readonly since: string;
  readonly assetNumber: string | null;
  /** How often it joined under each asset number. */
  readonly joinings: Map<string, number>;
  /** The last day on which it was in the network; null while none is known. */
  readonly withdrawnOn: string | null;
  /** An instrument is metered for years: one more use must not copy all that were before. */
  readonly uses: Map<string, Use & { readonly reversed: boolean }>;
}

const refuse = refusals({
  ...ofHours,
  'instrument.exists': [
    'conflict',
    '仪器 {instrument} 已入网；另一仪器须另立标识',
    'Instrument {instrument} is in the network: another has another id',
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
    '仪器 {instrument} 已于 {withdrawnOn} 退网；退网有误的须先冲销（ReverseWithdrawal）',
    'Instrument {instrument} was withdrawn on {withdrawnOn}; a mistaken withdrawal is reversed first (ReverseWithdrawal)',
    'instrument',
  ],
  'use.exists': [
    'conflict',
    '使用记录 {use} 已登记；另一次使用须另立标识',
    'Use {use} is recorded already: another has another id',
    'use',
  ],
  'use.unknown': ['missing', '使用记录 {use} 不存在', 'Use {use} does not exist', 'use'],
  'use.reversed': [
    'conflict',
    '使用记录 {use} 已冲销，无须再办',
    'Use {use} was reversed already: nothing is left to do',
    'use',
  ],
  'instrument.used-since': [
    'conflict',
    '其后仍有使用记录：{use}（{usedOn}）；退网不能早于此日，有误须先冲销',
    'It was used after that day: {use} ({usedOn}); withdraw it from then on, or reverse the use first',
    'on',
  ],
  'instrument.asset-held': [
    'conflict',
    '资产编号 {assetNumber} 已用于仪器 {holder}；请核对编号',
    'Asset number {assetNumber} is that of instrument {holder}: check the number',
    'assetNumber',
  ],
  'instrument.used': [
    'conflict',
    '须先冲销其使用记录：{uses} 等 {count} 条',
    'Its uses are to be reversed first: {uses} …, {count} in all',
    'instrument',
  ],
  'instrument.in-network': [
    'conflict',
    '仪器 {instrument} 未退网，无须冲销',
    'Instrument {instrument} was not withdrawn: nothing to reverse',
  ],
  'use.other-region-is-external': [
    'invalid',
    '其他区域使用应记为对外共享',
    'A use by another region is external',
    'sharing',
  ],
});

/** How many of what stands in the way a refusal names. */
const NAMED = 5;

/** The rules of a networked instrument: its owner's operator records metered uses, and takes one back only by a reversal. */
export const instrument = decider<InstrumentState, SharingEvent, typeof commands, Places>({
  category: 'resource',
  refuses: refuse,
  initial: {
    status: 'unknown',
    owner: '',
    since: '',
    assetNumber: null,
    joinings: Map(),
    withdrawnOn: null,
    uses: Map(),
    units: 1,
    taken: Map(),
    long: Map(),
  },
  id: (command) => command.instrument,
  concerns: ({ data }) => ('using' in data ? [data.owner, data.using] : [data.owner]),
  decide: {
    NetworkInstrument: (command, { status }, { by, world }) => {
      const { on, instrument, name, owner, units = 1, assetNumber = null, originalValueFen, basis } = command;
      const foreign = notFor(by, owner);
      if (foreign) return foreign;
      if (status !== 'unknown') return refuse('instrument.exists', { instrument });
      if (!world.has(owner)) return unknownRegion(owner, 'owner');
      const data = { instrument, name, owner, units, assetNumber, originalValueFen, basis, since: on };
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
      if (withdrawnOn !== null && lastDay > withdrawnOn)
        return refuse('instrument.withdrawn', { instrument, withdrawnOn });
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
    'instrument.networked.v2': (s, { owner, since, units, assetNumber }) => ({
      ...s,
      assetNumber,
      joinings: assetNumber === null ? s.joinings : s.joinings.update(assetNumber, 0, (times) => times + 1),
      status: 'networked',
      owner,
      since,
      units,
      withdrawnOn: null,
    }),
    // It never joined, so it may join yet. Its uses were reversed before; their names stay spent.
    'instrument.reversed.v1': (s) => ({ ...s, status: 'unknown', assetNumber: null }),
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

/** An asset number is of one instrument only, at its owner. */
export const assetHeld = (assetNumber: string, holder: string): Refusal =>
  refuse('instrument.asset-held', { assetNumber, holder });
