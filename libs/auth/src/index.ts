import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose';
import { LRUCache } from 'lru-cache';
import { roles, type Actor, type Role } from '#libs/eventing';
import { hiddenCharacter, lengthOf } from '#libs/messages';

const LOCAL_ISSUER = 'liandong-local';
const AUDIENCE = 'liandong';
const ALGORITHM = 'EdDSA';

/** The form of a region's id, and how many characters a subject may have, as OpenID Connect bounds it. */
const REGION = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_ID = 255;

/** How long a token that was verified is taken for good without looking at its signature again, and how many are. */
const TRUSTED_MS = 60_000;
const TRUSTED_TOKENS = 10_000;

/** Turns a bearer token into who acts. */
export interface Verifier {
  /** @throws when the token is not valid, or does not say who acts */
  verify(token: string): Promise<Actor>;
}

/** The key of the local issuer: read from the file, or made the first time (readable by its owner only). */
export async function localKey(file: string): Promise<JWK> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as JWK;
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: ALGORITHM };
  await writeFile(`${file}.draft`, JSON.stringify(jwk), { mode: 0o600 });
  await rename(`${file}.draft`, file);
  return jwk;
}

/** A token of the local issuer. */
export async function issueToken(key: JWK, { id, role, region }: Actor, days = 30): Promise<string> {
  return new SignJWT({ liandong_role: role, ...(region ? { liandong_region: region } : {}) })
    .setProtectedHeader({ alg: ALGORITHM, kid: key.kid })
    .setIssuer(LOCAL_ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(id)
    .setIssuedAt()
    .setExpirationTime(`${days}d`)
    .sign(await importJWK(key, ALGORITHM));
}

export function localVerifier({ d: _, ...publicKey }: JWK): Verifier {
  return verifier(createLocalJWKSet({ keys: [publicKey] }), LOCAL_ISSUER, AUDIENCE, [ALGORITHM]);
}

/** Verifies tokens of an OIDC issuer; its keys are found by discovery. */
export async function oidcVerifier(issuer: string, audience: string): Promise<Verifier> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const { jwks_uri: keys } = (await response.json()) as { jwks_uri: string };
  const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
  return verifier(createRemoteJWKSet(new URL(keys)), issuer, audience, algorithms);
}

function verifier(keys: JWTVerifyGetKey, issuer: string, audience: string, algorithms: string[]): Verifier {
  // A signature costs more than all else a command asks of the processor; a client sends the same token again and again.
  const trusted = new LRUCache<string, { actor: Actor; until: number }>({ max: TRUSTED_TOKENS });
  return {
    async verify(token) {
      const known = trusted.get(token);
      if (known && Date.now() < known.until) return known.actor;
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        requiredClaims: ['sub', 'exp'],
      });
      const actor = actorOf(payload.sub!, payload['liandong_role'], payload['liandong_region']);
      trusted.set(token, { actor, until: Math.min(Date.now() + TRUSTED_MS, payload.exp! * 1000) });
      return actor;
    },
  };
}

/** @throws when the claims do not make an actor: an operator or sub-platform must name its region, and all must be legible */
export function actorOf(id: string, role: unknown, region: unknown): Actor {
  if (!roles.includes(role as Role)) throw new Error(`liandong_role is none of ${roles.join(', ')}`);
  // It stands in every event that it makes, and people read it there.
  if (id === '' || lengthOf(id) > MAX_ID || hiddenCharacter(id) !== undefined) throw new Error('sub cannot be read');
  const regional = role === 'operator' || role === 'sub-platform';
  if (!regional) return { id, role: role as Role };
  if (typeof region !== 'string' || !REGION.test(region)) throw new Error('liandong_region is no region');
  return { id, role: role, region };
}
