import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { Role } from '#libs/eventing';
import {
  auditor,
  basis,
  operator,
  platformProcesses,
  province,
  startTestPlatform,
  type TestPlatform,
} from './test-platform.js';
import { until } from './until.js';

type By = { role: Role; region?: string };

/** An open stream of news. */
async function listen(platform: TestPlatform, by: By, headers: Record<string, string> = {}) {
  const authorization = `Bearer ${await platform.token(by)}`;
  const request = get(`${platform.url}/api/v1/news`, { headers: { authorization, ...headers }, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (more: string) => (text += more));
  // To be cut off is how it ends where it is closed here.
  for (const one of [request, response]) one.on('error', () => undefined);
  const ended = new Promise((done) => response.once('close', done));
  return { response, ended, text: () => text, close: () => request.destroy() };
}

const place = (platform: TestPlatform, code: string) =>
  platform.done(province, 'topology/register-place', { on: '2023-01-01', place: `cn-${code}`, basis });
const listeners = async (platform: TestPlatform, by: By) => {
  // Only whoever has room gets in: full when so many are there already.
  const all = await Promise.all(Array.from({ length: 13 }, () => listen(platform, by)));
  const statuses = all.map(({ response }) => response.statusCode);
  for (const one of all) one.close();
  return statuses.filter((status) => status === 200).length;
};

describe('news', () => {
  let platform: TestPlatform;
  beforeAll(async () => void (platform = await startTestPlatform()));
  afterAll(() => platform.close());

  it('tells everyone that something is recorded, and nothing but how far the read models are', async () => {
    const all: By[] = [province, operator('xianyang'), auditor, { role: 'sub-platform', region: 'baoji' }];
    const open = await Promise.all(all.map((by) => listen(platform, by)));
    for (const { response } of open) {
      expect([response.statusCode, response.headers['content-type']]).toEqual([
        200,
        'text/event-stream; charset=utf-8',
      ]);
      expect(response.headers['cache-control']).toBe('no-store');
    }
    const { headers } = await place(platform, '310000');
    const position = headers.get('consistency-token')!;
    const said = `event: recorded\nid: ${position}\ndata: {"position":"${position}"}\n\n`;
    for (const { text, close } of open) {
      await until('it hears', async () => text().includes(said));
      expect(
        text()
          .replace(said, '')
          .replaceAll(/event: recorded\nid: (\d+)\ndata: {"position":"\1"}\n\n/g, ''),
      ).toBe(':\n\n');
      close();
    }
    // One who comes again is told of what it has missed.
    const again = await listen(platform, auditor, { 'last-event-id': '0' });
    await until('it hears', async () => again.text().includes(`"position":"${position}"`));
    again.close();
  });

  it('keeps to so many streams of one actor, and leaves nothing behind of those that are closed', async () => {
    expect(await listeners(platform, auditor)).toBe(12);
    await until('they are gone', async () => (await listeners(platform, auditor)) === 12);
    const many = await Promise.all(Array.from({ length: 12 }, () => listen(platform, auditor)));
    const { status, headers, body } = await platform.send(auditor, 'GET', '/api/v1/news');
    expect([status, headers.get('content-type'), body.code, body.title]).toEqual([
      429,
      'application/problem+json; charset=utf-8',
      'news.too-many',
      '请求过多',
    ]);
    expect(await listeners(platform, province)).toBe(12);
    for (const one of many) one.close();
  });

  it('takes no parameters', async () => {
    const { status, body } = await platform.send(auditor, 'GET', '/api/v1/news?list=carriers');
    expect([status, body.errors[0]]).toEqual([422, expect.objectContaining({ field: 'list', code: 'unknown' })]);
  });

  it('is in the OpenAPI document', async () => {
    const { body } = await platform.send(null, 'GET', '/openapi.json');
    const { responses } = body.paths['/api/v1/news'].get;
    expect(Object.keys(responses['200'].content)).toEqual(['text/event-stream']);
    expect(responses['429'].content['application/json'].schema.$ref).toMatch(/ProblemDto$/);
  });
});

it('ends with the platform, which does not wait for those who listen', async () => {
  const platform = await startTestPlatform();
  const open = await Promise.all([listen(platform, auditor), listen(platform, province)]);
  const before = performance.now();
  await platform.close();
  expect(performance.now() - before).toBeLessThan(5_000);
  for (const { ended, response } of open) {
    await ended;
    expect(response.complete).toBe(true);
  }
});

it('ends with a process that is told to stop', async () => {
  const processes = await platformProcesses();
  try {
    const platform = await processes.start();
    const { ended } = await listen(platform, auditor);
    expect(await platform.kill('SIGTERM')).toEqual([0, null]);
    await ended;
  } finally {
    await processes.end();
  }
});
