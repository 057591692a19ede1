import type { SampleCommand } from '../../../apps/embedded/src/sample.js';
export function shaanxi(): SampleCommand[] { return []; }
