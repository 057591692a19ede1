import { completeUscc } from '#libs/fields';
import {
  auditor,
  basis,
  operator,
  province,
  startTestPlatform,
  withRegions,
  type TestPlatform,
} from './test-platform.js';
import { until } from './until.js';

let platform: TestPlatform;
const topology = (path: string, body: object) => platform.done(province, `topology/${path}`, { basis, ...body });
const refusal = async (path: string, body: object) => {
  const answer = await platform.send(province, 'POST', `/api/v1/${path}`, { basis, ...body });
  return [answer.status, answer.body.code, answer.body.detail];
};
const ask = async (path: string) => {
  const answer = await platform.send(auditor, 'GET', `/api/v1/${path}`);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.body;
};

beforeAll(async () => {
  platform = await startTestPlatform();
  await withRegions(platform);
  const on = '2023-01-01';
  await topology('register-region', { on, region: 'fengdong', name: '沣东', level: 'park', parent: 'xixian' });
  await topology('register-region', { on, region: 'qindu', name: '秦都', level: 'county', parent: 'xianyang' });
  for (const place of ['cn-310000', 'iso-de']) await topology('register-place', { on, place });
});
afterAll(() => platform.close());

/** Until the read models have what was last written. */
const settled = (path: string, holds: (body: never) => boolean) =>
  until(path, async () => {
    const body = await ask(path);
    return holds(body as never) && body;
  });

describe('code lists', () => {
  const carrier = { on: '2023-05-01', name: 'n', region: 'xianyang', basis };
  const register = (id: string, kind: string) =>
    platform.send(operator('xianyang'), 'POST', '/api/v1/carriers/register-carrier', { ...carrier, carrier: id, kind });

  it('are extended by the province with a basis, and the next command knows it', async () => {
    const unknown = await register('harbour', '人才港');
    expect([unknown.status, unknown.body.code, unknown.body.errors[0].field]).toEqual([422, 'code.not-listed', 'kind']);
    const code = { on: '2023-04-01', list: 'carrier-kinds', code: 'talent-harbour', name: '人才港', basis };
    await platform.done(province, 'codes/define-code', code);
    expect((await register('harbour', 'talent-harbour')).status).toBe(200);
    await platform.done(province, 'codes/end-code', { on: '2023-05-01', list: code.list, code: code.code, basis });
    expect((await register('later', '人才港')).body.code).toBe('code.used-no-more');
    const { items } = await settled('codes', ({ items: [one] }: { items: { until: string | null }[] }) => !!one?.until);
    expect(items).toMatchObject([{ code: 'talent-harbour', name: '人才港', since: '2023-04-01', until: '2023-05-01' }]);
  });

  it('make a kind that the province adds a carrier of two regions, which is opened by both and by nobody alone', async () => {
    const on = '2023-05-01';
    const kind = { on, list: 'carrier-kinds', code: 'twin-park', name: '结对园区', link: 'pairing', basis };
    const alone = { on, link: 'alone', kind: 'pairing', from: 'xianyang', to: 'qindu' };
    await topology('open-link', alone);
    await platform.done(province, 'codes/define-code', kind);
    expect((await refusal('topology/open-link', { ...alone, link: 'more' }))[1]).toBe('link.by-carrier');
    expect((await register('twin', '结对园区')).body.code).toBe('carrier.bilateral');
    const send = (by: string, path: string, body: object = {}) =>
      platform.done(operator(by), `carriers/${path}`, { on, carrier: 'twin', ...body });
    await send('xianyang', 'propose-carrier', { name: 'n', kind: '结对园区', home: 'xianyang', host: 'qindu', basis });
    await send('xianyang', 'sign-as-home');
    await send('qindu', 'sign-as-host');
    await platform.done(province, 'carriers/file-carrier', { on, carrier: 'twin', filing: 'twin-1' });
    await send('qindu', 'open-carrier');
    const { items } = await settled('links?link=twin', ({ items: [one] }: { items: object[] }) => one !== undefined);
    expect(items).toMatchObject([{ kind: 'pairing', from: 'xianyang', to: 'qindu', status: 'open' }]);
  });
});

describe('coverage', () => {
  it('counts what lies inside a region, not the hub, and shows beside it what is being prepared', async () => {
    const rule = { on: '2023-02-09', rule: 'incubator-per-city', carrierKind: '孵化器', level: 'city', minimum: 1 };
    await topology('state-coverage-rule', rule);
    await topology('state-coverage-rule', {
      ...rule,
      rule: 'able',
      carrierKind: '加速器',
      minimum: undefined,
      modality: 'supports',
    });
    const register = (carrier: string, region: string, kind: string) =>
      platform.done(operator(region), 'carriers/register-carrier', {
        on: '2023-05-01',
        carrier,
        name: 'n',
        kind,
        region,
        basis,
      });
    await register('of-qindu', 'qindu', '孵化器');
    await register('of-fengdong', 'fengdong', '孵化器');
    const proposed = {
      on: '2023-05-01',
      carrier: 'planned',
      name: 'n',
      kind: '飞地孵化器',
      home: 'baoji',
      host: 'xixian',
      basis,
    };
    await platform.done(operator('baoji'), 'carriers/propose-carrier', proposed);
    await topology('state-coverage-rule', { ...rule, rule: 'enclaves', carrierKind: '飞地孵化器' });

    // What is declined is planned no more; what nobody has proposed yet is.
    await platform.done(operator('baoji'), 'carriers/propose-carrier', { ...proposed, carrier: 'declined' });
    const declined = { on: '2023-05-01', carrier: 'declined', reason: 'r' };
    await platform.done(operator('xixian'), 'carriers/decline-proposal', declined);
    const { host: _, ...wanted } = { ...proposed, carrier: 'wanted', home: 'xianyang' };
    await platform.done(province, 'carriers/plan-carrier', { ...wanted, stage: 'under-way' });

    const { rules } = await settled(
      'carriers/coverage',
      ({ rules: all }: { rules: { covered: number; lacking: { planned: number }[] }[] }) =>
        all.length === 3 && all[2]!.covered === 1 && all[1]!.lacking[1]?.planned === 1,
    );
    const row = (name: string, planned: number) => ({ region: name, name, have: 0, planned });
    expect(rules).toMatchObject([
      { rule: 'able', modality: 'supports', minimum: null, regions: 2, covered: 0, lacking: [] },
      { rule: 'enclaves', covered: 0, lacking: [row('baoji', 1), row('xianyang', 1)] },
      { rule: 'incubator-per-city', basis, regions: 2, covered: 1, lacking: [row('baoji', 0)] },
    ]);

    expect((await ask('carriers?status=under-way')).items).toMatchObject([
      { carrier: 'wanted', host: null, openedOn: null },
    ]);
    await platform.done(operator('xianyang'), 'carriers/propose-carrier', {
      ...proposed,
      carrier: 'wanted',
      home: 'xianyang',
    });
    const { items } = await settled(
      'carriers?carrier=wanted',
      ({ items: [one] }: { items: { status: string }[] }) => one?.status === 'proposed',
    );
    expect(items).toMatchObject([{ plannedOn: '2023-05-01', since: '2023-05-01', host: 'xixian' }]);

    await topology('revise-coverage-rule', { ...rule, on: '2024-01-01', hub: 'counted' });
    const counted = await settled(
      'carriers/coverage',
      ({ rules: all }: { rules: { regions: number }[] }) => all[2]!.regions === 3,
    );
    expect(counted.rules[2]).toMatchObject({ covered: 2, lacking: [row('baoji', 0)] });
    expect((await ask('carriers/coverage?asOf=2023-12-31')).rules[2]).toMatchObject({ regions: 2, covered: 1 });
    expect((await ask('carriers/coverage?asOf=2023-04-30')).rules[2]).toMatchObject({ covered: 0 });
    // On the tree of that day: qindu goes to the hub, and what it has with it.
    await topology('move-region', { on: '2024-06-01', region: 'qindu', parent: 'xixian' });
    await settled('carriers/coverage', ({ rules: all }: { rules: { covered: number }[] }) => all[2]!.covered === 1);
    expect((await ask('carriers/coverage?asOf=2024-05-31')).rules[2]).toMatchObject({ covered: 2 });
    await topology('end-coverage-rule', { on: '2025-01-01', rule: 'able' });
    await settled('carriers/coverage', ({ rules: all }: { rules: object[] }) => all.length === 2);
  });
});

describe('what lies beyond the province', () => {
  it('is the other side of a contract or a use; rolled up it is 省外 or 境外, and sums reconcile', async () => {
    const contract = async (
      id: string,
      by: string,
      sides: { output: string; absorbing: string },
      amountFen: number,
    ) => {
      const filed = { on: '2023-03-01', contract: id, title: '示例', type: 'service', ...sides, amountFen };
      await platform.done(operator(by), 'contracts/file-contract', filed);
      const recognition = { on: '2023-04-01', contract: id, registration: `r-${id}`, technicalRevenueFen: 0 };
      await platform.done(province, 'contracts/recognise-contract', recognition);
    };
    await contract('in', 'fengdong', { output: 'fengdong', absorbing: 'qindu' }, 1_00);
    await contract('out', 'fengdong', { output: 'fengdong', absorbing: 'cn-310000' }, 20_00);
    await contract('abroad', 'fengdong', { output: 'fengdong', absorbing: 'iso-de' }, 300_00);
    await contract('from', 'qindu', { output: 'cn-310000', absorbing: 'qindu' }, 4000_00);
    const period = 'from=2023-01-01&to=2024-01-01';
    const path = `figures/flows?${period}&by=output,absorbing&level=city&asOf=2023-12-31`;
    const flows = await settled(path, ({ total }: { total: { count: number } }) => total.count === 4);
    const cells = flows.cells.map((cell: Record<string, unknown>) => [
      cell['output'],
      cell['absorbing'],
      cell['amountFen'],
    ]);
    expect(cells).toEqual([
      ['elsewhere', 'xianyang', 4000_00],
      ['xixian', 'abroad', 300_00],
      ['xixian', 'elsewhere', 20_00],
      ['xixian', 'xianyang', 1_00],
    ]);
    const sums = flows.margins.reduce(
      (sum: number, margin: Record<string, unknown>) => sum + ('output' in margin ? Number(margin['amountFen']) : 0),
      0,
    );
    expect([flows.total.amountFen, sums]).toEqual([4321_00, 4321_00]);

    const instrument = {
      on: '2023-02-10',
      instrument: 'sem',
      name: 'SEM',
      owner: 'xianyang',
      originalValueFen: 1,
      basis,
    };
    await platform.done(operator('xianyang'), 'sharing/network-instrument', instrument);
    const use = { on: '2023-02-10', instrument: 'sem', use: 'u', using: 'cn-310000', hours: 2, sharing: 'external' };
    await platform.done(operator('xianyang'), 'sharing/record-use', use);
    const sharing = await settled(
      `figures/sharing?${period}&by=owner,using&level=city`,
      ({ cells: [one] }: { cells: object[] }) => one !== undefined,
    );
    expect(sharing.cells).toMatchObject([{ owner: 'xianyang', using: 'elsewhere', externalHours: 2 }]);
    const matrix = await ask('flows/matrix?period=2023&level=city&asOf=2023-12-31');
    const none = { contracts: 0, amountFen: 0, technicalRevenueFen: 0, uses: 0, hours: 0, firms: 0 };
    expect(matrix).toMatchObject({ firstDay: '2023-01-01', lastDay: '2023-12-31', scope: null, next: null });
    expect(matrix.cells).toEqual([
      { ...none, origin: 'elsewhere', destination: 'xianyang', contracts: 1, amountFen: 4000_00 },
      { ...none, origin: 'xianyang', destination: 'elsewhere', uses: 1, hours: 2 },
      { ...none, origin: 'xixian', destination: 'abroad', contracts: 1, amountFen: 300_00 },
      { ...none, origin: 'xixian', destination: 'elsewhere', contracts: 1, amountFen: 20_00 },
      { ...none, origin: 'xixian', destination: 'xianyang', contracts: 1, amountFen: 1_00 },
    ]);
    expect(matrix.total).toEqual({ ...none, contracts: 4, amountFen: 4321_00, uses: 1, hours: 2 });
    const out = await ask('flows/matrix?period=2023-Q2&origin=fengdong');
    expect(out.cells.map(({ destination }: { destination: string }) => destination)).toEqual([
      'cn-310000',
      'iso-de',
      'qindu',
    ]);
    const wrong = await platform.send(auditor, 'GET', '/api/v1/flows/matrix?period=2023-13');
    expect([wrong.status, wrong.body.errors[0].field]).toEqual([422, 'period']);
  });

  it('has no feed, and acts for nobody', async () => {
    const feed = await platform.send(province, 'GET', '/api/v1/feeds/region.cn-310000');
    expect([feed.status, feed.body.code]).toEqual([404, 'feed.unknown']);
    const feedOf = (region: string) => platform.send(operator(region), 'GET', '/api/v1/feeds/region.fengdong');
    expect([(await feedOf('xianyang')).status, (await feedOf('xixian')).status]).toEqual([403, 200]);
    expect((await ask('feeds/region.fengdong')).last.sequence).toBeGreaterThan(0);
  });

  it('hosts a centre of a kind that may stand there', async () => {
    const centre = { on: '2023-05-01', carrier: 'munich', name: 'n', region: 'xianyang', basis };
    const register = (kind: string, host: string) =>
      platform.send(operator('xianyang'), 'POST', '/api/v1/carriers/register-carrier', { ...centre, kind, host });
    expect((await register('孵化器', 'iso-de')).body.code).toBe('carrier.not-beyond');
    expect((await register('海外离岸创新中心', 'iso-de')).status).toBe(200);
  });
});

describe('a proposal', () => {
  it('is declined, proposed anew with a day to answer by, lapses, and goes on as a signature of before that day is told', async () => {
    const of = { on: '2023-05-01', carrier: 'asked' };
    const send = (by: string, path: string, body: object = {}) =>
      platform.send(operator(by), 'POST', `/api/v1/carriers/${path}`, { ...of, ...body });
    const done = async (by: string, path: string, body?: object) =>
      expect((await send(by, path, body)).status).toBe(200);
    const status = (wanted: string) =>
      settled('carriers?carrier=asked', ({ items: [one] }: { items: { status: string }[] }) => one?.status === wanted);
    const terms = { name: '咸阳中心', kind: 'offshore-centre', home: 'xianyang', host: 'xixian', basis };
    await done('xianyang', 'propose-carrier', terms);
    await done('xixian', 'decline-proposal', { reason: '空间不足' });
    expect((await status('declined')).items[0]).toMatchObject({ endedFor: '空间不足' });
    expect((await send('xianyang', 'sign-as-home')).body.code).toBe('carrier.declined');
    await done('xianyang', 'propose-carrier', { ...terms, on: '2023-05-02', answerBy: '2023-06-01' });
    await done('xianyang', 'sign-as-home', { on: '2023-05-03' });
    expect((await status('lapsed')).items[0]).toMatchObject({ answerBy: '2023-06-01', endedFor: null });
    const file = { on: '2023-06-02', carrier: 'asked', filing: 'asked-1' };
    const filing = async () => (await platform.send(province, 'POST', '/api/v1/carriers/file-carrier', file)).body.code;
    expect(await filing()).toBe('carrier.lapsed');
    await done('xixian', 'sign-as-host', { on: '2023-05-31' });
    await status('negotiating');
    // Fengdong, where the two have agreed on meanwhile, is moved out of the hub.
    const inFengdong = { ...terms, on: '2023-06-01', host: 'fengdong' };
    await done('xixian', 'revise-proposal', inFengdong);
    expect(await filing()).toBe('carrier.not-signed-anew');
    await done('xianyang', 'sign-as-home', { on: '2023-06-01' });
    await done('fengdong', 'sign-as-host', { on: '2023-06-01' });
    await topology('move-region', { on: '2023-06-02', region: 'fengdong', parent: 'xianyang' });
    expect(await filing()).toBe('carrier.changed-since');
    await topology('move-region', { on: '2023-06-03', region: 'fengdong', parent: 'xixian' });
    await platform.done(province, 'carriers/file-carrier', { ...file, on: '2023-06-03' });
    await status('filed');
  });
});

describe('days on which a carrier is suspended', () => {
  const home = operator('xianyang');
  const send = (by: typeof home | typeof province, carrier: string, path: string, body: object) =>
    platform.done(by, `carriers/${path}`, { carrier, ...body });
  const registered = async (carrier: string) => {
    const names = { name: '咸阳加速器', kind: '加速器', region: 'xianyang', basis };
    await send(home, carrier, 'register-carrier', { on: '2024-01-01', ...names });
    const hall = { unit: 'hall', areaSquareMetres: 100.5, desks: 10, from: '2024-01-01' };
    await send(home, carrier, 'add-space-unit', { on: '2024-01-01', ...hall });
  };
  const firms = async (carrier: string) => {
    const firm = { on: '2024-02-01', unit: 'hall', uscc: completeUscc('91610400MA6Y0001'), firm: '示例企业' };
    const long = { allocation: 'long', areaSquareMetres: 40.25, desks: 4, from: '2024-02-01' };
    await send(home, carrier, 'allocate-space', { ...firm, ...long });
    // From 2024-06-06 until 2024-06-16: half of its ten days are suspended.
    const brief = { allocation: 'brief', areaSquareMetres: 10, desks: 1, from: '2024-06-06' };
    await send(home, carrier, 'allocate-space', { ...firm, ...brief });
    await send(home, carrier, 'release-space', { on: '2024-06-16', allocation: 'brief', until: '2024-06-16' });
  };
  const suspended = async (carrier: string) => {
    await send(province, carrier, 'suspend-carrier', { on: '2024-06-11', reason: '整改' });
    await send(province, carrier, 'resume-carrier', { on: '2024-06-21' });
  };

  it('count neither as lettable nor as let, whatever was recorded first', async () => {
    await registered('firms-first');
    await firms('firms-first');
    await suspended('firms-first');
    await registered('suspended-first');
    await suspended('suspended-first');
    await firms('suspended-first');
    const figure = (carrier: string, more = '') => `figures/capacity?by=carrier&carrier=${carrier}${more}`;
    const june = '&from=2024-06-01&to=2024-07-01';
    for (const carrier of ['firms-first', 'suspended-first']) {
      // 20 of the 30 days of June; of `brief` the five days from the 6th to the 10th.
      const { cells } = await settled(
        figure(carrier, june),
        ({ cells: [cell] }: { cells: { desksLetDays: number }[] }) => cell?.desksLetDays === 85,
      );
      expect(cells).toMatchObject([
        {
          lettableSquareMetresDays: 2010,
          letSquareMetresDays: 855,
          desksDays: 200,
          desksLetDays: 85,
          areaOccupancy: 855 / 2010,
          deskOccupancy: 0.425,
        },
      ]);
      const { total: on } = await ask(figure(carrier, '&from=2024-06-15&to=2024-06-16'));
      expect(on).toMatchObject({ lettableSquareMetres: 0, letSquareMetres: 0, areaOccupancy: null });
      const { total: before } = await ask(figure(carrier, '&from=2024-05-01&to=2024-06-01'));
      expect(before).toMatchObject({ lettableSquareMetresDays: 3115.5, letSquareMetresDays: 1247.75 });
      const { items } = await ask(`allocations?carrier=${carrier}`);
      const may = [{ from: '2024-06-11', until: '2024-06-21' }];
      expect(items.map((row: Record<string, unknown>) => [row['allocation'], row['suspended']])).toEqual([
        ['brief', may],
        ['long', may],
      ]);
      expect((await ask(`units?carrier=${carrier}`)).items).toMatchObject([{ suspended: may }]);
    }
  });
});

describe('a change of the structure', () => {
  it('is refused while something refers to it, and the refusal says what', async () => {
    const on = '2024-07-01';
    const base = { on, carrier: 'base-baoji' };
    const alone = { on, link: 'base-baoji', kind: '协同创新基地', from: 'xixian', to: 'baoji' };
    expect((await refusal('topology/open-link', alone))[1]).toBe('link.by-carrier');
    const carriers = (by: string, path: string, body: object = {}) =>
      platform.done(operator(by), `carriers/${path}`, { ...base, ...body });
    const proposal = { name: '宝鸡协同创新基地', kind: '协同创新基地', home: 'xixian', host: 'baoji', basis };
    await carriers('xixian', 'propose-carrier', proposal);
    await carriers('xixian', 'sign-as-home');
    await carriers('baoji', 'sign-as-host');
    await platform.done(province, 'carriers/file-carrier', { ...base, filing: 'base-1' });
    await carriers('xixian', 'open-carrier');
    const opened = ({ links }: { links: { link: string }[] }) => links.some(({ link }) => link === 'base-baoji');
    await settled('topology', opened);
    expect(await refusal('topology/revoke-hub', { on, region: 'xixian' })).toEqual([
      409,
      'region.in-use',
      '须先了结：联动关系 base-baoji',
    ]);
    expect(await refusal('topology/end-region', { on, region: 'baoji' })).toEqual([
      409,
      'region.in-use',
      '须先了结：联动关系 base-baoji',
    ]);
    // It ends with its carrier, and not by itself.
    expect((await refusal('topology/close-link', { on, link: 'base-baoji' }))[1]).toBe('link.of-carrier');
  });

  it('is told as the difference of two days', async () => {
    await topology('rename-region', { on: '2024-08-01', region: 'qindu', name: '秦都区' });
    const notice = { on: '2024-07-15', carrier: 'base-baoji', closesOn: '2024-08-01' };
    await platform.done(operator('xixian'), 'carriers/give-notice', notice);
    const path = 'topology/difference?from=2024-07-31&to=2024-08-01';
    const { changes } = await settled(path, ({ changes: all }: { changes: object[] }) => all.length === 2);
    expect(changes).toMatchObject([
      { list: 'regions', thing: 'qindu', before: { name: '秦都' }, after: { name: '秦都区' } },
      { list: 'links', thing: 'base-baoji', before: { status: 'open' }, after: { status: 'closed' } },
    ]);
    const before = await ask('topology/difference?from=2023-12-31&to=2023-12-31');
    expect(before.changes).toEqual([]);
    const first = await ask('topology/difference?from=2022-12-31&to=2023-01-01');
    expect(first.changes.map(({ list }: { list: string }) => list)).toContain('places');
    expect(first.changes.every(({ before: one }: { before: unknown }) => one === null)).toBe(true);
  });
});

it('a zone that a document wants is planned, and is a zone once it is designated', async () => {
  const zone = { zone: 'pioneer', region: 'xianyang', kind: '先行区', name: '咸阳科技成果转化先行区' };
  await topology('plan-zone', { on: '2023-02-09', ...zone, stage: 'under-way' });
  await settled('topology?asOf=2024-01-01', ({ planned }: { planned: object[] }) => planned.length === 1);
  await topology('designate-zone', { on: '2024-09-01', ...zone });
  const now = await settled('topology', ({ zones }: { zones: object[] }) => zones.length === 1);
  expect(now).toMatchObject({
    planned: [],
    zones: [{ status: 'designated', plannedOn: '2023-02-09', from: '2024-09-01' }],
  });
  expect(await ask('topology?asOf=2024-01-01')).toMatchObject({ zones: [], planned: [{ status: 'under-way' }] });
});

describe('a step of a zone or a link that was recorded by mistake', () => {
  const reversal = { on: '2024-11-01', reason: '登记有误' };
  const row = async (path: string, holds: (row: Record<string, unknown>) => boolean) => {
    const { items } = await settled(
      path,
      ({ items: [one] }: { items: Record<string, unknown>[] }) => !!one && holds(one),
    );
    return items[0];
  };

  it('is taken back by name: the zone is as it was, and the right thing is stated', async () => {
    const zone = { zone: 'mistyped', region: 'baoji', kind: '示范区', name: '宝鸡示范区' };
    await topology('plan-zone', { on: '2024-01-01', ...zone, stage: 'planned' });
    await topology('designate-zone', { on: '2024-10-01', ...zone, name: '宝鸡示范去' });
    await row('zones?zone=mistyped', ({ name }) => name === '宝鸡示范去');
    const wrong = { ...reversal, zone: zone.zone, reverses: 'planned', basis: undefined };
    expect(await refusal('topology/reverse-zone-step', wrong)).toEqual([
      409,
      'zone.other-step',
      '区 mistyped 的最近一步是设立（designated），只能先冲销这一步',
    ]);
    await topology('reverse-zone-step', { ...wrong, reverses: 'designated' });
    const before = await row('zones?zone=mistyped', ({ status }) => status === 'planned');
    expect(before).toMatchObject({ name: '宝鸡示范区', plannedOn: '2024-01-01', from: null, until: null });
    await topology('designate-zone', { on: '2024-09-01', ...zone });
    const right = await row('zones?zone=mistyped', ({ status }) => status === 'designated');
    expect(right).toMatchObject({ name: '宝鸡示范区', plannedOn: '2024-01-01', from: '2024-09-01' });
  });

  it('leaves nothing of a link that was never there, and its id to another', async () => {
    const link = { link: 'mistaken', kind: '一体化发展', from: 'baoji', to: 'xianyang' };
    await topology('open-link', { on: '2024-10-01', ...link });
    await topology('reverse-link-step', { ...reversal, link: link.link, reverses: 'opened', basis: undefined });
    const never = await row('links?link=mistaken', ({ status }) => status === 'reversed');
    expect(never).toMatchObject({ openedOn: '2024-10-01', closedOn: '2024-10-01' });
    const { links } = await ask('topology');
    expect(links.map((one: { link: string }) => one.link)).not.toContain('mistaken');
    await topology('open-link', { on: '2024-09-01', ...link, from: 'xianyang', to: 'baoji' });
    const anew = await row('links?link=mistaken', ({ status }) => status === 'open');
    expect(anew).toMatchObject({ to: 'baoji', openedOn: '2024-09-01', closedOn: null });
  });
});

it('what documents say is a table of document, clause, wording, how it is said and what it speaks of', async () => {
  const said = {
    wording: '支持西安申报试验区',
    modality: 'supports-application',
    subjectKind: 'zone',
    subject: '西安',
  };
  await topology('record-statement', { on: '2023-02-09', statement: 'as-table', ...said });
  await settled('statements', ({ items }: { items: object[] }) => items.length === 1);
  const { body } = await platform.send(auditor, 'GET', '/api/v1/statements', undefined, { accept: 'text/csv' });
  const [titles, row] = String(body).split('\n') as [string, string];
  for (const title of ['表述方式', '原文', '所指', '所指的名称', '表述日', '依据 文件名称', '依据 条款'])
    expect(titles).toContain(title);
  const { document, clause } = basis;
  expect(row).toBe(`as-table,supports-application,${said.wording},zone,西安,,2023-02-09,${document},${clause}`);
});

it('an agreement that ran out before its regions were registered here is told as it was, and its link with it', async () => {
  const step = (by: string, on: string, path: string, body: object = {}) =>
    platform.done(operator(by), `carriers/${path}`, { on, carrier: 'old', ...body });
  const proposal = { name: '旧中心', kind: '离岸研发中心', home: 'xianyang', host: 'xixian', basis };
  await step('xianyang', '2020-01-01', 'propose-carrier', proposal);
  await step('xianyang', '2020-01-02', 'sign-as-home');
  await step('xixian', '2020-01-02', 'sign-as-host');
  const filed = { on: '2020-01-03', carrier: 'old', filing: 'old-1', agreementUntil: '2021-01-01' };
  await platform.done(province, 'carriers/file-carrier', filed);
  const status = ({ items: [one] }: { items: { status: string }[] }) => one?.status;
  await settled(
    'processes?process=agreement-expiry&key=old-1&status=ended',
    ({ processes }: { processes: object[] }) => processes.length === 1,
  );
  await step('xixian', '2020-02-01', 'open-carrier');
  const { items } = await settled('links?link=old', (body: { items: { status: string }[] }) => status(body) === 'open');
  expect(items).toMatchObject([{ from: 'xianyang', to: 'xixian', openedOn: '2020-02-01' }]);
});
