import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toMessage } from '../../libs/transport-kafka/src/cloud-event.js';
import { feed } from './feed.js';

const VERSION = '2.2.0';

/** What a city does that is written in Python: takes records by the SDK, and computes the digest for itself. */
const CITY = `
import base64, hashlib, json, sys
from cloudevents.core.bindings import http, kafka
from cloudevents.core.formats.json import JSONFormat

DIGESTED = 'actor cause data feed feedsequence id occurredon recordedat replaces source stream subject type'.split()
FORMAT = JSONFormat()

def digest(events):
    so_far = '0' * 64
    for event in events:
        record = {**event.get_attributes(), 'data': event.get_data()}
        record.update({name: int(record[name]) for name in ('feedsequence', 'replaces')})
        content = {name: record[name] for name in DIGESTED}
        text = json.dumps(content, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
        so_far = hashlib.sha256((so_far + text).encode()).hexdigest()
    return so_far

def message(m):
    headers = {name: value.encode() for name, value in m['headers'].items()}
    return kafka.KafkaMessage(headers, m['key'].encode(), base64.b64decode(m['value']))

told = json.load(sys.stdin)
page = [FORMAT.read(None, json.dumps(record)) for record in told['records']]
topic = [kafka.from_binary(message(m), FORMAT) for m in told['messages']]
print(json.dumps({
    'structured': digest(page),
    'handed on over HTTP': digest([http.from_structured(http.to_structured(e, FORMAT), FORMAT) for e in page]),
    'binary': digest(topic),
    'handed on over Kafka': digest([kafka.from_binary(kafka.to_binary(e, FORMAT), FORMAT) for e in topic]),
}))
`;

const dir = mkdtempSync(join(tmpdir(), 'liandong-python-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A Python of its own with the SDK from PyPI, or why this machine cannot have one. */
function pythonWithSdk(): { readonly python?: string; readonly without?: string } {
  const run = (program: string, ...args: string[]) => {
    const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: 120_000 });
    return status === 0 ? undefined : (error?.message ?? stderr.trim().split('\n').at(-1) ?? '');
  };
  const python = join(dir, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const failed = run('python3', '-m', 'venv', dir);
  if (failed !== undefined) return { without: `no python3 with venv: ${failed}` };
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '15'];
  const refused = run(python, ...pip, `cloudevents==${VERSION}`);
  return refused === undefined ? { python } : { without: `pip cannot install it: ${refused}` };
}

const { python = 'python3', without } = pythonWithSdk();
const required = (process.env['LIANDONG_REQUIRE'] ?? '').includes('python');
const withSdk = without === undefined || required ? it : it.skip;

withSdk(`the official SDK for Python keeps the digest${without === undefined ? '' : ` (${without})`}`, () => {
  const messages = feed.map((record) => {
    const { headers, key, value } = toMessage(record);
    return { headers, key, value: value.toString('base64') };
  });
  const input = JSON.stringify({ records: feed, messages });
  const { stdout, stderr } = spawnSync(python, ['-c', CITY], { input, encoding: 'utf8', timeout: 60_000 });
  expect(stderr).toBe('');
  const { digest } = feed.at(-1)!;
  expect(JSON.parse(stdout)).toEqual({
    structured: digest,
    'handed on over HTTP': digest,
    binary: digest,
    'handed on over Kafka': digest,
  });
});
