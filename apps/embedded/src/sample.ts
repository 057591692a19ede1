import { setTimeout } from 'node:timers/promises';
import { issueToken } from '#libs/auth';
import type { JWK } from 'jose';
import type { SampleCommand } from '../../../deploy/sample/command.js';

const POLL_MS = 200;

/** As many as keep two cores busy. */
const CONCURRENCY = 24;

/**
 * Sends a sample's commands to the platform's HTTP door, and waits until what they begin, admissions and links, has come to its end.
 *
 * @param progress told how many are done, out of how many
 * @throws on the first command that the platform refuses
 */
export async function loadSample(
  commands: readonly SampleCommand[],
  url: string,
  key: JWK,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = ({ role, region }: SampleCommand['by']) => {
    const id = region === undefined ? `sample-${role}` : `sample-${role}@${region}`;
    if (!tokens.has(id)) tokens.set(id, issueToken(key, { id, role, region }, 1));
    return tokens.get(id)!;
  };
  let done = 0;
  let written = '';
  const send = async ({ key: idempotencyKey, by, path, body }: SampleCommand) => {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await tokenOf(by)}`,
        'content-type': 'application/json',
        'idempotency-key': `sample-${idempotencyKey}`,
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} ${idempotencyKey}: ${response.status} ${text}`);
    written = response.headers.get('consistency-token') ?? written;
    progress(++done, commands.length);
  };
  const phases = groupBy(commands, (c) => c.phase);
  for (const [, phase] of [...phases].sort(([a], [b]) => a - b)) {
    const groups = [...groupBy(phase, (c) => c.group).values()];
    const worker = async () => {
      for (let group = groups.shift(); group; group = groups.shift()) for (const command of group) await send(command);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  }
  const headers = { authorization: `Bearer ${await tokenOf({ role: 'province' })}`, 'consistency-token': written };
  for (const process of ['admission', 'link']) {
    while (await isUnderWay(process, url, headers)) await setTimeout(POLL_MS);
  }
}

/** Whether a process that what was sent has begun has not come to its end yet. */
async function isUnderWay(process: string, url: string, headers: Record<string, string>): Promise<boolean> {
  const response = await fetch(`${url}/api/v1/processes?process=${process}&status=running`, { headers });
  if (!response.ok) throw new Error(`processes: ${response.status} ${await response.text()}`);
  const { processes } = (await response.json()) as { processes: unknown[] };
  return processes.length > 0 || response.headers.get('consistency') === 'stale';
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
