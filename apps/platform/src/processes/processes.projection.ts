import { processRows } from '#libs/eventing';
import { contexts } from '../contexts.js';
import { ProcessRow } from './processes.entities.js';

/** Raise it whenever a process changes, or a new one is to see what was recorded before it. */
const VERSION = 4;

export const processes = processRows(
  VERSION,
  ProcessRow,
  contexts.flatMap((context) => context.processes),
);
