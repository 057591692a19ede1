import { CursorError, FigureQuestionError } from '#libs/read-models';
import { Problem } from './problem.js';

/** Asks the city. Parameters were checked, and its own two errors are told as theirs: what else fails is the database. */
export async function answered<T>(ask: () => Promise<T>): Promise<T> {
  return ask().catch((error: unknown) => {
    if (error instanceof CursorError) throw wrong('after', '不是此列表按此顺序给出的 next', error.message);
    if (error instanceof FigureQuestionError) throw wrong('to', error.zh, error.en);
    const [zh, en] = [
      '本市数据库暂时不可用，请稍后再试',
      'The database of this city is not available; try again later',
    ];
    throw new Problem(503, 'database.unavailable', zh, en, undefined, error);
  });
}

/** A parameter that the question cannot be answered with. */
export const wrong = (field: string, zh: string, en: string, code = 'question') =>
  new Problem(422, 'request.invalid', zh, en, [{ field, code, zh, en }]);
