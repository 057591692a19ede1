import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { actorOf, issueToken, localKey, localVerifier, oidcVerifier } from './index.js';

const operator = { id: 'li', role: 'operator', region: 'xianyang' } as const;

describe('the local issuer', () => {
  const dir = mkdtempSync(join(tmpdir(), 'liandong-auth-'));
  const file = join(dir, 'issuer.jwk.json');
  afterAll(() => rmSync(dir, { recursive: true }));

  it('makes its key once, readable by its owner only, and trusts its own tokens', async () => {
    const key = await localKey(file);
    expect(await localKey(file)).toEqual(key);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('"d"');
    const verifier = localVerifier(key);
    expect(await verifier.verify(await issueToken(key, operator))).toEqual(operator);
    expect(await verifier.verify(await issueToken(key, { id: 'a', role: 'auditor' }))).toEqual({
      id: 'a',
      role: 'auditor',
    });
  });

  it('trusts no expired token, none that was changed, and none without a signature', async () => {
    const key = await localKey(file);
    const verifier = localVerifier(key);
    const token = await issueToken(key, operator);
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const other = Buffer.from(payload, 'base64url').toString().replace('xianyang', 'baoji');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const bad of [
      await issueToken(key, operator, -1),
      `${header}.${Buffer.from(other).toString('base64url')}.${signature}`,
      `${none}.${payload}.`,
      'x',
    ]) {
      await expect(verifier.verify(bad)).rejects.toThrow();
    }
  });

  it('trusts no token past its end, however lately it was verified', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const key = await localKey(file);
      const verifier = localVerifier(key);
      const token = await issueToken(key, operator, 1);
      const almost = 24 * 3600_000 - 5_000;
      jest.advanceTimersByTime(almost);
      expect(await verifier.verify(token)).toEqual(operator);
      jest.advanceTimersByTime(4_000);
      expect(await verifier.verify(token)).toEqual(operator);
      jest.advanceTimersByTime(2_000);
      await expect(verifier.verify(token)).rejects.toThrow('"exp"');
    } finally {
      jest.useRealTimers();
    }
  });
});

it.each([
  ['a region that is none', 'li', 'xian\0yang'],
  ['a region that is none', 'li', 'Xianyang'],
  ['a region that is none', 'li', '../x'],
  ['a region that is none', 'li', 'x'.repeat(64)],
  ['a subject that cannot be read', 'li\0', 'xianyang'],
  ['a subject that cannot be read', 'li\u202e', 'xianyang'],
  ['a subject that cannot be read', 'li\ud800', 'xianyang'],
  ['a subject that cannot be read', '', 'xianyang'],
  ['a subject that cannot be read', 'x'.repeat(256), 'xianyang'],
])('%s makes no actor: %j, %j', (_, id, region) => {
  expect(() => actorOf(id, 'operator', region)).toThrow();
  expect(actorOf('李@省厅', 'operator', 'xianyang')).toEqual({ id: '李@省厅', role: 'operator', region: 'xianyang' });
});

describe('an OIDC issuer', () => {
  let server: Server;
  let issuer: string;
  let key: CryptoKey;

  beforeAll(async () => {
    const pair = await generateKeyPair('RS256');
    key = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'RS256' };
    server = createServer((request, response) => {
      const documents: Record<string, object> = {
        '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/keys` },
        '/keys': { keys: [jwk] },
      };
      const document = documents[request.url!];
      response
        .writeHead(document ? 200 : 404, { 'content-type': 'application/json' })
        .end(JSON.stringify(document ?? {}));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const token = (claims: object, audience = 'liandong', from = issuer) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .setIssuer(from)
      .setAudience(audience)
      .setSubject('li')
      .setExpirationTime('1h')
      .sign(key);

  it('is found by discovery, and its tokens say who acts', async () => {
    const verifier = await oidcVerifier(issuer, 'liandong');
    const claims = { liandong_role: 'operator', liandong_region: 'xianyang' };
    expect(await verifier.verify(await token(claims))).toEqual(operator);
    for (const bad of [
      await token(claims, 'another-service'),
      await token(claims, 'liandong', 'http://elsewhere'),
      await token({ liandong_role: 'operator' }),
      await token({}),
    ]) {
      await expect(verifier.verify(bad)).rejects.toThrow();
    }
  });

  it('that cannot be found stops the start', async () => {
    await expect(oidcVerifier(`${issuer}/nowhere`, 'liandong')).rejects.toThrow('404');
  });
});
