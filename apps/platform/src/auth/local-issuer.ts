import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { localActor, LocalProvider, type AuthorizationRequest } from '#libs/auth';
import type { Actor } from '#libs/eventing';
import { ProblemException, type Reads } from '#libs/eventing-nest';
import { regionLevels, regions, valuesOf, type RegionLevel } from '#libs/messages';
import { askList } from '#libs/read-models';
import { closed, html, sendPage } from './pages.js';

export const LOCAL_PATH = '/auth/local';
const BODY_LIMIT_BYTES = 16 * 1024;
const MOST_REGIONS = 1000;

/** People's roles; a sub-platform is a program and has a token. */
const ROLES = [
  ['province', '省级', 'Province'],
  ['operator', '区域经办', 'Operator of a region'],
  ['auditor', '审计', 'Auditor'],
] as const;

export interface LocalIssuer {
  readonly provider: LocalProvider;
  readonly reads: Reads;
  originOf(request: FastifyRequest): string;
}

interface Region {
  readonly region: string;
  readonly name: string;
  readonly level: RegionLevel;
  readonly until: string | null;
}

/** The local issuer's routes, in a scope of their own: here alone a form is taken, as RFC 6749 has it. */
export const localIssuer = ({ provider, reads, originOf }: LocalIssuer) =>
  async function routes(scope: FastifyInstance): Promise<void> {
    const issuerOf = (request: FastifyRequest) => originOf(request) + LOCAL_PATH;
    const requestOf = (request: FastifyRequest): AuthorizationRequest => {
      const asked = provider.requestOf(request.query as Record<string, unknown>, `${originOf(request)}/auth/callback`);
      if (asked !== undefined) return asked;
      throw new ProblemException(
        400,
        'auth.request',
        '不是平台发起的登录：请从 /auth/login 开始',
        'This sign-in was not begun by the platform: start at /auth/login',
      );
    };
    const form = { bodyLimit: BODY_LIMIT_BYTES, parseAs: 'string' } as const;
    scope.addContentTypeParser<string>('application/x-www-form-urlencoded', form, (_, body, done) =>
      done(null, new URLSearchParams(body)),
    );
    scope.addHook('onRequest', async (_, reply) => void closed(reply));

    scope.get('/.well-known/openid-configuration', async (request) => provider.metadata(issuerOf(request)));
    scope.get('/jwks', async () => provider.jwks);
    scope.post('/token', async (request, reply) => {
      const { status, body } = await provider.token(issuerOf(request), fieldsOf(request));
      return reply.status(status).send(body);
    });
    scope.get('/authorize', async (request, reply) => {
      requestOf(request);
      return choice(reply, 200, await regionsNow(reads));
    });
    scope.post('/authorize', async (request, reply) => {
      const asked = requestOf(request);
      const chosen = fieldsOf(request);
      const actor = chosenActor(chosen);
      if (actor === undefined) return choice(reply, 422, await regionsNow(reads), chosen.get('role'));
      // Not 307 or 302: what was posted here is not posted on (RFC 9700, 4.12).
      return reply.redirect(await provider.redirect(asked, actor), 303);
    });
  };

const fieldsOf = ({ body }: FastifyRequest): URLSearchParams =>
  body instanceof URLSearchParams ? body : new URLSearchParams();

/** Undefined for a role that is none of people's, or an operator without a region. */
function chosenActor(chosen: URLSearchParams): Actor | undefined {
  const role = ROLES.map(([name]) => name).find((name) => name === chosen.get('role'));
  if (role === undefined) return undefined;
  try {
    return role === 'operator' ? localActor(role, chosen.get('region')?.trim() ?? '') : localActor(role);
  } catch {
    return undefined;
  }
}

/** The regions that are there now, the larger first. */
async function regionsNow({ sql }: Reads): Promise<Region[]> {
  const { items } = await askList(sql, regions, { scope: 'all', filter: {}, limit: MOST_REGIONS });
  const there = items.map(({ row }) => row as Region).filter(({ until }) => until === null);
  const levels = valuesOf(regionLevels);
  return there.sort((one, other) => levels.indexOf(one.level) - levels.indexOf(other.level));
}

/** The page on which one chooses. It is sent back to its own address, which holds what the platform asks for. */
function choice(reply: FastifyReply, status: 200 | 422, known: readonly Region[], before: string | null = 'operator') {
  const roles = ROLES.map(
    ([role, zh, en]) =>
      html`<label
        ><input type="radio" name="role" value="${role}" required${role === before ? html` checked` : ''} /> ${zh}
        <span lang="en">${en}</span></label
      > `,
  );
  const options = known.map(({ region, name }) => html`<option value="${region}">${name} ${region}</option> `);
  const region =
    known.length > 0
      ? html`<select id="region" name="region">
          <option value="">— 不选 none —</option>
          ${options}
        </select>`
      : html`<input
          type="text"
          id="region"
          name="region"
          maxlength="63"
          pattern="[a-z0-9]([a-z0-9\\-]*[a-z0-9])?"
          autocapitalize="none"
          spellcheck="false"
          placeholder="xianyang"
        />`;
  const body = html`<p class="warning">
      本机演示，不用于生产 <span lang="en">For this machine only, not for production</span>
    </p>
    <p>
      这里不核对身份：选择以什么角色使用平台。
      <span lang="en">Nobody's identity is checked here: choose the role to act in.</span>
    </p>
    ${status === 422 ? html`<p role="alert">请选择角色；区域经办还须选定区域。 <span lang="en">Choose a role; an operator also chooses a region.</span></p>` : ''}
    <form method="post">
      <fieldset>
        <legend>角色 <span lang="en">Role</span></legend>
        ${roles}
      </fieldset>
      <p>
        <label for="region">区域（仅区域经办需要） <span lang="en">Region (for an operator only)</span></label>
        ${region}
      </p>
      <button type="submit">登录 <span lang="en">Sign in</span></button>
    </form>`;
  return sendPage(reply, status, '本机登录', body);
}
