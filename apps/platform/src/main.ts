import { runProcess } from '#libs/config';
import { createPlatform } from './application.js';
import { readPlatformConfig } from './config.js';

await runProcess('platform', async () => {
  const config = readPlatformConfig();
  const app = await createPlatform(config);
  await app.listen(config.PORT, config.HOST);
  return { url: await app.getUrl(), close: () => app.close() };
});
