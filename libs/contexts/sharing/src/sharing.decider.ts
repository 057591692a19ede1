import { Map } from 'immutable';
import type { Regions } from '#libs/contexts/topology';
import { decider, notBefore, notFor, refusals, unknownRegion } from '#libs/eventing';
import type * as commands from './sharing.commands.js';
import type { SharingEvent } from './sharing.events.js';

type Use = Extract<SharingEvent, { type: 'use.recorded.v1' }>['data'];

export interface InstrumentState {
  readonly status: 'unknown' | 'networked';
  readonly owner: string;
  readonly since: string;
  /** The last day on which it was in the network; null while none is known. */
  readonly withdrawnOn: string | null;
  /** An instrument is metered for years: one more use must not copy all that were before. */
  readonly uses: Map<string, Use & { readonly reversed: boolean }>;
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
  'use.other-region-is-external': [
    'invalid',
    '其他区域使用应记为对外共享',
    'A use by another region is external',
    'sharing',
  ],
});

/** The rules of a networked instrument: its owner's operator records metered uses, and takes one back only by a reversal. */
export const instrument = decider<InstrumentState, SharingEvent, typeof commands, Regions>({
  category: 'resource',
  refuses: refuse,
  initial: { status: 'unknown', owner: '', since: '', withdrawnOn: null, uses: Map() },
  id: (command) => command.instrument,
  concerns: ({ data }) => ('using' in data ? [data.owner, data.using] : [data.owner]),
  decide: {
    NetworkInstrument: ({ on, instrument, name, owner, originalValueFen, basis }, { status }, { by, world }) => {
      const foreign = notFor(by, owner);
      if (foreign) return foreign;
      if (status !== 'unknown') return refuse('instrument.exists', { instrument });
      if (!world.has(owner)) return unknownRegion(owner, 'owner');
      const data = { instrument, name, owner, originalValueFen, basis, since: on };
      return [{ type: 'instrument.networked.v1', data }];
    },

    WithdrawInstrument: ({ on, instrument, reason }, { status, owner, since, withdrawnOn, uses }, { by }) => {
      if (status === 'unknown') return refuse('instrument.unknown', { instrument });
      const barred = notFor(by, owner) ?? notBefore(on, [[since, '入网', 'its joining']]);
      if (barred) return barred;
      if (withdrawnOn !== null) return refuse('instrument.withdrawn', { instrument, withdrawnOn });
      const later = uses.find(({ reversed, usedOn }) => !reversed && usedOn > on);
      if (later) return refuse('instrument.used-since', { use: later.use, usedOn: later.usedOn });
      return [{ type: 'instrument.withdrawn.v1', data: { instrument, owner, reason } }];
    },

    RecordUse: (command, { status, owner, since, withdrawnOn, uses }, { by, world }) => {
      const { on, instrument, use, using, hours, sharing } = command;
      if (status === 'unknown') return refuse('instrument.unknown', { instrument });
      const barred = notFor(by, owner) ?? notBefore(on, [[since, '入网', 'its joining']]);
      if (barred) return barred;
      if (withdrawnOn !== null && on > withdrawnOn) return refuse('instrument.withdrawn', { instrument, withdrawnOn });
      if (uses.has(use)) return refuse('use.exists', { use });
      if (!world.has(using)) return unknownRegion(using, 'using');
      if (using !== owner && sharing === 'internal') return refuse('use.other-region-is-external');
      return [{ type: 'use.recorded.v1', data: { instrument, use, owner, using, hours, sharing, usedOn: on } }];
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
      const { reversed: _, ...recorded } = at;
      return [{ type: 'use.reversed.v1', data: { ...recorded, reason } }];
    },
  },
  evolve: {
    'instrument.networked.v1': (s, { owner, since }) => ({ ...s, status: 'networked', owner, since }),
    'instrument.withdrawn.v1': (s, _, on) => ({ ...s, withdrawnOn: on }),
    'use.recorded.v1': (s, use) => ({ ...s, uses: s.uses.set(use.use, { ...use, reversed: false }) }),
    'use.reversed.v1': (s, { use }) => ({
      ...s,
      uses: s.uses.update(use, (recorded) => ({ ...recorded!, reversed: true })),
    }),
  },
});
