import type { ColumnType, SqlDialect } from './database.ts'

/** A statement over input rows, and the columns that each of them has, in order. */
export type RowsStatement = { text: string; columns: string[] }

/** Runs a statement for all `rows`, inside a transaction that somebody else has begun, and answers what it returned. */
export type RunStatement = <Row>(statement: RowsStatement, rows: object[]) => Promise<Row[]>

/** Writes statements over rows for a database: `text` is handed the relation that stands for them. */
export function overRows({
  rows,
}: SqlDialect): (columns: Record<string, ColumnType>, text: (rows: string) => string) => RowsStatement {
  return (columns, text) => ({ text: text(rows(columns)), columns: Object.keys(columns) })
}
