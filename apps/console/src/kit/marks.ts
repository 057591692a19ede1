/** Small forms around 0,0, so that what has a colour of its own is told apart by those who do not see colours. */
export const MARKS: readonly string[] = [
  'M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0',
  'M-4,-4h8v8h-8z',
  'M0,-5l5,9h-10z',
  'M0,-5l5,5l-5,5l-5,-5z',
  'M-5,-4h10l-5,9z',
  'M-5,-1.5h3.5v-3.5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5z',
];
