import type { Texts } from './said.js';

/** How far something that is wanted has come before it is there: 规划, 在建. */
export const stages = { planned: ['规划', 'Planned'], 'under-way': ['在建', 'Under way'] } as const satisfies Texts;
export type Stage = keyof typeof stages;
