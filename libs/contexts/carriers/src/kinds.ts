/** How old a firm may be when it enters, and how long it may stay, in months (docs/domain.md §3). */
export interface Incubation {
  readonly entryMonths: number;
  readonly stayMonths: number;
  /** The fields in which it takes longer, and how long. */
  readonly longStayFields: readonly string[];
  readonly longStayMonths: number;
}

/** What two regions register together, each for itself. */
export interface Bilateral {
  /** The side whose region is the hub, or lies inside it; the other lies outside. */
  readonly inHub: 'home' | 'host';
  /** What opening it opens between the two, from home to host. */
  readonly link: string;
}

/** What the rules know of a kind of carrier. */
export interface KindOfCarrier {
  /** Null: it belongs to one region. */
  readonly bilateral: Bilateral | null;
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
  孵化器: { bilateral: null, incubation },
  飞地孵化器: { bilateral: { inHub: 'host', link: 'enclave-incubator' }, incubation },
  离岸研发中心: { bilateral: { inHub: 'host', link: 'offshore-centre' }, incubation: null },
  协同创新基地: { bilateral: { inHub: 'home', link: 'collaboration-base' }, incubation: null },
};

const OTHER: KindOfCarrier = { bilateral: null, incubation: null };

export const kindOf = (kind: string): KindOfCarrier => (Object.hasOwn(kinds, kind) ? kinds[kind]! : OTHER);
