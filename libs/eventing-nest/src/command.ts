import type { Type } from '@nestjs/common';
import type { Role } from '#libs/eventing';

const COMMAND = 'liandong:command';

/** A list whose things a command acts on, and which of its fields name one, by the fields of the list's key. */
export interface Acts {
  readonly list: string;
  readonly key: Readonly<Record<string, string>>;
}

interface CommandText {
  readonly zh: string;
  readonly en: string;
  readonly roles: readonly Role[];
  /** What it acts on where its fields do not tell: by a part of the key, or by a field that may name what is new as well. */
  readonly acts?: readonly Acts[];
}

/** What a command is called and who may send it. */
export const command =
  (text: CommandText): ClassDecorator =>
  (target) =>
    Reflect.defineMetadata(COMMAND, text, target);

/** @throws Error for a command that does not say who may use it */
export function textOf(Class: Type<object>): CommandText {
  const text: CommandText | undefined = Reflect.getMetadata(COMMAND, Class);
  if (!text) throw new Error(`${Class.name} has no @command(…) that says who may use it`);
  return text;
}
