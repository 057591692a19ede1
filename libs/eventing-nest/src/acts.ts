import type { Type } from '@nestjs/common';
import { fieldsOf } from '#libs/fields';
import type { AnyList } from '#libs/messages';
import { textOf, type Acts } from './command.js';

/**
 * The lists whose things a command acts on: those whose whole key its fields name, each of them looked up or chosen, and the
 * last one in that list. Beside these, what it declares, since a field may name what is new or a part of a key.
 */
export function actsOf(Class: Type<object>, lists: readonly AnyList[]): Acts[] {
  const { acts: declared = [] } = textOf(Class);
  const fields = fieldsOf(Class);
  const isNamed = (name: string) => {
    const { lookUp, code, isNew, optional } = fields.get(name) ?? {};
    return !isNew && !optional && (lookUp !== undefined || code === 'isIn');
  };
  const derived = lists
    .filter(({ name, key }) => key.every(isNamed) && fields.get(key.at(-1)!)!.lookUp === name)
    .filter(({ name }) => !declared.some(({ list }) => list === name))
    .map(({ name, key }) => ({ list: name, key: Object.fromEntries(key.map((field: string) => [field, field])) }));
  return [...declared, ...derived];
}
