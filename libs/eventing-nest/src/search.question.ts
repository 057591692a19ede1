import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { roles } from '#libs/eventing';
import { Text, Whole } from '#libs/fields';
import { carriers, type AnyList } from '#libs/messages';
import { namesFirms, searchList, type Found, type Scope, type Times } from '#libs/read-models';
import type { Context } from './context.js';
import { question, TimesParameters, type AnyQuestion } from './question.js';
import type { Reads } from './reads.js';

/** Hits of each list where the question does not say. */
const EACH = 5;

export class SearchParameters extends TimesParameters {
  @Text(60, {
    zh: '名称或代码，或其中一部分',
    en: 'A name or a code, or part of it',
    help: ['名称的任何一部分，统一社会信用代码、登记编号，或标识的全部', 'Part of a name or number, or a whole id'],
    example: '飞地',
  })
  readonly text!: string;
  @Type(() => Number)
  @Whole(1, 20, {
    zh: '每个列表至多几条',
    en: 'At most so many of each list',
    help: [`缺省 ${EACH}`, `${EACH} when absent`],
    optional: true,
    example: EACH,
  })
  readonly each?: number;
}

const { name, zh, en, example } = carriers;

export class Hit {
  @ApiProperty({ description: '列表', example: name }) list!: string;
  @ApiProperty({ description: '列表名称', example: zh }) zh!: string;
  @ApiProperty({ description: 'What the list has', example: en }) en!: string;
  @ApiProperty({ type: Object, description: '标识', example: { carrier: example.carrier } }) key!: object;
  @ApiProperty({ description: '名称', example: example.name }) label!: string;
  @ApiProperty({ description: '标识、名称或代码与所问完全相同', example: false }) exact!: boolean;
  @ApiProperty({ type: Object, description: '列表中的一行，连同所据事实 trace', example }) row!: object;
}

export class SearchAnswer {
  @ApiProperty({ type: [Hit], description: '完全相同的在前，其余依列表' }) hits!: Hit[];
  @ApiProperty({ type: [String], description: '还有更多的列表：以 search 参数问该列表', example: [] })
  more!: string[];
}

/**
 * What all lists have by a name or a code. Whichever list declares what it is searched in is asked, and so is one that is added
 * tomorrow; one after the other on one connection, so that a search never takes more than one of them.
 */
export function searchQuestion(contexts: readonly Context[]): AnyQuestion {
  const searched = contexts.flatMap(({ lists }) => lists).filter(({ search }) => search.length > 0);
  return question({
    name: 'Search',
    path: 'search',
    zh: '搜索：按名称或代码，在所有列表中',
    roles,
    reads: contexts.map((context) => context.name),
    parameters: SearchParameters,
    answer: SearchAnswer,
    async ask(asked: SearchParameters & Times, scope: Scope, reads: Reads): Promise<SearchAnswer> {
      const { text, each = EACH, asOf, asAt } = asked;
      return reads.transaction(async (sql) => {
        const hits: Hit[] = [];
        const more: string[] = [];
        for (const list of searched) {
          const found = await searchList(sql, list, { text, scope, asOf, asAt, limit: each });
          hits.push(...found.found.map((one) => hitOf(list, one)));
          if (found.more) more.push(list.name);
        }
        return { hits: hits.sort((a, b) => Number(b.exact) - Number(a.exact)), more };
      });
    },
  });
}

function hitOf(list: AnyList, { row, trace, exact, admitted }: Found): Hit {
  const key = Object.fromEntries(list.key.map((field: string) => [field, row[field]]));
  const label = list.search.map((field: string) => row[field]).find((said: unknown) => typeof said === 'string');
  return {
    list: list.name,
    zh: list.zh,
    en: list.en,
    key,
    label: label ?? '',
    exact,
    row: { ...row, ...(namesFirms(list) ? { admitted } : {}), trace },
  };
}
