import { basis, day, fen, hundredths, nullable, oneOf, region, slug, text, whole } from './field.js';
import { entriesOf, figure } from './figure.js';
import { list } from './list.js';
import { called } from './notes.js';
import { dayAfter } from './period.js';
import type { Texts } from './said.js';

export const instrumentStatuses = {
  networked: ['在网', 'In the network'],
  withdrawn: ['已退网', 'Withdrawn'],
  reversed: ['入网已冲销', 'Joining reversed'],
} as const satisfies Texts;

export const useStatuses = {
  recorded: ['已登记', 'Recorded'],
  reversed: ['已冲销', 'Reversed'],
} as const satisfies Texts;

/** By its owner, or shared with others. */
export const sharingKinds = {
  internal: ['内部', 'Internal'],
  external: ['对外', 'Shared with others'],
} as const satisfies Texts;

export const instruments = list({
  name: 'instruments',
  zh: '入网仪器',
  en: 'An instrument of the network',
  heading: ['入网仪器', 'Instruments of the network'],
  type: 'cn.liandong.instrument.changed.v2',
  key: ['instrument'],
  visibleTo: ['owner'],
  filter: ['owner', 'status'],
  sort: ['name', 'since', 'originalValueFen'],
  search: ['name'],
  row: {
    instrument: slug('仪器', 'Instrument', 'xianyang-sem-01'),
    name: called('Name', text(100, '名称', 'Name', '扫描电子显微镜')),
    owner: called('Owning region', region('所属区域', 'The region that owns it')),
    units: called('Units', whole('台数', 'How many of its kind are networked as one', 1)),
    assetNumber: nullable(called('Asset number', text(60, '资产编号', "Its owner's number for it", 'ZC-2023-0001'))),
    originalValueFen: called(['原值', 'Original value'], fen('原值，分', 'Original value in fen', 120_000_000)),
    status: called('Status', oneOf(instrumentStatuses, '状态', 'Status')),
    since: called('Since', day('入网日', 'The day on which it joined the network')),
    withdrawnOn: nullable(called('Withdrawn on', day('退网日', 'The day on which it left the network'))),
    reason: nullable(called('Reason', text(200, '退网或冲销的原因', 'Why it left, or why its joining was reversed'))),
    basis: basis(),
  },
  example: {
    instrument: 'xianyang-sem-01',
    name: '扫描电子显微镜',
    owner: 'xianyang',
    units: 1,
    assetNumber: 'ZC-2023-0001',
    originalValueFen: 120_000_000,
    status: 'networked',
    since: '2023-02-09',
    withdrawnOn: null,
    reason: null,
    basis: { document: '秦创原创新驱动平台建设2023年工作要点', clause: '三、8' },
  },
});

export const uses = list({
  name: 'uses',
  zh: '仪器使用记录',
  en: 'One metered use of an instrument',
  heading: ['仪器使用记录', 'Uses of instruments'],
  type: 'cn.liandong.use.changed.v2',
  key: ['instrument', 'use'],
  visibleTo: ['owner', 'using'],
  filter: ['owner', 'using', 'sharing', 'status'],
  sort: ['usedOn'],
  row: {
    instrument: slug('仪器', 'Instrument', 'xianyang-sem-01'),
    use: slug('使用记录', 'Use', 'use-0001'),
    owner: called('Owning region', region('所属区域', 'The region that owns the instrument')),
    using: called('Using region', region('使用区域', 'The region that used it', 'xixian')),
    hours: called('Hours', hundredths('机时，小时', 'Metered hours', 6.5)),
    sharing: called('Sharing', oneOf(sharingKinds, '内部或对外', 'Internal, or shared with others')),
    usedOn: called(
      'Used on',
      day('使用日期', 'The day of the use, the first where it took several; it counts on this day', '2023-06-01'),
    ),
    lastDay: called('Last day', day('使用末日', 'The last day of the use', '2023-06-01')),
    status: called('Status', oneOf(useStatuses, '状态', 'Status')),
    reason: nullable(called('Why it was reversed', text(200, '冲销原因', 'Why it was reversed'))),
  },
  example: {
    instrument: 'xianyang-sem-01',
    use: 'use-0001',
    owner: 'xianyang',
    using: 'xixian',
    hours: 6.5,
    sharing: 'external',
    usedOn: '2023-06-01',
    lastDay: '2023-06-01',
    status: 'recorded',
    reason: null,
  },
});

/**
 * Resource sharing between regions 资源共享. Sharing rate 共享率 = external hours / effective hours (有效工作机时, all metered
 * hours); both weightings are given, each under its name (docs/domain.md §5).
 */
export const sharing = figure({
  name: 'sharing',
  zh: '资源共享',
  en: 'Resource sharing',
  source: '共享率（均值之比）= 对外机时之和 / 有效工作机时之和；共享率（比值之均）= 各仪器共享率的算术平均',
  dimensions: {
    owner: { zh: '所属区域', en: 'Owning region', region: true },
    using: { zh: '使用区域', en: 'Using region', region: true },
    instrument: { zh: '仪器', en: 'Instrument', of: ['owner'] },
  },
  measures: {
    uses: { zh: '使用次数', en: 'Uses', kind: 'flow', decimals: 0, unit: '次' },
    externalHours: { zh: '对外机时', en: 'Hours shared with others', kind: 'flow', decimals: 2, unit: '小时' },
    effectiveHours: { zh: '有效工作机时', en: 'Metered hours', kind: 'flow', decimals: 2, unit: '小时' },
  },
  rates: {
    ratioOfMeans: {
      zh: '共享率（均值之比）',
      en: 'Sharing rate, ratio of means',
      of: ['externalHours', 'effectiveHours'],
    },
    meanOfRatios: {
      zh: '共享率（比值之均）',
      en: 'Sharing rate, mean of ratios',
      of: ['externalHours', 'effectiveHours'],
      each: 'instrument',
    },
  },
  entries: [
    entriesOf(uses, ({ owner, using, instrument, hours, sharing: kind, usedOn, status }) => {
      if (status === 'reversed') return [];
      const externalHours = kind === 'external' ? hours : 0;
      const values = { uses: 1, externalHours, effectiveHours: hours };
      return [{ cell: { owner, using, instrument }, from: usedOn, values }];
    }),
  ],
  by: ['owner', 'using'],
  // A mean over instruments is their owner's: by who uses them it would be one of zeros and ones.
  sums: [
    ['owner', 'using'],
    ['owner', 'instrument'],
  ],
  rolled: [['owner', 'using']],
});

/** Instruments of the network and their original value 入网仪器台数与原值, by owner and day. */
export const instrumentCounts = figure({
  name: 'instruments',
  zh: '入网仪器台数与原值',
  en: 'Instruments and their original value',
  source: '自入网日至退网日（含）在网的仪器，按台数与原值合计；入网已冲销的不计',
  dimensions: { owner: { zh: '所属区域', en: 'Owning region', region: true } },
  measures: {
    instruments: { zh: '台数', en: 'Instruments', kind: 'level', decimals: 0, unit: '台' },
    originalValueFen: { zh: '原值', en: 'Original value', kind: 'level', decimals: 0, unit: '分' },
  },
  rates: {},
  entries: [
    entriesOf(instruments, ({ owner, units, originalValueFen, status, since, withdrawnOn }) => {
      if (status === 'reversed') return [];
      const until = withdrawnOn === null ? null : dayAfter(withdrawnOn);
      return [{ cell: { owner }, from: since, until, values: { instruments: units, originalValueFen } }];
    }),
  ],
  by: ['owner'],
  sums: [['owner']],
});
