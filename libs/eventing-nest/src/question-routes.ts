import { Controller, Get, Inject, Query, Req, Res, type Type } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, type AuthenticatedRequest } from './access.js';
import type { Context } from './context.js';
import { validated } from './form.js';
import { Gateway } from './gateway.js';
import { readRefusals } from './problem.dto.js';
import { answered, Reads } from './reads.js';
import { addRoute } from './routes.js';
import { searchQuestion } from './search.question.js';
import { timesOf, type AskedTimes } from './times.js';
import { waitingQuestion } from './waiting.question.js';

/** A route for every question that is neither a list nor a figure: those of a context, and those of all of them. */
export function questionController(contexts: readonly Context[]): Type<object> {
  class Questions {
    constructor(
      readonly reads: Reads,
      readonly gateway: Gateway,
    ) {}
  }
  Inject(Reads)(Questions, undefined, 0);
  Inject(Gateway)(Questions, undefined, 1);
  const ofAll = [searchQuestion(contexts), waitingQuestion(contexts)];
  for (const question of [...contexts.flatMap(({ questions }) => questions), ...ofAll]) {
    const { name, path, zh, roles, parameters, answer } = question;
    addRoute(
      Questions,
      name,
      async function (this: Questions, asked: AskedTimes, request: AuthenticatedRequest, reply: FastifyReply) {
        return answered(this.reads, this.gateway, question.reads, request, reply, async () =>
          question.ask(
            { ...asked, ...(await timesOf(asked, this.reads)) },
            await this.reads.scopeOf(request.actor),
            this.reads,
            this.gateway.askerOf(request.actor),
          ),
        );
      },
      [Query(validated(parameters)), Req(), Res({ passthrough: true })],
      [
        Get(path),
        Allow(...roles),
        ApiOperation({ operationId: name, summary: zh }),
        ApiQuery({ type: parameters }),
        ApiHeader({ name: 'Consistency-Token', required: false, description: '命令答复中的令牌：读到自己的写入' }),
        ApiOkResponse({ type: answer }),
        ...readRefusals(),
      ],
    );
  }
  ApiTags('questions')(Questions);
  Controller('api/v1')(Questions);
  return Questions;
}
