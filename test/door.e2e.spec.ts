import { completeUscc, dayInChina } from '#libs/fields';
import {
  auditor,
  basis,
  operator,
  province,
  startTestPlatform,
  withEnclave,
  withRegions,
  type TestPlatform,
} from './test-platform.js';
import { until } from './until.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
  await withRegions(platform);
  await withEnclave(platform);
});
afterAll(() => platform.close());

const REGISTER = '/api/v1/carriers/register-carrier';
const carrier = (id: string, more: object = {}) => ({
  on: '2023-06-01',
  carrier: id,
  name: '咸阳加速器',
  kind: '加速器',
  region: 'xianyang',
  basis,
  ...more,
});

/** Sends bytes as they are. */
async function raw(body: Buffer | string, contentType = 'application/json') {
  const authorization = `Bearer ${await platform.token(operator('xianyang'))}`;
  const headers = { authorization, 'content-type': contentType };
  const response = await fetch(platform.url + REGISTER, {
    method: 'POST',
    headers,
    body: new Uint8Array(Buffer.from(body)),
  });
  return { status: response.status, body: (await response.json()) as { code: string; errors?: { field: string }[] } };
}

const listed = async (id: string) =>
  (await platform.send(operator('xianyang'), 'GET', `/api/v1/carriers?carrier=${id}`)).body.items as { name: string }[];

describe('a body is JSON in UTF-8', () => {
  const json = JSON.stringify(carrier('bytes'));
  // 咸阳 in GBK.
  const gbk = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xcf, 0xcc, 0xd1, 0xf4]), Buffer.from('"}')]);

  it.each([
    ['GBK that says so', gbk, 'application/json; charset=GBK', 415, 'body.charset'],
    ['UTF-8 that is called something else', json, 'application/json;charset="iso-8859-1"', 415, 'body.charset'],
    ['GBK that says nothing', gbk, 'application/json', 400, 'body.not-utf8'],
    ['GBK that says UTF-8', gbk, 'application/json; charset=utf-8', 400, 'body.not-utf8'],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'application/json', 400, 'body.not-utf8'],
    ['a form', 'on=2023-06-01', 'application/x-www-form-urlencoded', 415, 'http.415'],
    ['plain text', json, 'text/plain', 415, 'http.415'],
    ['one key twice', json.replace('{', '{"carrier":"other",'), 'application/json', 400, 'body.key-twice'],
    [
      'one key twice inside',
      json.replace('"clause"', '"document":"x","clause"'),
      'application/json',
      400,
      'body.key-twice',
    ],
    ['too deep', `{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'application/json', 422, 'request.too-deep'],
  ])('%s is refused', async (_, body, type, status, code) => {
    const answer = await raw(body, type);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"'])(
    '%s is taken',
    async (type) => expect((await raw(JSON.stringify(carrier('taken')), type)).status).not.toBe(415),
  );
});

describe('a shape is exact, and every field at fault is named', () => {
  it.each(['toString', 'constructor', '__proto__', 'then'])('a field %s', async (name) => {
    const json = JSON.stringify(carrier('shape')).replace('{', `{${JSON.stringify(name)}:{"a":1},`);
    const { status, body } = await raw(json);
    expect([status, body.errors!.map(({ field }) => field)]).toEqual([422, [name]]);
  });

  it.each([[[]], [[[]]], [[basis]], ['一、2'], [null], [{ ...basis, more: 1 }]])('a basis %j', async (wrong) => {
    const { status, body } = await raw(JSON.stringify(carrier('shape', { basis: wrong })));
    expect(status).toBe(422);
    for (const { field } of body.errors!) expect(field).toMatch(/^basis/);
  });
});

it('text is recorded as it looks, and what cannot be seen is refused', async () => {
  await platform.done(
    operator('xianyang'),
    'carriers/register-carrier',
    carrier('ｌｏｏｋｓ', { name: '\u3000咸阳 \u00a0 加速e\u0301器\n' }),
  );
  expect((await listed('looks')).map(({ name }) => name)).toEqual(['咸阳 加速\u00e9器']);
  for (const hidden of ['\u202e', '\u200b', '\u0000', '\ue000', '\u2028', '\ufffd']) {
    const answer = await platform.send(
      operator('xianyang'),
      'POST',
      REGISTER,
      carrier('hidden', { name: `咸${hidden}阳` }),
    );
    const code = `U+${hidden.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
    expect([answer.status, answer.body.errors[0].zh]).toEqual([422, expect.stringContaining(code)]);
  }
  await platform.done(operator('xianyang'), 'carriers/register-carrier', carrier('long', { name: '𠮷'.repeat(60) }));
  expect((await listed('long'))[0]!.name).toBe('𠮷'.repeat(60));
});

it('a fact was true by today in China, a plan ends within fifty years', async () => {
  const register = async (on: string) =>
    (await platform.send(operator('xianyang'), 'POST', REGISTER, carrier(`on-${on}`, { on }))).status;
  const [today, tomorrow] = [0, 1].map((days) => dayInChina(new Date(Date.now() + days * 86_400_000)));
  expect([await register(today!), await register('1949-10-01')]).toEqual([200, 200]);
  for (const on of [tomorrow!, '1949-09-30', '0000-01-01', '9999-12-31'])
    expect([on, await register(on)]).toEqual([on, 422]);
  const unit = (from: string) => ({
    on: '2023-06-01',
    carrier: 'enclave',
    unit: 'u',
    areaSquareMetres: 1,
    desks: 1,
    from,
  });
  for (const from of ['0000-01-01', '1949-09-30', `${Number(today!.slice(0, 4)) + 51}-01-01`, '9999-12-31']) {
    const { status, body } = await platform.send(
      operator('xianyang'),
      'POST',
      '/api/v1/carriers/add-space-unit',
      unit(from),
    );
    expect([from, status, body.errors[0].field]).toEqual([from, 422, 'from']);
  }
});

it('an area, an amount and a code are such as there are', async () => {
  const space = {
    on: '2023-06-01',
    carrier: 'enclave',
    allocation: 'x',
    unit: 'floor-1',
    firm: 'f',
    desks: 0,
    from: '2023-06-01',
  };
  const let_ = { ...space, areaSquareMetres: 1e6 + 1, uscc: '000000000000000000' };
  const wrong = await platform.send(operator('xianyang'), 'POST', '/api/v1/carriers/allocate-space', let_);
  expect(wrong.body.errors.map((e: { field: string }) => e.field).sort()).toEqual(['areaSquareMetres', 'uscc']);
  for (const first16 of ['W1610400MA6Y0001', '91999999MA6Y0001', '9161040000000000']) {
    const uscc = completeUscc(first16);
    const answer = await platform.send(operator('xianyang'), 'POST', '/api/v1/carriers/allocate-space', {
      ...let_,
      uscc,
      areaSquareMetres: 1,
    });
    expect([answer.status, answer.body.errors[0].field]).toEqual([422, 'uscc']);
  }

  const contract = (id: string, amountFen: number, more: object = {}) => ({
    on: '2023-06-01',
    contract: id,
    title: 't',
    type: 'service',
    output: 'xianyang',
    absorbing: 'xixian',
    amountFen,
    ...more,
  });
  const file = (body: object) => platform.send(operator('xianyang'), 'POST', '/api/v1/contracts/file-contract', body);
  const once = await file(contract('c-1', 1e12 + 1));
  expect([once.status, once.body.code, once.body.errors[0].field]).toEqual([
    422,
    'contract.amount-unconfirmed',
    'amountConfirmedFen',
  ]);
  expect((await file(contract('c-1', 1e12 + 1, { amountConfirmedFen: 1e12 + 1 }))).status).toBe(200);
  expect(
    (await file(contract('c-2', Number.MAX_SAFE_INTEGER, { amountConfirmedFen: Number.MAX_SAFE_INTEGER }))).status,
  ).toBe(422);
});

it('a registered code that fails the standard is let in by the province, on evidence, and marked', async () => {
  const uscc = '91610400MA6Y0A0024';
  const admit = (by: Parameters<TestPlatform['send']>[0], path: string, more: object) =>
    platform.send(by, 'POST', `/api/v1/${path}`, { on: '2023-06-01', uscc, ...more });
  const firm = () =>
    admit(operator('xianyang'), 'incubation/admit-firm', {
      carrier: 'enclave',
      home: 'xianyang',
      firm: '示例企业',
      field: '软件',
      founded: '2023-01-01',
      unit: 'floor-1',
      areaSquareMetres: 1,
      desks: 1,
      from: '2023-06-01',
    });
  const evidence = { name: '示例企业', evidence: '营业执照副本', basis };
  const before = await firm();
  expect([before.status, before.body.errors[0].zh]).toEqual([422, expect.stringContaining('admit-code')]);
  expect((await admit(operator('xianyang'), 'organisations/admit-code', evidence)).status).toBe(403);
  expect((await admit(province, 'organisations/admit-code', evidence)).status).toBe(200);
  expect((await firm()).status).toBe(200);
  const listed = await platform.send(operator('xianyang'), 'GET', `/api/v1/admitted-codes?uscc=${uscc}`);
  expect(listed.body.items).toMatchObject([{ uscc, status: 'admitted', evidence: '营业执照副本' }]);
  const filed = {
    contract: 'tc-odd',
    type: 'service',
    title: '示例',
    amountFen: 1,
    output: 'xianyang',
    absorbing: 'baoji',
    seller: '示例企业',
    sellerUscc: uscc,
  };
  const contract = await platform.send(operator('xianyang'), 'POST', '/api/v1/contracts/file-contract', {
    on: '2023-06-01',
    ...filed,
  });
  expect(contract.status).toBe(200);
  // Read by whoever has just written: the mark is of another context than the rows.
  const marks = async (by: Parameters<TestPlatform['send']>[0]) => {
    const read = (list: string) => platform.send(by, 'GET', `/api/v1/${list}asOf=2023-06-01`);
    const pages = await Promise.all(['incubatees?', 'allocations?', 'contracts?contract=tc-odd&'].map(read));
    return pages.map(({ body }) => (body.items as { admitted: string[] }[]).map(({ admitted }) => admitted));
  };
  const marked = await until('its space is let', async () => {
    const found = await marks(operator('xianyang'));
    return found.every((rows) => rows.length === 1) && found;
  });
  expect(marked).toEqual([[[uscc]], [[uscc]], [[uscc]]]);
  const csv = await fetch(`${platform.url}/api/v1/incubatees`, {
    headers: { authorization: `Bearer ${await platform.token(operator('xianyang'))}`, accept: 'text/csv' },
  });
  const [head, row] = (await csv.text()).trim().split('\n');
  expect([head!.endsWith('省级承认的代码'), row!.endsWith(uscc)]).toEqual([true, true]);
  const gone = await admit(province, 'organisations/withdraw-code', { reason: '已换发' });
  expect([gone.status, (await firm()).status]).toEqual([200, 422]);
  expect(await marks(province)).toEqual([[[]], [[]], [[]]]);
  // What was recorded under it goes on all the same: whether the firm may leave is the rules' to say.
  const exit = await admit(operator('xianyang'), 'incubation/exit-firm', { carrier: 'enclave', outcome: 'exited' });
  expect([200, 409]).toContain(exit.status);
  expect((await admit(province, 'organisations/admit-code', evidence)).status).toBe(200);
  const twice = await admit(province, 'organisations/admit-code', evidence);
  expect([twice.status, twice.body.code]).toEqual([409, 'code.admitted']);
  const valid = await admit(province, 'organisations/admit-code', {
    ...evidence,
    uscc: completeUscc('91610400MA6Y0A00'),
  });
  expect([valid.status, valid.body.errors[0].field]).toEqual([422, 'uscc']);
});

it('path and query are UTF-8 that can be read', async () => {
  for (const path of [
    'streams/a%00',
    'streams/%E5%92',
    'streams/%ZZ',
    'carriers?search=%00',
    'carriers?after=%E2%80%AE',
    'feeds/%C0%80',
    'nowhere/%00',
  ]) {
    const answer = await platform.send(auditor, 'GET', `/api/v1/${path}`);
    expect([path, answer.status]).toEqual([path, 400]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  }
});

it('who sees one region is told that something is left out, and nothing of what it is', async () => {
  const key = '["units","enclave","floor-1"]';
  await platform.send(province, 'POST', '/api/v1/operations/projections/park', { projection: 'carriers', key });
  const path = '/api/v1/figures/capacity?period=2023';
  const [all, mine] = [await platform.send(auditor, 'GET', path), await platform.send(operator('baoji'), 'GET', path)];
  expect(all.body.incomplete).toMatchObject([{ projection: 'carriers', key }]);
  expect(mine.body.incomplete).toEqual([{ projection: 'carriers', keys: 1, since: expect.any(String) }]);
  await platform.send(province, 'POST', '/api/v1/operations/projections/resume', { projection: 'carriers', key });
});

it('what is no place in the order of an answer is refused as the next of none', async () => {
  const places = [{}, { cell: null }, { cell: { home: '\0' } }, { day: 'x', position: 1 }, { origin: 1 }, []];
  const marks = [...places.map((place) => Buffer.from(JSON.stringify(place)).toString('base64url')), 'x', '\u3000'];
  for (const path of ['figures/capacity', 'figures/capacity/explanation', 'flows/matrix']) {
    for (const mark of marks) {
      const url = `/api/v1/${path}?period=2023&after=${encodeURIComponent(mark)}`;
      const { status, body } = await platform.send(auditor, 'GET', url);
      expect([path, mark, status, body.errors?.[0].field]).toEqual([path, mark, 422, 'after']);
    }
  }
});

describe('the period of a figure', () => {
  const ask = (query: string) => platform.send(auditor, 'GET', `/api/v1/figures/capacity?${query}`);

  it.each([
    ['period=2023', '2023-01-01', '2023-12-31'],
    ['period=2023-Q3', '2023-07-01', '2023-09-30'],
    ['period=2023-02', '2023-02-01', '2023-02-28'],
    ['from=2023-02-01&to=2023-03-01', '2023-02-01', '2023-02-28'],
  ])('%s is from %s to %s', async (query, firstDay, lastDay) => {
    const { status, body } = await ask(query);
    expect([status, body.firstDay, body.lastDay, body.from]).toEqual([200, firstDay, lastDay, firstDay]);
    const lines = await platform.send(auditor, 'GET', `/api/v1/figures/capacity/explanation?${query}&carrier=enclave`);
    expect([lines.status, lines.body.firstDay, lines.body.lastDay]).toEqual([200, firstDay, lastDay]);
  });

  it.each([
    ['', 'from'],
    ['from=2023-01-01', 'to'],
    ['period=2023&from=2023-01-01&to=2024-01-01', 'period'],
    ['period=2023-13', 'period'],
    ['period=0000', 'period'],
    ['from=2024-01-01&to=2023-01-01', 'to'],
    ['from=2023-01-01&to=2023-01-01', 'to'],
    ['from=0000-01-01&to=2023-01-01', 'from'],
    ['from=2023-01-01&to=9999-12-31', 'to'],
    ['from=2023-01-01&to=2024-01-01&on=0000-01-01', 'on'],
  ])('%j is none, and says so of %s', async (query, field) => {
    const { status, body } = await ask(query);
    expect([status, body.errors[0].field]).toEqual([422, field]);
  });
});
