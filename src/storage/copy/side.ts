/** A row as it crosses between databases: whole numbers of any size as decimal text, in the order of the columns. */
export type CopiedRow = (string | null)[]

/** A column of a table; what is neither a whole number nor a text is told by its own name. */
export type CopiedColumn = { name: string; type: string; sequence: string | null }

/** A table as a database itself describes it. */
export type CopiedTable = {
  name: string
  columns: CopiedColumn[]
  /** The columns that its rows are read in the order of; empty where the database has no such index. */
  key: string[]
  /** The tables that must be filled before it. */
  references: string[]
}

/** One of the two databases of a copy. Nothing is judged here: statements in, rows out. */
export interface CopySide {
  kind: 'sqlite' | 'postgres'
  /** How people call it. */
  shown: string
  /** The rows that a statement answers, every value as text. */
  query: (sql: string, parameters?: CopiedRow) => Promise<CopiedRow[]>
  /** What stands for the parameter of a statement, counted from 1. */
  parameter: (index: number) => string
  /** Every table there is. */
  tables: () => Promise<CopiedTable[]>
  /** The rows of a table behind a key, in its order, a few megabytes at a time. */
  pages: (table: CopiedTable, after: CopiedRow | null) => AsyncIterable<CopiedRow[]>
  /** Adds rows that have these columns, with their keys as they are. */
  insert: (table: CopiedTable, rows: CopiedRow[]) => Promise<void>
  /** The last key that was given out, for each column that the database counts up. */
  counter: (table: CopiedTable, column: CopiedColumn) => Promise<string>
  /** Lets a column be counted on behind a key. */
  setCounter: (table: CopiedTable, column: CopiedColumn, last: string) => Promise<void>
  /** Begins to read one state of everything. */
  beginReading: () => Promise<void>
  /** Makes the tables of this version. */
  migrate: () => Promise<void>
  /** What is done once all is there. */
  finish: () => Promise<void>
  close: () => Promise<void>
}

/** How much is read and written at a time: enough to share the cost, and little memory however long the logs are. */
export const pageRows = 2_000
export const pageBytes = 4 * 1024 * 1024

/** The name of a table or a column in a statement. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Names in a statement, one behind the other. */
export function listed(names: readonly string[]): string {
  return names.map(quoted).join(', ')
}

/** The values of a row's key. */
export function keyOf(table: CopiedTable, row: CopiedRow): CopiedRow {
  return table.key.map(name => row[table.columns.findIndex(column => column.name === name)] ?? null)
}
