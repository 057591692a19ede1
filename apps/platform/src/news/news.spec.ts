import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { News, type Pace } from './news.js';

const PACE: Pace = { lookMs: 5, apartMs: 100, heartbeatMs: 60_000, longestMs: 60_000, most: 2 };

/** Read models that come as far as they are told to. */
function platform(pace: Partial<Pace> = {}) {
  const at = { position: '1', looks: 0, isAway: false };
  const news = new News(
    async () => {
      at.looks++;
      if (at.isAway) throw new Error('the database is away');
      return at.position;
    },
    { ...PACE, ...pace },
  );
  return { at, news };
}

class Response extends EventEmitter {
  destroyed = false;

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

async function reader(news: News, actor = 'one', after?: string) {
  const response = new Response();
  const stream = await news.open(actor, response as unknown as ServerResponse, after);
  const heard: string[] = [];
  stream.setEncoding('utf8').on('data', (text: string) => heard.push(text));
  const ended = new Promise((done) => stream.once('end', () => done('ended')));
  return { response, heard, ended, news: () => heard.join('').match(/"position":"\d+"/g) ?? [] };
}

const told = (...positions: number[]) => positions.map((position) => `"position":"${position}"`);

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !condition(); await delay(2))
    if (Date.now() > end) throw new Error('it did not come');
}

it('tells each of what comes after it has come, by one look for all', async () => {
  const { at, news } = platform();
  const [one, two] = [await reader(news), await reader(news, 'two')];
  await delay(30);
  expect([one.heard, two.heard]).toEqual([[':\n\n'], [':\n\n']]);
  const before = at.looks;
  await delay(50);
  // Two that each looked would have looked twice as often.
  expect(at.looks - before).toBeLessThanOrEqual(11);
  at.position = '2';
  await until(() => two.news().length > 0);
  expect(one.heard.at(-1)).toBe('event: recorded\nid: 2\ndata: {"position":"2"}\n\n');
  await news.beforeApplicationShutdown();
});

it('tells at most so often, and then of the last', async () => {
  const { at, news } = platform();
  const one = await reader(news);
  at.position = '2';
  await until(() => one.news().length > 0);
  const first = performance.now();
  for (const position of ['3', '4', '5']) at.position = position;
  await until(() => one.news().length > 1);
  expect(one.news()).toEqual(told(2, 5));
  expect(performance.now() - first).toBeGreaterThan(PACE.apartMs - 20);
  await news.beforeApplicationShutdown();
});

it('tells one who comes again of what it has missed, and nothing of what it has not', async () => {
  const { at, news } = platform();
  at.position = '7';
  const [behind, there] = [await reader(news, 'one', '6'), await reader(news, 'two', '7')];
  await until(() => behind.news().length > 0);
  expect([behind.news(), there.news()]).toEqual([told(7), []]);
  await news.beforeApplicationShutdown();
});

it('looks no more once nobody listens, and again for the next', async () => {
  const { at, news } = platform();
  const one = await reader(news);
  one.response.destroy();
  expect(news.listeners).toBe(0);
  await delay(20);
  const { looks } = at;
  await delay(50);
  expect(at.looks).toBe(looks);
  const two = await reader(news);
  at.position = '2';
  await until(() => two.news().length > 0);
  await news.beforeApplicationShutdown();
});

it('refuses an actor more streams than it may have, until one is closed', async () => {
  const { news } = platform();
  const first = await reader(news);
  await reader(news);
  await expect(reader(news)).rejects.toMatchObject({ code: 'news.too-many', status: 429 });
  await reader(news, 'two');
  first.response.destroy();
  await reader(news);
  await Promise.all([1, 2, 3].map(() => reader(news, 'three').catch(() => undefined)));
  expect(news.listeners).toBe(5);
  await news.beforeApplicationShutdown();
});

it('stays while the database is away, and goes on', async () => {
  const { at, news } = platform();
  const one = await reader(news);
  at.isAway = true;
  await delay(30);
  at.position = '2';
  at.isAway = false;
  await until(() => one.news().length > 0);
  await news.beforeApplicationShutdown();
});

it('beats, and ends after its time', async () => {
  const { news } = platform({ heartbeatMs: 20, longestMs: 100 });
  const one = await reader(news);
  await one.ended;
  expect(one.heard.filter((text) => text === ':\n\n').length).toBeGreaterThan(1);
  expect(one.news()).toEqual([]);
});

it('ends all at the shutdown, lets go of one that does not read, and takes none after it', async () => {
  const { news } = platform();
  const [one, two] = [await reader(news), await reader(news)];
  await news.beforeApplicationShutdown();
  expect(await Promise.all([one.ended, two.ended])).toEqual(['ended', 'ended']);
  await until(() => one.response.destroyed && two.response.destroyed);
  expect(await (await reader(news)).ended).toBe('ended');
  expect(news.listeners).toBe(0);
});
