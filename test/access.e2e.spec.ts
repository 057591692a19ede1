import { roles, type Role } from '#libs/eventing';
import { completeUscc } from '#libs/fields';
import { lists } from '#libs/messages';
import {
  basis,
  operator,
  province,
  startTestPlatform,
  withEnclave,
  withRegions,
  type TestPlatform,
} from './test-platform.js';
import { csv, upload } from './imports.js';
import { until } from './until.js';

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly roles: readonly string[] | undefined;
}

const uscc = completeUscc('91610400MA6Y0001');
const on = '2023-06-01';
const own = { carrier: 'enclave' };
const PERIOD = 'from=2023-01-01&to=2024-01-01';

/**
 * For every operation that operators or sub-platforms may use: a request that a stranger, baoji, makes about facts of
 * xianyang and xixian. The answer must be 403. An operation of the OpenAPI document that is in neither list fails.
 */
const strangers: Record<string, { query?: string; body?: object }> = {
  RegisterCarrier: { body: { on, carrier: 'new', name: 'n', kind: '孵化器', region: 'xianyang', basis } },
  ProposeCarrier: {
    body: { on, carrier: 'new', name: 'n', kind: '飞地孵化器', home: 'xianyang', host: 'xixian', basis },
  },
  PlanCarrier: {
    body: { on, carrier: 'wanted', name: 'n', kind: '飞地孵化器', home: 'xianyang', stage: 'planned', basis },
  },
  ReversePlan: { body: { on, carrier: 'planned', reason: 'r' } },
  ReviseProposal: {
    body: { on, carrier: 'negotiated', name: 'n', kind: '飞地孵化器', home: 'xianyang', host: 'xixian', basis },
  },
  DeclineProposal: { body: { on, carrier: 'negotiated', reason: 'r' } },
  WithdrawProposal: { body: { on, carrier: 'negotiated', reason: 'r' } },
  SignAsHome: { body: { on, carrier: 'negotiated' } },
  SignAsHost: { body: { on, carrier: 'negotiated' } },
  OpenCarrier: { body: { on, ...own } },
  GiveNotice: { body: { on, ...own, closesOn: '2024-01-01' } },
  RevokeNotice: { body: { on, carrier: 'closing' } },
  AdmitFirm: {
    body: {
      on,
      ...own,
      home: 'xianyang',
      uscc,
      firm: 'f',
      field: '软件',
      founded: on,
      unit: 'floor-1',
      areaSquareMetres: 1,
      desks: 1,
      from: on,
    },
  },
  WithdrawAdmission: { body: { on, carrier: 'enclave', uscc } },
  ExitFirm: { body: { on, carrier: 'enclave', uscc, outcome: 'exited' } },
  AddSpaceUnit: { body: { on, ...own, unit: 'u2', areaSquareMetres: 1, desks: 1, from: on } },
  WithdrawSpaceUnit: { body: { on, ...own, unit: 'floor-1', until: '2023-07-01' } },
  AllocateSpace: {
    body: { on, ...own, allocation: 'a', unit: 'floor-1', uscc, firm: 'f', areaSquareMetres: 1, desks: 1, from: on },
  },
  ReleaseSpace: { body: { on, ...own, allocation: 'let-1', until: '2023-07-01' } },
  ReverseNotice: { body: { on, carrier: 'closing', reason: 'r' } },
  ReverseSpaceUnit: { body: { on, ...own, unit: 'floor-1', reason: 'r' } },
  ReverseUnitWithdrawal: { body: { on, ...own, unit: 'floor-1', reason: 'r' } },
  ReverseAllocation: { body: { on, ...own, allocation: 'let-1', reason: 'r' } },
  ReverseRelease: { body: { on, ...own, allocation: 'let-1', reason: 'r' } },
  ReverseAdmission: { body: { on, ...own, uscc, reason: 'r' } },
  ReverseExit: { body: { on, ...own, uscc, reason: 'r' } },
  ReverseInstrument: { body: { on, instrument: 'sem-1', reason: 'r' } },
  ReverseWithdrawal: { body: { on, instrument: 'sem-1', reason: 'r' } },
  ReverseFiling: { body: { on, contract: 'c1', reason: 'r' } },
  NetworkInstrument: { body: { on, instrument: 'new', name: 'n', owner: 'xianyang', originalValueFen: 1, basis } },
  WithdrawInstrument: { body: { on, instrument: 'sem-1', reason: 'r' } },
  RecordUse: { body: { on, instrument: 'sem-1', use: 'u9', using: 'baoji', hours: 1, sharing: 'external' } },
  ReverseUse: { body: { on, instrument: 'sem-1', use: 'u-1', reason: 'r' } },
  FileContract: {
    body: { on, contract: 'c9', title: 't', type: 'service', output: 'xixian', absorbing: 'baoji', amountFen: 1 },
  },
  GetFeed: { query: '/api/v1/feeds/region.xianyang' },
  ExplainCapacity: { query: `/api/v1/figures/capacity/explanation?${PERIOD}&home=xianyang` },
  ExplainSharing: { query: `/api/v1/figures/sharing/explanation?${PERIOD}&owner=xianyang` },
  ExplainFlows: { query: `/api/v1/figures/flows/explanation?${PERIOD}&output=xixian` },
  ExplainCarriers: { query: `/api/v1/figures/carriers/explanation?${PERIOD}&home=xianyang` },
  ExplainInstruments: { query: `/api/v1/figures/instruments/explanation?${PERIOD}&owner=xianyang` },
  ExplainFirms: { query: `/api/v1/figures/firms/explanation?${PERIOD}&home=xianyang` },
  GetStream: { query: '/api/v1/streams/carrier-enclave' },
  GetProcess: { query: `/api/v1/processes/admission/enclave-${uscc}-1` },
};

const plan = { on, carrier: 'planned', name: 'n', kind: '飞地孵化器', home: 'xianyang', stage: 'planned', basis };

/** Reads that answer everyone, each with what concerns them only; tested below by what they do not show. */
const listed = (all: boolean) =>
  Object.fromEntries(
    lists
      .filter(({ visibleTo }) => (visibleTo === 'all') === all)
      .map(({ name }) => [
        `List${name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
        `/api/v1/${name}`,
      ]),
  );

const scoped: Record<string, string> = {
  GetCapacity: `/api/v1/figures/capacity?${PERIOD}`,
  GetSharing: `/api/v1/figures/sharing?${PERIOD}`,
  GetFlows: `/api/v1/figures/flows?${PERIOD}`,
  GetCarriers: `/api/v1/figures/carriers?${PERIOD}`,
  GetInstruments: `/api/v1/figures/instruments?${PERIOD}`,
  GetFirms: `/api/v1/figures/firms?${PERIOD}`,
  GetFlowMatrix: `/api/v1/flows/matrix?${PERIOD}`,
  GetProcesses: '/api/v1/processes',
  GetEvents: '/api/v1/events?stream=carrier-',
  Search: `/api/v1/search?text=${encodeURIComponent('咸阳飞地')}`,
  GetWaiting: '/api/v1/waiting',
  ...listed(false),
};

/** The province's public structure. */
const open: Record<string, string> = {
  GetStructure: '/api/v1/topology',
  GetStructureDifference: '/api/v1/topology/difference?from=2023-01-01&to=2023-12-31',
  GetCoverage: '/api/v1/carriers/coverage',
  GetCatalogue: '/api/v1/catalogue',
  // A position says that something was recorded, and nothing of what.
  GetNews: '/api/v1/news',
  GetImportTemplate: '/api/v1/imports/templates/record-use',
  ...listed(true),
};

/** What is its own actor's: to any other operator it is as if it were not there, in whatever region. */
const drafts: Record<string, (of: string) => string> = {
  GetImport: (of) => `/api/v1/imports/${of}`,
  GetImportRows: (of) => `/api/v1/imports/${of}/rows`,
  GetImportReceipts: (of) => `/api/v1/imports/${of}/receipts`,
  MendImportRow: (of) => `/api/v1/imports/${of}/rows/2`,
  SkipImportRow: (of) => `/api/v1/imports/${of}/rows/2`,
  CheckImport: (of) => `/api/v1/imports/${of}/check`,
  SendImport: (of) => `/api/v1/imports/${of}/send`,
  CancelImport: (of) => `/api/v1/imports/${of}/cancel`,
};
/** What begins and lists them, tested below by what they hold. */
const ofDrafts: Record<string, string> = {
  UploadImport: '/api/v1/imports?command=record-use',
  GetImports: '/api/v1/imports',
};
const uses = csv(
  ['事实发生日期', '仪器', '使用记录', '使用方所在区域', '机时', '内部或对外'],
  [on, 'sem-1', 'u-7', 'xixian', 2, '对外'],
);
/** An import of xianyang's. */
let draft: string;

let platform: TestPlatform;
let operations: Operation[];

beforeAll(async () => {
  platform = await startTestPlatform();
  await withRegions(platform);
  await withEnclave(platform, 1000, 100, '离岸研发中心');
  const { done } = platform;
  const negotiated = {
    on,
    carrier: 'negotiated',
    name: 'n',
    kind: '离岸研发中心',
    home: 'xianyang',
    host: 'xixian',
    basis,
  };
  await done(operator('xianyang'), 'carriers/propose-carrier', negotiated);
  // What waits goes on waiting, whatever is done to the others.
  await done(operator('xianyang'), 'carriers/propose-carrier', { ...negotiated, carrier: 'unsigned' });
  await done(operator('xianyang'), 'carriers/plan-carrier', plan);
  const space = {
    on,
    ...own,
    allocation: 'let-1',
    unit: 'floor-1',
    uscc,
    firm: 'f',
    areaSquareMetres: 10,
    desks: 1,
    from: on,
  };
  await done(operator('xianyang'), 'carriers/allocate-space', space);
  const closing = { on, carrier: 'closing', name: 'n', kind: '孵化器', region: 'xianyang', basis };
  await done(operator('xianyang'), 'carriers/register-carrier', closing);
  await done(operator('xianyang'), 'carriers/give-notice', { on, carrier: 'closing', closesOn: '2070-01-01' });
  const { unit, areaSquareMetres, desks, from } = space;
  const firm = { ...own, home: 'xianyang', uscc, firm: 'f', field: '软件', founded: on };
  await done(operator('xianyang'), 'incubation/admit-firm', { on, ...firm, unit, areaSquareMetres, desks, from });
  const instrument = { on, instrument: 'sem-1', name: 'n', owner: 'xianyang', originalValueFen: 1, basis };
  await done(operator('xianyang'), 'sharing/network-instrument', instrument);
  const use = { on, instrument: 'sem-1', use: 'u-1', using: 'xixian', hours: 1, sharing: 'external' };
  await done(operator('xianyang'), 'sharing/record-use', use);
  const contract = {
    on,
    contract: 'c1',
    title: 't',
    type: 'service',
    output: 'xixian',
    absorbing: 'xianyang',
    amountFen: 1,
  };
  await done(operator('xixian'), 'contracts/file-contract', contract);
  const recognition = { on, contract: 'c1', registration: 'r1', technicalRevenueFen: 1 };
  const { headers } = await done(province, 'contracts/recognise-contract', recognition);
  const token = { 'consistency-token': headers.get('consistency-token')! };
  for (const path of Object.values(scoped)) await platform.send(province, 'GET', path, undefined, token);
  draft = (await upload(platform, operator('xianyang'), 'record-use', uses)).body.id;

  const { body } = await platform.send(null, 'GET', '/openapi.json');
  const paths = body.paths as Record<string, Record<string, { operationId: string; 'x-roles'?: string[] }>>;
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, o]) => ({
      id: o.operationId,
      method: method.toUpperCase(),
      path,
      roles: o['x-roles'],
    })),
  );
});

afterAll(() => platform.close());

const withoutRule = (list: readonly Operation[]) => list.filter((o) => !o.roles?.length).map((o) => o.id);
const untested = (list: readonly Operation[]) =>
  list
    .filter((o) => o.roles?.some((r) => r === 'operator' || r === 'sub-platform'))
    .filter(({ id }) => ![strangers, scoped, open, drafts, ofDrafts].some((tried) => id in tried))
    .map((o) => o.id);
const pathOf = ({ id, path }: Operation) =>
  strangers[id]?.query ?? scoped[id] ?? open[id] ?? ofDrafts[id] ?? drafts[id]?.(draft) ?? path;

it('every route of the OpenAPI document has a rule, and one without is found', () => {
  expect(operations.length).toBeGreaterThan(30);
  expect(withoutRule(operations)).toEqual([]);
  expect(withoutRule([...operations, { id: 'New', method: 'GET', path: '/new', roles: undefined }])).toEqual(['New']);
});

it('every route that a city may use is tried with another city below, and one that is not is found', () => {
  expect(untested(operations)).toEqual([]);
  expect(untested([...operations, { id: 'New', method: 'GET', path: '/new', roles: ['operator'] }])).toEqual(['New']);
});

it('without a token, or with one of another issuer, every route but the public ones answers 401', async () => {
  for (const operation of operations) {
    const expected = operation.roles!.includes('public') ? 200 : 401;
    const anonymous = await platform.send(null, operation.method, pathOf(operation));
    expect([operation.id, anonymous.status]).toEqual([operation.id, expected]);
    const forged = { authorization: `Bearer ${await forgedToken()}` };
    const stranger = await platform.send(null, operation.method, pathOf(operation), undefined, forged);
    expect([operation.id, stranger.status]).toEqual([operation.id, expected]);
  }
});

it('every role that a route does not name is answered 403', async () => {
  let refused = 0;
  for (const operation of operations.filter((o) => !o.roles!.includes('public'))) {
    for (const role of roles.filter((r: Role) => !operation.roles!.includes(r))) {
      const by = { role, region: role === 'operator' || role === 'sub-platform' ? 'xianyang' : undefined };
      const body = operation.method === 'POST' ? {} : undefined;
      const answer = await platform.send(by, operation.method, pathOf(operation), body);
      expect([operation.id, role, answer.status, answer.body.code]).toEqual([operation.id, role, 403, 'auth.role']);
      // Who may is what helps; in both languages.
      for (const allowed of operation.roles!) {
        expect([operation.id, answer.body.detail]).toEqual([operation.id, expect.stringContaining(`（${allowed}）`)]);
        expect([operation.id, answer.body.detailEn]).toEqual([operation.id, expect.stringContaining(allowed)]);
      }
      expect(answer.body.detail).toMatch(/^您的角色是.+（[a-z-]+）；此接口只供.+使用$/);
      expect(answer.body.detailEn).toMatch(/^Your role is [a-z-]+; this route is for [a-z, -]+ only$/);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(50);
});

it.each(Object.keys(strangers))('an operator of another city is answered 403 on %s', async (id) => {
  const operation = operations.find((o) => o.id === id)!;
  const answer = await platform.send(operator('baoji'), operation.method, pathOf(operation), strangers[id]!.body);
  expect([answer.status, answer.body.code]).toEqual([403, expect.stringMatching(/not-yours$/)]);
});

it.each(Object.entries(scoped))('%s shows an operator nothing that does not concern its region', async (id, path) => {
  const mine = await platform.send(operator('xianyang'), 'GET', path);
  const other = await platform.send(operator('baoji'), 'GET', path);
  expect([mine.status, other.status]).toEqual([200, 200]);
  expect(JSON.stringify(mine.body)).toContain('xianyang');
  expect(JSON.stringify(other.body)).not.toContain('xianyang');
  if (!operations.find((o) => o.id === id)!.roles!.includes('sub-platform')) return;
  const sub = await platform.send({ role: 'sub-platform', region: 'baoji' }, 'GET', path);
  expect(sub.status).toBe(200);
  expect(JSON.stringify(sub.body)).not.toContain('xianyang');
});

/** What an operation answers of this import, but for its id. */
async function answerOf(by: Parameters<TestPlatform['send']>[0], id: string, of: string): Promise<string> {
  const { method } = operations.find((o) => o.id === id)!;
  const body = method === 'PATCH' ? { cells: { uses: '2' } } : undefined;
  const answer = await platform.send(by, method, drafts[id]!(of), body);
  return `${answer.status} ${JSON.stringify(answer.body).replaceAll(of, '…')}`;
}
const NOWHERE = '00000000-0000-4000-8000-000000000000';

describe.each(Object.keys(drafts))('%s', (id) => {
  it('answers whoever has not uploaded it as if it were not there', async () => {
    const unknown = await answerOf(operator('baoji'), id, NOWHERE);
    expect(unknown).toMatch(/^404 .*"import.unknown"/);
    for (const by of ['baoji', 'xixian', 'shaanxi'].map(operator)) expect(await answerOf(by, id, draft)).toBe(unknown);
    // Whoever has changed the office acts for others.
    const moved = { id: 'operator@xianyang', role: 'operator', region: 'baoji' } as const;
    expect(await answerOf(moved, id, draft)).toBe(unknown);
  });
});

it('an operator lists its own imports, and a sheet of another city is refused row by row', async () => {
  const listedBy = async (region: string) =>
    (await platform.send(operator(region), 'GET', ofDrafts['GetImports']!)).body;
  expect((await listedBy('xianyang')).imports).toMatchObject([{ id: draft, counts: { accepted: 1 } }]);
  expect((await listedBy('baoji')).imports).toEqual([]);
  const { body } = await upload(platform, operator('baoji'), 'record-use', uses);
  expect(body.faulty).toMatchObject([{ faults: [{ code: 'region.not-yours' }] }]);
  expect((await listedBy('baoji')).imports).toMatchObject([{ id: body.id, counts: { faulty: 1 } }]);
});

/** Last, since it changes who acts: weinan administers the regions of all the facts above, and so they lie in it. */
describe('a region that others lie in', () => {
  const above = operator('weinan');
  const sent = async (id: string) => {
    const operation = operations.find((o) => o.id === id)!;
    const { status, body } = await platform.send(above, operation.method, pathOf(operation), strangers[id]!.body);
    return [id, status, body.code];
  };
  const regional = (path: string, region: string) =>
    platform.done(province, `topology/${path}`, {
      on,
      region,
      basis,
      ...(path === 'administer-region' ? { by: 'weinan' } : {}),
    });
  const commands = Object.keys(strangers).filter((id) => strangers[id]!.body);
  const feedOf = async (region: string) => {
    const { body } = await platform.send(province, 'GET', `/api/v1/feeds/region.${region}?records=latest&limit=1000`);
    const records = body.records as { subject: string; data: object }[];
    return new Map(records.map(({ subject, data }) => [subject, data]));
  };

  beforeAll(async () => {
    await platform.done(province, 'topology/register-region', {
      on,
      region: 'weinan',
      name: 'n',
      level: 'city',
      parent: 'shaanxi',
      basis,
    });
    for (const region of ['xianyang', 'xixian']) await regional('administer-region', region);
  });

  it('may do on every route what their operators may, but sign for both', async () => {
    for (const id of ['SignAsHome', 'SignAsHost']) expect(await sent(id)).toEqual([id, 403, 'carrier.both-sides']);
    for (const id of Object.keys(strangers))
      expect(await sent(id)).not.toEqual([id, 403, expect.stringMatching(/not-yours$/)]);
  });

  it.each(Object.entries(scoped))('%s shows it what concerns them', async (_, path) => {
    expect(JSON.stringify((await platform.send(above, 'GET', path)).body)).toContain('xianyang');
  });

  it('is sent every message that they are sent, also of what was before, and they nothing of others', async () => {
    const own = await until('the feed has all of it', async () => {
      const [feed, inner, other] = await Promise.all(['weinan', 'xianyang', 'xixian'].map(feedOf));
      const missing = [...inner!, ...other!].filter(([subject]) => !feed!.has(subject));
      return missing.length === 0 && inner!.size > 10 && feed!;
    });
    for (const region of ['xianyang', 'xixian'])
      for (const [subject, data] of await feedOf(region)) expect([subject, own.get(subject)]).toEqual([subject, data]);
    for (const [, data] of await feedOf('baoji')) expect(JSON.stringify(data)).toContain('baoji');
  });

  it('acts no more for one with an authority of its own, and still sees it', async () => {
    // Its plan has been reversed above.
    await platform.done(operator('xianyang'), 'carriers/plan-carrier', plan);
    for (const region of ['xianyang', 'xixian']) await regional('grant-authority', region);
    for (const id of commands) expect(await sent(id)).toEqual([id, 403, expect.stringMatching(/not-yours$/)]);
    const seen = await platform.send(above, 'GET', scoped['ListCarriers']!);
    expect(JSON.stringify(seen.body)).toContain('xianyang');
    await regional('end-authority', 'xianyang');
    const listed = await until('the authority has its end', async () => {
      const { body } = await platform.send(above, 'GET', '/api/v1/authorities');
      return body.items.some(({ until: end }: { until: string | null }) => end !== null) && body.items;
    });
    expect(listed).toMatchObject([
      { region: 'xianyang', from: on, until: on },
      { region: 'xixian', from: on, until: null },
    ]);
    expect(await sent('NetworkInstrument')).not.toEqual(['NetworkInstrument', 403, expect.anything()]);
  });
});

it('a token without a role or without a region is no actor', async () => {
  for (const by of [
    { role: 'emperor' as Role },
    { role: 'operator' as Role },
    { role: 'operator' as Role, region: '' },
    { role: 'operator' as Role, region: 'xian\0yang' },
    { role: 'sub-platform' as Role, region: '../reference' },
  ]) {
    expect((await platform.send(by, 'GET', '/api/v1/topology')).status).toBe(401);
  }
});

async function forgedToken(): Promise<string> {
  const { generateKeyPair, SignJWT } = await import('jose');
  const { privateKey } = await generateKeyPair('EdDSA');
  return new SignJWT({ liandong_role: 'province' })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer('liandong-local')
    .setAudience('liandong')
    .setSubject('forger')
    .setExpirationTime('1h')
    .sign(privateKey);
}
