import { Controller, Get, HttpCode, Logger, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { returnTo, SignInError, type Failure } from '#libs/auth';
import { ProblemException, Public } from '#libs/eventing-nest';
import { closed, html, sendPage } from './pages.js';
import { reasonOf, Sessions } from './sessions.js';

const CALLBACK = '/auth/callback';

/** Signing in with a browser: the platform is the client of the issuer, and the browser never sees a token. */
@ApiExcludeController()
@Controller('auth')
export class SignInController {
  private readonly log = new Logger('auth');

  constructor(private readonly sessions: Sessions) {}

  @Get('login')
  @Public()
  async login(@Query('returnTo') wanted: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const signIn = await this.sessions.signIn(request);
    const { url, pending } = await signIn.begin(this.sessions.originOf(request) + CALLBACK, returnTo(wanted));
    await this.sessions.keepPending(reply, pending);
    return closed(reply).redirect(url.href, 302);
  }

  @Get('callback')
  @Public()
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const signIn = await this.sessions.signIn(request);
    const pending = await this.sessions.takePending(request, reply);
    if (pending === undefined) return refuse('mismatch', request, reply);
    const query = /\?.*$/s.exec(request.url)?.[0] ?? '';
    const answer = new URL(CALLBACK + query, this.sessions.originOf(request));
    try {
      await this.sessions.keep(reply, await signIn.finish(answer, pending));
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      this.log.warn(`nobody signed in: ${reasonOf(error)}`);
      return refuse(error.failure, request, reply);
    }
    return closed(reply).redirect(returnTo(pending.returnTo), 302);
  }

  @Get('session')
  @Public()
  async session(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    closed(reply);
    const session = await this.sessions.of(request, reply).catch(ended);
    if (session === undefined) return { signedIn: false };
    const { id, role, region } = session.actor;
    const expiresAt = new Date(this.sessions.endOf(session) * 1000).toISOString();
    return { signedIn: true, actor: id, role, ...(region === undefined ? {} : { region }), expiresAt };
  }

  @Post('logout')
  @Public()
  @HttpCode(200)
  async logout(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    closed(reply);
    this.sessions.assertOwnPage(request);
    const signIn = await this.sessions.signIn(request);
    const session = await this.sessions.take(request, reply);
    return { redirect: (await signIn.end(session, `${this.sessions.originOf(request)}/`)) ?? '/' };
  }
}

/** Who asks whether someone is signed in is answered, not refused. */
function ended(error: unknown): undefined {
  if (error instanceof ProblemException && error.getStatus() === 401) return undefined;
  throw error;
}

const FAILURES: Readonly<Record<Failure, readonly [status: number, zh: string, en: string]>> = {
  mismatch: [
    400,
    '这次登录对不上号：可能用了旧的链接、同时打开了几个登录页，或停留得太久。请重新登录',
    'This is not the sign-in that was begun here: an old link, several at once, or it took too long. Sign in again',
  ],
  refused: [400, '签发者没有同意这次登录。请重新登录', 'The issuer did not agree to this sign-in. Sign in again'],
  'no-actor': [
    403,
    '账号没有可用的角色：请管理员在签发者处设置 liandong_role（经办另需 liandong_region），再重新登录',
    'The account has no role here: have liandong_role set at the issuer (and liandong_region for an operator), then sign in again',
  ],
  unreachable: [
    503,
    '暂时无法连接签发者。请稍后重新登录',
    'The issuer cannot be reached just now. Sign in again later',
  ],
};

/** A page for who reads one, else a problem. */
function refuse(failure: Failure, { headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [status, zh, en] = FAILURES[failure];
  closed(reply);
  if (!headers.accept?.includes('text/html')) throw new ProblemException(status, `auth.${failure}`, zh, en);
  const body = html`<p>${zh}</p>
    <p lang="en">${en}</p>
    <p>
      <a href="/auth/login">重新登录 <span lang="en">Sign in again</span></a>
    </p>`;
  return sendPage(reply, status, '未能登录', body);
}
