import { hkdfSync, randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';
import type { Actor } from '#libs/eventing';

export const LOCAL_ISSUER = 'liandong-local';
export const LOCAL_AUDIENCE = 'liandong';
export const LOCAL_ALGORITHM = 'EdDSA';

/** The key of the local issuer: read from the file, or made the first time (readable by its owner only). */
export async function localKey(file: string): Promise<JWK> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as JWK;
  const { privateKey } = await generateKeyPair(LOCAL_ALGORITHM, { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: LOCAL_ALGORITHM };
  await writeFile(`${file}.draft`, JSON.stringify(jwk), { mode: 0o600 });
  await rename(`${file}.draft`, file);
  return jwk;
}

export const publicPart = ({ d: _, ...publicKey }: JWK): JWK => publicKey;

/** The key that seals sessions where there is no `SESSION_KEY`: from the local issuer's own (RFC 5869), and as well kept. */
export const localSessionKey = ({ d }: JWK): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', Buffer.from(d!, 'base64url'), '', 'liandong session', 32));

/** What the local issuer signs. `lifetime` as jose reads it: `60s`, `30d`. */
export async function signLocally(key: JWK, claims: JWTPayload, lifetime: string): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: LOCAL_ALGORITHM, kid: key.kid })
    .setIssuedAt()
    .setExpirationTime(lifetime)
    .sign(await importJWK(key, LOCAL_ALGORITHM));
}

export const claimsOf = ({ id, role, region }: Actor): JWTPayload => ({
  sub: id,
  liandong_role: role,
  ...(region ? { liandong_region: region } : {}),
});

/** An access token of the local issuer. */
export const accessToken = (key: JWK, actor: Actor, lifetime: string): Promise<string> =>
  signLocally(key, { ...claimsOf(actor), iss: LOCAL_ISSUER, aud: LOCAL_AUDIENCE }, lifetime);

/** A token of the local issuer for programs. */
export const issueToken = (key: JWK, actor: Actor, days = 30): Promise<string> => accessToken(key, actor, `${days}d`);
