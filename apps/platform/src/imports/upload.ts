import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { errorCodes } from 'fastify';
import { ProblemException } from '#libs/eventing-nest';
import { LIMITS, SheetError, tooBig } from '#libs/sheets';

export const UPLOADS = '/api/v1/imports';
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const FILE_TYPES = ['text/csv', XLSX, 'application/octet-stream'] as const;

/** Files are taken where they are imported, and nowhere else. They are read once it is known who sends them. */
export function takeSheets(fastify: FastifyInstance): void {
  for (const type of FILE_TYPES) {
    fastify.addContentTypeParser(type, (request, payload, done) => {
      if (request.routeOptions.url === UPLOADS) done(null, payload);
      else done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(type));
    });
  }
}

/**
 * The bytes of an uploaded file, as far as there may be any.
 *
 * @throws ProblemException
 */
export async function uploaded({ body, headers }: FastifyRequest): Promise<Buffer> {
  if (!(body instanceof Readable)) {
    throw new ProblemException(
      415,
      'import.no-file',
      `请把文件作为请求内容发送，Content-Type 为 ${FILE_TYPES.join('、')} 之一`,
      `Send the file as the body, with a Content-Type of ${FILE_TYPES.join(', ')}`,
    );
  }
  if (Number(headers['content-length'] ?? 0) > LIMITS.bytes) throw asProblem(tooBig());
  const pieces: Buffer[] = [];
  let size = 0;
  // What is left of a file that is too big is let go by the server, once it has answered.
  for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > LIMITS.bytes) throw asProblem(tooBig());
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** The name of the file, for people: of `Content-Disposition`, also where it is written by RFC 8187. */
export function fileNameOf({ headers }: FastifyRequest): string | null {
  const said = headers['content-disposition'] ?? '';
  const [, encoded] = /filename\*=UTF-8''([^;\s]+)/i.exec(said) ?? [];
  const [, plain] = /filename="?([^";]+)"?/i.exec(said) ?? [];
  try {
    const name = encoded === undefined ? plain : decodeURIComponent(encoded);
    return name?.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}/\\]/gu, '').slice(0, 200) || null;
  } catch {
    return null;
  }
}

/** What is wrong with a file, as the door says it; any other error as it is. */
export function asProblem(error: unknown): unknown {
  if (!(error instanceof SheetError)) return error;
  const { code, zh, en } = error;
  return new ProblemException(code === 'sheet.too-big' ? 413 : 422, code, zh, en);
}
