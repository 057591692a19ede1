import fc from 'fast-check';
import {
  evolve,
  isProcess,
  isRefusal,
  ofAuthority,
  ofOrder,
  type Actor,
  type AnyDecider,
  type Command,
  type DomainEvent,
  type Look,
  type Refusal,
  type RefusalText,
} from '#libs/eventing';
import { textOf, type Context } from '#libs/eventing-nest';
import { completeUscc, fieldsOf } from '#libs/fields';
import { contexts } from '../apps/platform/src/contexts.js';

/**
 * Every rule that can refuse, read by a test: random commands in small worlds, from nothing and from whatever the steps of a
 * whole province lead to. Each code that a context declares is provoked, none that it does not declare, and what is said reads well.
 */

interface Sent {
  readonly command: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly by: Actor;
}

const province: Actor = { id: 'p', role: 'province' };
const process: Actor = { id: 'process:walk', role: 'province' };
const operator = (region: string): Actor => ({ id: region, role: 'operator', region });

const CITIES = ['xixian', 'xianyang', 'baoji'];
const REGIONS = ['shaanxi', ...CITIES, 'qindu', 'fengdong', 'nowhere'];
const PLACES = ['iso-de', 'cn-310000'];
const DAYS = ['2019-06-01', '2023-01-01', '2023-02-01', '2023-06-01', '2023-06-02', '2024-01-01', '2026-01-01'];
const LATER = [...DAYS, '2029-01-01'];
const FIRMS = [completeUscc('91610400MA6Y0001'), completeUscc('91610400MA6Y0002')];
const ADMITTED = FIRMS.map((uscc) => `in-${uscc.toLowerCase()}-1`);
const basis = { document: '示例', clause: '一' };

/** What fields may say, by their name, or by that of their command too; those that are one of a list say any of it. */
const POOLS: Readonly<Record<string, readonly unknown[]>> = {
  on: DAYS,
  from: LATER,
  until: LATER,
  agreementUntil: LATER,
  closesOn: LATER,
  founded: ['2020-01-01', '2022-06-01', '2024-06-01'],
  lastDay: DAYS,
  basis: [basis],
  reason: ['有误'],
  reasonEn: ['mistaken'],
  evidence: ['登记证'],
  wording: ['支持'],
  subject: ['总窗口'],
  subjectId: ['xixian'],
  title: ['示例'],
  firm: ['示例企业', '另一企业'],
  name: ['示例', '先行区'],
  theme: ['转化', '示范'],
  fact: ['e-1'],
  region: REGIONS,
  regions: [['xianyang'], ['nowhere']],
  into: [['baoji'], ['xianyang'], ['nowhere']],
  parent: REGIONS,
  by: REGIONS,
  home: REGIONS,
  host: [...REGIONS, ...PLACES],
  owner: REGIONS,
  using: [...REGIONS, ...PLACES],
  output: [...REGIONS, ...PLACES],
  absorbing: [...REGIONS, ...PLACES],
  place: [...PLACES, 'iso-de-munich', 'iso-cn', 'iso-xx', 'cn-610400', 'cn-999999', 'nowhere'],
  group: ['g1'],
  zone: ['z1', 'z2'],
  link: ['l1', 'l2'],
  rule: ['r1', 'r2'],
  statement: ['s1', 's2'],
  minimum: [1],
  carrier: ['c1', 'c2', 'e1', 'e2', 'new'],
  unit: ['u1', 'u2'],
  allocation: ['a1', 'a2', ADMITTED[0]],
  areaSquareMetres: [0, 10, 60],
  desks: [0, 5, 9],
  uscc: FIRMS,
  filing: ['F-1', 'F-2'],
  notice: [1, 2],
  spell: [1, 2],
  field: ['集成电路', '软件'],
  instrument: ['i1', 'i2'],
  use: ['u1', 'u2', 'u3'],
  units: [1, 2],
  hours: [1, 24, 48, 700, 9000],
  assetNumber: ['A-1', 'A-2'],
  originalValueFen: [1],
  contract: ['k1', 'k2', 'k3'],
  twinOf: ['k1', 'k2', 'k3'],
  registration: ['R-1', 'R-2'],
  reverses: ['R-1', 'R-2'],
  answerBy: LATER,
  amountFen: [100, 2e12],
  amountConfirmedFen: [2e12],
  technicalRevenueFen: [1, 101],
  seller: ['示例企业', '另一企业'],
  buyer: ['示例企业', '另一企业'],
  sellerUscc: FIRMS,
  buyerUscc: FIRMS,
  sellerCountry: ['DE'],
  buyerCountry: ['DE'],
  nameConfirmed: [true],
  carrierKind: ['孵化器', '香蕉'],
  code: ['pioneer', 'trial', 'new'],
  'DefineCode.link': ['enclave-incubator', 'cross-province', 'nowhere'],
  'RejectAdmission.code': ['space.no-desks'],
  'RegisterRegion.region': [...REGIONS, 'new', 'iso-fr'],
  'RegisterCarrier.kind': ['孵化器', '加速器', '飞地孵化器', '海外离岸创新中心', '大学科技园', '香蕉'],
  'PlanCarrier.kind': ['飞地孵化器', '协同创新基地', '孵化器', '香蕉'],
  'ProposeCarrier.kind': ['飞地孵化器', '离岸研发中心', '协同创新基地', '孵化器', '香蕉'],
  'ReviseProposal.kind': ['飞地孵化器', '离岸研发中心', '孵化器', '香蕉'],
  'MapRegionCode.code': ['610000', '610400', '610300', '610402', '610499', '510000', '510100'],
  'PlanZone.kind': ['先行区', '试验区', '香蕉'],
  'DesignateZone.kind': ['先行区', '试验区', '香蕉'],
  'PlanLink.kind': ['integration', 'city-pairing', 'collaboration-base', 'cross-province', 'pairing', '香蕉'],
  'OpenLink.kind': ['integration', 'city-pairing', 'collaboration-base', 'enclave-incubator', 'pairing', '香蕉'],
};
for (const command of ['PlanLink', 'OpenLink'])
  Object.assign(POOLS, { [`${command}.from`]: [...REGIONS, ...PLACES], [`${command}.to`]: [...REGIONS, ...PLACES] });

interface Known {
  readonly context: Context;
  readonly Class: new () => Command;
  readonly isStep: boolean;
}
const known = new Map<string, Known>(
  contexts.flatMap((context) =>
    [context.commands, context.steps].flatMap((classes, n) =>
      Object.entries(classes).map(([name, Class]): [string, Known] => [name, { context, Class, isStep: n === 1 }]),
    ),
  ),
);

/** What the API's page says of a field. */
interface Property {
  readonly enum?: readonly unknown[];
  readonly required?: boolean;
}

function valueOf(command: string, field: string, { Class }: Known): fc.Arbitrary<unknown> {
  const { enum: values, required = true }: Property =
    Reflect.getMetadata('swagger/apiModelProperties', Class.prototype as object, field) ?? {};
  const pool = POOLS[`${command}.${field}`] ?? values ?? POOLS[field];
  if (!pool) throw new Error(`${command}.${field}: POOLS 中没有 (what may it say?)`);
  return required ? fc.constantFrom(...pool) : fc.option(fc.constantFrom(...pool), { nil: undefined, freq: 2 });
}

function sentBy({ Class, isStep }: Known): fc.Arbitrary<Actor> {
  if (isStep) return fc.constant(process);
  const people = textOf(Class).roles.flatMap((role) => (role === 'province' ? [province] : CITIES.map(operator)));
  return fc.constantFrom(...people, ...people, process);
}

const moves = [...known].map(([command, of]): [Context, fc.Arbitrary<Sent>] => {
  const fields = [...fieldsOf(of.Class).keys()].map((field) => [field, valueOf(command, field, of)]);
  return [
    of.context,
    fc.record({ command: fc.constant(command), fields: fc.record(Object.fromEntries(fields)), by: sentBy(of) }),
  ];
});
/** What one walk keeps coming back to, so that one command meets what another has done. */
const FOCUS = ['carrier', 'unit', 'allocation', 'uscc', 'instrument', 'contract', 'region', 'zone', 'link', 'rule'];
const focuses = fc.record(Object.fromEntries(FOCUS.map((name) => [name, fc.constantFrom(...POOLS[name]!)])));

/** A few commands of a context, again and again: of all of them at once, two would hardly ever be about one thing. */
const walksOf = (context: Context): fc.Arbitrary<Sent[]> => {
  const own = moves.filter(([of]) => of === context).map(([, move]) => move);
  const some = fc.shuffledSubarray(own, { minLength: 1, maxLength: Math.min(5, own.length) });
  const walk = some.chain((few) =>
    fc.array(fc.tuple(fc.oneof(...few), fc.nat(3)), { minLength: LONG, maxLength: LONG }),
  );
  return fc.tuple(walk, focuses).map(([sent, focus]) =>
    sent.map(([{ command, fields, by }, chance]) => {
      if (chance === 0) return { command, fields, by };
      const about = FOCUS.filter((name) => name in fields).map((name) => [name, focus[name]]);
      return {
        command,
        fields: { ...fields, ...Object.fromEntries(about) },
        by: by.region ? operator('xianyang') : by,
      };
    }),
  );
};
/** Commands of one walk, and walks through one context. */
const LONG = 25;
const WALKS = 2_500;

/** A province where something of everything is there: each step is accepted after those before it. */
const STEPS: readonly (readonly [by: Actor, command: string, fields: Readonly<Record<string, unknown>>])[] = [
  [province, 'RegisterRegion', { region: 'shaanxi', name: '陕西省', level: 'province' }],
  ...CITIES.map(
    (region) => [province, 'RegisterRegion', { region, name: region, level: 'city', parent: 'shaanxi' }] as const,
  ),
  [province, 'RegisterRegion', { region: 'qindu', name: '秦都区', level: 'county', parent: 'xianyang' }],
  [province, 'RegisterRegion', { region: 'fengdong', name: '沣东新城', level: 'park', parent: 'xixian' }],
  [province, 'MapRegionCode', { region: 'shaanxi', code: '610000', from: '2019-01-01' }],
  [province, 'MapRegionCode', { region: 'xianyang', code: '610400', from: '2019-01-01' }],
  ...PLACES.map((place) => [province, 'RegisterPlace', { place }] as const),
  [province, 'DesignateHub', { region: 'xixian' }],
  [province, 'PlanZone', { zone: 'z1', region: 'xianyang', kind: '先行区', name: '先行区', stage: 'planned' }],
  [province, 'OpenLink', { link: 'l1', kind: 'integration', from: 'xianyang', to: 'baoji' }],
  [province, 'PlanLink', { link: 'l2', kind: 'collaboration-base', from: 'xixian', to: 'baoji', stage: 'planned' }],
  [province, 'StateCoverageRule', { rule: 'r1', carrierKind: '孵化器', level: 'city', minimum: 1 }],
  [
    province,
    'DefineCode',
    { list: 'link-kinds', code: 'city-pairing', name: '市际结对', fromEnd: 'any', toEnd: 'any', level: 'city' },
  ],
  [province, 'EndCode', { on: '2023-06-01', list: 'carrier-kinds', code: 'university-park' }],
  [province, 'EndCode', { on: '2023-06-01', list: 'zone-kinds', code: 'trial' }],
  [operator('xianyang'), 'RegisterCarrier', { carrier: 'c1', name: '孵化器', kind: '孵化器', region: 'xianyang' }],
  [operator('xianyang'), 'RegisterCarrier', { carrier: 'c2', name: '加速器', kind: '加速器', region: 'xianyang' }],
  [
    operator('xianyang'),
    'ProposeCarrier',
    { carrier: 'e1', name: '飞地', kind: '飞地孵化器', home: 'xianyang', host: 'xixian' },
  ],
  [
    operator('xianyang'),
    'ProposeCarrier',
    { carrier: 'e2', name: '中心', kind: '离岸研发中心', home: 'xianyang', host: 'xixian' },
  ],
  [operator('xianyang'), 'SignAsHome', { carrier: 'e1' }],
  [operator('xixian'), 'SignAsHost', { carrier: 'e1' }],
  [province, 'FileCarrier', { carrier: 'e1', filing: 'F-1', agreementUntil: '2024-01-01' }],
  [operator('xixian'), 'OpenCarrier', { carrier: 'e1' }],
  ...[
    ['c1', 'u1'],
    ['c2', 'u1'],
    ['c2', 'u2'],
    ['e1', 'u1'],
  ].map(
    ([carrier, unit]) =>
      [
        operator('xianyang'),
        'AddSpaceUnit',
        { carrier, unit, areaSquareMetres: 100, desks: 10, from: '2023-01-01' },
      ] as const,
  ),
  [
    operator('xianyang'),
    'AllocateSpace',
    {
      carrier: 'c2',
      allocation: 'a1',
      unit: 'u1',
      uscc: FIRMS[0],
      firm: '示例企业',
      areaSquareMetres: 60,
      desks: 5,
      from: '2023-01-01',
    },
  ],
  [
    operator('xianyang'),
    'AdmitFirm',
    {
      carrier: 'c1',
      home: 'xianyang',
      uscc: FIRMS[0],
      firm: '示例企业',
      field: '软件',
      founded: '2022-06-01',
      unit: 'u1',
      areaSquareMetres: 60,
      desks: 5,
      from: '2023-01-01',
    },
  ],
  [
    process,
    'AllocateSpace',
    {
      carrier: 'c1',
      allocation: ADMITTED[0],
      unit: 'u1',
      uscc: FIRMS[0],
      firm: '示例企业',
      areaSquareMetres: 60,
      desks: 5,
      from: '2023-01-01',
    },
  ],
  [process, 'ConfirmAdmission', { carrier: 'c1', uscc: FIRMS[0], spell: 1 }],
  [
    operator('xianyang'),
    'NetworkInstrument',
    { instrument: 'i1', name: '电镜', owner: 'xianyang', assetNumber: 'A-1', originalValueFen: 1 },
  ],
  [operator('xianyang'), 'RecordUse', { instrument: 'i1', use: 'u1', using: 'xixian', hours: 20, sharing: 'external' }],
  [
    operator('xianyang'),
    'FileContract',
    { contract: 'k1', title: '示例', type: 'service', output: 'xianyang', absorbing: 'xixian', amountFen: 100 },
  ],
  [
    operator('xianyang'),
    'FileContract',
    { contract: 'k2', title: '示例', type: 'service', output: 'xianyang', absorbing: 'xixian', amountFen: 100 },
  ],
  [province, 'RecogniseContract', { contract: 'k1', registration: 'R-1', technicalRevenueFen: 1 }],
];
const sentOf = ([by, command, fields]: (typeof STEPS)[number]): Sent => {
  return { by, command, fields: { on: '2023-01-01', basis, reason: '有误', ...fields } };
};
const steps = STEPS.map(sentOf);

const xianyang = operator('xianyang');
const let_ = {
  carrier: 'c2',
  allocation: 'a2',
  unit: 'u2',
  uscc: FIRMS[1],
  firm: '另一企业',
  areaSquareMetres: 10,
  desks: 5,
};
const firm = { carrier: 'c1', uscc: FIRMS[0] };
const admit = {
  ...firm,
  home: 'xianyang',
  firm: '示例企业',
  field: '软件',
  founded: '2022-06-01',
  unit: 'u1',
  areaSquareMetres: 10,
  desks: 5,
  from: '2023-02-01',
};
const used = { instrument: 'i1', using: 'xixian', sharing: 'external', hours: 600, lastDay: '2023-03-01' };
const proposed = { carrier: 'new', name: '示例' };
const enclave = { ...proposed, kind: '飞地孵化器', home: 'xianyang', host: 'fengdong' };
const signed: typeof STEPS = [
  [xianyang, 'ProposeCarrier', enclave],
  [xianyang, 'SignAsHome', { carrier: 'new' }],
  [operator('xixian'), 'SignAsHost', { carrier: 'new' }],
];
const late = { on: '2029-01-01' };

/** What random walks seldom come to: after all those steps, these, the last of which is refused by the code. */
const SCENES: Readonly<Record<string, typeof STEPS>> = {
  'carrier.both-sides': [
    [province, 'AdministerRegion', { region: 'xianyang', by: 'xixian' }],
    [operator('xixian'), 'SignAsHome', { carrier: 'e2' }],
  ],
  'carrier.of-two': [
    [xianyang, 'PlanCarrier', { ...proposed, kind: '飞地孵化器', home: 'xianyang', stage: 'planned' }],
    [xianyang, 'RegisterCarrier', { ...proposed, kind: '孵化器', region: 'xianyang' }],
  ],
  'carrier.lapsed': [
    [xianyang, 'ProposeCarrier', { ...enclave, answerBy: '2023-02-01' }],
    [xianyang, 'SignAsHome', { on: '2023-06-01', carrier: 'new' }],
  ],
  'carrier.not-signed-anew': [
    ...signed,
    [xianyang, 'ReviseProposal', { ...enclave, on: '2023-02-01' }],
    [province, 'FileCarrier', { on: '2023-06-01', carrier: 'new', filing: 'F-2' }],
  ],
  'carrier.changed-since': [
    ...signed,
    [province, 'MoveRegion', { region: 'fengdong', parent: 'baoji' }],
    [province, 'FileCarrier', { on: '2023-06-01', carrier: 'new', filing: 'F-2' }],
  ],
  'carrier.cannot-open': [
    ...signed,
    [province, 'FileCarrier', { carrier: 'new', filing: 'F-2' }],
    [province, 'MoveRegion', { region: 'fengdong', parent: 'baoji' }],
    [xianyang, 'OpenCarrier', { on: '2023-06-01', carrier: 'new' }],
  ],
  'link.level': [
    [province, 'DefineCode', { list: 'carrier-kinds', code: 'pair', name: '结对载体', link: 'city-pairing' }],
    [xianyang, 'ProposeCarrier', { ...proposed, kind: '结对载体', home: 'qindu', host: 'baoji' }],
  ],
  'region.ended': [
    [province, 'EndRegion', { region: 'qindu', into: ['xianyang'] }],
    [xianyang, 'ProposeCarrier', { ...proposed, kind: '飞地孵化器', home: 'qindu', host: 'xixian' }],
  ],
  'carrier.relied-on': [
    [xianyang, 'AddSpaceUnit', { ...let_, on: '2023-06-01', carrier: 'e1', from: '2023-06-01' }],
    [province, 'CorrectAgreement', { on: '2023-06-01', carrier: 'e1', agreementUntil: '2023-02-01' }],
  ],
  'carrier.closing': [
    [xianyang, 'GiveNotice', { carrier: 'c2', closesOn: '2023-02-01' }],
    [xianyang, 'RevokeNotice', { on: '2023-02-01', carrier: 'c2' }],
  ],
  'space.outside-period': [
    [xianyang, 'WithdrawSpaceUnit', { carrier: 'c2', unit: 'u2', until: '2024-01-01' }],
    [xianyang, 'AllocateSpace', { ...let_, from: '2023-06-01' }],
  ],
  'space.no-area': [[xianyang, 'AllocateSpace', { ...let_, areaSquareMetres: 101, from: '2023-06-01' }]],
  'space.no-desks': [[xianyang, 'AllocateSpace', { ...let_, desks: 11, from: '2023-06-01' }]],
  'use.no-hours': [
    [xianyang, 'RecordUse', { ...used, on: '2023-02-01', use: 'u2' }],
    [xianyang, 'RecordUse', { ...used, on: '2023-02-01', use: 'u3' }],
  ],
  'code.parent-first': [
    [province, 'EndRegionCode', { region: 'shaanxi', from: '2019-01-01', until: '2020-01-01' }],
    [province, 'EndRegionCode', { region: 'xianyang', from: '2019-01-01', until: '2020-01-01' }],
    [province, 'MapRegionCode', { region: 'baoji', code: '610300', from: '2023-01-01' }],
  ],
  'incubatee.stay-too-long': [
    [xianyang, 'ExitFirm', { ...firm, on: '2023-02-01', outcome: 'exited' }],
    [xianyang, 'AdmitFirm', { ...admit, until: '2029-01-01' }],
  ],
  'incubatee.before-exit': [
    [xianyang, 'ExitFirm', { ...firm, on: '2023-06-01', outcome: 'exited' }],
    [xianyang, 'AdmitFirm', admit],
  ],
  'incubatee.overstayed': [
    [process, 'FlagOverstay', { ...late, ...firm, spell: 1 }],
    [process, 'VoidOverstay', { ...late, ...firm, spell: 1, fact: 'e-1' }],
  ],
};

const actingFor = contexts.find((context) => context.actsFor)!.actsFor!;

/** All streams, and who has which natural key. */
class World {
  constructor(
    private readonly states = new Map<string, unknown>(),
    private readonly holders = new Map<string, string>(),
  ) {}

  private readonly stateOf = ({ category, initial }: Pick<AnyDecider, 'category' | 'initial'>, id: string): unknown =>
    this.states.get(`${category}-${id}`) ?? initial;
  private readonly look: Look = async (decider, id) => this.stateOf(decider as AnyDecider, id) as never;

  copy(): World {
    return new World(new Map(this.states), new Map(this.holders));
  }

  /** Another, where that was done too. */
  async after(sent: Sent): Promise<World> {
    const world = this.copy();
    await world.send(sent);
    return world;
  }

  /** Undefined when it was accepted. */
  async send({ command: name, fields, by }: Sent): Promise<Refusal | undefined> {
    const { context } = known.get(name)!;
    const { decider } = context;
    const command = fields as unknown as Command;
    const keys = context.keys(name, fields, this.look, by);
    for (const { kind, value, holder, held, isConfirmed } of keys) {
      const other = this.holders.get(`${kind}-${value}`) ?? holder;
      if (other !== holder && !isConfirmed) return held(other);
    }
    const id = decider.id(command);
    const region = by.role === 'operator' && !isProcess(by) ? by.region : undefined;
    const actsFor = region === undefined ? undefined : await actingFor(this.look, region);
    const given = { by: { ...by, actsFor }, world: await context.world(this.look, command) };
    const decision = decider.decide[name]!(command, this.stateOf(decider, id), given);
    if (isRefusal(decision)) return decision;
    for (const { kind, value, holder } of keys) this.holders.set(`${kind}-${value}`, holder);
    for (const event of decision as Iterable<DomainEvent>) {
      const state = evolve(decider, this.stateOf(decider, id), event, command.on);
      this.states.set(`${decider.category}-${id}`, state);
    }
    return undefined;
  }
}

const declaredBy = ({ decider }: Context): Readonly<Record<string, RefusalText>> => decider.refuses?.texts ?? {};
const shared: Readonly<Record<string, RefusalText>> = { ...ofAuthority.texts, ...ofOrder.texts };

/** Every text that was read, with the context that said it. */
interface Read {
  readonly context: Context;
  readonly refusal: Refusal;
}
const read = new Map<string, Read>();
/** What each scene was answered, step by step. */
const played = new Map<string, (string | undefined)[]>();

beforeAll(async () => {
  const worlds = [new World()];
  for (const step of steps) worlds.push(await worlds.at(-1)!.after(step));
  const tell = ({ command }: Sent, refusal: Refusal | undefined) => {
    const { context } = known.get(command)!;
    if (refusal) read.set(`${context.name} ${JSON.stringify(refusal)}`, { context, refusal });
  };
  for (const [code, scene] of Object.entries(SCENES)) {
    const world = worlds.at(-1)!.copy();
    const said = [];
    for (const sent of scene.map(sentOf)) {
      const refusal = await world.send(sent);
      tell(sent, refusal);
      said.push(refusal?.code);
    }
    played.set(code, said);
  }
  for (const context of contexts) {
    const begun = fc.oneof({ weight: 8, arbitrary: fc.constant(steps.length) }, fc.nat(steps.length));
    const walks = fc.sample(fc.tuple(begun, walksOf(context)), { numRuns: WALKS, seed: 20230209 });
    for (const [start, sent] of walks) {
      const world = worlds[start]!.copy();
      for (const one of sent) tell(one, await world.send(one));
    }
  }
}, 120_000);

it('each step of the province is accepted', async () => {
  const world = new World();
  for (const step of steps) expect([step.command, await world.send(step)]).toEqual([step.command, undefined]);
});

it.each(Object.entries(SCENES))('%s is what its scene comes to', (code, scene) => {
  expect(played.get(code)).toEqual([...scene.slice(1).map(() => undefined), code]);
});

it.each(contexts.map((context): [string, Context] => [context.name, context]))(
  '%s refuses with every code that it declares, and with no other',
  (_, context) => {
    const said = new Set(
      [...read.values()].filter((one) => one.context === context).map(({ refusal }) => refusal.code),
    );
    expect([...said].filter((code) => !(code in declaredBy(context)) && !(code in shared)).sort()).toEqual([]);
    expect(
      Object.keys(declaredBy(context))
        .filter((code) => !said.has(code))
        .sort(),
    ).toEqual([]);
  },
);

/** What is said of each place that a text has: something, and none of what JavaScript says of nothing. */
function places(text: string, said: string): string[] | undefined {
  const parts = text.split(/\{\w+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.+?)')}$`, 's').exec(said)?.slice(1);
}

const NOTHING = /^\s*$|undefined|null|NaN|\[object/;
/** Says what to do, who may, or that nothing is to be done. */
const ADVICE = /须|请|可以|只|由/;
const ADVISED = new Set<Refusal['kind']>(['forbidden', 'conflict']);

/** What is wrong with how a refusal reads. */
function faults({ kind, zh, en }: Refusal, [, textZh, textEn]: RefusalText): string[] {
  const empty = [places(textZh, zh), places(textEn, en)].some(
    (found) => !found || found.some((one) => NOTHING.test(one)),
  );
  const bare = textZh.replaceAll(/\{\w+\}/g, '').replaceAll(/（[^（）]*）/g, '');
  return [
    ...(empty ? ['says nothing where a detail belongs'] : []),
    ...(/[a-z]/.test(bare) ? ['names a field or command outside brackets'] : []),
    ...(/\p{Script=Han}/u.test(bare) ? [] : ['has no Chinese']),
    ...(/[A-Za-z]{2}/.test(textEn) && !/\p{Script=Han}/u.test(textEn) ? [] : ['has no English']),
    ...(ADVISED.has(kind) && !ADVICE.test(bare) ? ['does not say what to do, or who may'] : []),
  ];
}

it('what is said reads well, in both languages, and says what to do or who may', () => {
  expect(read.size).toBeGreaterThan(500);
  const wrong = new Set<string>();
  for (const { context, refusal } of read.values()) {
    const text = declaredBy(context)[refusal.code] ?? shared[refusal.code]!;
    for (const fault of faults(refusal, text)) wrong.add(`${refusal.code} ${fault}: ${refusal.zh} · ${refusal.en}`);
  }
  expect([...wrong].sort()).toEqual([]);
});

it('a refusal that reads badly is found', () => {
  const text: RefusalText = ['conflict', '{carrier} 已由 fromEnd 登记', '{carrier} 登记'];
  const refusal: Refusal = {
    refused: true,
    kind: 'conflict',
    code: 'c',
    zh: 'undefined 已由 fromEnd 登记',
    en: ' 登记',
  };
  expect(faults(refusal, text)).toEqual([
    'says nothing where a detail belongs',
    'names a field or command outside brackets',
    'has no English',
  ]);
  expect(faults({ ...refusal, zh: '已登记', en: 'It is there' }, ['conflict', '已登记', 'It is there'])).toEqual([
    'does not say what to do, or who may',
  ]);
});
