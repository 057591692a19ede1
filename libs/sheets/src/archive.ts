import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { LIMITS, SheetError } from './problem.js';

export const noWorkbook = (zh: string, en: string) =>
  new SheetError('sheet.xlsx', `不是可以读取的 .xlsx：${zh}`, `This .xlsx cannot be read: ${en}`);

const broken = (error: unknown) =>
  error instanceof SheetError ? error : noWorkbook('压缩包已损坏', (error as Error).message);

/** The parts of a workbook. What they unpack to is counted as it comes, whatever the archive says of itself. */
export class Archive {
  private unzipped = 0;

  private constructor(
    private readonly zip: ZipFile,
    private readonly parts: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws SheetError */
  static async open(bytes: Buffer): Promise<Archive> {
    try {
      const zip = await fromBufferPromise(bytes, { lazyEntries: true });
      if (zip.entryCount > LIMITS.parts) throw noWorkbook('部件过多', 'it has too many parts');
      const parts = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) parts.set(entry.fileName, entry);
      return new Archive(zip, parts);
    } catch (error) {
      throw broken(error);
    }
  }

  has(part: string): boolean {
    return this.parts.has(part);
  }

  /**
   * A part, piece by piece.
   *
   * @throws SheetError, also while it is read
   */
  async *read(part: string): AsyncGenerator<Buffer> {
    const entry = this.parts.get(part);
    if (!entry) throw noWorkbook(`没有部件 ${part}`, `it has no part ${part}`);
    try {
      const pieces: AsyncIterable<Buffer> = await this.zip.openReadStreamPromise(entry);
      for await (const piece of pieces) {
        this.unzipped += piece.length;
        if (this.unzipped > LIMITS.unzippedBytes) throw bomb();
        yield piece;
      }
    } catch (error) {
      throw broken(error);
    }
  }
}

const bomb = () =>
  new SheetError(
    'sheet.unpacks-to-too-much',
    `工作簿解压后至多 ${LIMITS.unzippedBytes / 1024 / 1024} MB；请删去图片与多余的格式，或分成几份`,
    `A workbook unpacks to at most ${LIMITS.unzippedBytes / 1024 / 1024} MB: remove pictures and formats, or split it`,
  );
