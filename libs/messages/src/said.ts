/** Something said in both languages. */
export type Said = readonly [zh: string, en: string];

/** The same as programs are told it. */
export interface InBoth {
  readonly zh: string;
  readonly en: string;
}

export const inBoth = ([zh, en]: Said): InBoth => ({ zh, en });

/** The values of a closed list, each with what people read in its place: one without a text does not compile. */
export type Texts<Value extends string = string> = Readonly<Record<Value, Said>>;

/** The values, in the order in which they are declared. */
export const valuesOf = <Value extends string>(texts: Texts<Value>): Value[] => Object.keys(texts) as Value[];

/** Each value with its texts, as programs are told it. */
export const textsOf = (texts: Texts): Record<string, InBoth> =>
  Object.fromEntries(Object.entries(texts).map(([value, said]) => [value, inBoth(said)]));
