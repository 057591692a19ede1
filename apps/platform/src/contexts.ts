import { achievementsContext } from '#libs/contexts/achievements';
import { carriersContext } from '#libs/contexts/carriers';
import { codesContext } from '#libs/contexts/codes';
import { incubationContext } from '#libs/contexts/incubation';
import { organisationsContext } from '#libs/contexts/organisations';
import { sharingContext } from '#libs/contexts/sharing';
import { topologyContext } from '#libs/contexts/topology';
import type { Upcasters } from '#libs/eventing';
import type { Context } from '#libs/eventing-nest';

/** Everything that the platform knows of the domain. */
export const contexts: readonly Context[] = [
  codesContext,
  topologyContext,
  carriersContext,
  incubationContext,
  sharingContext,
  achievementsContext,
  organisationsContext,
];

/** How what earlier releases stored is read today. */
export const upcasters: Upcasters = Object.assign({}, ...contexts.map((context) => context.upcasters));
