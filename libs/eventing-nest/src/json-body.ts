import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemException } from './problem.js';

/** Commands are flat forms; a tree of thousands of levels would exhaust the stack of whatever walks it. */
const MAX_DEPTH = 16;

/** A lenient decoder would put U+FFFD for what it cannot read, and something else would be recorded than what was sent. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The one kind of body that there is: JSON in UTF-8, each key once. */
export function takeOnlyJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, bodyOf(request, body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

function bodyOf({ headers }: FastifyRequest, bytes: Buffer): unknown {
  const charsets = [...(headers['content-type'] ?? '').matchAll(/;\s*charset\s*=\s*"?([^\s;"]*)/gi)];
  const other = charsets.find(([, name]) => !/^utf-?8$/i.test(name!))?.[1];
  if (other !== undefined) {
    throw new ProblemException(415, 'body.charset', `请用 UTF-8，不是 ${other}`, `Send UTF-8, not ${other}`);
  }
  return parsed(textOf(bytes));
}

function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ProblemException(400, 'body.not-utf8', '内容不是 UTF-8 编码', 'The body is not UTF-8');
  }
}

/** @throws ProblemException for what is no JSON, says one thing twice, or is too deep */
export function parsed(json: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    const { message } = error as Error;
    throw new ProblemException(400, 'body.not-json', `内容不是 JSON：${message}`, `The body is no JSON: ${message}`);
  }
  const { twice, depth } = scanned(json);
  if (twice !== undefined) {
    const [zh, en] = ['出现了两次', 'is there twice'];
    throw new ProblemException(400, 'body.key-twice', `${twice} ${zh}`, `${twice} ${en}`, [
      { field: twice, code: 'twice', zh, en },
    ]);
  }
  if (depth > MAX_DEPTH) {
    throw new ProblemException(
      422,
      'request.too-deep',
      `嵌套不能超过 ${MAX_DEPTH} 层`,
      `Nest no deeper than ${MAX_DEPTH} levels`,
    );
  }
  return value;
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/**
 * The first key that stands twice in one object, of which `JSON.parse` keeps the last and another reader the first, and how
 * deep the text goes. Of text that is JSON.
 */
function scanned(json: string): { twice: string | undefined; depth: number } {
  const open: { keys: Set<string>; key: string }[] = [];
  let [text, twice, depth] = ['', undefined as string | undefined, 0];
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth = Math.max(depth, open.push({ keys: new Set(), key: '' }));
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ':') text = token;
    else {
      const { keys, key } = Object.assign(open.at(-1)!, { key: JSON.parse(text) as string });
      if (keys.has(key)) twice ??= open.map((one) => one.key).join('.');
      keys.add(key);
    }
  }
  return { twice, depth };
}
