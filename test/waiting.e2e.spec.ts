import { completeUscc, dayInChina } from '#libs/fields';
import { daysAfter } from '#libs/messages';
import { contexts } from '../apps/platform/src/contexts.js';
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

type By = Parameters<TestPlatform['done']>[0];
interface Thing {
  readonly key: Record<string, unknown>;
  readonly turn: readonly string[];
  readonly mine: boolean;
  readonly since: string | null;
  readonly deadline: string | null;
  readonly zh: string;
  readonly en: string;
}

const [home, host, stranger] = [operator('xianyang'), operator('xixian'), operator('baoji')];
const inner = operator('fengdong');
const today = dayInChina(new Date());
const inDays = (days: number) => daysAfter(today, days);
const uscc = completeUscc('91610400MA6Y0001');
const other = completeUscc('91610400MA6Y0002');

let platform: TestPlatform;
/** The last write of whoever wrote: others read what it made. */
let token = '';

beforeAll(async () => {
  platform = await startTestPlatform();
  await withRegions(platform);
  const region = { on: '2023-01-01', region: 'fengdong', name: '沣东', level: 'county', parent: 'xixian', basis };
  await done(province, 'topology/register-region', region);
});
afterAll(() => platform.close());

async function done(by: By, path: string, body: object) {
  const { headers } = await platform.done(by, path, body);
  token = headers.get('consistency-token')!;
}

const ask = (by: By, path: string) =>
  platform.send(by, 'GET', `/api/v1/${path}`, undefined, { 'consistency-token': token });

async function waits(
  by: By,
  kind: string,
  query = '',
): Promise<{ count: number; items: Thing[]; next: string | null }> {
  const { status, body } = await ask(by, `waiting?kind=${kind}&limit=100${query}`);
  expect([status, body.kinds?.length]).toEqual([200, 1]);
  return body.kinds[0];
}
const keysOf = async (by: By, kind: string, query?: string) =>
  (await waits(by, kind, query)).items.map(({ key }) => Object.values(key).join('/'));

/** Who of these is told of a thing of a kind. */
async function toldTo(kind: string, key: string): Promise<string[]> {
  const askers = { home, host, inner, stranger, province, auditor };
  const told: string[] = [];
  for (const [name, by] of Object.entries(askers)) if ((await keysOf(by, kind)).includes(key)) told.push(name);
  return told;
}

const names = { name: '咸阳沣东飞地', kind: '飞地孵化器', home: 'xianyang', host: 'fengdong', basis };

describe('a carrier of two regions', () => {
  const carrier = 'waits';
  const key = carrier;

  it('waits for each side to sign, and lapses soon', async () => {
    await done(home, 'carriers/propose-carrier', { on: inDays(-20), carrier, ...names, answerBy: inDays(30) });
    expect(await toldTo('carrier-sign-home', key)).toEqual(['home', 'province', 'auditor']);
    // 西咸 acts for 沣东, which lies in it.
    expect(await toldTo('carrier-sign-host', key)).toEqual(['host', 'inner', 'province', 'auditor']);
    expect(await toldTo('proposal-lapsing', key)).toEqual(['home', 'host', 'inner', 'province', 'auditor']);
    const { count, items } = await waits(host, 'carrier-sign-host');
    expect([count, items]).toEqual([
      1,
      [
        {
          zh: '“咸阳沣东飞地”待飞入地 fengdong 签署',
          en: '“咸阳沣东飞地” waits for the host, fengdong, to sign',
          key: { carrier },
          since: inDays(-20),
          deadline: inDays(30),
          turn: ['fengdong'],
          mine: true,
        },
      ],
    ]);
    expect((await waits(province, 'carrier-sign-host')).items).toMatchObject([{ turn: ['fengdong'], mine: false }]);
  });

  it('counts days from the day that is asked for', async () => {
    expect(await keysOf(home, 'proposal-lapsing', `&asOf=${inDays(29)}`)).toEqual([key]);
    expect(await keysOf(home, 'proposal-lapsing', `&asOf=${inDays(30)}`)).toEqual([]);
    expect(await keysOf(home, 'carrier-sign-home', `&asOf=${inDays(30)}`)).toEqual([]);
    expect(await keysOf(home, 'carrier-sign-home', `&asOf=${inDays(-21)}`)).toEqual([]);
    expect(await keysOf(home, 'carrier-sign-home', `&asAt=${new Date(Date.now() + 1000).toISOString()}`)).toEqual([
      key,
    ]);
  });

  it('waits no more for the side that has signed', async () => {
    await done(home, 'carriers/sign-as-home', { on: inDays(-19), carrier });
    expect(await toldTo('carrier-sign-home', key)).toEqual([]);
    expect((await waits(home, 'proposal-lapsing')).items).toMatchObject([{ turn: ['fengdong'], mine: false }]);
  });

  it('is told only to whoever acts for the region, once that has an authority of its own', async () => {
    await done(province, 'topology/grant-authority', { on: '2023-02-01', region: 'fengdong', basis });
    expect(await toldTo('carrier-sign-host', key)).toEqual(['inner', 'province', 'auditor']);
    const seen = await ask(host, 'carriers?carrier=waits');
    expect(seen.body.items).toHaveLength(1);
    await done(inner, 'carriers/sign-as-host', { on: inDays(-18), carrier });
    expect(await toldTo('carrier-sign-host', key)).toEqual([]);
    expect(await toldTo('proposal-lapsing', key)).toEqual([]);
  });

  it('waits for the province to file it, then for either side to open it', async () => {
    expect(await toldTo('carrier-file', key)).toEqual(['home', 'inner', 'province', 'auditor']);
    expect((await waits(province, 'carrier-file')).items).toMatchObject([
      { turn: ['province'], mine: true, since: inDays(-18) },
    ]);
    await done(province, 'carriers/file-carrier', {
      on: inDays(-15),
      carrier,
      filing: '备-1',
      agreementUntil: inDays(60),
    });
    expect(await toldTo('carrier-file', key)).toEqual([]);
    expect(await toldTo('carrier-open', key)).toEqual(['home', 'inner', 'province', 'auditor']);
    await done(inner, 'carriers/open-carrier', { on: inDays(-14), carrier });
    expect(await toldTo('carrier-open', key)).toEqual([]);
  });

  it('has an agreement that ends soon, until it is renewed', async () => {
    expect(await toldTo('agreement-ending', key)).toEqual(['home', 'inner', 'province', 'auditor']);
    expect((await waits(province, 'agreement-ending')).items).toMatchObject([{ deadline: inDays(60), mine: true }]);
    await done(province, 'carriers/renew-agreement', { on: inDays(-13), carrier, until: inDays(61) });
    expect(await toldTo('agreement-ending', key)).toEqual([]);
  });

  it('is suspended since the day that it was, whatever happens to it then, until it is resumed', async () => {
    await done(province, 'carriers/suspend-carrier', { on: inDays(-10), carrier, reason: '消防整改' });
    await done(province, 'carriers/renew-agreement', { on: inDays(-5), carrier, until: inDays(400) });
    expect(await toldTo('carrier-suspended', key)).toEqual(['home', 'inner', 'province', 'auditor']);
    expect((await waits(home, 'carrier-suspended')).items).toMatchObject([
      { zh: '“咸阳沣东飞地”已暂停：消防整改', since: inDays(-10), mine: false },
    ]);
    await done(province, 'carriers/resume-carrier', { on: today, carrier });
    expect(await toldTo('carrier-suspended', key)).toEqual([]);
  });

  it('has an agreement that has ended, until it is renewed', async () => {
    const on = '2023-02-01';
    const ended = { on, carrier: 'ended' };
    await done(home, 'carriers/propose-carrier', { ...ended, ...names, host: 'xixian' });
    await done(home, 'carriers/sign-as-home', ended);
    await done(host, 'carriers/sign-as-host', ended);
    await done(province, 'carriers/file-carrier', { ...ended, filing: '备-2', agreementUntil: '2023-06-01' });
    await done(host, 'carriers/open-carrier', ended);
    await until('the agreement is noticed to have ended', async () =>
      (await keysOf(host, 'agreement-ended')).includes('ended'),
    );
    expect(await toldTo('agreement-ended', 'ended')).toEqual(['home', 'host', 'province', 'auditor']);
    await done(province, 'carriers/renew-agreement', { on: '2023-06-01', carrier: 'ended', until: inDays(400) });
    expect(await toldTo('agreement-ended', 'ended')).toEqual([]);
  });
});

describe('space and firms', () => {
  const carrier = 'accelerator';
  const unit = { unit: 'floor-1', areaSquareMetres: 100, desks: 10 };
  const firm = { home: 'xianyang', firm: '示例企业', field: '软件' };

  it('has been empty for long, until it is let', async () => {
    const named = { name: '咸阳加速器', kind: '加速器', region: 'xianyang', basis };
    await done(home, 'carriers/register-carrier', { on: '2023-02-01', carrier, ...named });
    await done(home, 'carriers/add-space-unit', { on: '2023-02-01', carrier, ...unit, from: '2023-02-01' });
    await done(home, 'carriers/add-space-unit', { on: today, carrier, ...unit, unit: 'new', from: today });
    const one = `${carrier}/floor-1`;
    expect(await keysOf(home, 'space-idle')).toEqual([one]);
    expect(await toldTo('space-idle', one)).toEqual(['home', 'province', 'auditor']);
    const let_ = { carrier, allocation: 'let-1', ...unit, uscc, firm: '示例企业' };
    await done(home, 'carriers/allocate-space', { on: '2023-03-01', ...let_, from: '2023-03-01' });
    expect(await keysOf(home, 'space-idle')).toEqual([]);
    const gone = { on: today, carrier, allocation: 'let-1' };
    await done(home, 'carriers/release-space', { ...gone, until: inDays(-180) });
    expect((await waits(home, 'space-idle')).items).toMatchObject([{ since: inDays(-180), turn: ['xianyang'] }]);
    await done(home, 'carriers/reverse-release', { ...gone, reason: '误释放' });
    expect(await keysOf(home, 'space-idle')).toEqual([]);
    await done(home, 'carriers/reverse-allocation', { ...gone, reason: '误分配' });
    expect((await waits(home, 'space-idle')).items).toMatchObject([{ since: '2023-02-01' }]);
    // While it is suspended nothing can be let there.
    await done(province, 'carriers/suspend-carrier', { on: inDays(-2), carrier, reason: '消防整改' });
    expect(await keysOf(home, 'space-idle')).toEqual([]);
    await done(province, 'carriers/resume-carrier', { on: inDays(-1), carrier });
    expect(await keysOf(home, 'space-idle')).toEqual([one]);
  });

  it('was not there for an admission, until the firm is admitted anew', async () => {
    const admission = { on: '2023-03-01', carrier, ...firm, uscc, founded: '2022-12-01', from: '2023-03-01' };
    await done(home, 'incubation/admit-firm', { ...admission, ...unit, desks: 11 });
    const key = `${carrier}/${uscc}/1`;
    await until('the carrier has rejected it', async () => (await keysOf(home, 'admission-rejected')).includes(key));
    expect(await toldTo('admission-rejected', key)).toEqual(['home', 'province', 'auditor']);
    await done(home, 'incubation/admit-firm', { ...admission, ...unit, nameConfirmed: true });
    expect(await keysOf(home, 'admission-rejected')).toEqual([]);
    await until('its space is let', async () => (await keysOf(home, 'space-idle')).length === 0);
  });

  it('is taken beyond the longest stay, until the firm leaves', async () => {
    const on = '2021-01-01';
    const named = { name: '咸阳孵化器', kind: '孵化器', region: 'xianyang', basis };
    await done(home, 'carriers/register-carrier', { on, carrier: 'incubator', ...named });
    await done(home, 'carriers/add-space-unit', { on, carrier: 'incubator', ...unit, from: on });
    const admission = { on, carrier: 'incubator', ...firm, firm: '久留企业', uscc: other, founded: on, from: on };
    await done(home, 'incubation/admit-firm', { ...admission, ...unit });
    const key = `incubator/${other}/1`;
    await until('the stay is noticed to be over', async () => (await keysOf(home, 'stay-over')).includes(key));
    expect(await toldTo('stay-over', key)).toEqual(['home', 'province', 'auditor']);
    expect((await waits(home, 'stay-over')).items).toMatchObject([{ since: '2025-01-01', mine: true }]);
    await done(home, 'incubation/exit-firm', { on: today, carrier: 'incubator', uscc: other, outcome: 'graduated' });
    expect(await keysOf(home, 'stay-over')).toEqual([]);
  });
});

describe('a contract', () => {
  const filed = (contract: string, more: object = {}) => ({
    on: '2023-05-01',
    contract,
    title: '光子芯片技术开发',
    type: 'development',
    output: 'xianyang',
    absorbing: 'xixian',
    amountFen: 100,
    ...more,
  });
  const parties = { seller: '甲公司', sellerUscc: uscc, buyer: '乙公司', buyerUscc: other, nameConfirmed: true };

  it('waits for the province to recognise it; refused, for whoever filed it', async () => {
    await done(home, 'contracts/file-contract', filed('c-1'));
    expect(await toldTo('contract-recognise', 'c-1')).toEqual(['home', 'host', 'province', 'auditor']);
    expect((await waits(home, 'contract-recognise')).items).toMatchObject([{ turn: ['province'], mine: false }]);
    await done(province, 'contracts/refuse-contract', { on: '2023-05-02', contract: 'c-1', reason: '材料不全' });
    expect(await toldTo('contract-recognise', 'c-1')).toEqual([]);
    expect(await toldTo('contract-refused', 'c-1')).toEqual(['home', 'host', 'province', 'auditor']);
    expect((await waits(home, 'contract-refused')).items).toMatchObject([
      { zh: '“光子芯片技术开发”不予认定：材料不全', since: '2023-05-02', turn: ['xianyang'], mine: true },
    ]);
    await done(home, 'contracts/file-contract', filed('c-1', { on: '2023-05-03' }));
    expect(await toldTo('contract-refused', 'c-1')).toEqual([]);
  });

  it('that looks like one recognised before waits to be linked with it', async () => {
    const recognition = { on: '2023-06-01', technicalRevenueFen: 1 };
    await done(home, 'contracts/file-contract', filed('c-2', parties));
    await done(home, 'contracts/file-contract', filed('c-3', parties));
    await done(home, 'contracts/file-contract', filed('c-4', { ...parties, amountFen: 101 }));
    expect(await keysOf(province, 'contract-twin')).toEqual([]);
    await done(province, 'contracts/recognise-contract', { ...recognition, contract: 'c-2', registration: 'r-2' });
    expect(await toldTo('contract-twin', 'c-3')).toEqual(['home', 'host', 'province', 'auditor']);
    expect(await keysOf(province, 'contract-twin')).toEqual(['c-3']);
    await done(province, 'contracts/link-twin', { on: '2023-06-02', contract: 'c-3', twinOf: 'c-2' });
    expect(await keysOf(province, 'contract-twin')).toEqual([]);
  });
});

describe('the whole', () => {
  it('is all kinds with their numbers, for an operator only of what concerns it', async () => {
    const declared = contexts.flatMap(({ waiting }) => waiting.map(({ kind }) => kind));
    const [all, none] = [await ask(province, 'waiting'), await ask(stranger, 'waiting')];
    expect(all.body.kinds.map(({ kind }: { kind: string }) => kind)).toEqual(declared);
    expect(new Set(declared).size).toBe(declared.length);
    expect(all.body.day).toBe(today);
    expect(none.body.kinds.map(({ count }: { count: number }) => count)).toEqual(declared.map(() => 0));
    expect(JSON.stringify(none.body)).not.toContain('xianyang');
  });

  it('names commands that the API has, to whoever’s turn it may be, and tells nobody what it may not see', async () => {
    const { paths } = (await platform.send(null, 'GET', '/openapi.json')).body;
    const { kinds } = (await ask(auditor, 'waiting')).body;
    for (const { commands } of kinds)
      for (const { path, name, roles } of commands)
        expect([name, paths[path]?.post]).toEqual([
          name,
          expect.objectContaining({ operationId: name, 'x-roles': roles }),
        ]);
    for (const { kind, list, to, turn, commands } of contexts.flatMap(({ waiting }) => waiting)) {
      expect([kind, list.visibleTo]).toEqual([kind, expect.arrayContaining([...to])]);
      const may = kinds
        .find((one: { kind: string }) => one.kind === kind)
        .commands.flatMap((one: { roles: string[] }) => one.roles);
      const whose = turn({ ...list.example, signedByHomeOn: null }) as string[];
      for (const one of whose)
        expect([kind, may]).toEqual([kind, expect.arrayContaining([one === 'province' ? one : 'operator'])]);
      expect(commands.length).toBeGreaterThan(0);
    }
  });

  it('has the nearest deadline first and what has none last, page by page', async () => {
    const proposed = { on: inDays(-1), ...names, host: 'xixian' };
    for (const [carrier, answerBy] of [
      ['p-1', inDays(70)],
      ['p-2', undefined],
      ['p-3', inDays(5)],
    ])
      await done(home, 'carriers/propose-carrier', { ...proposed, carrier, answerBy });
    const seen: unknown[] = [];
    for (let next: string | null = ''; next !== null;) {
      const { body } = await ask(host, `waiting?kind=carrier-sign-host&limit=1${next && `&after=${next}`}`);
      const [{ count, items, next: further }] = body.kinds;
      seen.push([count, ...items.map(({ key }: Thing) => key['carrier'])]);
      next = further;
    }
    expect(seen).toEqual([
      [3, 'p-3'],
      [3, 'p-1'],
      [3, 'p-2'],
    ]);
    expect(await keysOf(host, 'proposal-lapsing')).toEqual(['p-3']);
  });

  it('refuses a kind that there is not, a place without its kind, and one of another kind', async () => {
    const wrong = async (query: string) => {
      const { status, body } = await ask(province, `waiting?${query}`);
      return [status, body.code, body.errors?.map(({ field }: { field: string }) => field)];
    };
    expect(await wrong('kind=nothing')).toEqual([422, 'request.invalid', ['kind']]);
    expect(await wrong('after=abc')).toEqual([422, 'request.invalid', ['kind']]);
    expect(await wrong('kind=carrier-file&after=abc')).toEqual([422, 'request.invalid', ['after']]);
    expect(await wrong('limit=101')).toEqual([422, 'request.invalid', ['limit']]);
  });

  it('is not for who acts for both sides to sign, but for each of them', async () => {
    const on = '2023-01-01';
    const above = { region: 'weinan', name: '渭南', level: 'city', parent: 'shaanxi' };
    await done(province, 'topology/register-region', { on, ...above, basis });
    for (const region of ['xianyang', 'xixian'])
      await done(province, 'topology/administer-region', { on, region, by: 'weinan', basis });
    const mine = async (by: By) => (await waits(by, 'carrier-sign-host')).items.map((one) => one.mine);
    expect([await mine(operator('weinan')), await mine(host)]).toEqual([
      [false, false, false],
      [true, true, true],
    ]);
    const { body } = await platform.send(operator('weinan'), 'POST', '/api/v1/carriers/sign-as-host', {
      on: today,
      carrier: 'p-1',
    });
    expect(body.code).toBe('carrier.both-sides');
  });
});
