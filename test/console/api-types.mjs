// `node test/console/api-types.mjs < openapi.json`: the types of what the console asks by name. A process of its own, since
// the generator is half ESM, which Jest does not load.
import { text } from 'node:stream/consumers';
import openapiTS, { astToString } from 'openapi-typescript';

/** What answers every command. */
const ANSWERS = ['ReceiptDto', 'ProblemDto'];

/**
 * Commands, lists and figures the console knows from the catalogue and from the document itself, when it runs: their types
 * would be of no use to it, and are nine tenths of the document.
 */
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

const api = JSON.parse(await text(process.stdin));
for (const [path, methods] of Object.entries(api.paths)) {
  if (Object.values(methods).some(({ tags }) => GENERIC.has(tags?.[0]))) delete api.paths[path];
}
const used = new Set(ANSWERS);
const follow = (part) => {
  for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (used.has(name)) continue;
    used.add(name);
    follow(api.components.schemas[name]);
  }
};
follow(api.paths);
for (const name of ANSWERS) follow(api.components.schemas[name]);
const kept = Object.entries(api.components.schemas).filter(([name]) => used.has(name));
api.components.schemas = Object.fromEntries(kept);
process.stdout.write(astToString(await openapiTS(JSON.stringify(api))));
