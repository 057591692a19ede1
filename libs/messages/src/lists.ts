import * as achievements from './achievements.js';
import * as carriers from './carriers.js';
import * as codes from './codes.js';
import * as incubation from './incubation.js';
import * as organisations from './organisations.js';
import * as sharing from './sharing.js';
import * as topology from './topology.js';

/** Every kind of thing that is told of: its message, its list, its table. The one list of them. */
export const lists = [
  codes.codes,
  topology.regions,
  topology.regionCodes,
  topology.regionGroups,
  topology.places,
  topology.authorities,
  topology.hubs,
  topology.zones,
  topology.links,
  topology.statements,
  topology.coverageRules,
  carriers.carriers,
  carriers.units,
  carriers.allocations,
  incubation.incubatees,
  sharing.instruments,
  sharing.uses,
  achievements.contracts,
  organisations.admittedCodes,
] as const;

/** Every figure, computed from those: by the province and, of what concerns it, by a city. */
export const figures = [
  carriers.capacity,
  sharing.sharing,
  achievements.flows,
  carriers.carrierCounts,
  sharing.instrumentCounts,
  incubation.firmCounts,
] as const;
