import { configure } from 'safe-stable-stringify';

const inOrder = configure({ deterministic: true, circularValue: Error });

/** What is offered for storage cannot be written as canonical JSON and read back the same. */
export class NotCanonicalError extends Error {
  constructor(
    readonly path: string,
    readonly problem: string,
  ) {
    super(`${path || '(root)'}: ${problem}`);
    this.name = 'NotCanonicalError';
  }
}

/**
 * The RFC 8785 text of a value: the bytes that both stores keep, so that anyone can recompute an event's hash years later.
 *
 * Refuses what JSON would silently change (undefined, NaN, ±Infinity, −0, bigint, class instances, sparse arrays, lone
 * surrogates) and U+0000, which PostgreSQL's jsonb cannot hold.
 *
 * @throws NotCanonicalError naming the path of the first offending value
 */
export function canonicalJson(value: unknown): string {
  // What is in order already, as the metadata of every event is, the engine writes in half of the library's time.
  return checked(value, '') ? JSON.stringify(value) : inOrder(value)!;
}

/** @returns whether all keys stand in the order of RFC 8785 §3.2.3: by UTF-16 units, as ECMAScript compares strings */
function checked(value: unknown, path: string): boolean {
  switch (typeof value) {
    case 'string':
      checkText(value, path);
      return true;
    case 'boolean':
      return true;
    case 'number':
      if (!Number.isFinite(value)) throw new NotCanonicalError(path, `${value} is not a JSON number`);
      if (Object.is(value, -0)) throw new NotCanonicalError(path, '-0 would be read back as 0');
      return true;
    case 'object':
      break;
    default:
      throw new NotCanonicalError(path, `${typeof value} cannot be stored`);
  }
  if (value === null) return true;
  let inOrder = true;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) inOrder = checked(value[i], `${path}/${i}`) && inOrder;
    return inOrder;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // Jest runs tests in another realm, whose Object.prototype is not ours: one level above null is what "plain" means.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new NotCanonicalError(path, `an instance of ${value.constructor.name} would lose its class`);
  }
  let last = '';
  for (const key of Object.keys(value)) {
    const at = `${path}/${key}`;
    checkText(key, at);
    inOrder = checked((value as Record<string, unknown>)[key], at) && key >= last && inOrder;
    last = key;
  }
  return inOrder;
}

function checkText(text: string, path: string): void {
  if (!text.isWellFormed()) throw new NotCanonicalError(path, 'lone surrogate');
  if (text.includes('\u0000')) throw new NotCanonicalError(path, 'U+0000');
}
