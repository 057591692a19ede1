import type { FastifyInstance } from 'fastify';
import type { JWK } from 'jose';
import { LRUCache } from 'lru-cache';
import { LOCAL_CLIENT, localSessionKey, Sealer, SignIn, type Verifier } from '#libs/auth';
import { StartupError } from '#libs/config';
import type { PlatformConfig } from '../config.js';
import { LOCAL_PATH } from './local-issuer.js';
import { Sessions, type SignInAt } from './sessions.js';

/** Of this machine by its names and of what is in front of it: the origins at which it is seen. */
const ORIGINS = 16;

/** Signing in as it is set up: at the OIDC issuer, at the local one, or not at all. */
export async function openSessions(
  config: PlatformConfig,
  key: JWK | undefined,
  verifier: Verifier,
  fastify: FastifyInstance,
): Promise<Sessions> {
  const { SESSION_KEY, PUBLIC_URL } = config;
  if (key !== undefined) {
    return new Sessions(new Sealer(SESSION_KEY ?? localSessionKey(key)), atLocalIssuer(fastify, verifier), PUBLIC_URL);
  }
  const { OIDC_ISSUER, OIDC_CLIENT_ID } = config;
  if (OIDC_CLIENT_ID === undefined) return Sessions.none();
  if (PUBLIC_URL === undefined || SESSION_KEY === undefined) {
    throw new StartupError(
      '配置有误：设置了 OIDC_CLIENT_ID，还须设置 PUBLIC_URL（例如 https://liandong.example.gov.cn）与 SESSION_KEY（openssl rand -base64 32 | tr +/ -_）',
      'With OIDC_CLIENT_ID, set PUBLIC_URL (for example https://liandong.example.gov.cn) and SESSION_KEY (openssl rand -base64 32 | tr +/ -_) too',
    );
  }
  const client = {
    issuer: OIDC_ISSUER,
    id: OIDC_CLIENT_ID,
    secret: config.OIDC_CLIENT_SECRET,
    scope: config.OIDC_SCOPE,
  };
  const signIn = await SignIn.at(client, verifier);
  return new Sessions(new Sealer(SESSION_KEY), async () => signIn, PUBLIC_URL);
}

/** The local issuer is the platform itself, and is asked without a socket: what is in front of the platform need not lead back. */
function atLocalIssuer(fastify: FastifyInstance, verifier: Verifier): SignInAt {
  const known = new LRUCache<string, Promise<SignIn>>({ max: ORIGINS });
  return (origin) => {
    const before = known.get(origin);
    if (before) return before;
    const client = { issuer: origin + LOCAL_PATH, id: LOCAL_CLIENT, scope: 'openid', fetch: inProcess(fastify) };
    const found = SignIn.at(client, verifier);
    known.set(origin, found);
    found.catch(() => known.delete(origin));
    return found;
  };
}

const inProcess =
  (fastify: FastifyInstance) =>
  async (
    url: string,
    { method, headers, body }: { method: string; headers: Record<string, string>; body?: unknown },
  ) => {
    const payload = body instanceof URLSearchParams ? body.toString() : (body as string | undefined);
    const answer = await fastify.inject({ method: method as 'GET', url, headers, ...(payload ? { payload } : {}) });
    const type = answer.headers['content-type'] as string | undefined;
    return new Response(answer.body, { status: answer.statusCode, headers: type ? { 'content-type': type } : {} });
  };
