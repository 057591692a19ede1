import createClient from 'openapi-fetch';
import type { components, paths } from './openapi';

export type Problem = components['schemas']['ProblemDto'];
export type Receipt = components['schemas']['ReceiptDto'];

/** What the platform refused, in its own words; of a connection that failed, status 0. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }

  get status(): number {
    return this.problem.status;
  }
}

const UNREACHABLE: Problem = {
  type: 'about:blank',
  title: '无法连接',
  status: 0,
  code: 'unreachable',
  detail: '无法连接平台：网络中断，或平台正在重启。已填写的内容保留在本机，恢复后自动重试读取',
  detailEn:
    'The platform cannot be reached: the network is down or the platform restarts. What you have typed is kept here; reading goes on by itself',
};

const unexplained = (status: number, text: string): Problem => ({
  type: 'about:blank',
  title: '错误',
  status,
  code: `http.${status}`,
  detail: `平台答复 ${status}，没有说明`,
  detailEn: text || `The platform answered ${status} without saying why`,
});

/** Fetches from the platform; every answer that is not a success is thrown as {@link Refused}. */
export async function ask(input: Request | string, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Refused(UNREACHABLE);
  });
  if (response.ok || response.status === 304) return response;
  const text = await response.text();
  if (!response.headers.get('content-type')?.includes('problem+json')) {
    throw new Refused(unexplained(response.status, text));
  }
  throw new Refused(JSON.parse(text) as Problem);
}

/** What is asked for, or left out where it is undefined. */
export type Query = Readonly<Record<string, string | number | boolean | undefined | null>>;

export function address(path: string, query: Query = {}): string {
  const asked = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const search = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
  return search ? `${path}?${search}` : path;
}

export async function get<Answer>(path: string, query?: Query, signal?: AbortSignal): Promise<Answer> {
  return (await ask(address(path, query), { signal })).json() as Promise<Answer>;
}

/** What a change by cookie has to carry, against other sites (decision 0029). */
export const OWN_PAGE = { 'X-Requested-With': 'liandong' } as const;

interface Sending {
  /** The same key again is the same answer, and nothing twice. */
  readonly key: string;
  /** Only while the thing has this revision. */
  readonly revision?: number;
}

export async function send(path: string, body: unknown, { key, revision }: Sending): Promise<Receipt> {
  const headers = {
    ...OWN_PAGE,
    'Content-Type': 'application/json',
    'Idempotency-Key': key,
    ...(revision === undefined ? {} : { 'If-Match': `"${revision}"` }),
  };
  const response = await ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.json() as Promise<Receipt>;
}

/** Typed questions: path, parameters and answer are those of `/openapi.json`. */
export const { GET: question, POST: order } = createClient<paths>({ fetch: ask, headers: OWN_PAGE });
