import pg from 'pg';
import type { Trial } from './fault.js';

interface Statement {
  text: string;
  values?: unknown[];
}
type Query = (this: pg.Client, statement: string | Statement, ...rest: unknown[]) => unknown;

/**
 * Plants a bug in this process by changing statements on their way to the server, until the trial ends. `change` answers
 * the statement to send instead, or nothing for one that it has no business with. A statement that the product words
 * differently one day is never changed, and the bug's test fails because the bug never ran.
 */
export function plant(trial: Trial, change: (text: string, values: unknown[]) => Statement | undefined): void {
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const { query } = prototype;
  trial.defer(() => (prototype.query = query));
  prototype.query = function (statement, ...rest) {
    const { text, values = rest[0] } = typeof statement === 'string' ? { text: statement } : statement;
    const changed = change(text, Array.isArray(values) ? values : []);
    if (!changed) return query.call(this, statement, ...rest);
    trial.bugActive();
    if (typeof statement === 'string') return query.call(this, changed.text, ...rest);
    // A COPY is an object of its class, sent once; a prepared statement is a plain one that the product may send again.
    if (Object.getPrototypeOf(statement) === Object.prototype) {
      return query.call(this, { ...statement, ...changed }, ...rest);
    }
    statement.text = changed.text;
    return query.call(this, statement, ...rest);
  };
}

/** As `plant`, for a part of the text. */
export function replaceSql(trial: Trial, part: string, by: string): void {
  plant(trial, (text) => (text.includes(part) ? { text: text.replaceAll(part, by) } : undefined));
}
