import type { Type } from '@nestjs/common';
import type { Role } from '#libs/eventing';

const COMMAND = 'liandong:command';

interface CommandText {
  readonly zh: string;
  readonly en: string;
  readonly roles: readonly Role[];
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
