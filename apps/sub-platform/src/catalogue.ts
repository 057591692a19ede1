import type { FastifyInstance } from 'fastify';
import { catalogueOf, figures, isRevisionKnown, lists, revisionOf } from '#libs/messages';

/** `GET /api/v1/catalogue`: what the city's lists and figures are, in both languages. A city has no commands of its own. */
export function catalogueRoute(app: FastifyInstance): void {
  const revision = revisionOf({ contexts: [], ...catalogueOf(lists, figures) });
  app.get('/api/v1/catalogue', async ({ headers }, reply) => {
    reply.header('ETag', revision.tag).header('Cache-Control', 'no-cache');
    if (isRevisionKnown(revision, headers['if-none-match'])) return reply.status(304).send();
    return reply.type('application/json; charset=utf-8').send(revision.text);
  });
}
