import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { completeUscc } from '#libs/fields';
import { tell } from '../faults/fault.js';
import { auditor, operator, platformProcesses, withEnclave, withRegions, type TestPlatform } from '../test-platform.js';
import { until } from '../until.js';

const PRELOAD = pathToFileURL(join(__dirname, 'killed-between-steps.preload.mjs'));
const FROM = '2023-06-01';

const around = (...things: string[]) => things.flatMap((thing) => [`before ${thing}`, `after ${thing}`]);

/** Every gap between two steps of an admission, by the end that it must come to all the same. */
const gaps = {
  settled: [
    'after incubatee.admitted.v2',
    ...around('AllocateSpace', 'the answer to allocate', 'ConfirmAdmission', 'the answer to confirm'),
  ],
  rejected: around('AllocateSpace', 'the answer to allocate', 'RejectAdmission', 'the answer to reject'),
  withdrawn: around('AllocateSpace', 'the answer to allocate', 'ReleaseSpace', 'the answer to release'),
};
type End = keyof typeof gaps;

let processes: Awaited<ReturnType<typeof platformProcesses>>;
beforeAll(async () => {
  processes = await platformProcesses();
});
afterAll(() => processes.end());

/** A platform that dies where it is told to. */
const start = (armed: Record<string, string> = {}) => processes.start(armed, PRELOAD);

async function history(platform: TestPlatform, stream: string) {
  const { body } = await platform.send(auditor, 'GET', `/api/v1/streams/${stream}?limit=1000`);
  return body.events as { type: string; data: Record<string, unknown> }[];
}

/** What must be true of a firm once its admission is over, whatever was killed meanwhile. */
async function expectEnd(platform: TestPlatform, uscc: string, end: End): Promise<void> {
  const key = `enclave-${uscc}-1`;
  const { body } = await until(`the admission of ${uscc} ends`, async () => {
    const answer = await platform.send(auditor, 'GET', `/api/v1/processes/admission/${key}`);
    return answer.body.status === 'ended' && answer.body.pending.length === 0 && answer;
  });
  expect(body.end).toBe(end);
  const firm = await history(platform, `incubatee-enclave-${uscc}`);
  expect(firm.map((e) => e.type)).toEqual([
    'incubatee.admitted.v2',
    `incubatee.${end}.${end === 'settled' ? 'v2' : 'v1'}`,
  ]);
  const space = (await history(platform, 'carrier-enclave')).filter((e) => e.data['uscc'] === uscc);
  expect(space.map((e) => [e.type, e.data['until']])).toEqual(
    {
      settled: [['space.allocated.v1', null]],
      rejected: [],
      withdrawn: [
        ['space.allocated.v1', null],
        ['space.released.v1', FROM],
      ],
    }[end],
  );
  // Each step has one answer, and none was recorded under two ids.
  const steps = (await history(platform, `process-admission-${key}`)).map((e) => e.data['step']);
  expect(steps).toEqual(
    { settled: ['allocate', 'confirm'], rejected: ['allocate', 'reject'], withdrawn: ['allocate', 'release'] }[end],
  );
}

it('killed in any gap between two steps of an admission, it comes to its one end, with the space once or not at all', async () => {
  let platform = await start();
  await withRegions(platform);
  await withEnclave(platform, 1000, 100);
  await platform.close();
  let before: (() => Promise<void>) | undefined;
  let kills = 0;
  let n = 0;
  for (const [outcome, points] of Object.entries(gaps) as [End, string[]][]) {
    for (const point of points) {
      const uscc = completeUscc(`91610400MA6Y${String(++n).padStart(4, '0')}`);
      const hold: Record<string, string> = outcome === 'withdrawn' ? { HOLD_UNTIL_WITHDRAWN: '1' } : {};
      platform = await start({ DIE_AT: point, DIE_FOR: uscc, ...hold });
      const died = platform.gone;
      // What was killed before is brought to its end by this one.
      await before?.();
      const firm = {
        on: FROM,
        carrier: 'enclave',
        home: 'xianyang',
        uscc,
        firm: '示例企业',
        field: '软件',
        founded: FROM,
      };
      const space = { unit: 'floor-1', areaSquareMetres: 1, desks: outcome === 'rejected' ? 1_000 : 1, from: FROM };
      // It may die before it has answered.
      const send = (path: string, body: object) =>
        platform.send(operator('xianyang'), 'POST', `/api/v1/incubation/${path}`, body).catch(() => undefined);
      await send('admit-firm', { ...firm, ...space });
      if (outcome === 'withdrawn') await send('withdraw-admission', { on: FROM, carrier: 'enclave', uscc });
      expect([point, await died]).toEqual([point, [null, 'SIGKILL']]);
      kills++;
      before = () => expectEnd(platform, uscc, outcome);
    }
  }
  platform = await start();
  await before!();
  expect(kills).toBe(25);
  tell({ id: 'R2', journey: 'killed-between-steps', fired: kills, checked: kills });
  await platform.close();
}, 400_000);
