/** How old a firm may be when it enters, and how long it may stay, in months (docs/domain.md §3). */
export interface Incubation {
  readonly entryMonths: number;
  readonly stayMonths: number;
  /** The fields in which it takes longer, and how long. */
  readonly longStayFields: readonly string[];
  readonly longStayMonths: number;
}

/** What only the code knows of a kind of carrier; which link it is, and where it may lie, its code says. */
interface KindOfCarrier {
  /** Null: it takes firms of any age, for as long as they like, and lets them space without an admission. */
  readonly incubation: Incubation | null;
}

const incubation: Incubation = {
  entryMonths: 24,
  stayMonths: 48,
  longStayFields: ['生物医药', '集成电路', '现代农业'],
  longStayMonths: 60,
};

/** The kinds that incubate. Accelerators, offshore centres and bases take firms of any age, as others do. */
const INCUBATING: readonly string[] = ['孵化器', '飞地孵化器'];

export const kindOf = (kind: string): KindOfCarrier => ({
  incubation: INCUBATING.includes(kind) ? incubation : null,
});
