import { decodeJwt } from 'jose';
import { LRUCache } from 'lru-cache';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  ClientError,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  ResponseBodyError,
  tokenRevocation,
  type Configuration,
  type CustomFetch,
} from 'openid-client';
import type { Actor } from '#libs/eventing';
import type { Verifier } from './verifier.js';

/** Someone who is signed in. */
export interface Session {
  readonly actor: Actor;
  /** The end of the access token that said so, in seconds since 1970. */
  readonly expires: number;
  /** When they signed in. */
  readonly since: number;
  /** What the issuer gives another access token for, if it gave one. */
  readonly refreshToken?: string;
}

/** What is kept between the way to the issuer and back. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnTo: string;
}

/** Why nobody is signed in. */
export type Failure = 'refused' | 'unreachable' | 'no-actor' | 'mismatch';

export class SignInError extends Error {
  constructor(
    readonly failure: Failure,
    cause: unknown,
  ) {
    super(failure, { cause });
  }
}

export interface Client {
  readonly issuer: string;
  readonly id: string;
  readonly secret?: string;
  readonly scope: string;
  /** How the issuer is asked, where it is not by HTTP. */
  readonly fetch?: CustomFetch;
}

const TIMEOUT_SECONDS = 10;
/** A token is taken for ended this long before, so that it does not end on its way. */
const EARLY_SECONDS = 30;
/** Requests that were under way with the cookie of before a refresh arrive within this time. */
const REFRESHED_MS = 60_000;

export const nowInSeconds = (): number => Math.floor(Date.now() / 1000);

/** Signing in at an issuer, by authorization code with PKCE (RFC 6749, 4.1; RFC 7636; OpenID Connect Core, 3.1). */
export class SignIn {
  private readonly refreshes = new LRUCache<string, Promise<Session>>({ max: 10_000, ttl: REFRESHED_MS });

  private constructor(
    private readonly configuration: Configuration,
    private readonly verifier: Verifier,
    private readonly scope: string,
  ) {}

  /** @throws when the issuer cannot be found, or is none to sign in at */
  static async at({ issuer, id, secret, scope, fetch }: Client, verifier: Verifier): Promise<SignIn> {
    const server = new URL(issuer);
    const insecure = server.protocol === 'http:' ? [allowInsecureRequests] : [];
    // A public client has no secret: PKCE stands in for it (RFC 9700, 2.1.1).
    const configuration = await discovery(server, id, secret, secret === undefined ? None() : undefined, {
      // An ID token is checked by its signature too, whatever it came over (OpenID Connect Core, 3.1.3.7).
      execute: [...insecure, enableNonRepudiationChecks],
      timeout: TIMEOUT_SECONDS,
      ...(fetch ? { [customFetch]: fetch } : {}),
    });
    const { authorization_endpoint, token_endpoint } = configuration.serverMetadata();
    if (!authorization_endpoint || !token_endpoint) throw new Error(`${issuer} has no endpoints to sign in at`);
    return new SignIn(configuration, verifier, scope);
  }

  /** Where the browser goes, and what is kept until it is back. */
  async begin(callback: string, returnTo: string): Promise<{ url: URL; pending: Pending }> {
    const pending = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), returnTo };
    const url = buildAuthorizationUrl(this.configuration, {
      redirect_uri: callback,
      scope: this.scope,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
    });
    return { url, pending };
  }

  /** @throws SignInError */
  async finish(answer: URL, { state, nonce, verifier }: Pending): Promise<Session> {
    const tokens = await authorizationCodeGrant(this.configuration, answer, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    }).catch(failed);
    return this.session(tokens.access_token, tokens.refresh_token, nowInSeconds());
  }

  /** Whether it has to be refreshed before it is used. */
  isEnding = ({ expires }: Session): boolean => expires - EARLY_SECONDS <= nowInSeconds();

  /**
   * The session with a new access token (RFC 6749, 6). Of requests that come with the same session one asks the issuer: it may
   * take a refresh token once only (RFC 9700, 4.14.2).
   *
   * @throws SignInError
   */
  refresh(session: Session): Promise<Session> {
    const key = `${session.expires} ${session.refreshToken}`;
    const known = this.refreshes.get(key);
    if (known) return known;
    const asked = this.askAnew(session);
    this.refreshes.set(key, asked);
    asked.catch(() => this.refreshes.delete(key));
    return asked;
  }

  private async askAnew({ refreshToken, since }: Session): Promise<Session> {
    if (refreshToken === undefined) throw new SignInError('refused', 'no refresh token');
    const tokens = await refreshTokenGrant(this.configuration, refreshToken).catch(failed);
    return this.session(tokens.access_token, tokens.refresh_token ?? refreshToken, since);
  }

  /** Gives the refresh token back (RFC 7009) and says where the issuer ends its own session, where it has a place for that. */
  async end(session: Session | undefined, returnTo: string): Promise<string | undefined> {
    const { revocation_endpoint, end_session_endpoint } = this.configuration.serverMetadata();
    if (revocation_endpoint && session?.refreshToken) {
      // Who wants to leave leaves, whether the issuer hears of it or not.
      await tokenRevocation(this.configuration, session.refreshToken).catch(() => undefined);
    }
    if (!end_session_endpoint) return undefined;
    return buildEndSessionUrl(this.configuration, { post_logout_redirect_uri: returnTo }).href;
  }

  /** Who acts is read from the access token, by the same rules as that of a program. */
  private async session(accessToken: string, refreshToken: string | undefined, since: number): Promise<Session> {
    const actor = await this.verifier.verify(accessToken).catch((error: unknown) => {
      throw new SignInError('no-actor', error);
    });
    return { actor, expires: decodeJwt(accessToken).exp!, since, ...(refreshToken ? { refreshToken } : {}) };
  }
}

/** What openid-client says of an issuer that did not answer, or not as one. */
const NO_ANSWER = ['TIMEOUT', 'ABORT', 'PARSE_ERROR', 'RESPONSE_IS_NOT_CONFORM', 'RESPONSE_IS_NOT_JSON'];

/** What went wrong on the way, as far as it matters to who is told of it. */
function failed(error: unknown): never {
  if (error instanceof AuthorizationResponseError) throw new SignInError('refused', error);
  if (error instanceof ResponseBodyError) throw new SignInError(error.status < 500 ? 'refused' : 'unreachable', error);
  const { code = '' } = error as { code?: string };
  // A state, nonce or claim that is not what was asked for.
  const answered = code.startsWith('OAUTH_') && !NO_ANSWER.includes(code.slice('OAUTH_'.length));
  const compared = error instanceof ClientError && answered;
  throw new SignInError(compared ? 'mismatch' : 'unreachable', error);
}
