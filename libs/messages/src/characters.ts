/**
 * What no eye can tell, or no reader can take: control (Cc), format (Cf: U+202E turns around what follows, U+200B is not
 * seen), lone surrogates (Cs), private use (Co), line and paragraph separators (Zl, Zp), whatever else is shown as nothing
 * (Default_Ignorable_Code_Point), and U+FFFD, which stands where a text was lost in another encoding.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\uFFFD]/u;

/** The first character of a text that it may not have, as people write it: `U+202E`. Undefined where all can be read. */
export function hiddenCharacter(text: string): string | undefined {
  const [found] = HIDDEN.exec(text) ?? [];
  return found && `U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Text as it is stored: in NFC, without blanks at its ends, and with one where several stand together. */
export const normalText = (text: string): string =>
  text
    .normalize('NFC')
    .trim()
    .replace(/\p{Zs}+/gu, ' ');

/** A code as it is stored: full-width letters and digits, as Chinese keyboards give them, are the ones they look like. */
export const normalCode = (text: string): string => normalText(text.normalize('NFKC'));

/**
 * How many characters a text has: code points, as `maxLength` of JSON Schema counts them, so that whoever checks a message
 * counts the same. In NFC that is what people count, but for the rare letters with marks that have no form of their own.
 */
export const lengthOf = (text: string): number => [...text].length;

/**
 * What is wrong with the path and query of a request: percent-encoding that is none or no UTF-8, or a character that none may
 * have. No database has to see it then.
 */
export function urlProblem(url: string): string | undefined {
  try {
    return hiddenCharacter(decodeURIComponent(url.replaceAll('+', ' ')));
  } catch {
    return 'percent-encoding';
  }
}
