import { createLocalJWKSet, createRemoteJWKSet, jwtVerify, type JWK, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Actor } from '#libs/eventing';
import { actorOf } from './actor.js';
import { LOCAL_ALGORITHM, LOCAL_AUDIENCE, LOCAL_ISSUER, publicPart } from './local-key.js';

/** How long a token that was verified is taken for good without looking at its signature again, and how many are. */
const TRUSTED_MS = 60_000;
const TRUSTED_TOKENS = 10_000;

/** Turns a bearer token into who acts. */
export interface Verifier {
  /** @throws when the token is not valid, or does not say who acts */
  verify(token: string): Promise<Actor>;
}

export function localVerifier(key: JWK): Verifier {
  return verifier(createLocalJWKSet({ keys: [publicPart(key)] }), LOCAL_ISSUER, LOCAL_AUDIENCE, [LOCAL_ALGORITHM]);
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
