import { once } from 'node:events';
import { readConfig } from './config.js';
import { StartError } from './start-error.js';
import { startSubPlatform } from './sub-platform.js';

/** How long the end may take before it is forced, in milliseconds. */
const STOP_MS = 10_000;

const log = (line: string) => console.error(`${new Date().toISOString()} ${line}`);

async function main(): Promise<void> {
  const end = new AbortController();
  // Once: a second Ctrl-C ends the process the hard way.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end.abort());
  // Started by a parent that has died, it would otherwise go on with nobody to stop it.
  if (process.send) process.once('disconnect', () => end.abort());

  const config = readConfig(process.env);
  const city = await startSubPlatform(config, log);
  const transport = config.KAFKA_BROKERS ? 'Kafka' : 'HTTP';
  console.log(`${config.REGION} 分平台已就绪 ${city.url} (sub-platform ready, feed over ${transport})`);
  if (process.connected) process.send?.({ ready: true, url: city.url });

  if (!end.signal.aborted) await once(end.signal, 'abort');
  setTimeout(() => {
    log(`停止超过 ${STOP_MS / 1000} 秒，强制结束 (the stop took too long; forced)`);
    process.exit(1);
  }, STOP_MS).unref();
  await city.stop();
  process.exit(0);
}

main().catch((error: unknown) => {
  if (error instanceof StartError) {
    console.error(error.message);
    process.exit(error.exitCode);
  }
  console.error(error);
  process.exit(1);
});
