import { openCity } from '#libs/city';
import { completeUscc, dayInChina } from '#libs/fields';
import { figures, lists, type Figure } from '#libs/messages';
import { toldApart } from '#libs/read-models';
import { createTestDatabase } from '#libs/testing';
import { HttpFeedSource } from '#libs/transport-http';
import {
  auditor,
  basis,
  operator,
  province,
  startTestPlatform,
  withEnclave,
  withRegions,
  type Answer,
  type TestPlatform,
} from './test-platform.js';
import { until } from './until.js';

/**
 * Every field of every command of the OpenAPI document, in bodies that are accepted otherwise, with the extremes of its kind:
 * whatever the door lets in, every projection must hold and every answer must tell. So with every parameter of every read.
 */

type Body = Readonly<Record<string, unknown>>;

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly example?: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly path: string;
  readonly method: string;
  readonly 'x-roles': readonly string[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[];
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
}

type By = Parameters<TestPlatform['send']>[0];

let platform: TestPlatform;
let operations: Operation[];
let schemas: Readonly<Record<string, Schema>>;

beforeAll(async () => {
  platform = await startTestPlatform();
  await withRegions(platform);
  for (const [region, code] of [
    ['shaanxi', '610000'],
    ['xianyang', '610400'],
  ])
    await platform.done(province, 'topology/map-region-code', {
      on: '2023-01-01',
      region,
      code,
      from: '1984-01-01',
      basis,
    });
  const { body } = await platform.send(null, 'GET', '/openapi.json');
  schemas = body.components.schemas;
  operations = Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method })),
  );
}, 60_000);
afterAll(() => platform.close());

const resolved = (schema: Schema): Schema => {
  const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
  return ref === undefined ? schema : schemas[ref.split('/').at(-1)!]!;
};

/** What an example says, of a form what the examples of its fields say. */
function exampleOf(of: Schema): unknown {
  const { properties, required = [], example, enum: values } = resolved(of);
  if (!properties) return example ?? values?.[0];
  return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name]!)]));
}

/** Numbers that JSON can write and JavaScript cannot say: put in as they are. */
const asWritten = (number: string) => `@@${number}@@`;
const written = (body: unknown) => JSON.stringify(body).replaceAll(/"@@(.+?)@@"/g, '$1');

const days = (ahead: number, years = 0) => {
  const day = dayInChina(new Date(Date.now() + ahead * 86_400_000));
  return `${Number(day.slice(0, 4)) + years}${day.slice(4)}`;
};
const FIXED =
  '0000-01-01 0001-01-01 0999-12-31 1949-09-30 1949-10-01 1969-12-31 2000-02-29 2023-02-29 2149-12-31 2150-01-01 9999-12-31 ' +
  '+010000-01-01 -000001-01-01 2023-06-01T00:00:00Z infinity today';
const DATES = [...FIXED.split(' '), days(0), days(1), days(0, 50), days(1, 50)];
const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000',
  '\ud800',
  '\u202e',
  '\u200b',
  '\ufeff',
  '\ue000',
  '\u2028',
  'e\u0301',
  '\ufdfa',
];
const ODD = [
  '\'"\\%_;--',
  '=1+1',
  '<b>',
  '{{}}',
  'toString',
  'constructor',
  '__proto__',
  '\u{20bb7}',
  '\u3000',
  '（）',
  'n\u0308',
];
const MISFITS: readonly unknown[] = [null, true, {}, [], [[]], [{}], { toString: 1 }, asWritten('1e400'), '', 0];

/** Values at, around and beyond the ends of what a field takes. */
function extremesOf(of: Schema): unknown[] {
  const { type, format, pattern, enum: values, minimum = 0, maximum = 0, maxLength = 100, properties } = resolved(of);
  if (properties) {
    const whole = exampleOf(of) as Body;
    const inside = Object.entries(properties).flatMap(([name, field]) =>
      extremesOf(field).map((value) => ({ ...whole, [name]: value })),
    );
    return [...inside, ...MISFITS, [whole], { ...whole, more: 1 }];
  }
  if (format === 'date') return [...DATES, ...MISFITS];
  if (values) return [...values, ...ODD, ...MISFITS];
  if (type === 'array')
    return [['xianyang'], ['xianyang', 'xianyang'], Array(501).fill('xianyang'), [''], ['\u0000'], ...MISFITS];
  if (type === 'integer' || type === 'number') {
    const around = [minimum, maximum, minimum - 1, maximum + 1, minimum + 0.01, maximum - 0.01, 0.001, 1 / 3];
    return [
      ...around,
      asWritten('-0'),
      asWritten('1e15'),
      asWritten('9007199254740993'),
      asWritten('-1e400'),
      1e-300,
      '1',
      ...MISFITS,
    ];
  }
  const long = ['x', '\u{20bb7}', 'n\u0308', '\ufb2c', '\ufdfa', '9'].flatMap((c) => [
    c.repeat(maxLength),
    c.repeat(maxLength + 1),
  ]);
  const ids =
    pattern === undefined
      ? []
      : ['a', '0', '-', 'a-', 'A', 'ａ１', '９１６１０４００ＭＡ６Ｙ０Ａ００２３', '0'.repeat(18), '000000', '999999'];
  return [...TEXTS, ...ODD, ...long, ...ids, ...MISFITS];
}

let count = 0;
const uscc = (n: number) => completeUscc(`91610400${String(n).padStart(8, '0')}`);
/** One that fails the check. */
const odd = (n: number) => uscc(n).slice(0, 17) + (uscc(n).endsWith('0') ? '1' : '0');
/** Sends what may be refused: what it prepares is then refused too, and told of. */
const attempt = (by: By, path: string, body: Body) =>
  platform.send(by, 'POST', `/api/v1/${path}`, { on: '2023-06-01', ...body });
const home = operator('xianyang');

const registered = async (n: number) => {
  const carrier = `c${n}`;
  await attempt(home, 'carriers/register-carrier', {
    carrier,
    name: carrier,
    kind: '加速器',
    region: 'xianyang',
    basis,
  });
  return { carrier };
};
const STEPS: readonly (readonly [By, string, Body])[] = [
  [home, 'propose-carrier', { name: '飞地', kind: '飞地孵化器', home: 'xianyang', host: 'xixian', basis }],
  [home, 'sign-as-home', {}],
  [operator('xixian'), 'sign-as-host', {}],
  [province, 'file-carrier', {}],
  [operator('xixian'), 'open-carrier', {}],
  [province, 'suspend-carrier', { reason: 'r' }],
];
/** An enclave that has gone so many of its first steps. */
const enclaveAfter = (steps: number) => async (n: number) => {
  const carrier = `e${n}`;
  for (const [by, path, body] of STEPS.slice(0, steps)) {
    const filing = path === 'file-carrier' ? { filing: `f-${n}` } : {};
    await attempt(by, `carriers/${path}`, { carrier, ...body, ...filing });
  }
  return { carrier };
};
/** An enclave that incubates, and a carrier that lets space to whom it likes. */
async function withCarriers(): Promise<void> {
  await withEnclave(platform, 1_000_000, 100_000);
  const lab = { on: '2023-02-01', carrier: 'lab', name: 'lab', kind: '加速器', region: 'xianyang', basis };
  await platform.done(home, 'carriers/register-carrier', lab);
}
const space = { carrier: 'enclave', areaSquareMetres: 0.01, desks: 0, from: '2023-06-01' };
const unitOf = (carrier: string) => async (n: number) => {
  await attempt(home, 'carriers/add-space-unit', { ...space, carrier, unit: `u${n}`, areaSquareMetres: 10, desks: 10 });
  return { carrier, unit: `u${n}` };
};
const unit = unitOf('enclave');
const lettable = unitOf('lab');
const firm = (n: number) => ({
  ...space,
  home: 'xianyang',
  uscc: uscc(n),
  firm: 'f',
  field: '软件',
  founded: '2023-01-01',
});
const admitted = async (n: number) => {
  await attempt(home, 'incubation/admit-firm', { ...firm(n), unit: 'floor-1' });
  return { carrier: 'enclave', uscc: uscc(n) };
};
const settled = async (n: number) => {
  const admission = await admitted(n);
  await until('the admission has its end', async () => {
    const { body } = await platform.send(home, 'GET', `/api/v1/incubatees?uscc=${admission.uscc}`);
    return body.items[0]?.status !== 'admitted';
  });
  return admission;
};
const instrument = async (n: number) => {
  const id = `i${n}`;
  await attempt(home, 'sharing/network-instrument', {
    instrument: id,
    name: 'n',
    owner: 'xianyang',
    originalValueFen: 1,
    basis,
  });
  return { instrument: id };
};
const use = async (n: number) => {
  const used = { ...(await instrument(n)), use: 'u' };
  await attempt(home, 'sharing/record-use', { ...used, using: 'xixian', hours: 1, sharing: 'external' });
  return used;
};
const filed = async (n: number) => {
  const contract = `k${n}`;
  const sides = { output: 'xianyang', absorbing: 'xixian' };
  await attempt(home, 'contracts/file-contract', {
    contract,
    title: 't',
    type: 'service',
    amountFen: 9e12,
    amountConfirmedFen: 9e12,
    ...sides,
  });
  return { contract };
};
const region = async (n: number) => {
  await attempt(province, 'topology/register-region', {
    region: `r${n}`,
    name: `r${n}`,
    level: 'county',
    parent: 'xianyang',
    basis,
  });
  return { region: `r${n}` };
};
const zone = async (n: number) => {
  await attempt(province, 'topology/designate-zone', {
    zone: `z${n}`,
    region: 'xianyang',
    kind: '先行区',
    name: 'z',
    basis,
  });
  return { zone: `z${n}` };
};
const link = async (n: number) => {
  await attempt(province, 'topology/open-link', {
    link: `l${n}`,
    kind: 'pairing',
    from: 'xixian',
    to: 'xianyang',
    basis,
  });
  return { link: `l${n}` };
};
const notice = async (n: number) => {
  const carrier = await registered(n);
  await attempt(home, 'carriers/give-notice', { ...carrier, closesOn: days(0, 1) });
  return carrier;
};
/** One that has had something else done to it. */
const after =
  (made: (n: number) => Promise<Body>, by: By, path: string, body: Body = {}) =>
  async (n: number) => {
    const thing = await made(n);
    await attempt(by, path, { ...thing, ...body });
    return thing;
  };
const allocation = async (n: number) => {
  const let_ = { ...space, ...(await lettable(n)), allocation: `a${n}`, uscc: uscc(n), firm: 'f' };
  await attempt(home, 'carriers/allocate-space', let_);
  return { carrier: 'lab', allocation: `a${n}` };
};
const code = async (n: number) => {
  await attempt(province, 'codes/define-code', { list: 'zone-kinds', code: `code-${n}`, name: `类${n}`, basis });
  return { list: 'zone-kinds', code: `code-${n}` };
};
const rule = async (n: number) => {
  const stated = { rule: `rule-${n}`, level: 'city', minimum: 1, carrierKind: '孵化器', basis };
  await attempt(province, 'topology/state-coverage-rule', stated);
  return { rule: `rule-${n}` };
};
/** The same contract, as its other side reports it. */
const twins = async (n: number) => {
  await filed(n);
  await attempt(home, 'contracts/file-contract', {
    contract: `t${n}`,
    title: 't',
    type: 'service',
    amountFen: 1,
    output: 'xianyang',
    absorbing: 'xixian',
  });
  return { contract: `k${n}`, twinOf: `t${n}` };
};
/** A code that is no more: each region had it for a day of its own. */
const codeOf = (n: number) => {
  const [from, until] = [n, n + 1].map((day) => dayInChina(new Date(Date.UTC(1985, 0, day))));
  return { code: '610499', from: from!, until };
};
/** Today, since what has moved it may be of any day before. */
const hubMoved = (to: 'there' | 'gone') => async () => {
  const hub = { on: days(0), region: 'xixian' };
  await attempt(province, `topology/${to === 'there' ? 'designate' : 'revoke'}-hub`, { ...hub, basis });
  return hub;
};

/** What makes a body accepted that is made of examples, beginning with things of its own. Without an entry, the examples alone. */
const CASES: Readonly<Record<string, (n: number) => Body | Promise<Body>>> = {
  RegisterRegion: (n) => ({ region: `r${n}`, level: 'county', parent: 'xianyang' }),
  MoveRegion: async (n) => ({ ...(await region(n)), parent: 'baoji' }),
  MapRegionCode: async (n) => ({ ...(await region(n)), ...codeOf(n) }),
  EndRegionCode: async (n) => {
    // Of another number each, as it may go on for long.
    const mapped = { ...(await region(n)), ...codeOf(n), code: String(610_410 + (n % 80)) };
    await attempt(province, 'topology/map-region-code', { ...mapped, basis });
    return { region: mapped.region, from: mapped.from, until: days(0) };
  },
  ReverseRegionCode: async (n) => {
    const mapped = { ...(await region(n)), ...codeOf(n), code: String(610_410 + (n % 80)) };
    await attempt(province, 'topology/map-region-code', { ...mapped, basis });
    return { region: mapped.region, from: mapped.from };
  },
  DefineRegionGroup: (n) => ({ group: `g${n}` }),
  RevokeHub: hubMoved('there'),
  DesignateHub: hubMoved('gone'),
  ReverseHubStep: async () => ({ ...(await hubMoved('there')()), reverses: 'designated' }),
  DesignateZone: (n) => ({ zone: `z${n}` }),
  ChangeZoneTheme: async (n) => ({ ...(await zone(n)), theme: `主题${n}` }),
  RevokeZone: zone,
  ReverseZoneStep: async (n) => ({ ...(await zone(n)), reverses: 'designated' }),
  OpenLink: (n) => ({ link: `l${n}`, kind: 'pairing', from: 'xixian', to: 'xianyang' }),
  CloseLink: link,
  ReverseLinkStep: async (n) => ({ ...(await link(n)), reverses: 'opened' }),
  StateCoverageRule: (n) => ({ rule: `rule-${n}`, level: 'city' }),
  ReviseCoverageRule: rule,
  EndCoverageRule: rule,
  RenameRegion: region,
  AdministerRegion: async (n) => ({ ...(await region(n)), by: 'baoji' }),
  EndRegion: region,
  GrantAuthority: region,
  EndAuthority: after(region, province, 'topology/grant-authority', { basis }),
  RegisterPlace: (n) => ({ place: `iso-de-p${n}`, name: `p${n}` }),
  PlanZone: (n) => ({ zone: `z${n}` }),
  PlanLink: (n) => ({ link: `l${n}`, kind: 'collaboration-base', from: 'xixian', to: 'xianyang' }),
  RecordStatement: (n) => ({ statement: `s${n}` }),
  CorrectStatement: async (n) => {
    const said = { modality: 'supports', wording: '支持', subjectKind: 'hub', subject: '总窗口', basis };
    await attempt(province, 'topology/record-statement', { statement: `s${n}`, ...said });
    return { statement: `s${n}` };
  },
  DefineCode: (n) => ({ list: 'zone-kinds', code: `code-${n}`, name: `类${n}` }),
  EndCode: code,
  RegisterCarrier: (n) => ({ carrier: `c${n}` }),
  ReversePlan: async (n) => {
    const plan = { name: 'n', kind: '飞地孵化器', home: 'xianyang', stage: 'planned', basis };
    await attempt(home, 'carriers/plan-carrier', { carrier: `e${n}`, ...plan });
    return { carrier: `e${n}` };
  },
  PlanCarrier: (n) => ({ carrier: `e${n}`, home: 'xianyang' }),
  ProposeCarrier: (n) => ({ carrier: `e${n}`, kind: '飞地孵化器' }),
  ReviseProposal: async (n) => ({ ...(await enclaveAfter(1)(n)), kind: '飞地孵化器' }),
  DeclineProposal: enclaveAfter(1),
  WithdrawProposal: enclaveAfter(2),
  SignAsHome: enclaveAfter(1),
  SignAsHost: enclaveAfter(2),
  FileCarrier: async (n) => ({ ...(await enclaveAfter(3)(n)), filing: `f-${n}` }),
  OpenCarrier: enclaveAfter(4),
  SuspendCarrier: enclaveAfter(5),
  ResumeCarrier: enclaveAfter(6),
  RenewAgreement: async (n) => ({ ...(await enclaveAfter(5)(n)), until: days(0, 1) }),
  GiveNotice: async (n) => ({ ...(await registered(n)), closesOn: days(0, 1) }),
  RevokeNotice: notice,
  ReverseNotice: notice,
  CorrectAgreement: enclaveAfter(5),
  AddSpaceUnit: (n) => ({ ...space, unit: `u${n}` }),
  WithdrawSpaceUnit: async (n) => ({ ...(await unit(n)), until: '2024-01-01' }),
  AllocateSpace: async (n) => ({ ...space, ...(await lettable(n)), allocation: `a${n}`, uscc: uscc(n) }),
  ReleaseSpace: async (n) => ({ ...(await allocation(n)), until: '2024-01-01' }),
  ReverseSpaceUnit: unit,
  ReverseUnitWithdrawal: after(unit, home, 'carriers/withdraw-space-unit', { until: '2024-01-01' }),
  ReverseAllocation: allocation,
  ReverseRelease: after(allocation, home, 'carriers/release-space', { until: '2024-01-01' }),
  AdmitFirm: (n) => ({ ...firm(n), unit: 'floor-1' }),
  WithdrawAdmission: admitted,
  ExitFirm: settled,
  ReverseAdmission: settled,
  ReverseExit: after(settled, home, 'incubation/exit-firm', { outcome: 'graduated' }),
  AdmitCode: (n) => ({ uscc: odd(n) }),
  WithdrawCode: async (n) => {
    await attempt(province, 'organisations/admit-code', { uscc: odd(n), name: 'n', evidence: 'e', basis });
    return { uscc: odd(n) };
  },
  NetworkInstrument: (n) => ({ instrument: `i${n}` }),
  WithdrawInstrument: instrument,
  ReverseInstrument: instrument,
  ReverseWithdrawal: after(instrument, home, 'sharing/withdraw-instrument', { reason: 'r' }),
  RecordUse: async (n) => ({ ...(await instrument(n)), use: `u${n}` }),
  ReverseUse: use,
  FileContract: (n) => ({ contract: `k${n}`, output: 'xianyang', absorbing: 'xixian' }),
  RecogniseContract: async (n) => ({ ...(await filed(n)), registration: `reg-${n}` }),
  RefuseContract: filed,
  ReverseFiling: filed,
  LinkTwin: twins,
  ReverseTwin: async (n) => {
    const { contract, twinOf } = await twins(n);
    await attempt(province, 'contracts/link-twin', { contract, twinOf });
    return { contract };
  },
  ReverseContract: async (n) => {
    const contract = await filed(n);
    await attempt(province, 'contracts/recognise-contract', {
      ...contract,
      registration: `reg-${n}`,
      technicalRevenueFen: 9e12,
    });
    return { ...contract, reverses: `reg-${n}` };
  },
};

/** Whoever may: the host where it is the host's to say. */
const actorOf = ({ operationId, 'x-roles': roles }: Operation): By =>
  roles.includes('operator')
    ? operator(/^(SignAsHost|OpenCarrier|DeclineProposal)$/.test(operationId) ? 'xixian' : 'xianyang')
    : province;

/** What has a body and is neither an operation of the platform nor a sheet of commands. */
const isCommand = ({ requestBody, path }: Operation) =>
  requestBody !== undefined && !/\/(operations|imports)(\/|$)/.test(path);

/** Several at a time, in their order. */
async function sideBySide<T>(work: readonly T[], one: (item: T) => Promise<void>): Promise<void> {
  const left = [...work];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await one(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

it('what the document gives as examples passes the door', async () => {
  const faults: unknown[] = [];
  for (const operation of operations.filter(isCommand)) {
    const schema = resolved(Object.values(operation.requestBody!.content)[0]!.schema);
    const body = { ...(exampleOf(schema) as Body), on: '1960-01-01' };
    const answer = await platform.send(actorOf(operation), 'POST', operation.path, body);
    if (answer.body.code === 'request.invalid') faults.push([operation.operationId, answer.body.errors]);
  }
  expect(faults).toEqual([]);
});

let last: Answer | undefined;

it('every field of every command is refused or recorded, and what is recorded is held everywhere', async () => {
  const commands = operations.filter(isCommand);
  const [accepted, refused] = [new Map<string, number>(), new Map<string, number>()];
  const failed: string[] = [];
  const plus = (map: Map<string, number>, id: string) => map.set(id, (map.get(id) ?? 0) + 1);
  // While nothing rests on the hub, it may move.
  const ofHub = commands.filter(({ operationId }) => /Hub/.test(operationId));
  for (const operation of [...ofHub, ...commands.filter((one) => !ofHub.includes(one))]) {
    if (operation === commands.find((one) => !ofHub.includes(one))) await withCarriers();
    const { operationId: id, path, requestBody } = operation;
    const schema = resolved(Object.values(requestBody!.content)[0]!.schema);
    const changes = Object.entries(schema.properties!).flatMap(([field, of]) =>
      extremesOf(of).map((value) => ({ field, value })),
    );
    const one = async (change: Body) => {
      const n = ++count;
      const body = { ...(exampleOf(schema) as Body), on: '2023-06-01', ...(await CASES[id]?.(n)), ...change };
      const answer = await platform.send(actorOf(operation), 'POST', path, written(body));
      if (answer.status === 200) last = answer;
      plus(answer.status === 200 ? accepted : refused, id);
      if (answer.status >= 500) failed.push(`${id} ${JSON.stringify(change)}: ${answer.status}`);
    };
    await one({});
    // One hub at a time: what moves it goes one after the other.
    const all = [...changes.map(({ field, value }) => ({ [field]: value })), { toString: 1 }, { constructor: {} }];
    if (/Hub/.test(id)) for (const change of all) await one(change);
    else await sideBySide(all, one);
    await hubMoved('there')();
  }
  expect(failed).toEqual([]);
  const never = commands.map(({ operationId }) => operationId).filter((id) => !accepted.has(id));
  expect(never).toEqual([]);
  expect([...refused.keys()].length).toBe(commands.length);

  const builds = await until('every projection has reached the head', async () => {
    const { body } = await platform.send(auditor, 'GET', '/api/v1/operations/projections');
    expect(body.parked).toEqual([]);
    const position = last!.body.position as string;
    return (body.builds as { position: string }[]).every((build) => build.position >= position) && body.builds;
  });
  const sum = (map: Map<string, number>) => [...map.values()].reduce((a, b) => a + b, 0);
  process.stdout.write(
    `extremes: ${sum(accepted) + sum(refused)} values for ${commands.length} commands, ${sum(accepted)} recorded, ` +
      `through ${builds.length} projections; never accepted: ${never.join(', ') || 'none'}\n`,
  );
}, 600_000);

it('a city keeps all of it, and says so by the digest', async () => {
  const database = await createTestDatabase();
  const token = platform.token({ role: 'sub-platform', region: 'xianyang' });
  const said: string[] = [];
  const city = await openCity({
    region: 'xianyang',
    databaseUrl: database.url,
    transport: 'http',
    log: (line) => said.push(line),
    connect(feed, onHead) {
      const source = new HttpFeedSource({ provinceUrl: platform.url, feed, token: () => token, onHead });
      return { province: source, source };
    },
  });
  try {
    city.start();
    const { sequence } = await until('the city is in step', async () => {
      const { inSync, reference } = city.status;
      return inSync && reference.inSync && city.status;
    });
    expect(sequence).toBeGreaterThan(100);
    expect([city.divergence, await city.skipped(), said]).toEqual([null, [], []]);
    for (const figure of figures as readonly Figure[]) {
      const days = { from: '1949-10-01', to: '2149-12-31' };
      const { cells } = await city.figure(figure.name, { ...days, by: toldApart(figure, figure.by) });
      expect([figure.name, cells.length > 0]).toEqual([figure.name, true]);
    }
  } finally {
    await city.stop();
    await database.drop();
  }
}, 120_000);

const FAR = 'from=1949-10-01&to=2149-12-31';
const everything = [
  ...lists.map(({ name }) => name),
  'topology',
  'carriers/coverage',
  'processes?limit=1000',
  'events?limit=1000',
  'feeds/reference?limit=1000',
  'feeds/region.xianyang?limit=1000',
  `flows/matrix?${FAR}`,
  `flows/matrix?${FAR}&per=year&level=city`,
  ...figures.flatMap(({ name }) => [
    `figures/${name}?${FAR}`,
    `figures/${name}?${FAR}&per=year&level=city`,
    `figures/${name}?${FAR}&by=`,
    `figures/${name}/explanation?${FAR}`,
  ]),
];

it.each(everything)(
  '%s tells what was let in, to the last page',
  async (path) => {
    const headers = { 'consistency-token': last!.headers.get('consistency-token')! };
    for (let after: string | undefined, page = 0; ; page++) {
      const mark =
        after === undefined
          ? ''
          : `${path.includes('?') ? '&' : '?'}${path.startsWith('processes') ? 'before' : 'after'}=${encodeURIComponent(after)}`;
      const { status, body } = await platform.send(auditor, 'GET', `/api/v1/${path}${mark}`, undefined, headers);
      expect([status, body.incomplete]).toEqual([200, undefined]);
      const feed = body.records as { feedsequence: number }[] | undefined;
      const next = feed ? feed.at(-1)?.feedsequence : body.next;
      if (next === null || next === undefined) return expect(page).toBeGreaterThanOrEqual(0);
      after = String(next);
    }
  },
  120_000,
);

it.each(lists.map(({ name }) => name))('%s is written out whole as CSV', async (name) => {
  const csv = await platform.send(auditor, 'GET', `/api/v1/${name}`, undefined, { accept: 'text/csv' });
  const { body } = await platform.send(auditor, 'GET', `/api/v1/${name}?limit=1000`);
  expect([csv.status, csv.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  expect(String(csv.body).split('\n').length).toBeGreaterThan((body.items as object[]).length);
});

it('every parameter of every read is refused or answered', async () => {
  const failed: string[] = [];
  let asked = 0;
  // What goes on telling has no parameters, and no end that a test could wait for.
  const goesOn = ({ responses }: Operation) => 'text/event-stream' in (responses['200']?.content ?? {});
  const reads = operations.filter((one) => one.method === 'get' && !one['x-roles'].includes('public') && !goesOn(one));
  for (const { path, parameters = [], operationId } of reads) {
    const base = /\/figures\/|\/matrix$/.test(path) ? 'period=2023&' : '';
    const at = (name: string) =>
      ({ feed: 'reference', stream: 'carrier-enclave', process: 'admission', key: 'x' })[name] ?? 'x';
    const filled = (name?: string, value = '') =>
      path.replaceAll(/\{(\w+)\}/g, (_, found: string) => encodeURIComponent(found === name ? value : at(found)));
    const urls = parameters
      .filter((parameter) => parameter.in !== 'header')
      .flatMap(({ in: where, name, schema }) => {
        const values = extremesOf(schema)
          .filter((value) => typeof value !== 'object')
          .map(String);
        return (
          values
            // What no header of a request may hold never comes to the platform.
            .filter((value) => value.isWellFormed() && encodeURIComponent(value).length < 8000)
            .map((value) =>
              where === 'path' ? filled(name, value) : `${filled()}?${base}${name}=${encodeURIComponent(value)}`,
            )
        );
      });
    const odd = ['a=%', 'a=%00', 'a=%ED%A0%80', 'a[b]=c', 'toString=1', '__proto__=1', 'constructor=1', '=', '&&', '?'];
    await sideBySide([...urls, ...odd.map((query) => `${filled()}?${base}${query}`)], async (url) => {
      asked++;
      const { status } = await platform.send(auditor, 'GET', url);
      if (status >= 500) failed.push(`${operationId} ${url}: ${status}`);
    });
  }
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(1000);
}, 300_000);
