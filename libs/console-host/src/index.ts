import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Whose page it is: the platform's, or a city's sub-platform's. */
export type View = 'platform' | 'city';

interface Hosting {
  readonly view: View;
  /** Where the console was built to. */
  readonly dir?: string;
  /** Answers what is no page: an address of the API that is not there, a console that was not built. */
  readonly missing: (request: FastifyRequest, reply: FastifyReply) => unknown;
}

/** What the server answers itself: an address below it that is not there is no page. */
const NOT_PAGES = /^\/(?:api|auth|docs|health|assets|metrics|openapi\.json)(?:[/?]|$)/;

/**
 * Serves the console: one page for every address that is no one else's, since its router knows them, and what the page
 * loads, compressed at the build and kept by browsers for good, for its name has its digest.
 *
 * The policy leaves no place for a script or a style that the page did not bring: styles that antd writes carry the nonce.
 */
export async function hostConsole(
  app: FastifyInstance,
  { view, dir = join(process.cwd(), 'dist', 'console'), missing }: Hosting,
): Promise<void> {
  const page = join(dir, 'index.html');
  const html = existsSync(page) ? readFileSync(page, 'utf8').replace('%VIEW%', view) : undefined;
  if (html !== undefined) {
    await app.register(fastifyStatic, {
      root: join(dir, 'assets'),
      prefix: '/assets/',
      preCompressed: true,
      immutable: true,
      maxAge: '365d',
      index: false,
      decorateReply: false,
    });
    app.get('/icon.svg', (_, reply) =>
      reply
        .type('image/svg+xml')
        .header('Cache-Control', 'public, max-age=86400')
        .send(readFileSync(join(dir, 'icon.svg'))),
    );
  }
  app.get('/*', (request, reply) => {
    if (html === undefined || NOT_PAGES.test(request.url)) return missing(request, reply);
    const nonce = randomBytes(16).toString('base64');
    return reply.type('text/html; charset=utf-8').headers(headersWith(nonce)).send(html.replaceAll('%NONCE%', nonce));
  });
}

const headersWith = (nonce: string) => ({
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
});
