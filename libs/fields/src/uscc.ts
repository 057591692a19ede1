const CHARACTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/** What is wrong with a 统一社会信用代码, or undefined when both its check characters hold. */
export type UsccProblem = 'form' | 'check-character' | 'organisation-check-character';

/**
 * Which categories (second character) each registering department (first) assigns: GB 32100-2015, 4.1 and 4.2, as amended.
 * 54, which the amendment does not list, is what 民政 gives 村民委员会 and 居民委员会 since they are 特别法人 (k).
 */
const CATEGORIES: Readonly<Record<string, string>> = {
  1: '1239', // 机构编制: 机关, 事业单位, 群众团体, 其他
  2: '19', // 外交: 外国常驻新闻机构, 其他
  3: '123459', // 司法行政: 律师执业机构, 公证处, 基层法律服务所, 司法鉴定机构, 仲裁委员会, 其他
  4: '19', // 文化: 外国在华文化中心, 其他
  5: '12349', // 民政: 社会团体, 民办非企业单位, 基金会, 基层群众性自治组织, 其他
  6: '129', // 旅游: 外国旅游部门常驻代表机构, 港澳台地区的, 其他
  7: '129', // 宗教: 宗教活动场所, 宗教院校, 其他
  8: '19', // 工会: 基层工会, 其他
  9: '123', // 工商: 企业, 个体工商户, 农民专业合作社
  A: '19', // 中央军委改革和编制办公室: 军队事业单位, 其他
  N: '1239', // 农业: 组级, 村级, 乡镇级集体经济组织, 其他
  Y: '1', // 其他
};

/**
 * The provinces of GB/T 2260, and 10 of 100000, by which the state's own departments register. No further digits are asked:
 * authorities of 开发区 and 新区 register by codes of their own that the standard does not list (610131 西安高新区, 611100
 * 西咸新区), and whoever was registered keeps the code of a county that is no more.
 */
const PROVINCES =
  '10 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82'.split(' ');

/** Why a code whose check characters hold is nobody's all the same. */
export type Unassigned = 'department' | 'region' | 'empty';

/** GB 32100-2015: the department, its category and the division are assigned ones, and the organisation has a number. */
export function unassigned(code: string): Unassigned | undefined {
  if (!CATEGORIES[code[0]!]?.includes(code[1]!)) return 'department';
  if (!/^\d{6}$/.test(code.slice(2, 8)) || !PROVINCES.includes(code.slice(2, 4))) return 'region';
  return /^0+$/.test(code.slice(8, 17)) ? 'empty' : undefined;
}

/** A code of the right form that the standard does not allow. */
export const isOddUscc = (code: string): boolean =>
  usccProblem(code) !== 'form' && (usccProblem(code) !== undefined || unassigned(code) !== undefined);

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
