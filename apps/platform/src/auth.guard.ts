import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Verifier } from '#libs/auth';
import type { Actor, Role } from '#libs/eventing';
import { allowedRoles, isPublic, ProblemException, type AuthenticatedRequest } from '#libs/eventing-nest';
import { Sessions } from './auth/sessions.js';

export const VERIFIER = Symbol('Verifier');

/** Every request has an actor, and every route says who may use it: what says nothing is refused. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    @Inject(VERIFIER) private readonly verifier: Verifier,
    private readonly sessions: Sessions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    if (isPublic(handler)) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<AuthenticatedRequest>();
    request.actor =
      (await this.signedIn(request, http.getResponse<FastifyReply>())) ?? (await this.bearer(request.headers));
    const roles = allowedRoles(handler);
    if (!roles?.includes(request.actor.role)) {
      throw notForRole(request.actor.role, roles ?? []);
    }
    return true;
  }

  /** Of a request that says who acts by a token, the session that the browser sends along counts for nothing. */
  private async signedIn(request: AuthenticatedRequest, reply: FastifyReply): Promise<Actor | undefined> {
    if (request.headers.authorization !== undefined) return undefined;
    const session = await this.sessions.of(request, reply);
    if (session === undefined) return undefined;
    this.sessions.assertOwnPage(request);
    // The next one at this browser may be someone else.
    reply.header('Cache-Control', 'no-store');
    return session.actor;
  }

  private async bearer({ authorization = '' }: AuthenticatedRequest['headers']): Promise<Actor> {
    const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization) ?? [];
    if (!token) {
      throw new ProblemException(
        401,
        'auth.missing',
        '缺少令牌：Authorization: Bearer …',
        'Send Authorization: Bearer …',
      );
    }
    return this.verifier.verify(token).catch(() => {
      throw new ProblemException(401, 'auth.invalid', '令牌无效或已过期', 'The token is not valid, or has expired');
    });
  }
}

const ROLES: Readonly<Record<Role, string>> = {
  province: '省级',
  operator: '区域经办',
  auditor: '审计',
  'sub-platform': '分平台',
};

export function notForRole(role: Role, allowed: readonly Role[]): ProblemException {
  const named = (one: Role) => `${ROLES[one]}（${one}）`;
  return new ProblemException(
    403,
    'auth.role',
    `您的角色是${named(role)}；此接口只供${allowed.map(named).join('、') || '无人'}使用`,
    `Your role is ${role}; this route is for ${allowed.join(', ') || 'nobody'} only`,
  );
}
