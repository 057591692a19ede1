import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { nowInSeconds, Sealer, TooBigError } from './index.js';

const sealer = new Sealer(randomBytes(32));
const later = () => nowInSeconds() + 60;

it('opens what it sealed, and shows nothing of it', async () => {
  const sealed = await sealer.seal('session', 'c', { actor: { id: '李' } }, later());
  expect(await sealer.open('session', sealed)).toEqual({ actor: { id: '李' } });
  expect(Buffer.from(sealed, 'base64url').toString()).not.toContain('actor');
  expect(sealed).toMatch(/^[\w.-]+$/);
});

it('opens nothing of another key, for another purpose, or that has ended', async () => {
  const sealed = await sealer.seal('session', 'c', {}, later());
  expect(await new Sealer(randomBytes(32)).open('session', sealed)).toBeUndefined();
  expect(await sealer.open('sign-in', sealed)).toBeUndefined();
  expect(await sealer.open('session', await sealer.seal('session', 'c', {}, nowInSeconds()))).toBeUndefined();
});

it('opens nothing that was changed in any place, nor any other text', async () => {
  const sealed = await sealer.seal('session', 'c', { a: 1 }, later());
  const changed = fc.record({ at: fc.nat(sealed.length - 1), bit: fc.integer({ min: 1, max: 63 }) });
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  await fc.assert(
    fc.asyncProperty(changed, fc.string(), async ({ at, bit }, text) => {
      const other = letters[(letters.indexOf(sealed[at]!) + bit) % 64]!;
      const bytes = (whole: string) => whole.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'));
      const mended = sealed.slice(0, at) + other + sealed.slice(at + 1);
      // The last letter of a part has bits that stand for nothing.
      fc.pre(bytes(mended).join('.') !== bytes(sealed).join('.'));
      expect(await sealer.open('session', mended)).toBeUndefined();
      expect(await sealer.open('session', text)).toBeUndefined();
    }),
  );
});

it('refuses what a browser may not keep', async () => {
  await expect(sealer.seal('session', 'c', { refreshToken: 'x'.repeat(4096) }, later())).rejects.toThrow(TooBigError);
  const largest = await sealer.seal('session', '__Host-liandong-session', { x: 'x'.repeat(2800) }, later());
  expect(largest.length).toBeLessThan(4096);
});
