/** Which stay an instance is of. */
export interface OfSpell {
  readonly carrier: string;
  readonly uscc: string;
  readonly spell: number;
}

export const key = ({ carrier, uscc, spell }: OfSpell) => `${carrier}-${uscc}-${spell}`;
export const spellOf = ({ carrier, uscc, spell }: OfSpell): OfSpell => ({ carrier, uscc, spell });
