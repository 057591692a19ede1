import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { actorOf, issueToken, localKey } from '#libs/auth';
import { dataFolder } from '#libs/local';

/** `npm run token -- <role> [region]`: prints a bearer token of the embedded mode's own issuer. */
const USAGE = `用法 usage: npm run --silent token -- province | auditor | operator REGION | sub-platform REGION  [--data DIR]`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { data: { type: 'string' } } });
  const [role, region] = positionals;
  const actor = actorOf(region === undefined ? `${role}` : `${role}@${region}`, role, region);
  const dir = await dataFolder({ dir: resolve(values.data ?? '.data'), mayMove: values.data === undefined });
  const file = join(dir, 'issuer.jwk.json');
  if (!existsSync(file)) throw new Error(`没有 ${file}：请先运行 npm start (run npm start first)`);
  console.log(await issueToken(await localKey(file), actor));
}

main().catch((error: Error) => {
  console.error(`${error.message}\n${USAGE}`);
  process.exit(1);
});
