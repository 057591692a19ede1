import { carriersUpcasters } from '#libs/contexts/carriers';
import type { Upcasters } from '#libs/eventing';

/** How what earlier releases stored is read today, from every context that has changed an event. */
export const upcasters: Upcasters = { ...carriersUpcasters };
