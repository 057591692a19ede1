export { valueOf } from './cells.js';
export { type Column, type ColumnKind } from './column.js';
export { Headers, templateHeader, type Notice, type Recognised } from './headers.js';
export { isWeighed, medianOf, weighed, type Warning } from './magnitude.js';
export { LIMITS, SheetError } from './problem.js';
export { readable, readSheet, tooBig, type Sheet, type SheetRow } from './sheet.js';
export { csvTemplate, templateRows, xlsxTemplate } from './template.js';
