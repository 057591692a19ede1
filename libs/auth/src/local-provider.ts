import { createHash, randomUUID } from 'node:crypto';
import { createLocalJWKSet, jwtVerify, type JWK, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Actor } from '#libs/eventing';
import { actorOf } from './actor.js';
import { accessToken, claimsOf, LOCAL_ALGORITHM, publicPart, signLocally } from './local-key.js';

/** The one client of the local issuer: the platform itself. */
export const LOCAL_CLIENT = 'liandong-platform';

const CODE = 'liandong-local-code';
const REFRESH = 'liandong-local-refresh';
const CODE_SECONDS = 60;
const ACCESS_SECONDS = 15 * 60;
const REFRESH_LIFETIME = '12h';

/** What an authorization request asks for (RFC 6749, 4.1.1; RFC 7636, 4.3; OpenID Connect Core, 3.1.2.1). */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly challenge: string;
}

export interface TokenAnswer {
  readonly status: 200 | 400;
  readonly body: object;
}

type Parameters = Readonly<Record<string, unknown>>;

/**
 * An OpenID provider for one machine: it believes whoever says which role they have. It has no memory but of the codes that
 * were used: code and refresh token say what they stand for and are signed, with audiences of their own, so that neither
 * passes for an access token.
 */
export class LocalProvider {
  private readonly keys;
  private readonly used = new LRUCache<string, true>({ max: 10_000, ttl: 2 * CODE_SECONDS * 1000 });

  constructor(private readonly key: JWK) {
    this.keys = createLocalJWKSet(this.jwks);
  }

  get jwks(): { keys: JWK[] } {
    return { keys: [publicPart(this.key)] };
  }

  /** OpenID Connect Discovery, 3. */
  metadata(issuer: string): object {
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [LOCAL_ALGORITHM],
      token_endpoint_auth_methods_supported: ['none'],
      code_challenge_methods_supported: ['S256'],
    };
  }

  /** Undefined for a request that is not the platform's own: such a one is sent nowhere (RFC 6749, 4.1.2.1). */
  requestOf(asked: Parameters, callback: string): AuthorizationRequest | undefined {
    const { client_id, redirect_uri, response_type, code_challenge_method, code_challenge, state, nonce } = asked;
    if (client_id !== LOCAL_CLIENT || redirect_uri !== callback) return undefined;
    if (response_type !== 'code' || code_challenge_method !== 'S256') return undefined;
    if (![code_challenge, state, nonce].every((value) => typeof value === 'string' && /^[\w-]{20,128}$/.test(value))) {
      return undefined;
    }
    return {
      redirectUri: callback,
      state: state as string,
      nonce: nonce as string,
      challenge: code_challenge as string,
    };
  }

  /** Where the browser goes with the code (RFC 6749, 4.1.2). */
  async redirect({ redirectUri, state, nonce, challenge }: AuthorizationRequest, actor: Actor): Promise<string> {
    const claims = { ...claimsOf(actor), aud: CODE, jti: randomUUID(), redirectUri, nonce, challenge };
    const code = await signLocally(this.key, claims, `${CODE_SECONDS}s`);
    return `${redirectUri}?${new URLSearchParams({ code, state }).toString()}`;
  }

  /** The token endpoint (RFC 6749, 3.2). */
  async token(issuer: string, form: URLSearchParams): Promise<TokenAnswer> {
    if (form.get('client_id') !== LOCAL_CLIENT) return refused('invalid_client');
    const grant = form.get('grant_type');
    if (grant === 'authorization_code') return this.fromCode(issuer, form);
    if (grant === 'refresh_token') return this.fromRefresh(form);
    return refused('unsupported_grant_type');
  }

  /** RFC 6749, 4.1.3; a code is used once (4.1.2) and by who has the verifier of its challenge (RFC 7636, 4.6). */
  private async fromCode(issuer: string, form: URLSearchParams): Promise<TokenAnswer> {
    const claims = await this.claims(form.get('code'), CODE);
    if (claims === undefined || this.used.has(claims.jti!)) return refused('invalid_grant');
    if (claims['redirectUri'] !== form.get('redirect_uri')) return refused('invalid_grant');
    if (claims['challenge'] !== s256(form.get('code_verifier') ?? '')) return refused('invalid_grant');
    this.used.set(claims.jti!, true);
    const actor = actorIn(claims);
    const id = { sub: actor.id, iss: issuer, aud: LOCAL_CLIENT, nonce: claims['nonce'] };
    return this.granted(actor, { id_token: await signLocally(this.key, id, `${ACCESS_SECONDS}s`) });
  }

  /** RFC 6749, 6. */
  private async fromRefresh(form: URLSearchParams): Promise<TokenAnswer> {
    const claims = await this.claims(form.get('refresh_token'), REFRESH);
    return claims === undefined ? refused('invalid_grant') : this.granted(actorIn(claims));
  }

  /** RFC 6749, 5.1. */
  private async granted(actor: Actor, more: object = {}): Promise<TokenAnswer> {
    const body = {
      token_type: 'Bearer',
      expires_in: ACCESS_SECONDS,
      access_token: await accessToken(this.key, actor, `${ACCESS_SECONDS}s`),
      refresh_token: await signLocally(this.key, { ...claimsOf(actor), aud: REFRESH }, REFRESH_LIFETIME),
      ...more,
    };
    return { status: 200, body };
  }

  private async claims(token: string | null, audience: string): Promise<JWTPayload | undefined> {
    const verified = jwtVerify(token ?? '', this.keys, { audience, algorithms: [LOCAL_ALGORITHM] });
    return verified.then(({ payload }) => payload).catch(() => undefined);
  }
}

const actorIn = (claims: JWTPayload): Actor => actorOf(claims.sub!, claims['liandong_role'], claims['liandong_region']);

const s256 = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** RFC 6749, 5.2. */
const refused = (error: string): TokenAnswer => ({ status: 400, body: { error } });
