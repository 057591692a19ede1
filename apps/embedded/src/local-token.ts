import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { issueToken, localActor, localKey } from '#libs/auth';
import { dataFolder } from '#libs/local';

/** A bearer token of the embedded mode's own issuer, whose key lies in the data folder. */
export async function localToken(role: string, region: string | undefined, data: string | undefined): Promise<string> {
  const actor = localActor(role, region);
  const dir = await dataFolder({ dir: resolve(data ?? '.data'), mayMove: data === undefined });
  const file = join(dir, 'issuer.jwk.json');
  if (!existsSync(file)) throw new Error(`没有 ${file}：请先运行 npm start (run npm start first)`);
  return issueToken(await localKey(file), actor);
}
