import { Injectable, Inject } from '@nestjs/common';
import type { Actor, Role } from '#libs/eventing';
import { CONTEXTS, kebab, ProblemException, textOf, type Context } from '#libs/eventing-nest';
import { Headers, templateRows, type Column } from '#libs/sheets';
import { notForRole } from '../auth.guard.js';
import { columnsOf } from './columns.js';
import { fieldsOfCells, type Fields } from './row-fields.js';

/** A command as a sheet: whatever has a route can be imported. */
export interface Importable {
  /** As its route calls it: `admit-firm`. */
  readonly name: string;
  readonly path: string;
  readonly category: string;
  readonly command: string;
  readonly zh: string;
  readonly en: string;
  readonly roles: readonly Role[];
  readonly columns: readonly Column[];
  readonly headers: Headers;
  /** What the example row of its template says: a row that says the same was left in by mistake. */
  readonly example: Fields;
}

/** Every command, as a sheet. */
@Injectable()
export class Importables {
  private readonly all: ReadonlyMap<string, Importable>;

  constructor(@Inject(CONTEXTS) contexts: readonly Context[]) {
    const commands = contexts.flatMap((context) =>
      Object.keys(context.commands).map((command) => importableOf(context, command)),
    );
    this.all = new Map(commands.flatMap((one) => [one.name, one.path].map((name) => [name, one])));
  }

  /**
   * The command that a sheet is of, by the end of its route or all of it below `/api/v1/`.
   *
   * @throws ProblemException where there is none, or the actor may not use it
   */
  of(name: string, { role }: Pick<Actor, 'role'>): Importable {
    const found = this.all.get(name);
    if (!found) {
      throw new ProblemException(404, 'command.unknown', `没有命令 ${name}`, `There is no command ${name}`);
    }
    if (!found.roles.includes(role)) throw notForRole(role, found.roles);
    return found;
  }

  /** Of an import that is there. An earlier release may have had its command, and this one not. */
  known(name: string): Importable | undefined {
    return this.all.get(name);
  }
}

function importableOf({ name: context, decider, commands }: Context, command: string): Importable {
  const Class = commands[command]!;
  const columns = columnsOf(Class);
  const headers = new Headers(columns);
  const [titles, example] = templateRows(columns);
  const { columns: recognised } = headers.recognise(titles);
  const cells = Object.fromEntries(recognised.map(({ field }, at) => [field ?? '', example[at]!]));
  const name = kebab(command);
  return {
    ...textOf(Class),
    name,
    path: `${context}/${name}`,
    category: decider.category,
    command,
    columns,
    headers,
    example: fieldsOfCells(columns, recognised, cells).fields,
  };
}
