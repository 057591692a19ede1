import { request } from 'node:http';
import { completeUscc } from '#libs/fields';
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
  await withEnclave(platform, 1000, 100);
});
afterAll(() => platform.close());

const uscc = (n: number) => completeUscc(`91610400MA6Y${String(n).padStart(4, '0')}`);
const region = (name: string) => ({ on: '2023-01-01', region: name, name, level: 'city', parent: 'shaanxi', basis });
const REGISTER = '/api/v1/topology/register-region';
const history = async (stream: string) =>
  (await platform.send(auditor, 'GET', `/api/v1/streams/${stream}?limit=1000`)).body.events as {
    type: string;
    data: object;
  }[];

describe('concurrency', () => {
  it('of 64 clients who allocate the last desk, one succeeds and 63 are told why', async () => {
    const accelerator = { on: '2023-06-01', carrier: 'accelerator' };
    const names = { name: '咸阳加速器', kind: '加速器', region: 'xianyang', basis };
    await platform.done(operator('xianyang'), 'carriers/register-carrier', { ...accelerator, ...names });
    const hall = { unit: 'floor-1', areaSquareMetres: 1000, desks: 100, from: '2023-06-01' };
    await platform.done(operator('xianyang'), 'carriers/add-space-unit', { ...accelerator, ...hall });
    const wanted = (n: number, desks: number) => ({
      ...accelerator,
      unit: 'floor-1',
      firm: `示例企业${n}`,
      from: '2023-06-01',
      allocation: `last-${n}`,
      uscc: uscc(n),
      areaSquareMetres: 1,
      desks,
    });
    await platform.done(operator('xianyang'), 'carriers/allocate-space', wanted(1000, 99));
    const clients = Array.from({ length: 64 }, (_, n) =>
      platform.send(operator('xianyang'), 'POST', '/api/v1/carriers/allocate-space', wanted(n, 1)),
    );
    const answers = await Promise.all(clients);
    const refused = answers.filter((a) => a.status !== 200);
    expect(answers.length - refused.length).toBe(1);
    for (const { status, body } of refused) {
      expect([status, body.code, body.errors[0].field]).toEqual([409, 'space.no-desks', 'desks']);
      expect(body.detail).toContain('仅余 0 个');
    }
    const let_ = (await history('carrier-accelerator')).filter((e) => e.type === 'space.allocated.v1');
    expect(let_.filter((e) => (e.data as { allocation: string }).allocation.startsWith('last-'))).toHaveLength(2);
  });

  it('of 16 contracts that are recognised under one registration, one is, and the others are told which', async () => {
    const of = (n: number) => ({ on: '2023-05-01', contract: `one-${n}` });
    const terms = { title: 't', type: 'service', output: 'xixian', absorbing: 'xianyang', amountFen: 100 };
    const numbers = Array.from({ length: 16 }, (_, n) => n);
    for (const n of numbers) await platform.done(operator('xixian'), 'contracts/file-contract', { ...of(n), ...terms });
    const recognise = (n: number, registration = 'one-number', technicalRevenueFen = 1) => {
      const recognition = { ...of(n), registration, technicalRevenueFen };
      return platform.send(province, 'POST', '/api/v1/contracts/recognise-contract', recognition);
    };
    const answers = await Promise.all(numbers.map((n) => recognise(n)));
    const [holder, second] = numbers.filter((n) => answers[n]!.status === 200);
    expect(second).toBeUndefined();
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(15);
    for (const { status, body } of refused) {
      expect([status, body.code, body.errors[0].field]).toEqual([409, 'contract.registration-held', 'registration']);
    }
    const other = numbers.find((n) => n !== holder)!;
    expect((await recognise(other)).body.detail).toContain(`one-${holder}`);
    // What was refused has no number, and a recognition that was reversed has it no more: each may be given to another.
    expect((await recognise(other, 'spoilt', 101)).body.code).toBe('contract.revenue');
    const reversal = { ...of(holder!), reverses: 'one-number', reason: '登记有误' };
    await platform.done(province, 'contracts/reverse-contract', reversal);
    expect((await recognise(holder!, 'spoilt')).status).toBe(200);
    expect((await recognise(other)).status).toBe(200);
    expect((await recognise(numbers.find((n) => n !== holder && n !== other)!)).status).toBe(409);
  });

  it('one number of a filing, and of an instrument at its owner, is of one thing', async () => {
    const { done, send } = platform;
    const on = '2023-06-01';
    for (const carrier of ['twice-1', 'twice-2']) {
      const names = { name: '咸阳中心', kind: '离岸研发中心', home: 'xianyang', host: 'xixian' };
      await done(operator('xianyang'), 'carriers/propose-carrier', { on, carrier, ...names, basis });
      await done(operator('xianyang'), 'carriers/sign-as-home', { on, carrier });
      await done(operator('xixian'), 'carriers/sign-as-host', { on, carrier });
    }
    const file = (carrier: string) =>
      send(province, 'POST', '/api/v1/carriers/file-carrier', { on, carrier, filing: '陕备-1' });
    expect((await file('twice-1')).status).toBe(200);
    expect((await file('twice-2')).body).toMatchObject({ status: 409, code: 'carrier.filing-held' });
    const join = (instrument: string, owner: string) => {
      const fields = { on, instrument, name: 'SEM', owner, originalValueFen: 1, assetNumber: 'ZC-1', basis };
      return send(province, 'POST', '/api/v1/sharing/network-instrument', fields);
    };
    expect((await join('asset-1', 'xianyang')).status).toBe(200);
    expect((await join('asset-2', 'xianyang')).body).toMatchObject({ status: 409, code: 'instrument.asset-held' });
    expect((await join('asset-2', 'baoji')).status).toBe(200);
  });

  it('of 64 designations of a hub, one succeeds', async () => {
    // In one of its own: a hub with links is not revoked.
    const fresh = await startTestPlatform();
    await withRegions(fresh);
    await fresh.done(province, 'topology/revoke-hub', { on: '2023-01-02', region: 'xixian', basis });
    const designate = (name: string) =>
      fresh.send(province, 'POST', '/api/v1/topology/designate-hub', { on: '2023-01-03', region: name, basis });
    const answers = await Promise.all(Array.from({ length: 64 }, (_, n) => designate(n % 2 ? 'xixian' : 'xianyang')));
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
    expect(answers.filter((a) => a.status === 409 && a.body.code === 'hub.exists')).toHaveLength(63);
    await fresh.close();
  });
});

describe('Idempotency-Key', () => {
  it('gives a retry the first answer, also after the stream has moved on, and records once', async () => {
    const key = { 'idempotency-key': 'register-hanzhong' };
    const first = await platform.done(province, 'topology/register-region', region('hanzhong'), key);
    const again = await platform.done(province, 'topology/register-region', region('hanzhong'), key);
    await platform.done(province, 'topology/register-region', region('ankang'));
    const later = await platform.done(province, 'topology/register-region', region('hanzhong'), key);
    expect([first.body.repeated, again.body.repeated, later.body.repeated]).toEqual([false, true, true]);
    for (const retry of [again, later]) expect({ ...retry.body, repeated: false }).toEqual(first.body);
    const named = (await history('province-topology')).filter(
      (e) => (e.data as { region: string }).region === 'hanzhong',
    );
    expect(named).toHaveLength(1);
  });

  it('takes the same key from 20 clients at once as one command', async () => {
    const key = { 'idempotency-key': 'race' };
    const send = () => platform.send(province, 'POST', REGISTER, region('yulin'), key);
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    expect(answers.map((a) => a.status)).toEqual(Array(20).fill(200));
    expect(answers.filter((a) => !a.body.repeated)).toHaveLength(1);
    expect(new Set(answers.map((a) => a.body.events[0].id)).size).toBe(1);
  });

  it('refuses the key of another command, on the same stream or on another', async () => {
    const key = { 'idempotency-key': 'one-command' };
    await platform.done(province, 'topology/register-region', region('shangluo'), key);
    const same = await platform.send(province, 'POST', REGISTER, region('weinan'), key);
    expect([same.status, same.body.code]).toEqual([422, 'idempotency-key.reused']);
    const filing = { on: '2023-01-01', carrier: 'inc', name: 'n', kind: '孵化器', region: 'xianyang', basis };
    const other = await platform.send(province, 'POST', '/api/v1/carriers/register-carrier', filing, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key.reused']);
  });

  it('belongs to its caller', async () => {
    const key = { 'idempotency-key': 'mine' };
    const file = (output: string, contract: string) => ({
      on: '2023-03-01',
      contract,
      title: 't',
      type: 'service',
      output,
      absorbing: 'baoji',
      amountFen: 1,
    });
    await platform.done(operator('xianyang'), 'contracts/file-contract', file('xianyang', 'k-1'), key);
    const other = await platform.done(operator('xixian'), 'contracts/file-contract', file('xixian', 'k-2'), key);
    expect(other.body.repeated).toBe(false);
  });
});

describe('ETag and If-Match', () => {
  it('carry the revision', async () => {
    const first = await platform.done(province, 'topology/register-region', region('tongchuan'));
    const etag = first.headers.get('etag')!;
    expect(etag).toBe(`"${first.body.revision}"`);
    const next = await platform.send(province, 'POST', REGISTER, region('yanan'), { 'if-match': etag });
    expect([next.status, next.body.revision]).toEqual([200, first.body.revision + 1]);
    const stale = await platform.send(province, 'POST', REGISTER, region('yangling'), { 'if-match': etag });
    expect([stale.status, stale.body.code]).toEqual([412, 'revision.mismatch']);
    const odd = await platform.send(province, 'POST', REGISTER, region('yangling'), { 'if-match': 'abc' });
    expect([odd.status, odd.body.code]).toEqual([400, 'if-match.form']);
  });
});

describe('the consistency token', () => {
  it('lets a query read its caller\u2019s own write, every time', async () => {
    for (let n = 0; n < 20; n++) {
      const name = `own-write-${n}`;
      const carrier = { on: '2023-01-01', carrier: name, name, kind: '孵化器', region: 'xianyang', basis };
      const { headers } = await platform.done(operator('xianyang'), 'carriers/register-carrier', carrier);
      const token = { 'consistency-token': headers.get('consistency-token')! };
      const read = await platform.send(operator('xianyang'), 'GET', '/api/v1/carriers?limit=1000', undefined, token);
      expect(read.headers.get('consistency')).toBe('current');
      expect(read.body.items.map((c: { carrier: string }) => c.carrier)).toContain(name);
    }
  });

  it('of a position not yet there is answered in bounded time, and honestly', async () => {
    const token = { 'consistency-token': 'ffff-ffffffffffffffff-ffffffffffffffff' };
    const read = await platform.send(auditor, 'GET', '/api/v1/carriers?limit=1000', undefined, token);
    expect([read.status, read.headers.get('consistency')]).toEqual([200, 'stale']);
  });
});

describe('processes', () => {
  const on = '2023-06-01';
  const admit = (firm: string, desks: number) =>
    platform.done(operator('xianyang'), 'incubation/admit-firm', {
      on,
      carrier: 'enclave',
      home: 'xianyang',
      uscc: firm,
      firm: '示例企业',
      field: '集成电路',
      founded: on,
      unit: 'floor-1',
      areaSquareMetres: 1,
      desks,
      from: on,
    });
  const ended = (firm: string) =>
    until(`the admission of ${firm} ends`, async () => {
      const { body } = await platform.send(auditor, 'GET', `/api/v1/processes/admission/enclave-${firm}-1`);
      return body.status === 'ended' && body;
    });

  it('show what they wait for, and how they have ended, from the first event to the last', async () => {
    const firm = uscc(8001);
    const { headers } = await admit(firm, 0);
    const token = { 'consistency-token': headers.get('consistency-token')! };
    const path = `/api/v1/processes?process=admission&key=enclave-${firm}-1`;
    const seen = await platform.send(operator('xianyang'), 'GET', path, undefined, token);
    expect([seen.status, seen.headers.get('consistency')]).toEqual([200, 'current']);
    expect(seen.body.processes).toMatchObject([
      { key: `enclave-${firm}-1`, regions: ['xianyang', 'xixian'], trouble: null },
    ]);

    const { end, pending, events } = await ended(firm);
    expect([end, pending]).toEqual(['settled', []]);
    expect(events.map((e: { type: string; data: { step?: string } }) => [e.type, e.data.step])).toEqual([
      ['incubatee.admitted.v2', undefined],
      ['space.allocated.v1', undefined],
      ['process.step-done.v1', 'allocate'],
      ['process.step-done.v1', 'confirm'],
    ]);
    const running = await platform.send(auditor, 'GET', `/api/v1/processes?process=overstay&status=running`);
    expect(running.body.processes).toMatchObject([
      { key: `enclave-${firm}-1`, deadline: { name: 'longest-stay', due: '2028-05-31T16:00:00.000Z' } },
    ]);
    const firms = await platform.send(operator('xianyang'), 'GET', `/api/v1/incubatees?uscc=${firm}`);
    expect(firms.body.items).toMatchObject([{ status: 'settled', stayUntil: '2028-06-01' }]);
  });

  it('say why a firm was rejected, and tell its city', async () => {
    const firm = uscc(8002);
    await admit(firm, 100_000);
    expect((await ended(firm)).end).toBe('rejected');
    await until('the city is told', async () => {
      const { body } = await platform.send(operator('xianyang'), 'GET', '/api/v1/feeds/region.xianyang?limit=1000');
      const told = body.records.filter(
        (r: { type: string; data: { uscc: string } }) =>
          r.type === 'cn.liandong.incubatee.changed.v2' && r.data.uscc === firm,
      );
      return told.map((r: { data: { status: string } }) => r.data.status).join() === 'admitted,rejected';
    });
    const { body } = await platform.send(auditor, 'GET', `/api/v1/incubatees?uscc=${firm}&status=rejected`);
    expect(body.items).toMatchObject([{ refusal: { code: 'space.no-desks', zh: expect.stringContaining('工位') } }]);
  });

  it('are listed by pages', async () => {
    const page = async (before = '') => {
      const path = `/api/v1/processes?process=admission&limit=1${before}`;
      return (await platform.send(auditor, 'GET', path)).body;
    };
    const first = await page();
    const second = await page(`&before=${first.next}`);
    expect([first.processes[0].key, second.processes[0].key]).toEqual([
      `enclave-${uscc(8002)}-1`,
      `enclave-${uscc(8001)}-1`,
    ]);
  });

  it('leave one way in for firms and one way out, and their space with them', async () => {
    const firm = uscc(8003);
    const home = operator('xianyang');
    const letting = { on, carrier: 'enclave', allocation: 'let-1', unit: 'floor-1', firm: '示例企业', from: on };
    const space = { ...letting, areaSquareMetres: 1, desks: 1 };
    const allocate = (code: string) =>
      platform.send(home, 'POST', '/api/v1/carriers/allocate-space', { ...space, uscc: code });
    expect((await allocate(firm)).body.code).toBe('allocation.by-admission');
    await admit(firm, 2);
    await ended(firm);
    expect((await allocate(firm)).body.code).toBe('allocation.admitted');
    const leaving = { on: '2023-09-01', carrier: 'enclave', uscc: firm, outcome: 'graduated' };
    await platform.done(home, 'incubation/exit-firm', leaving);
    await until('its space is free', async () => {
      const { body } = await platform.send(home, 'GET', `/api/v1/allocations?uscc=${firm}`);
      return body.items[0]?.until === '2023-09-01';
    });
  });

  it('are begun for a firm by the name that it is known by, unless another is confirmed', async () => {
    const code = uscc(8004);
    const fields = { on, carrier: 'enclave', home: 'xianyang', uscc: code, field: '软件', founded: on };
    const space = { unit: 'floor-1', areaSquareMetres: 1, desks: 1, from: on };
    const named = (firm: string, more: object = {}) =>
      platform.send(operator('xianyang'), 'POST', '/api/v1/incubation/admit-firm', {
        ...fields,
        ...space,
        firm,
        ...more,
      });
    expect((await named('甲公司')).status).toBe(200);
    const other = await named('乙公司');
    expect([other.status, other.body.code, other.body.errors[0].field]).toEqual([409, 'firm.other-name', 'firm']);
    expect(other.body.detail).toContain('甲公司');
    // The name is known by now; the firm is in already.
    expect((await named('乙公司', { nameConfirmed: true })).body.code).toBe('incubatee.exists');
  });

  it('have no door for what only they may do, and none for what is not there', async () => {
    const confirm = { on, carrier: 'enclave', uscc: uscc(8001), spell: 1 };
    const answer = await platform.send(province, 'POST', '/api/v1/incubation/confirm-admission', confirm);
    expect(answer.status).toBe(404);
    const unknown = await platform.send(province, 'GET', '/api/v1/processes/admission/nobody');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'process.unknown']);
  });
});

describe('corrections', () => {
  const PERIOD = 'from=2023-01-01&to=2024-01-01';
  const home = operator('xianyang');
  const figure = async (path: string) => (await platform.send(auditor, 'GET', `/api/v1/figures/${path}`)).body;
  /** What the figure comes to; it is asked until it has heard of the last correction. */
  const comesTo = (path: string, measure: string, expected: number) =>
    until(`${path}: ${measure} is ${expected}`, async () => (await figure(path)).total[measure] === expected);

  it('of space move the figure of the period concerned', async () => {
    const on = '2023-06-01';
    const of = { on, carrier: 'mended', reason: '登记有误' };
    const names = { name: '咸阳加速器', kind: '加速器', region: 'xianyang', basis };
    const space = { unit: 'hall', areaSquareMetres: 100, desks: 10, from: '2023-12-31' };
    await platform.done(home, 'carriers/register-carrier', { on, carrier: 'mended', ...names });
    await platform.done(home, 'carriers/add-space-unit', { on, carrier: 'mended', ...space });
    const tenant = { ...space, allocation: 'let-1', uscc: uscc(9001), firm: '示例企业', areaSquareMetres: 40.25 };
    const path = `capacity?${PERIOD}&carrier=mended`;
    await platform.done(home, 'carriers/allocate-space', { on, carrier: 'mended', ...tenant });
    await comesTo(path, 'letSquareMetresDays', 40.25);
    const early = { ...of, unit: 'hall' };
    const refused = await platform.send(home, 'POST', '/api/v1/carriers/reverse-space-unit', early);
    expect([refused.status, refused.body.code]).toEqual([409, 'unit.let']);
    await platform.done(home, 'carriers/reverse-allocation', { ...of, allocation: 'let-1' });
    await comesTo(path, 'letSquareMetresDays', 0);
    await platform.done(home, 'carriers/reverse-space-unit', early);
    await comesTo(path, 'lettableSquareMetresDays', 0);
  });

  it('of two reports of one contract: the province counts one, and tells what they say otherwise', async () => {
    const path = `flows?${PERIOD}&output=baoji`;
    const report = async (contract: string, amountFen: number) => {
      const terms = { title: 't', type: 'service', output: 'baoji', absorbing: 'xianyang', amountFen };
      await platform.done(operator('baoji'), 'contracts/file-contract', { on: '2023-05-01', contract, ...terms });
      const recognition = { registration: `rec-${contract}`, technicalRevenueFen: 1 };
      await platform.done(province, 'contracts/recognise-contract', { on: '2023-05-02', contract, ...recognition });
    };
    await report('twin-1', 100);
    await report('twin-2', 90);
    await comesTo(path, 'amountFen', 190);
    await platform.done(province, 'contracts/link-twin', { on: '2023-06-01', contract: 'twin-2', twinOf: 'twin-1' });
    await comesTo(path, 'amountFen', 100);
    const { body } = await platform.send(operator('baoji'), 'GET', '/api/v1/contracts?contract=twin-2');
    expect(body.items).toMatchObject([
      { twinOf: 'twin-1', differences: [{ field: 'amountFen', here: '90', there: '100' }] },
    ]);
    await platform.done(province, 'contracts/reverse-twin', {
      on: '2023-07-01',
      contract: 'twin-2',
      reason: '两份合同',
    });
    await comesTo(path, 'amountFen', 190);
    // The other way round now.
    await platform.done(province, 'contracts/link-twin', { on: '2023-08-01', contract: 'twin-1', twinOf: 'twin-2' });
    await comesTo(path, 'amountFen', 90);
  });

  it('of two reports that are linked both ways at once, one counts', async () => {
    const file = (contract: string) =>
      platform.done(operator('baoji'), 'contracts/file-contract', {
        on: '2023-05-01',
        contract,
        title: 't',
        type: 'service',
        output: 'baoji',
        absorbing: 'xianyang',
        amountFen: 1,
      });
    const link = (contract: string, twinOf: string) =>
      platform.send(province, 'POST', '/api/v1/contracts/link-twin', { on: '2023-06-01', contract, twinOf });
    const pairs = Array.from({ length: 10 }, (_, n) => [`pair-${n}-a`, `pair-${n}-b`] as const);
    for (const pair of pairs) for (const one of pair) await file(one);
    const answers = await Promise.all(pairs.flatMap(([a, b]) => [link(a, b), link(b, a)]));
    for (const [n, [a, b]] of pairs.entries()) {
      const both = answers.slice(2 * n, 2 * n + 2);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
      const refused = both.find(({ status }) => status === 409)!;
      expect(refused.body.code).toBe('contract.twin-of-twin');
      expect(refused.body.detail).toMatch(
        new RegExp(`^(${a} 本身不计数，计数的是 ${b}|${b} 本身不计数，计数的是 ${a})；`),
      );
    }
  });
});

describe('bad input is answered, and loses nothing', () => {
  const raw = (body: string, headers: object = {}) => platform.send(province, 'POST', REGISTER, body, headers);
  it.each([
    ['no JSON', () => raw('{'), 400],
    ['an empty body', () => raw(''), 400],
    ['an array', () => raw('[]'), 422],
    ['null', () => raw('null'), 422],
    ['a string', () => raw('"x"'), 422],
    ['a number', () => raw('1'), 422],
    ['prototype pollution', () => raw('{"__proto__": {"on": 1}}'), 422],
    ['deep nesting', () => raw('{"basis":'.repeat(5000) + '1' + '}'.repeat(5000)), 422],
    ['a body that is too large', () => raw(JSON.stringify({ name: 'x'.repeat(300_000) })), 413],
    ['another content type', () => raw('a=b', { 'content-type': 'application/x-www-form-urlencoded' }), 415],
    ['a lone surrogate', () => raw(JSON.stringify({ ...region('r1'), name: '\ud800' })), 422],
    ['U+0000', () => raw(JSON.stringify({ ...region('r1'), name: 'a\u0000' })), 422],
    ['a region called constructor', () => raw(JSON.stringify(region('constructor'))), 422],
    ['a route that is not there', () => platform.send(province, 'GET', '/api/v1/nothing'), 404],
    ['a method that is not there', () => platform.send(province, 'DELETE', '/api/v1/topology'), 404],
    ['a malformed escape', () => platform.send(province, 'GET', '/api/v1/streams/%E4%A'), 400],
    ['a stream name with U+0000', () => platform.send(province, 'GET', '/api/v1/streams/a%00b'), 400],
    [
      'a date that does not exist',
      () => platform.send(province, 'GET', '/api/v1/figures/flows?from=2023-02-30&to=2024-01-01'),
      422,
    ],
    [
      'a parameter twice',
      () => platform.send(province, 'GET', '/api/v1/figures/flows?from=2023-01-01&from=x&to=2024-01-01'),
      422,
    ],
    ['a parameter that is not there', () => platform.send(province, 'GET', '/api/v1/topology?x=1'), 422],
    ['a page from nowhere', () => platform.send(province, 'GET', '/api/v1/feeds/region.xianyang?after=-1'), 422],
    ['a page beyond the end', () => platform.send(province, 'GET', '/api/v1/feeds/reference?after=1000000'), 422],
    ['a page that no list gave', () => platform.send(province, 'GET', '/api/v1/carriers?after=x'), 422],
    ['a list sorted by what it is not', () => platform.send(province, 'GET', '/api/v1/carriers?sort=desks'), 422],
    [
      'a period that ends before it begins',
      () => platform.send(province, 'GET', '/api/v1/figures/flows?from=2024-01-01&to=2023-01-01'),
      422,
    ],
    [
      'a moment that no calendar has',
      () => platform.send(province, 'GET', '/api/v1/regions?asAt=2023-13-41T25:00:00Z'),
      422,
    ],
    ['a moment that is none', () => platform.send(province, 'GET', '/api/v1/regions?asAt=yesterday'), 422],
    ['a feed of an unknown region', () => platform.send(province, 'GET', '/api/v1/feeds/region.atlantis'), 404],
    [
      'an Idempotency-Key that is too long',
      () => raw(JSON.stringify(region('r1')), { 'idempotency-key': 'x'.repeat(201) }),
      400,
    ],
  ])('%s', async (_, send, status) => {
    const before = (await history('province-topology')).length;
    const answer = await send();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    expect(answer.body).toMatchObject({
      status,
      code: expect.any(String),
      detail: expect.stringMatching(/[\u4e00-\u9fff]/),
    });
    expect((await history('province-topology')).length).toBe(before);
  });

  it('names every field at fault in both languages', async () => {
    const body = { on: '2023-02-30', region: 'A b', name: ' ', level: 'village', basis: { document: 'd' }, extra: 1 };
    const { body: problem } = await platform.send(province, 'POST', REGISTER, body);
    const fields = problem.errors.map((e: { field: string }) => e.field).sort();
    expect(fields).toEqual(['basis.clause', 'extra', 'level', 'name', 'on', 'region']);
    for (const { zh, en } of problem.errors)
      expect([zh, en]).toEqual([expect.stringMatching(/[\u4e00-\u9fff]/), expect.stringMatching(/[a-z]/)]);
  });

  it('checks both check characters of a firm\u2019s credit code', async () => {
    const good = uscc(7);
    const wrong = good.slice(0, 17) + (good[17] === '0' ? '1' : '0');
    const space = {
      on: '2023-06-01',
      carrier: 'enclave',
      allocation: 'x',
      unit: 'floor-1',
      firm: 'f',
      areaSquareMetres: 1,
      desks: 0,
    };
    const answer = await platform.send(operator('xianyang'), 'POST', '/api/v1/carriers/allocate-space', {
      ...space,
      uscc: wrong,
      from: '2023-06-01',
    });
    expect([answer.status, answer.body.errors[0].field, answer.body.errors[0].code]).toEqual([422, 'uscc', 'uscc']);
  });

  it('survives a request that breaks off in the middle', async () => {
    await new Promise<void>((done) => {
      const broken = request(`${platform.url}${REGISTER}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': 1000 },
      });
      broken.on('error', () => done());
      broken.write('{"on":');
      setImmediate(() => broken.destroy(new Error('cut')));
    });
    expect((await platform.send(null, 'GET', '/health/ready')).status).toBe(200);
  });
});
