import { OrderedMap } from 'immutable';
import { decider, notBefore, refusals } from '#libs/eventing';
import type * as commands from './codes.commands.js';
import type { CodeList, CodesEvent, DefinedCode } from './codes.events.js';
import { shippedCodes } from './codes.shipped.js';

export interface Code extends DefinedCode {
  /** The first day on which it is used no more; null while it is. */
  readonly until: string | null;
  /** The day since when the province has stated it; null of what the platform came with. */
  readonly since: string | null;
}
/** By list and code. */
export type Codes = OrderedMap<string, Code>;

/** What the rules of one list ask of another. */
interface World {
  readonly codes: { find(list: CodeList, said: string): Code | undefined };
}

export const at = ({ list, code }: Pick<DefinedCode, 'list' | 'code'>) => `${list}/${code}`;

const refuse = refusals({
  'code.unknown': ['missing', '代码表 {list} 中没有 {code}', 'There is no {code} in {list}', 'code'],
  'code.ended': ['conflict', '代码 {code} 已停用；须另立代码', 'Code {code} has ended: define another', 'code'],
  'code.name-stays': [
    'conflict',
    '代码 {code} 的名称是“{name}”，不能更改；另名须另立代码',
    'Code {code} is called {name}, which never changes: another name is another code',
    'name',
  ],
  'code.name-taken': [
    'conflict',
    '名称“{name}”已用于代码 {code}；请用该代码，或另取名称',
    '{name} is the name of code {code}: use that, or another name',
    'name',
  ],
  'code.needs-ends': ['invalid', '联动类别须注明起点与终点', 'A kind of link says where it starts and ends', 'fromEnd'],
  'code.attribute': ['invalid', '该代码表（{list}）没有这一项（{field}）', '{field} is not said of {list}'],
  'code.link-unknown': ['missing', '没有联动类别 {link}', 'There is no kind of links {link}', 'link'],
  'code.link-beyond': [
    'invalid',
    '“{name}”有一端在省外，无人在此签署，不能由载体建立',
    'A {name} has an end beyond the province, where nobody signs here: it is no carrier of two regions',
    'link',
  ],
});

/** What is said of the codes of each list beside their names. */
const attributes = {
  'carrier-kinds': ['link', 'beyond'],
  'zone-kinds': [],
  'link-kinds': ['fromEnd', 'toEnd', 'level'],
} as const satisfies Record<DefinedCode['list'], readonly (keyof DefinedCode)[]>;

const SAID = ['name', 'fromEnd', 'toEnd', 'level', 'link', 'beyond'] as const;

/**
 * A code list of the province (docs/domain.md §6): it begins with what the documents name, is extended and revised with a basis,
 * and a code that was used never goes away, since events name it: it ends.
 */
export const codes = decider<Codes, CodesEvent, typeof commands, World>({
  category: 'codes',
  refuses: refuse,
  initial: OrderedMap(shippedCodes.map((code) => [at(code), { ...code, until: null, since: null }])),
  id: ({ list }) => list,
  // The reference feed tells everyone of it; no region's own feed does.
  concerns: () => [],
  decide: {
    DefineCode: (said, codes, { world }) => {
      const { fromEnd = null, toEnd = null, level = null, link = null, beyond = null, basis } = said;
      const code = { list: said.list, code: said.code, name: said.name, fromEnd, toEnd, level, link, beyond };
      const { list, name } = code;
      const before = codes.get(at(code));
      const namesake = codes.find((other) => other.list === list && other.name === name && other.code !== code.code);
      const own: readonly string[] = attributes[list];
      const foreign = SAID.find((field) => field !== 'name' && code[field] !== null && !own.includes(field));
      if (before?.until) return refuse('code.ended', { code: code.code });
      if (before && before.name !== name) return refuse('code.name-stays', { code: code.code, name: before.name });
      if (namesake) return refuse('code.name-taken', { code: namesake.code, name });
      if (foreign) return { ...refuse('code.attribute', { list, field: foreign }), field: foreign };
      if (list === 'link-kinds' && !(code.fromEnd && code.toEnd)) return refuse('code.needs-ends');
      const tied = link === null ? undefined : world.codes.find('link-kinds', link);
      if (link !== null && !tied) return refuse('code.link-unknown', { link });
      if (tied && [tied.fromEnd, tied.toEnd].includes('beyond')) return refuse('code.link-beyond', { name: tied.name });
      if (before && before.since !== null && SAID.every((field) => before[field] === code[field])) return [];
      return [{ type: 'code.defined.v1', data: { ...code, basis } }];
    },

    EndCode: ({ on, list, code, basis }, codes) => {
      const before = codes.get(at({ list, code }));
      if (!before) return refuse('code.unknown', { list, code });
      if (before.until) return refuse('code.ended', { code });
      const early = notBefore(on, [[before.since, '代码列明', 'its definition']]);
      if (early) return early;
      const { until: _, since, ...shipped } = before;
      const ended = { type: 'code.ended.v1', data: { list, code, until: on, basis } } as const;
      // What nobody was told of could not be told to have ended.
      return since === null ? [{ type: 'code.defined.v1', data: shipped }, ended] : [ended];
    },
  },
  evolve: {
    'code.defined.v1': (codes, data, on) =>
      codes.update(at(data), (before) => ({ ...data, until: null, since: before?.since ?? on })),
    'code.ended.v1': (codes, { until, ...code }) => codes.update(at(code), (before) => ({ ...before!, until })),
  },
});
