import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Verifier } from '#libs/auth';
import { allowedRoles, isPublic, ProblemException, type AuthenticatedRequest } from '#libs/eventing-nest';

export const VERIFIER = Symbol('Verifier');

/** Every request has an actor, and every route says who may use it: what says nothing is refused. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(@Inject(VERIFIER) private readonly verifier: Verifier) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    if (isPublic(handler)) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (!token) {
      throw new ProblemException(
        401,
        'auth.missing',
        '缺少令牌：Authorization: Bearer …',
        'Send Authorization: Bearer …',
      );
    }
    request.actor = await this.verifier.verify(token).catch(() => {
      throw new ProblemException(401, 'auth.invalid', '令牌无效或已过期', 'The token is not valid, or has expired');
    });
    const roles = allowedRoles(handler);
    if (!roles?.includes(request.actor.role)) {
      const { role } = request.actor;
      throw new ProblemException(
        403,
        'auth.role',
        `角色 ${role} 不能使用此接口`,
        `The role ${role} may not use this route`,
      );
    }
    return true;
  }
}
