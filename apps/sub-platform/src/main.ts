import { runProcess } from '#libs/config';
import { readCityConfig } from './config.js';
import { startSubPlatform } from './sub-platform.js';

const log = (line: string) => console.error(`${new Date().toISOString()} ${line}`);

await runProcess('sub-platform', async () => {
  const { url, stop } = await startSubPlatform(readCityConfig(), log);
  return { url, close: stop };
});
