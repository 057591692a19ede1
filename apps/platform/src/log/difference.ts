/** What differs between the store and the log. The first six are parts of the event that are not what was recorded. */
const TEXTS = {
  data: ['数据被改', 'its data were edited'],
  metadata: ['元数据被改', 'its metadata were edited'],
  type: ['类型被改', 'its type was edited'],
  id: ['标识被改', 'its id was edited'],
  stream: ['所属事件流被改', 'its stream was edited'],
  revision: ['版本被改', 'its revision was edited'],
  removed: ['事件已不在事件库中', 'the event is no longer in the store'],
  inserted: ['事件库中在此之前多出这一事件', 'this event was put into the store before this entry'],
  reordered: ['事件在事件库中被移到别处', 'the event was moved to another place in the store'],
  'log-digest': [
    '日志中的摘要与前一条及事件不符',
    "the log's digest does not follow from the entry before and the event",
  ],
  'log-row': ['日志中此条的栏目被改', "columns of the log's entry were edited"],
  'log-removed': ['日志中缺少此条', 'the log lacks this entry'],
  head: [
    '与先前记下的摘要不符：至此的历史已被整体改写',
    'it is not the digest noted earlier: history up to here was rewritten as a whole',
  ],
  'head-missing': [
    '日志不及先前记下的序号：其后已被截去',
    'the log ends before the entry noted earlier: it was cut off',
  ],
} as const satisfies Record<string, readonly [zh: string, en: string]>;

export type What = keyof typeof TEXTS;
export const whats = Object.keys(TEXTS);

/** The first entry of what was looked at where the store is not what the log says, or the log contradicts itself. */
export interface Difference {
  /** Of an event that was inserted, the number of the entry that it stands before. */
  readonly sequence: number;
  /** Null where neither the store nor the log knows it any more. */
  readonly stream: string | null;
  readonly revision: number | null;
  readonly what: readonly What[];
}

/** In words, for people. */
export function explained({ sequence, stream, revision, what }: Difference): {
  readonly zh: string;
  readonly en: string;
} {
  const zh = what.map((one) => TEXTS[one][0]).join('；');
  const en = what.map((one) => TEXTS[one][1]).join('; ');
  const at = stream === null ? '' : `${stream}@${revision}`;
  return { zh: `第 ${sequence} 条${at && ` ${at}`}：${zh}`, en: `entry ${sequence}${at && `, ${at}`}: ${en}` };
}
