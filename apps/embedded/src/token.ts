import { parseArgs } from 'node:util';
import { localToken } from './local-token.js';

/** `npm run token -- <role> [region]`: prints a bearer token of the embedded mode's own issuer. */
const USAGE = `用法 usage: npm run --silent token -- province | auditor | operator REGION | sub-platform REGION  [--data DIR]`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { data: { type: 'string' } } });
  console.log(await localToken(`${positionals[0]}`, positionals[1], values.data));
}

main().catch((error: Error) => {
  console.error(`${error.message}\n${USAGE}`);
  process.exit(1);
});
