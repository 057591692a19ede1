import { Compile, type Validator } from 'typebox/compile';
import { MessageError } from './feed-record.js';
import { lists } from './lists.js';

const validators = new Map<string, Validator>(lists.map(({ type, row }) => [type, Compile(row)]));

/**
 * Checks a message against its type's schema. A type that this release does not know passes unchecked: an older city must be
 * able to follow a newer province.
 *
 * @throws MessageError naming the field at fault
 */
export function checkMessage(type: string, data: object): void {
  const validator = validators.get(type);
  if (!validator || validator.Check(data)) return;
  const [error] = validator.Errors(data);
  throw new MessageError(`${type}${error?.instancePath.replaceAll('/', '.') ?? ''}`, error?.message ?? 'invalid');
}
