import { Type } from 'class-transformer';
import { OneOf, Text, Whole } from '#libs/fields';
import type { Texts } from '#libs/messages';
import {
  askMatching,
  countMatching,
  expectMany,
  type Match,
  type MatchingQuestion,
  type Scope,
  type Sql,
  type Times,
} from '#libs/read-models';
import { textOf } from './command.js';
import type { Context } from './context.js';
import { question, TimesParameters, type AnyQuestion, type Asker } from './question.js';
import type { Reads } from './reads.js';
import { kebab } from './routes.js';
import { invalid, noPlace } from './times.js';
import { PROVINCE, type Waiting } from './waiting.js';
import { WaitingAnswer, type WaitingCommand, type WaitingKind } from './waiting.answer.js';

/** Entries of each kind where the question does not say. */
const PAGE = 20;

interface Asked extends Times {
  readonly kind?: string;
  readonly after?: string;
  readonly limit?: number;
}

/** The parameters name the kinds that there are: one that there is not is refused with those. */
function parametersFor(kinds: Texts) {
  class WaitingParameters extends TimesParameters {
    @OneOf(kinds, { zh: '仅此种类', en: 'Only this kind', optional: true }) readonly kind?: string;
    @Text(2000, { zh: '上一页的 next，连同 kind', en: 'The next of the page before, with its kind', optional: true })
    readonly after?: string;
    @Type(() => Number)
    @Whole(1, 100, {
      zh: '每个种类至多几件',
      en: 'At most so many of each kind',
      help: [`缺省 ${PAGE}`, `${PAGE} when absent`],
      optional: true,
      example: PAGE,
    })
    readonly limit?: number;
  }
  return WaitingParameters;
}

interface Declared {
  readonly waiting: Waiting;
  readonly commands: WaitingCommand[];
}

/**
 * What waits for the asker, as the lists stand: an operator is told of the regions that it acts for, the province and an auditor of
 * all. Of each kind the number and a page; the rest by `kind` and `after` (docs/decisions/0030).
 */
export function waitingQuestion(contexts: readonly Context[]): AnyQuestion {
  const declared = contexts.flatMap((context) =>
    context.waiting.map((waiting) => ({ waiting, commands: commandsOf(context, waiting) })),
  );
  return question({
    name: 'GetWaiting',
    path: 'waiting',
    zh: '待办：等待办理、应当知道的事',
    roles: ['province', 'operator', 'auditor'],
    reads: contexts.map(({ name }) => name),
    parameters: parametersFor(Object.fromEntries(declared.map(({ waiting: { kind, title } }) => [kind, title]))),
    answer: WaitingAnswer,
    async ask(asked: Asked, scope: Scope, reads: Reads, asker: Asker): Promise<WaitingAnswer> {
      const { kind, after, asOf, asAt, limit = PAGE } = asked;
      if (after !== undefined && kind === undefined)
        throw invalid('kind', 'after 须连同给出它的 kind', 'after is asked with the kind that gave it');
      const acts = await asker.acting();
      const day = asOf ?? (asAt === undefined ? asker.today : (await reads.known(asAt)).day);
      // Who only sees a region, since it has an authority of its own, has nothing to do there.
      const regions = scope === 'all' ? scope : scope.filter(acts);
      const common = { day, scope: regions, after, asOf, asAt, limit };
      const isMine = isTurnOf(asker, acts);
      return reads.transaction(async (sql) => {
        await expectMany(sql);
        const kinds: WaitingKind[] = [];
        for (const one of declared.filter(({ waiting }) => kind === undefined || waiting.kind === kind))
          kinds.push(await askKind(sql, one, common, isMine));
        return { day, kinds };
      });
    },
  });
}

/** Whether it is for the asker to do what it is the turn of `whose` to do, where these are to act each by their own authority. */
type IsMine = (whose: string, apart: readonly (string | null | undefined)[]) => boolean;

const isTurnOf =
  ({ role, region }: Asker, acts: (region: string) => boolean): IsMine =>
  (whose, apart) => {
    if (whose === PROVINCE) return role === PROVINCE;
    if (role !== 'operator' || !acts(whose)) return false;
    return whose === region || !apart.some((other) => other != null && other !== whose && acts(other));
  };

async function askKind(
  sql: Sql,
  { waiting, commands }: Declared,
  common: Omit<MatchingQuestion, 'to' | 'by' | 'state'>,
  isMine: IsMine,
): Promise<WaitingKind> {
  const { kind, list, title, to, since, deadline } = waiting;
  const state = 'state' in since ? since.state : undefined;
  const by = deadline ?? ('state' in since ? undefined : since[0]);
  const asked = { ...common, to, by, state };
  const count = await countMatching(sql, list, waiting, asked);
  const { items, next } = await askMatching(sql, list, waiting, asked).catch(noPlace);
  const things = items.map((item) => thingOf(waiting, item, isMine));
  return { kind, zh: title[0], en: title[1], list: list.name, count, commands, items: things, next };
}

type Row = Readonly<Record<string, string | null>>;

function thingOf({ list, says, turn, apart = [], since, deadline }: Waiting, found: Match, isMine: IsMine) {
  const row = found.row as Row;
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, field: string) => row[field] ?? '—');
  const days = [...('state' in since ? [] : since.map((field) => row[field])), found.since].filter(
    (day) => day != null,
  );
  const whose = turn(row).filter((region) => region !== null);
  const others = apart.map((field) => row[field]);
  return {
    zh: fill(says[0]),
    en: fill(says[1]),
    key: Object.fromEntries(list.key.map((field: string) => [field, row[field]])),
    since: days.sort().at(-1) ?? null,
    deadline: deadline === undefined ? null : (row[deadline] ?? null),
    turn: whose,
    mine: whose.some((one) => isMine(one, others)),
  };
}

function commandsOf({ name: path, commands }: Context, waiting: Waiting): WaitingCommand[] {
  return waiting.commands.map((name) => {
    const { zh, en, roles } = textOf(commands[name]!);
    return { name, path: `/api/v1/${path}/${kebab(name)}`, roles, zh, en };
  });
}
