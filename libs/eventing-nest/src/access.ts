import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Actor, Role } from '#libs/eventing';

const ROLES = 'liandong:roles';
const PUBLIC = 'liandong:public';

/** A request past the authentication guard. */
export interface AuthenticatedRequest extends FastifyRequest {
  actor: Actor;
}

/** Who may call the route. A route without this rule and without `Public` is refused to everyone. */
export const Allow = (...roles: readonly Role[]) =>
  applyDecorators(SetMetadata(ROLES, roles), ApiExtension('x-roles', [...roles]), ApiBearerAuth());

/** The route needs no token: health, metrics, the API's own description. */
export const Public = () => applyDecorators(SetMetadata(PUBLIC, true), ApiExtension('x-roles', ['public']));

export const allowedRoles = (handler: object): readonly Role[] | undefined => Reflect.getMetadata(ROLES, handler);
export const isPublic = (handler: object): boolean => Reflect.getMetadata(PUBLIC, handler) === true;

export const Caller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Actor => context.switchToHttp().getRequest<AuthenticatedRequest>().actor,
);

/** Whether the caller sees only what concerns its region and those inside it. */
export const isRegional = ({ role }: Actor): boolean => role === 'operator' || role === 'sub-platform';
