export const inner = 'beta keeps this to itself';
