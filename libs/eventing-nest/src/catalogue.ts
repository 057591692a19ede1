import { naturalKeyEvents, processEvents } from '#libs/eventing';
import { catalogueOf, inBoth, textsOf, type InBoth, type ReadCatalogue } from '#libs/messages';
import { actsOf } from './acts.js';
import { textOf, type Acts } from './command.js';
import type { Context } from './context.js';
import { kebab } from './routes.js';

/** A command, as whoever offers it to people needs it; its fields are in the OpenAPI document, under `operation`. */
interface CommandEntry extends InBoth {
  readonly name: string;
  readonly context: string;
  readonly path: string;
  /** The operationId, and the name of the schema. */
  readonly operation: string;
  readonly roles: readonly string[];
  readonly acts: readonly Acts[];
}

interface Catalogue extends ReadCatalogue {
  readonly contexts: readonly (InBoth & { readonly name: string })[];
  readonly commands: readonly CommandEntry[];
  /** Every stored type, those of earlier releases among them. */
  readonly events: Readonly<Record<string, InBoth>>;
}

/** What there is to look at and to do, made from what the contexts declare: one that is added is in it. */
export function catalogueFrom(contexts: readonly Context[]): Catalogue {
  const lists = [...new Set(contexts.flatMap((context) => context.lists))];
  const figures = [...new Set(contexts.flatMap((context) => context.figures))];
  const contextOf = (of: unknown) =>
    contexts.find((context) => [...context.lists, ...context.figures].some((one) => one === of))?.name ?? null;
  const events = Object.assign({}, ...contexts.map((context) => context.events), naturalKeyEvents, processEvents);
  return {
    contexts: contexts.map(({ name, zh, en }) => ({ name, ...inBoth([zh, en]) })),
    ...catalogueOf(lists, figures, contextOf),
    commands: contexts.flatMap(({ name: context, commands }) =>
      Object.entries(commands).map(([operation, Class]) => {
        const { zh, en, roles } = textOf(Class);
        const name = kebab(operation);
        const path = `/api/v1/${context}/${name}`;
        return { name, context, path, operation, zh, en, roles, acts: actsOf(Class, lists) };
      }),
    ),
    events: textsOf(events),
  };
}
