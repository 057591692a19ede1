import { evolve, isRefusal, type Actor } from '#libs/eventing';
import { at, specification } from '#libs/testing';
import * as commands from './codes.commands.js';
import { codes } from './codes.decider.js';
import type { CodesEvent, DefinedCode } from './codes.events.js';
import { knownCodes } from './codes.lookup.js';
import { shippedCodes } from './codes.shipped.js';

const { given } = specification(codes, commands, { codes: knownCodes() });
const province: Actor = { id: 'p', role: 'province' };
const on = '2024-03-01';
const basis = { document: '秦创原创新驱动平台建设三年行动计划（2024—2026年）', clause: '12' };

const code: DefinedCode = {
  list: 'carrier-kinds',
  code: 'talent-harbour',
  name: '人才港',
  fromEnd: null,
  toEnd: null,
  level: null,
  link: null,
  beyond: null,
  basis,
};
const defined = (more: Partial<DefinedCode> = {}): CodesEvent => ({
  type: 'code.defined.v1',
  data: { ...code, ...more },
});
const ended: CodesEvent = {
  type: 'code.ended.v1',
  data: { list: code.list, code: code.code, until: '2025-01-01', basis },
};
const fields = ({ list, code: id, name }: DefinedCode) => ({ on, list, code: id, name, basis });

describe('a code', () => {
  it('is defined, revised, and said again without effect', () => {
    const define = (more: object, ...history: CodesEvent[]) =>
      given(...history).when('DefineCode', { ...fields(code), ...more }, province);
    define({}).then(defined());
    define({ beyond: 'abroad' }, defined()).then(defined({ beyond: 'abroad' }));
    define({}, defined()).then();
  });

  it('that the platform came with is stated once by the province', () => {
    const [shipped] = shippedCodes;
    const define = (...history: CodesEvent[]) =>
      given(...history).when('DefineCode', { ...fields(shipped!), basis }, province);
    const stated = { type: 'code.defined.v1', data: { ...shipped!, basis } } as const;
    define().then(stated);
    define(stated).then();
  });

  it.each([
    ['another name', { name: '人才湾' }, 'code.name-stays'],
    ['the name of another', { code: 'harbour', name: '人才港' }, 'code.name-taken'],
    ['the name of one that the platform came with', { code: 'my-incubator', name: '孵化器' }, 'code.name-taken'],
    ['a link that there is not', { link: 'banana' }, 'code.link-unknown'],
    ['a link that nobody signs at one end of', { link: 'cross-province' }, 'code.link-beyond'],
    ['what is said of another list', { fromEnd: 'hub' }, 'code.attribute'],
    [
      'a kind of link without its ends',
      { list: 'link-kinds', code: 'l', name: '联', fromEnd: 'hub' },
      'code.needs-ends',
    ],
  ] as const)('is refused with %s', (_, more, why) => {
    given(defined())
      .when('DefineCode', { ...fields(code), ...more }, province)
      .refused(why);
  });

  it('that nobody has stated is stated as it ends', () => {
    const [{ list, code: id }] = shippedCodes as [DefinedCode];
    given()
      .when('EndCode', { on, list, code: id, basis }, province)
      .then(
        { type: 'code.defined.v1', data: shippedCodes[0]! },
        { type: 'code.ended.v1', data: { list, code: id, until: on, basis } },
      );
  });

  it('may have the name of a code of another list', () => {
    const link = { ...fields(code), list: 'link-kinds', fromEnd: 'any', toEnd: 'any' } as const;
    expect(given(defined()).when('DefineCode', link, province).events()).toHaveLength(1);
  });

  it('ends once, and is not defined anew', () => {
    const { list, code: id } = code;
    const end = (...history: CodesEvent[]) =>
      given(...history).when('EndCode', { on: '2025-01-01', list, code: id, basis }, province);
    end(defined()).then(ended);
    end(defined(), ended).refused('code.ended');
    end().refused('code.unknown');
    end(at('2025-01-02', defined())).refused('fact.too-early');
    given(defined(), ended).when('DefineCode', fields(code), province).refused('code.ended');
  });
});

describe('whoever names a code', () => {
  const history = [defined(), ended];
  const known = knownCodes(history.reduce((state, event) => evolve(codes, state, event, on), codes.initial));
  const wanted = (said: string, day = on) => {
    const answer = known.wanted('carrier-kinds', said, day, 'kind');
    return isRefusal(answer) ? answer : answer.name;
  };

  it('calls it by its code or its name', () => {
    expect([wanted('talent-harbour'), wanted('人才港'), wanted('孵化器')]).toEqual(['人才港', '人才港', '孵化器']);
  });
  it('is told the nearest that there is', () => {
    for (const [said, nearest] of [
      ['孵化噐', '孵化器'],
      ['离岸研发中', '离岸研发中心'],
      ['acelerator', '加速器'],
      ['飞地孵化器\u200b', '飞地孵化器'],
    ] as const)
      expect(wanted(said)).toMatchObject({
        code: 'code.not-listed',
        field: 'kind',
        zh: expect.stringContaining(`最接近的是“${nearest}”`),
      });
    expect(wanted('banana')).toMatchObject({ code: 'code.not-listed', kind: 'invalid' });
    expect(wanted('先行区')).toMatchObject({ code: 'code.not-listed' });
  });
  it('may name one that has ended for a day before its end only', () => {
    expect(wanted('人才港', '2024-12-31')).toBe('人才港');
    expect(wanted('人才港', '2025-01-01')).toMatchObject({ code: 'code.used-no-more', kind: 'conflict' });
  });
});

it('what the platform comes with has one name and one code each, and names kinds of links that there are', () => {
  for (const field of ['name', 'code'] as const) {
    const said = shippedCodes.map((one) => `${one.list} ${one[field]}`);
    expect(new Set(said).size).toBe(said.length);
  }
  const links = shippedCodes.filter(({ list }) => list === 'link-kinds').map((one) => one.code);
  for (const { link } of shippedCodes) if (link !== null) expect(links).toContain(link);
});
