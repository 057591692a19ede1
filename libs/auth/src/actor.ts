import { roles, type Actor, type Role } from '#libs/eventing';
import { hiddenCharacter, lengthOf } from '#libs/messages';

/** The form of a region's id, and how many characters a subject may have, as OpenID Connect bounds it. */
const REGION = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_ID = 255;

/** @throws when the claims do not make an actor: an operator or sub-platform must name its region, and all must be legible */
export function actorOf(id: string, role: unknown, region: unknown): Actor {
  if (!roles.includes(role as Role)) throw new Error(`liandong_role is none of ${roles.join(', ')}`);
  // It stands in every event that it makes, and people read it there.
  if (id === '' || lengthOf(id) > MAX_ID || hiddenCharacter(id) !== undefined) throw new Error('sub cannot be read');
  const regional = role === 'operator' || role === 'sub-platform';
  if (!regional) return { id, role: role as Role };
  if (typeof region !== 'string' || !REGION.test(region)) throw new Error('liandong_region is no region');
  return { id, role: role, region };
}

/** Who acts in the embedded mode, where a role and a region are all that is chosen. */
export const localActor = (role: string, region?: string): Actor =>
  actorOf(region === undefined ? role : `${role}@${region}`, role, region);
