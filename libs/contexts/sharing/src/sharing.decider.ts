import { Map } from 'immutable';
import type { Regions } from '#libs/contexts/topology';
import { decider, notFor, refusals, unknownRegion } from '#libs/eventing';
import type * as commands from './sharing.commands.js';
import type { SharingEvent } from './sharing.events.js';

type Use = Extract<SharingEvent, { type: 'use.recorded.v1' }>['data'];

export interface InstrumentState {
  readonly status: 'unknown' | 'networked' | 'withdrawn';
  readonly owner: string;
  readonly since: string;
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
    '仪器 {instrument} 已退网',
    'Instrument {instrument} was withdrawn',
    'instrument',
  ],
  'use.exists': ['conflict', '使用记录 {use} 已登记', 'Use {use} is recorded already', 'use'],
  'use.unknown': ['missing', '使用记录 {use} 不存在', 'Use {use} does not exist', 'use'],
  'use.reversed': ['conflict', '使用记录 {use} 已冲销', 'Use {use} was reversed already', 'use'],
  'use.before-network': [
    'invalid',
    '使用日期早于入网日期 {since}',
    'The use is before the instrument joined on {since}',
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
  initial: { status: 'unknown', owner: '', since: '', uses: Map() },
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

    WithdrawInstrument: ({ instrument, reason }, { status, owner }, { by }) => {
      if (status === 'unknown') return refuse('instrument.unknown', { instrument });
      const foreign = notFor(by, owner);
      if (foreign) return foreign;
      if (status === 'withdrawn') return refuse('instrument.withdrawn', { instrument });
      return [{ type: 'instrument.withdrawn.v1', data: { instrument, owner, reason } }];
    },

    RecordUse: ({ on, instrument, use, using, hours, sharing }, { status, owner, since, uses }, { by, world }) => {
      if (status === 'unknown') return refuse('instrument.unknown', { instrument });
      const foreign = notFor(by, owner);
      if (foreign) return foreign;
      if (status === 'withdrawn') return refuse('instrument.withdrawn', { instrument });
      if (uses.has(use)) return refuse('use.exists', { use });
      if (!world.has(using)) return unknownRegion(using, 'using');
      if (on < since) return refuse('use.before-network', { since });
      if (using !== owner && sharing === 'internal') return refuse('use.other-region-is-external');
      return [{ type: 'use.recorded.v1', data: { instrument, use, owner, using, hours, sharing, usedOn: on } }];
    },

    ReverseUse: ({ instrument, use, reason }, { status, owner, uses }, { by }) => {
      if (status === 'unknown') return refuse('instrument.unknown', { instrument });
      const foreign = notFor(by, owner);
      if (foreign) return foreign;
      const at = uses.get(use);
      if (!at) return refuse('use.unknown', { use });
      if (at.reversed) return refuse('use.reversed', { use });
      const { reversed: _, ...recorded } = at;
      return [{ type: 'use.reversed.v1', data: { ...recorded, reason } }];
    },
  },
  evolve: {
    'instrument.networked.v1': (s, { owner, since }) => ({ ...s, status: 'networked', owner, since }),
    'instrument.withdrawn.v1': (s) => ({ ...s, status: 'withdrawn' }),
    'use.recorded.v1': (s, use) => ({ ...s, uses: s.uses.set(use.use, { ...use, reversed: false }) }),
    'use.reversed.v1': (s, { use }) => ({
      ...s,
      uses: s.uses.update(use, (recorded) => ({ ...recorded!, reversed: true })),
    }),
  },
});
