export { Basis, LegalBasis } from './basis.js';
export { Day, dayInChina, Instant, On, PastDay } from './dates.js';
export { fieldsOf, type Asking, type Known, type Options, type Said } from './field.js';
export { DivisionCode, KnownUscc, OddUscc, RegionId, RegionIds, Slug, Uscc } from './identities.js';
export { Fen, LARGEST_FEN, LARGEST_SQUARE_METRES, Quantity, SquareMetres, Whole } from './numbers.js';
export { Code, ExactText, Flag, NameConfirmed, OneOf, Reason, Text } from './text.js';
export { completeUscc, isOddUscc, usccProblem, type UsccProblem } from './uscc.js';
