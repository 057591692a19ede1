import { setTimeout as sleep } from 'node:timers/promises';
import type { FeedHead, FeedPage, FeedSource } from '#libs/messages';
import { parsePage, type Asked } from './feed-page.js';

export interface HttpSourceOptions {
  /** Where the province's API is; it may lie under a path. */
  readonly provinceUrl: string;
  /** `reference`, or `region.<region>`. */
  readonly feed: string;
  /** The bearer token. Asked again when the province has refused the one that it gave. */
  readonly token: () => Promise<string>;
  /**
   * Told of the feed's end with every page, before its records. `after` is what the page was asked from: an end below it
   * means that the province has lost records which this reader has.
   */
  readonly onHead?: (head: FeedHead, after: number) => void;
  /** Records of a page at most; 500 unless told. */
  readonly limit?: number;
  /** How long the province may hold an answer back until there is news; 20 unless told. */
  readonly waitSeconds?: number;
  /** How much longer than that an answer may take, in milliseconds; 10 000 unless told. */
  readonly patienceMs?: number;
}

/** The province could not be asked, or did not answer the question. The message is for people. */
export class ProvinceError extends Error {
  constructor(
    zh: string,
    en: string,
    /** The HTTP status, when there was an answer. */
    readonly status?: number,
    /** The stable code of its problem+json, when it had one. */
    readonly code?: string,
  ) {
    super(`${zh} (${en})`);
    this.name = 'ProvinceError';
  }
}

/** Pauses after trouble, in milliseconds: the first, then doubled up to the longest. */
const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;
/** Pause when the province does not hold its answers back, in milliseconds. */
const BUSY_PAUSE = 1000;

interface Question extends Omit<Asked, 'feed'> {
  readonly limit: number;
  /** How long the answer may be held back, in seconds. */
  readonly wait: number;
}

/** A feed pulled from the province's API by long polling. */
export class HttpFeedSource implements FeedSource {
  private token: string | undefined;

  constructor(private readonly options: HttpSourceOptions) {}

  async run(
    after: number,
    take: Parameters<FeedSource['run']>[1],
    { signal, onTrouble = () => undefined }: Parameters<FeedSource['run']>[2],
  ): Promise<void> {
    const { limit = 500, waitSeconds = 20 } = this.options;
    let taken = after;
    let failures = 0;
    // At first, and after trouble, the province is asked to answer at once: the reader hears where the feed ends.
    let hold = 0;
    while (!signal.aborted) {
      const asked = performance.now();
      try {
        const { records } = await this.ask({ after: taken, limit, wait: hold }, signal);
        if (records.length > 0) {
          await take(records);
          taken += records.length;
        }
        failures = 0;
        // A proxy, or a province that is going down, may answer at once with nothing: asking on would be a tight loop.
        const early = performance.now() - asked < hold * 500;
        if (records.length === 0 && early) await pause(BUSY_PAUSE, signal);
        hold = waitSeconds;
      } catch (error) {
        hold = 0;
        if (signal.aborted) return;
        onTrouble(error);
        // Spread out, so that the cities do not all come back to a restarted province in the same moment.
        const longest = Math.min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** failures++);
        await pause(longest * (0.5 + Math.random() / 2), signal);
      }
    }
  }

  /**
   * The records after a sequence, at once; fewer than the limit where the feed ends.
   *
   * @throws ProvinceError
   * @throws MessageError for an answer that is not of its form
   */
  async fetchRange(after: number, limit: number, signal?: AbortSignal): Promise<FeedPage> {
    return this.ask({ after, limit, wait: 0 }, signal);
  }

  /**
   * The last record of each thing, as far as they come after a sequence, at once: what a city that joins builds everything from.
   *
   * @throws as `fetchRange`
   */
  async fetchLatest(after: number, limit: number, signal?: AbortSignal): Promise<FeedPage> {
    return this.ask({ after, limit, wait: 0, latest: true }, signal);
  }

  private async ask(question: Question, signal: AbortSignal | undefined): Promise<FeedPage> {
    const page = await this.page(question, signal).catch(async (error: unknown) => {
      if (!(error instanceof ProvinceError) || error.code !== 'feed.beyond') throw error;
      // The feed ends before what this reader has. How far it goes is what the reader has to hear.
      const { feed, last } = await this.page({ after: 0, limit: 1, wait: 0 }, signal);
      return { feed, records: [], last };
    });
    this.options.onHead?.(page.last, question.after);
    return page;
  }

  private async page({ after, limit, wait, latest }: Question, signal: AbortSignal | undefined): Promise<FeedPage> {
    const { provinceUrl, feed, patienceMs = 10_000 } = this.options;
    const url = new URL(`api/v1/feeds/${feed}`, `${provinceUrl.replace(/\/+$/, '')}/`);
    url.search = `after=${after}&limit=${limit}&wait=${wait}${latest ? '&records=latest' : ''}`;
    const bytes = await within(wait * 1000 + patienceMs, signal, (limited) => this.get(url, limited));
    return parsePage(bytes, { feed, after, latest });
  }

  private async get(url: URL, signal: AbortSignal): Promise<ArrayBuffer> {
    try {
      let response = await this.request(url, signal);
      if (response.status === 401) {
        await response.body?.cancel();
        this.token = undefined;
        response = await this.request(url, signal);
      }
      if (response.status === 200) return await response.arrayBuffer();
      throw refused(response.status, await response.text());
    } catch (error) {
      throw explained(error, url.origin);
    }
  }

  private async request(url: URL, signal: AbortSignal): Promise<Response> {
    this.token ??= await this.options.token();
    // A redirect would carry the reader to a place that nobody has configured.
    return fetch(url, {
      headers: { accept: 'application/json', authorization: `Bearer ${this.token}` },
      redirect: 'error',
      signal,
    });
  }
}

function refused(status: number, body: string): ProvinceError {
  const { detail, code } = problemIn(body);
  const said = detail === undefined ? '' : `：${detail.slice(0, 200)}`;
  if (status === 401)
    return new ProvinceError(`省平台不接受访问令牌${said}`, 'the province refuses the token', 401, code);
  if (status === 403) {
    return new ProvinceError(`令牌无权读取该数据流${said}`, 'the token may not read this feed', 403, code);
  }
  return new ProvinceError(`省平台答复 HTTP ${status}${said}`, `the province answers HTTP ${status}`, status, code);
}

/** What a problem+json answer says. */
function problemIn(body: string): { readonly detail?: string; readonly code?: string } {
  const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
  try {
    const problem = JSON.parse(body) as { readonly detail?: unknown; readonly code?: unknown } | null;
    return { detail: textOf(problem?.detail), code: textOf(problem?.code) };
  } catch {
    return {};
  }
}

/** fetch says "fetch failed" of every loss of connection, and why only in the cause. */
function explained(error: unknown, origin: string): unknown {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') {
    return new ProvinceError(`省平台 ${origin} 没有按时答复`, 'the province did not answer in time');
  }
  if (message !== 'fetch failed' && message !== 'terminated') return error;
  const { code, message: reason = message } = (cause ?? {}) as { code?: string; message?: string };
  return new ProvinceError(`省平台 ${origin} 不可达：${code ?? reason}`, 'the province cannot be reached');
}

/**
 * Runs a request that ends with the signal or after a time. By hand, because on Node 20 the garbage collector takes
 * `AbortSignal.any([signal, AbortSignal.timeout(ms)])` while fetch waits: the deadline never fires, and a stalled
 * connection stops the feed for good.
 */
async function within<T>(
  ms: number,
  signal: AbortSignal | undefined,
  request: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  const limited = new AbortController();
  const stop = () => limited.abort(signal?.reason);
  const timer = setTimeout(() => limited.abort(new DOMException('no answer in time', 'TimeoutError')), ms);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    return await request(limited.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
