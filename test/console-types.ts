import openapiTS, { astToString } from 'openapi-typescript';

interface Schema {
  readonly [key: string]: unknown;
}
interface Described {
  paths: Record<string, Record<string, { tags?: string[]; requestBody?: unknown }>>;
  components: { schemas: Record<string, Schema>; securitySchemes?: unknown };
}

/** What answers every command. */
const ANSWERS = ['ReceiptDto', 'ProblemDto'];

/**
 * The types of what the console asks by name. Commands, lists and figures it knows from the catalogue and from the document
 * itself, when it runs: their types would be of no use to it, and are nine tenths of the document.
 */
export async function consoleTypes(document: object): Promise<string> {
  const api = structuredClone(document) as Described;
  for (const [path, methods] of Object.entries(api.paths)) {
    if (Object.values(methods).some(isGeneric)) delete api.paths[path];
  }
  const used = new Set(ANSWERS);
  const follow = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name!)) continue;
      used.add(name!);
      follow(api.components.schemas[name!]);
    }
  };
  follow(api.paths);
  for (const name of ANSWERS) follow(api.components.schemas[name]);
  const kept = Object.entries(api.components.schemas).filter(([name]) => used.has(name));
  api.components.schemas = Object.fromEntries(kept);
  return astToString(await openapiTS(JSON.stringify(api)));
}

const GENERIC = new Set([
  'lists',
  'figures',
  'codes',
  'topology',
  'carriers',
  'incubation',
  'sharing',
  'contracts',
  'organisations',
]);

const isGeneric = ({ tags }: { tags?: string[] }) => GENERIC.has(tags?.[0] ?? '');
