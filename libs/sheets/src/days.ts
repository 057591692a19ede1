/** Excel's day 0 is 1899-12-30, as far as it counts days right: from March 1900 on. */
const EPOCH_MS = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;
/** From the first day that the platform takes, 1949-10-01, to the last, 2149-12-31: what else a number means is no day. */
const FIRST_SERIAL = 18_172;
const LAST_SERIAL = 91_312;

const isoOf = (ms: number) => new Date(ms).toISOString();

/** The day, or day and time, that Excel stores as a number of days. Workbooks of old Macs count from 1904. */
export function serialDay(serial: number, from1904 = false): string {
  const ms = EPOCH_MS + Math.round((serial + (from1904 ? 1462 : 0)) * 86_400) * 1000;
  const iso = isoOf(ms);
  return ms % DAY_MS === 0 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

/** `2023-2-9`, `2023/02/09`, `2023.2.9`, `2023年2月9日`, each also with a time behind it, which a day does not have. */
const WRITTEN =
  /^(\d{4})\s*([-/.年])\s*(\d{1,2})\s*([-/.月])\s*(\d{1,2})\s*(日|号)?(?:[ T]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/;
const PACKED = /^(\d{4})(\d\d)(\d\d)$/;

/**
 * A day as `YYYY-MM-DD`, of the forms that spreadsheets have it in; undefined of any other. Whether there is such a day is for
 * the field to say. What could be either of two days (`2/9/2023`, `23-2-9`) is none.
 */
export function dayOf(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/[‐‑–—]/g, '-')
    .trim();
  if (/^\d{5}(\.0+)?$/.test(plain)) {
    const serial = Number(plain);
    return serial >= FIRST_SERIAL && serial <= LAST_SERIAL ? serialDay(serial) : undefined;
  }
  const [, packedYear, packedMonth, packedDay] = PACKED.exec(plain) ?? [];
  if (packedYear !== undefined) return `${packedYear}-${packedMonth}-${packedDay}`;
  const [, year, first, month, second, day, mark] = WRITTEN.exec(plain) ?? [];
  if (year === undefined) return undefined;
  const isChinese = first === '年';
  if (isChinese !== (second === '月') || (!isChinese && (mark !== undefined || first !== second))) return undefined;
  return `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`;
}
