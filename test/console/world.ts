import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { freePort } from '#libs/local';
import { Embedded } from '../embedded.js';
import { openBrowser, shown, type Visitor } from './browser.js';

/** What `npm start` starts, with the sample, and a browser. */
export interface World {
  readonly embedded: Embedded;
  readonly url: string;
  readonly cityUrl: string;
  readonly browser: Browser;
  /** Opens a page of the console, and waits for what it shows. */
  open(who: Visitor, path: string): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'liandong-console-'));
  const embedded = new Embedded(dir, await freePort(), await freePort());
  const browser = await openBrowser();
  await embedded.start();
  const url = `http://127.0.0.1:${embedded.port}`;
  return {
    embedded,
    url,
    cityUrl: `http://127.0.0.1:${embedded.cityPort}`,
    browser,
    async open({ page }, path) {
      await page.goto(url + path);
      await shown(page);
    },
    async close() {
      await browser.close();
      await embedded.end('SIGINT');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
