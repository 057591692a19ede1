import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { completeUscc } from '#libs/fields';
import { operator, province, startTestPlatform, withEnclave, withRegions, type TestPlatform } from './test-platform.js';
import { until } from './until.js';

/** The program of the page for cities, as it stands there: Python, and nothing but its standard library. */
const [, program] = /```python\n([\s\S]+?)```/.exec(
  readFileSync(join(__dirname, '..', 'docs', 'for-cities.md'), 'utf8'),
)!;
const python = spawnSync('python3', ['--version']).status === 0;

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
  await withRegions(platform);
  await withEnclave(platform, 1000, 100, '离岸研发中心');
  const uscc = completeUscc('91610400MA6Y0001');
  const space = {
    on: '2023-03-01',
    carrier: 'enclave',
    unit: 'floor-1',
    uscc,
    firm: '甲',
    areaSquareMetres: 80.35,
    desks: 8,
  };
  const { done } = platform;
  await done(operator('xianyang'), 'carriers/allocate-space', { ...space, allocation: 'a', from: '2023-03-01' });
  await done(operator('xianyang'), 'carriers/allocate-space', {
    ...space,
    allocation: 'b',
    from: '2023-05-01',
    until: '2024-05-01',
  });
  await done(operator('xianyang'), 'carriers/release-space', {
    on: '2023-09-01',
    carrier: 'enclave',
    allocation: 'a',
    until: '2023-09-01',
  });
  const carrier = 'enclave';
  await done(province, 'carriers/suspend-carrier', { on: '2023-10-01', carrier, reason: '整改' });
  await done(province, 'carriers/resume-carrier', { on: '2023-10-11', carrier });
});
afterAll(() => platform.close());

const run = async () => {
  const token = await platform.token({ role: 'sub-platform', region: 'xianyang' });
  return promisify(execFile)('python3', ['-c', program!, `${platform.url}/api/v1`, token]);
};

(python ? describe : describe.skip)('twenty lines of Python from the documentation', () => {
  it('read the feed, check it, and compute the occupancy that the province has', async () => {
    expect(program!.trim().split('\n').length).toBeLessThanOrEqual(25);
    // The province wrote last, and whoever has just written reads it without asking; of the feed it is waited for.
    const path = '/api/v1/figures/capacity?from=2023-01-01&to=2024-01-01&home=xianyang&by=home';
    const { body } = await platform.send(province, 'GET', path);
    const rate = body.total.areaOccupancy as number;
    expect(rate).toBeGreaterThan(0.05);
    await until('the feed has it all', async () => {
      const feed = await platform.send(operator('xianyang'), 'GET', '/api/v1/feeds/region.xianyang');
      return feed.body.last.sequence === 15;
    });
    expect((await run()).stdout).toBe(`15 records checked; 面积入驻率 area occupancy ${rate}\n`);
  });
});
