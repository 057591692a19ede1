// `npm test [-- jest arguments]`: prepares, runs every suite that this machine can serve, and says what it ran against.
// LIANDONG_REQUIRE=postgres,kafka makes a skipped suite of that service a failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';

prepare();
const { kafkaAvailable } = await import('../dist/libs/local/src/kafka.js');
const args = process.argv.slice(2);
const dir = mkdtempSync(join(tmpdir(), 'liandong-report-'));
const report = join(dir, 'report.json');
const jest = ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`, '--passWithNoTests=false', ...args];
// Jest's own JSON goes to the file as well as to stdout; people read stderr.
const { status } = spawnSync(process.execPath, jest, { stdio: ['inherit', 'ignore', 'inherit'] });
const results = read(report);
rmSync(dir, { recursive: true, force: true });

const suites = results?.testResults ?? [];
const skippedIn = (part) =>
  suites.some((s) => s.name.includes(part) && s.assertionResults.some((a) => a.status === 'pending'));
const ranIn = (part) =>
  suites.some((s) => s.name.includes(part) && s.assertionResults.some((a) => a.status !== 'pending'));
const kafka = ranIn('kafka') ? (process.env.KAFKA_BROKERS ?? 'Apache Kafka 4.3.0, KRaft, 127.0.0.1') : undefined;
const lines = [
  ['PostgreSQL', process.env.TEST_POSTGRES_URL ? 'TEST_POSTGRES_URL' : 'embedded 18.4, 127.0.0.1'],
  ['Kafka', kafka ?? (kafkaAvailable() ? 'not selected' : 'skipped: no Java 17+ with Maven here, nor KAFKA_BROKERS')],
  ['Browser', ranIn('console') ? 'Chromium' : skippedIn('console') ? 'skipped: no Chromium here' : 'not selected'],
  ['EventStoreDB', ranIn('eventstoredb') ? 'EVENTSTOREDB_URL' : 'skipped: EVENTSTOREDB_URL is not set'],
];
const required = (process.env.LIANDONG_REQUIRE ?? '').split(',').filter(Boolean);
const missing = required.filter((service) => skippedIn(service) || !ranIn(service));

console.log('\n测试所用 ran against:');
for (const [service, what] of lines) console.log(`  ${service.padEnd(13)}${what}`);
if (missing.length > 0) console.log(`必需但未运行 required but not run: ${missing.join(', ')}`);
if (results) {
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = results;
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
}
process.exit(status === 0 && missing.length > 0 ? 1 : (status ?? 1));

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
