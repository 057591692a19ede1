import { randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';

/** Markup that was made here; everything else is text. */
class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | readonly Markup[] | string;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const textOf = (part: Part): string =>
  part instanceof Markup
    ? part.text
    : typeof part === 'string'
      ? part.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!)
      : part.map(textOf).join('');

/** HTML in which whatever is put in is text, unless it was made by this too. */
export const html = (pieces: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(String.raw({ raw: pieces }, ...parts.map(textOf)));

const STYLE = `
  :root { color-scheme: light dark; font: 1.05rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }
  body { max-width: 34rem; margin: 3rem auto; padding: 0 1rem; }
  fieldset { border: 1px solid; border-radius: .4rem; margin: 1rem 0; padding: .5rem 1rem; }
  label { display: block; padding: .3rem 0; }
  select, input[type=text] { font: inherit; width: 100%; padding: .4rem; box-sizing: border-box; }
  button { font: inherit; padding: .5rem 1.5rem; }
  :focus-visible { outline: 3px solid; outline-offset: 2px; }
  .warning { border: 2px solid; border-radius: .4rem; padding: .5rem 1rem; font-weight: bold; }
  [lang=en] { opacity: .75; font-size: .9em; }`;

/** A page of /auth: no script, no frame around it, nothing from elsewhere (RFC 9700, 4.16), and kept by nobody. */
export function sendPage(reply: FastifyReply, status: number, title: string, body: Markup): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;
  const page = html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · 联动</title>
        <style nonce="${nonce}">
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `;
  return closed(reply)
    .status(status)
    .header('Content-Type', 'text/html; charset=utf-8')
    .header('Content-Security-Policy', policy)
    .send(page.text);
}

/** What every answer of /auth says of itself. */
export const closed = (reply: FastifyReply): FastifyReply =>
  reply
    .header('Cache-Control', 'no-store')
    .header('Referrer-Policy', 'no-referrer')
    .header('X-Content-Type-Options', 'nosniff')
    .header('X-Frame-Options', 'DENY');
