/** What a file that is read may hold at most: beyond it the file is refused, whatever it unpacks to. */
export const LIMITS = {
  /** Bytes of the file as it is sent. */
  bytes: 20 * 1024 * 1024,
  /** Bytes that all read parts of a workbook unpack to. */
  unzippedBytes: 128 * 1024 * 1024,
  /** Characters of the texts that the cells of a workbook share: they are in memory while it is read. */
  sharedCharacters: 32 * 1024 * 1024,
  /** Rows below the header that are not blank. */
  rows: 100_000,
  columns: 200,
  /** Characters of one cell; no field of a command takes as many. */
  cellCharacters: 2_000,
  /** Entries of a zip archive; a workbook has a few dozen. */
  parts: 2_000,
} as const;

/** A file that is no sheet, or more of one than is taken; with a stable code and both texts. */
export class SheetError extends Error {
  constructor(
    readonly code: string,
    readonly zh: string,
    readonly en: string,
  ) {
    super(`${code}: ${en}`);
    this.name = 'SheetError';
  }
}

export const tooMany = (what: 'rows' | 'columns' | 'cellCharacters', at?: string): SheetError => {
  const names = { rows: ['行', 'rows'], columns: ['列', 'columns'], cellCharacters: ['字符', 'characters'] } as const;
  const [zh, en] = names[what];
  const place = at === undefined ? ['', ''] : [`（${at}）`, ` (${at})`];
  const of = what === 'cellCharacters' ? ['单元格', 'A cell'] : ['表格', 'A sheet'];
  return new SheetError(
    `sheet.too-many-${what === 'cellCharacters' ? 'characters' : what}`,
    `${of[0]}至多 ${LIMITS[what]} ${zh}${place[0]}；请分成几份`,
    `${of[1]} has at most ${LIMITS[what]} ${en}${place[1]}: split it`,
  );
};
