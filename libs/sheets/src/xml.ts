import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { noWorkbook } from './archive.js';

/** What is done with the elements of a part. Names come without their prefix: some programs write one. */
export interface Handlers {
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

/** Bytes without any markup after which a part is no sheet, but meant to fill the memory. */
const LONGEST_TEXT = 1024 * 1024;

const local = (name: string) => name.slice(name.indexOf(':') + 1);

/**
 * Parses a part as it comes, and lets others have their turn after each piece. No entity is expanded but those of XML itself, and
 * a document type is refused.
 *
 * @throws SheetError
 */
export async function* parsedXml(pieces: AsyncIterable<Buffer>, handlers: Handlers): AsyncGenerator<void> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const decoder = new TextDecoder('utf-8');
  let silent = 0;
  parser.on('error', (error) => {
    throw noWorkbook('内容不是 XML', error.message);
  });
  parser.on('doctype', () => {
    throw noWorkbook('含有文档类型声明', 'it declares a document type');
  });
  parser.on('opentag', (tag: SaxesTagPlain) => {
    silent = 0;
    handlers.open?.(local(tag.name), tag.attributes);
  });
  if (handlers.text) parser.on('text', handlers.text);
  parser.on('closetag', ({ name }: SaxesTagPlain) => {
    silent = 0;
    handlers.close?.(local(name));
  });
  for await (const piece of pieces) {
    silent += piece.length;
    if (silent > LONGEST_TEXT) throw noWorkbook('有过长的文本', 'it has a text of more than a megabyte');
    parser.write(decoder.decode(piece, { stream: true }));
    yield;
  }
  parser.write(decoder.decode()).close();
  yield;
}

/** The whole of a part at once; of small ones. */
export async function parseXml(pieces: AsyncIterable<Buffer>, handlers: Handlers): Promise<void> {
  for await (const _ of parsedXml(pieces, handlers));
}
