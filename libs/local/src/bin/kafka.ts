import { parseArgs } from 'node:util';
import { startKafka } from '../kafka.js';

const log = (line: string) => console.log(line);

/** `npm run kafka`: a broker in the foreground, for a developer who wants the feeds over Kafka. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '9092' }, data: { type: 'string', default: '.data/kafka' } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`--port 须为 1 到 65535 的整数 (must be a whole number from 1 to 65535): ${values.port}`);
  }
  const kafka = await startKafka({ dir: values.data, port, log });
  log(`数据目录 data: ${values.data}`);
  log(`在另一个终端运行 run in another terminal:  KAFKA_BROKERS=${kafka.brokers} npm start`);
  log('按 Ctrl-C 停止 (Ctrl-C stops it)');
  kafka.onDeath(() => {
    console.error(`Kafka 意外退出，详见 ${values.data}/broker.log (the broker died by itself, see there)`);
    process.exit(1);
  });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    log('正在停止 Kafka (stopping) …');
    await kafka.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
