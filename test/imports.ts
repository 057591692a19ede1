import { until } from './until.js';
import type { Answer, TestPlatform } from './test-platform.js';

type By = Parameters<TestPlatform['send']>[0];

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Uploads a file as the sheet of a command. */
export async function upload(
  { url, token }: Pick<TestPlatform, 'url' | 'token'>,
  by: By,
  command: string,
  file: string | Uint8Array,
  { type = 'text/csv', query = '', ...headers }: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/imports?command=${encodeURIComponent(command)}${query}`, {
    method: 'POST',
    body: file as string,
    headers: { 'content-type': type, ...(by ? { authorization: `Bearer ${await token(by)}` } : {}), ...headers },
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** The import, once it is neither checked nor sent any more. */
export function settled(
  { send }: Pick<TestPlatform, 'send'>,
  by: By,
  id: string,
  patienceMs?: number,
): Promise<Answer['body']> {
  const look = async () => {
    const { body } = await send(by, 'GET', `/api/v1/imports/${id}`);
    return body.state !== 'checking' && body.state !== 'sending' && body;
  };
  return until(`import ${id} settles`, look, patienceMs);
}

/** Sends what was accepted, and waits for the end. */
export async function sent(platform: Pick<TestPlatform, 'send'>, by: By, id: string, patienceMs?: number) {
  const { status, body } = await platform.send(by, 'POST', `/api/v1/imports/${id}/send`);
  if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`);
  return settled(platform, by, id, patienceMs);
}

/** A CSV file of these rows. */
export const csv = (...rows: readonly (readonly unknown[])[]) =>
  rows.map((row) => row.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(',')).join('\r\n');
