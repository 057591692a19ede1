import { SheetError } from './problem.js';

export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le';

/**
 * The text of a CSV file. Excel in Chinese saves GBK unless it is told to save UTF-8, and no file says which: what is valid UTF-8
 * is UTF-8, since text in GBK hardly ever is, and everything else is GB18030, of which GBK is a part. A byte order mark decides.
 *
 * @throws SheetError for what is neither
 */
export function decoded(bytes: Uint8Array): { readonly text: string; readonly encoding: Encoding } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: textOf(bytes, 'utf-16le')!, encoding: 'utf-16le' };
  for (const encoding of ['utf-8', 'gb18030'] as const) {
    const text = textOf(bytes, encoding);
    if (text !== undefined) return { text, encoding };
  }
  throw new SheetError(
    'sheet.encoding',
    '文件既不是 UTF-8 也不是 GB18030（GBK）编码的文本，也不是 .xlsx',
    'The file is no text in UTF-8 or GB18030 (GBK), and no .xlsx either',
  );
}

/** Undefined where the bytes are none of this encoding; a byte order mark is no part of the text. */
function textOf(bytes: Uint8Array, encoding: Encoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: encoding !== 'utf-16le' }).decode(bytes);
  } catch {
    return undefined;
  }
}
