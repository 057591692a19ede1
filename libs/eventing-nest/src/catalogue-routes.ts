import { Controller, Get, Query, Req, Res, type Type } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { roles } from '#libs/eventing';
import { isRevisionKnown, revisionOf } from '#libs/messages';
import { Allow, type AuthenticatedRequest } from './access.js';
import { CatalogueAnswer } from './catalogue.answer.js';
import { catalogueFrom } from './catalogue.js';
import type { Context } from './context.js';
import { NoParameters, validated } from './form.js';
import { readRefusals } from './problem.dto.js';
import { addRoute } from './routes.js';

/**
 * `GET /api/v1/catalogue`: from it and the OpenAPI document a console makes its pages and forms. It is the same for everyone,
 * since it says what there is and nothing of anybody's, and the same until a release: whoever has it is told so.
 */
export function catalogueController(contexts: readonly Context[]): Type<object> {
  class Catalogue {}
  const revision = revisionOf(catalogueFrom(contexts));
  addRoute(
    Catalogue,
    'GetCatalogue',
    async (_: NoParameters, { headers }: AuthenticatedRequest, reply: FastifyReply) => {
      reply.header('ETag', revision.tag).header('Cache-Control', 'private, no-cache');
      if (isRevisionKnown(revision, headers['if-none-match'])) {
        reply.status(304);
        return undefined;
      }
      reply.type('application/json; charset=utf-8');
      return revision.text;
    },
    [Query(validated(NoParameters)), Req(), Res({ passthrough: true })],
    [
      Get('catalogue'),
      Allow(...roles),
      ApiOperation({
        operationId: 'GetCatalogue',
        summary: '目录：列表、统计、命令与事件的中英文说法，供界面自行生成',
        description:
          'Every list, figure, command and event in both languages, for pages and forms that make themselves',
      }),
      ApiHeader({ name: 'If-None-Match', required: false, description: '已有的版本（ETag）；未变则答 304' }),
      ApiOkResponse({ type: CatalogueAnswer }),
      ApiResponse({ status: 304, description: '未变' }),
      ...readRefusals(),
    ],
  );
  ApiTags('catalogue')(Catalogue);
  Controller('api/v1')(Catalogue);
  return Catalogue;
}
