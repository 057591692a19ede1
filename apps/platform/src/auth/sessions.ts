import { Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nowInSeconds, Sealer, SignIn, SignInError, TooBigError, type Pending, type Session } from '#libs/auth';
import { ProblemException } from '#libs/eventing-nest';

/** A working day: after it one signs in again, whatever the issuer would still refresh. */
const LONGEST_SECONDS = 12 * 3600;
/** As long as someone may take at the issuer. */
const PENDING_SECONDS = 600;

/** Where the platform sends people to sign in, for the origin that they see it at. */
export type SignInAt = (origin: string) => Promise<SignIn>;

/** Who is signed in with a browser. The browser keeps the session, sealed: any process of the platform can read it, after any restart. */
export class Sessions {
  private readonly log = new Logger('auth');

  constructor(
    private readonly sealer: Sealer,
    /** Absent where nobody can sign in with a browser. */
    private readonly signInAt: SignInAt | undefined,
    private readonly publicUrl: string | undefined,
  ) {}

  /** Where programs come with tokens, and nobody with a browser: nothing is sealed, nothing opened. */
  static none(): Sessions {
    return new Sessions(new Sealer(new Uint8Array()), undefined, undefined);
  }

  /**
   * The origin at which people see the platform. Without PUBLIC_URL it is what the browser asks for, as long as that is this
   * machine: of another host's name a page might be a stranger's (DNS rebinding).
   */
  originOf({ headers: { host = '' } }: FastifyRequest): string {
    if (this.publicUrl !== undefined) return this.publicUrl;
    if (/^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(host)) return `http://${host}`;
    throw new ProblemException(
      400,
      'auth.host',
      '不能以这个地址登录：请用 localhost 或 127.0.0.1 访问，或把 PUBLIC_URL 设为浏览器访问平台的地址',
      'Nobody signs in at this address: use localhost or 127.0.0.1, or set PUBLIC_URL to where browsers reach the platform',
    );
  }

  async signIn(request: FastifyRequest): Promise<SignIn> {
    if (this.signInAt !== undefined) return this.signInAt(this.originOf(request));
    throw new ProblemException(
      404,
      'auth.sign-in-off',
      '未开放浏览器登录：请管理员设置 OIDC_CLIENT_ID、PUBLIC_URL 与 SESSION_KEY',
      'Signing in with a browser is not set up: OIDC_CLIENT_ID, PUBLIC_URL and SESSION_KEY are to be set',
    );
  }

  /**
   * The session that a request comes with, refreshed where its access token is about to end; undefined where it comes with none.
   *
   * @throws ProblemException when it has ended
   */
  async of(request: FastifyRequest, reply: FastifyReply): Promise<Session | undefined> {
    if (this.signInAt === undefined) return undefined;
    const sealed = this.cookieOf(request, 'session');
    if (sealed === undefined) return undefined;
    const session = await this.sealer.open<Session>('session', sealed);
    if (session === undefined) return this.expired(reply);
    const signIn = await this.signIn(request);
    if (!signIn.isEnding(session)) return session;
    const refreshed = await signIn.refresh(session).catch((error: unknown) => this.notRefreshed(error, session));
    if (refreshed === undefined) return this.expired(reply);
    if (refreshed !== session) await this.keep(reply, refreshed);
    return refreshed;
  }

  /** When one has to sign in again at the latest. */
  endOf({ refreshToken, since, expires }: Session): number {
    const longest = since + LONGEST_SECONDS;
    return refreshToken === undefined ? Math.min(expires, longest) : longest;
  }

  /** A refresh token may be too big for a cookie: without it the session ends with its access token. */
  async keep(reply: FastifyReply, session: Session): Promise<void> {
    const until = this.endOf(session);
    try {
      const sealed = await this.sealer.seal('session', this.nameOf('session'), session, until);
      this.set(reply, 'session', sealed, until - nowInSeconds());
    } catch (error) {
      if (!(error instanceof TooBigError) || session.refreshToken === undefined) throw error;
      this.log.warn('the refresh token does not fit into a cookie: the session ends with its access token');
      await this.keep(reply, { ...session, refreshToken: undefined });
    }
  }

  async keepPending(reply: FastifyReply, pending: Pending): Promise<void> {
    const until = nowInSeconds() + PENDING_SECONDS;
    const sealed = await this.sealer.seal('sign-in', this.nameOf('sign-in'), pending, until);
    this.set(reply, 'sign-in', sealed, PENDING_SECONDS);
  }

  /** What was kept on the way to the issuer, once. */
  async takePending(request: FastifyRequest, reply: FastifyReply): Promise<Pending | undefined> {
    const sealed = this.cookieOf(request, 'sign-in');
    this.drop(reply, 'sign-in');
    return sealed === undefined ? undefined : this.sealer.open<Pending>('sign-in', sealed);
  }

  /** The session as it stands, to end it. */
  async take(request: FastifyRequest, reply: FastifyReply): Promise<Session | undefined> {
    const sealed = this.cookieOf(request, 'session');
    this.drop(reply, 'session');
    return sealed === undefined ? undefined : this.sealer.open<Session>('session', sealed);
  }

  /**
   * A cookie comes along with whatever page sends a request. What changes something has to come from a page of the platform:
   * another origin's cannot set this header without being asked first (OWASP, custom request headers), and says where it is.
   */
  assertOwnPage(request: FastifyRequest): void {
    if (request.method === 'GET' || request.method === 'HEAD') return;
    const { origin, 'sec-fetch-site': site, 'x-requested-with': by } = request.headers;
    const own = origin === undefined || origin === this.originOf(request) || site === 'same-origin';
    const foreign = site === 'cross-site' || site === 'same-site';
    if (by === 'liandong' && own && !foreign) return;
    throw new ProblemException(
      403,
      'auth.csrf',
      '凭登录会话修改内容，请求须来自平台自己的页面，并带有 X-Requested-With: liandong',
      'With a signed-in session a change must come from a page of the platform itself, with X-Requested-With: liandong',
    );
  }

  /** @returns the session where it is good for a moment more, and the issuer may be there again by then */
  private notRefreshed(error: unknown, session: Session): Session | undefined {
    this.log.warn(`not refreshed: ${reasonOf(error)}`);
    const away = error instanceof SignInError && error.failure === 'unreachable';
    return away && session.expires > nowInSeconds() ? session : undefined;
  }

  private expired(reply: FastifyReply): never {
    this.drop(reply, 'session');
    throw new ProblemException(
      401,
      'auth.expired',
      '登录已过期，请从 /auth/login 重新登录',
      'The session has ended: sign in again at /auth/login',
    );
  }

  private get secure(): boolean {
    return this.publicUrl?.startsWith('https:') ?? false;
  }

  /** With `__Host-` no other host of the domain can set it (RFC 6265bis, 4.1.3.2). */
  private nameOf(what: 'session' | 'sign-in'): string {
    return `${this.secure ? '__Host-' : ''}liandong-${what}`;
  }

  private get attributes() {
    return { path: '/', httpOnly: true, secure: this.secure, sameSite: 'lax' } as const;
  }

  private cookieOf({ cookies }: FastifyRequest, what: 'session' | 'sign-in'): string | undefined {
    return cookies[this.nameOf(what)];
  }

  private set(reply: FastifyReply, what: 'session' | 'sign-in', sealed: string, maxAge: number): void {
    reply.setCookie(this.nameOf(what), sealed, { ...this.attributes, maxAge: Math.max(0, maxAge) });
  }

  private drop(reply: FastifyReply, what: 'session' | 'sign-in'): void {
    reply.clearCookie(this.nameOf(what), this.attributes);
  }
}

/** For the log: what went wrong, and nothing that was sent. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof SignInError)) return String(error);
  const { message = '', code = '' } = (error.cause ?? {}) as { message?: string; code?: string };
  return [error.failure, message, code].filter(Boolean).join(', ');
}
