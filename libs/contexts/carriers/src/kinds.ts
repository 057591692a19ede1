/** How old a firm may be when it enters, and how long it may stay, in months (docs/domain.md §3). */
export interface Incubation {
  readonly entryMonths: number;
  readonly stayMonths: number;
  /** The fields in which it takes longer, and how long. */
  readonly longStayFields: readonly string[];
  readonly longStayMonths: number;
}

/** What the rules of firms know of a kind of carrier. */
export interface KindOfCarrier {
  /** Null: it takes firms of any age, for as long as they like, and lets them space without an admission. */
  readonly incubation: Incubation | null;
}

const incubation: Incubation = {
  entryMonths: 24,
  stayMonths: 48,
  longStayFields: ['生物医药', '集成电路', '现代农业'],
  longStayMonths: 60,
};

/** The kinds that rules speak of (docs/domain.md §3). Accelerators, offshore centres and bases take firms of any age, as others do. */
const kinds: Readonly<Record<string, KindOfCarrier>> = {
  孵化器: { incubation },
  飞地孵化器: { incubation },
};

const OTHER: KindOfCarrier = { incubation: null };

export const kindOf = (kind: string): KindOfCarrier => (Object.hasOwn(kinds, kind) ? kinds[kind]! : OTHER);
