import { EncryptJWT, jwtDecrypt } from 'jose';

/**
 * What a browser keeps of one cookie at least: name, value and attributes together (RFC 6265, 6.1). Some drop a longer one
 * without a word.
 */
const MAX_COOKIE_BYTES = 4096;
const ATTRIBUTES = '; Path=/; Max-Age=1234567; HttpOnly; Secure; SameSite=Lax';

/** Longer than a cookie can be. */
export class TooBigError extends Error {}

/** Why something is sealed; what was sealed for one purpose opens for no other. */
export type Purpose = 'session' | 'sign-in';

/** Seals and opens what the browser keeps for the platform: a JWE, `dir` with A256GCM (RFC 7516, RFC 7518 4.5 and 5.3). */
export class Sealer {
  constructor(private readonly key: Uint8Array) {}

  /**
   * @param until seconds since 1970, from when on it no longer opens
   * @throws TooBigError
   */
  async seal(purpose: Purpose, name: string, content: object, until: number): Promise<string> {
    const sealed = await new EncryptJWT({ content })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setAudience(purpose)
      .setExpirationTime(until)
      .encrypt(this.key);
    if (name.length + 1 + sealed.length + ATTRIBUTES.length > MAX_COOKIE_BYTES) throw new TooBigError(name);
    return sealed;
  }

  /** Undefined for what was changed, is of another key or purpose, or has ended. */
  async open<T extends object>(purpose: Purpose, sealed: string): Promise<T | undefined> {
    try {
      const { payload } = await jwtDecrypt(sealed, this.key, {
        audience: purpose,
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        requiredClaims: ['exp'],
      });
      return payload['content'] as T;
    } catch {
      return undefined;
    }
  }
}
