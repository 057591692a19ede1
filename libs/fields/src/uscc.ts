const CHARACTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/** What is wrong with a 统一社会信用代码, or undefined when both its check characters hold. */
export type UsccProblem = 'form' | 'check-character' | 'organisation-check-character';

/** GB 32100-2015: 18 characters without I O Z S V; the 18th checks the first 17, the 17th checks the 9th to the 16th. */
export function usccProblem(code: string): UsccProblem | undefined {
  if (code.length !== 18 || [...code].some((c) => !CHARACTERS.includes(c))) return 'form';
  if (organisationCheck(code.slice(8, 16)) !== code[16]) return 'organisation-check-character';
  if (usccCheck(code.slice(0, 17)) !== code[17]) return 'check-character';
  return undefined;
}

/** Completes the first 16 characters (department, category, six-digit region, eight of the organisation) by both checks. */
export function completeUscc(first16: string): string {
  const seventeen = first16 + organisationCheck(first16.slice(8));
  return seventeen + usccCheck(seventeen);
}

/** GB 11714-1997: weights 3 7 9 10 5 8 4 2, modulo 11; 10 is written X, 11 is written 0. */
function organisationCheck(eight: string): string {
  const sum = [...eight].reduce((total, c, i) => total + parseInt(c, 36) * ORGANISATION_WEIGHTS[i]!, 0);
  const check = 11 - (sum % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
}

/** GB 32100-2015: weights 3^(i-1) modulo 31, modulo 31. */
function usccCheck(seventeen: string): string {
  let weight = 1;
  let sum = 0;
  for (const c of seventeen) {
    sum += CHARACTERS.indexOf(c) * weight;
    weight = (weight * 3) % 31;
  }
  return CHARACTERS[(31 - (sum % 31)) % 31]!;
}
