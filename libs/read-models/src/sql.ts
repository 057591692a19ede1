/** All that read models ask of PostgreSQL: one connection, in the transaction that the caller has begun. */
export interface Sql {
  query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Carries out `copy … from stdin` with these lines of COPY's text format. Absent where rows are inserted instead. */
  copyIn?(statement: string, lines: readonly string[]): Promise<void>;
}
