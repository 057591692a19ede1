// `node scripts/run.mjs <built file> [arguments]`: prepares, then becomes that program.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare } from './prepare.mjs';

prepare();
const [node, , program, ...args] = process.argv;
process.argv = [node, resolve(program), ...args];
await import(pathToFileURL(resolve(program)).href);
