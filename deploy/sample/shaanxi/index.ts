import type { SampleCommand } from '../command.js';
import { examples } from './examples.js';
import { structure } from './structure.js';

/** The sample province: 陕西 as the 2023 document states it, and 示例 data where it gives no figures. */
export function shaanxi(): SampleCommand[] {
  return [...structure(), ...examples()];
}
