import { closestMatch } from 'leven';
import { refusals, type Look, type Refusal } from '#libs/eventing';
import { codeLists, valuesOf } from '#libs/messages';
import { codes, type Code, type Codes } from './codes.decider.js';
import type { CodeList } from './codes.events.js';

/** What other contexts may ask of a code list. */
export interface KnownCodes {
  /** The code that is called so, by its code or its Chinese name, whether it is still used or not. */
  find(list: CodeList, said: string): Code | undefined;
  /**
   * The code that a fact of that day may name.
   *
   * @param field of the command, at fault where there is none
   * @returns a refusal that names the nearest code that there is
   */
  wanted(list: CodeList, said: string, on: string, field: string): Code | Refusal;
  /** The kind of carrier that a kind of link is, if any: such a link opens with its carrier. */
  carrierOf(link: string): Code | undefined;
}

const refuse = refusals({
  'code.not-listed': [
    'invalid',
    '代码表 {list} 中没有“{said}”；最接近的是“{name}”（{code}）。新类别由省级以依据增列',
    'There is no {said} in {list}; the nearest is {name} ({code}). The province defines new ones, with their basis',
  ],
  'code.used-no-more': [
    'conflict',
    '“{name}”自 {until} 起停用；请改用现行代码',
    '{name} is used no more from {until} on: name one that is in use',
  ],
});

/** The refusals of whoever names a code. */
export const ofCodes = { texts: refuse.texts };

export function knownCodes(all: Codes = codes.initial): KnownCodes {
  const find: KnownCodes['find'] = (list, said) =>
    all.find((code) => code.list === list && (code.code === said || code.name === said));
  return {
    find,
    carrierOf: (link) => all.find((code) => code.list === 'carrier-kinds' && code.link === link),
    wanted(list, said, on, field) {
      const code = find(list, said) ?? nearest(all, list, said);
      const { name, until } = code;
      if (code.name !== said && code.code !== said)
        return { ...refuse('code.not-listed', { list, said, name, code: code.code }), field };
      if (until !== null && on >= until) return { ...refuse('code.used-no-more', { name, until }), field };
      return code;
    },
  };
}

function nearest(all: Codes, list: CodeList, said: string): Code {
  const listed = [...all.values()].filter((code) => code.list === list);
  const closest = closestMatch(
    said,
    listed.flatMap(({ name, code }) => [name, code]),
  );
  return listed.find(({ name, code }) => name === closest || code === closest)!;
}

/** The code lists as of now: a decision may rely on them. */
export async function codesNow(look: Look, ...lists: readonly CodeList[]): Promise<KnownCodes> {
  const asked = lists.length > 0 ? lists : valuesOf(codeLists);
  const states = await Promise.all(asked.map((list) => look(codes, list)));
  return knownCodes(states.reduce((all, state, n) => all.merge(state.filter(({ list }) => list === asked[n]))));
}
