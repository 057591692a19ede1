import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An OpenID issuer to test against: it lets one person in, and takes each code and each refresh token once. */
export interface TestIssuer {
  readonly url: string;
  /** What it does from now on. */
  readonly behaviour: {
    claims: object;
    expiresIn: number;
    audience: string;
    nonce?: string;
    refreshToken?: () => string;
    endSession: boolean;
  };
  /** How often the token endpoint was asked for each grant, and what was revoked. */
  readonly asked: { authorization_code: number; refresh_token: number; revoked: string[] };
  token(): Promise<string>;
  close(): void;
}

type Code = Readonly<Record<'redirect_uri' | 'nonce' | 'code_challenge' | 'client_id', string>>;

export async function startTestIssuer(): Promise<TestIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' };
  const codes = new Map<string, Code>();
  const refreshTokens = new Set<string>();
  const behaviour: TestIssuer['behaviour'] = { claims: {}, expiresIn: 3600, audience: 'liandong', endSession: true };
  const asked: TestIssuer['asked'] = { authorization_code: 0, refresh_token: 0, revoked: [] };
  let url = '';

  const sign = (claims: object, audience: string) =>
    new SignJWT({ ...claims, jti: randomUUID() })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .setIssuer(url)
      .setAudience(audience)
      .setSubject('li')
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + behaviour.expiresIn)
      .sign(privateKey);
  const token = () => sign(behaviour.claims, behaviour.audience);

  const grant = async (more: object) => {
    const refresh = behaviour.refreshToken?.() ?? randomUUID();
    refreshTokens.add(refresh);
    const { expiresIn: expires_in } = behaviour;
    return { token_type: 'Bearer', expires_in, access_token: await token(), refresh_token: refresh, ...more };
  };
  const grants: Record<string, (form: URLSearchParams) => Promise<object | undefined>> = {
    async authorization_code(form) {
      asked.authorization_code++;
      const code = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const verified = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      if (code?.redirect_uri !== form.get('redirect_uri') || code?.code_challenge !== verified) return undefined;
      return grant({ id_token: await sign({ nonce: behaviour.nonce ?? code.nonce }, code.client_id) });
    },
    async refresh_token(form) {
      asked.refresh_token++;
      return refreshTokens.delete(form.get('refresh_token') ?? '') ? grant({}) : undefined;
    },
  };
  const metadata = () => ({
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    revocation_endpoint: `${url}/revoke`,
    jwks_uri: `${url}/keys`,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    ...(behaviour.endSession ? { end_session_endpoint: `${url}/end` } : {}),
  });

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, url);
    const say = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (pathname === '/.well-known/openid-configuration') return say(200, metadata());
    if (pathname === '/keys') return say(200, { keys: [jwk] });
    if (pathname === '/authorize') {
      const code = randomUUID();
      codes.set(code, Object.fromEntries(searchParams) as Code);
      const back = new URLSearchParams({ code, state: searchParams.get('state')! }).toString();
      return response.writeHead(302, { location: `${searchParams.get('redirect_uri')}?${back}` }).end();
    }
    const form = await formOf(request);
    if (pathname === '/revoke') {
      asked.revoked.push(form.get('token')!);
      return response.writeHead(200).end();
    }
    const answer = await grants[form.get('grant_type') ?? '']?.(form);
    return answer ? say(200, answer) : say(400, { error: 'invalid_grant' });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url, behaviour, asked, token, close };
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}
