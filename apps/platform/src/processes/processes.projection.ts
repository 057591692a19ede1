import { carriersProcesses } from '#libs/contexts/carriers';
import { incubationProcesses } from '#libs/contexts/incubation';
import { processRows, type AnyProcess } from '#libs/eventing';
import { ProcessRow } from './processes.entities.js';

/** The contexts whose processes run, and whose commands the steps are. */
export const processContexts = [carriersProcesses, incubationProcesses];

/** Raise it whenever a process changes, or a new one is to see what was recorded before it. */
const VERSION = 1;

export const processes = processRows(
  VERSION,
  ProcessRow,
  processContexts.flatMap<AnyProcess>((context) => context.processes),
);
