import { expect } from 'vitest'
import type { Row } from './old-database.ts'

type Rows = Record<string, Row[]>

/** The migrations that write into columns that were there before: what is in these need not stay as it was. */
const rewritten: Record<string, Record<string, readonly string[]>> = {
  '0007-audit': { audit_log: ['action', 'before', 'after'] },
}

/** Expects of what is in a database of `version` that it is all still there after the migrations that came since. */
export function expectNothingLost(before: Rows, after: Rows, version: string): void {
  // Only columns of a table that still has rows can be compared.
  expect(Object.entries(before).filter(([table, rows]) => rows.length > 0 && !after[table]?.length)).toEqual([])
  expect(sharedRows(after, before, after, version)).toEqual(sharedRows(before, before, after, version))
}

/** The rows of the tables that were there before, and of them the columns that both have and no migration since rewrote. */
function sharedRows(rows: Rows, before: Rows, after: Rows, version: string): Rows {
  const since = Object.entries(rewritten).filter(([migration]) => migration > version)
  const tables = Object.entries(before).map(([table, [old]]) => {
    const [now] = after[table] ?? []
    const left = new Set(since.flatMap(([, columns]) => columns[table] ?? []))
    const shared = Object.keys(old ?? {}).filter(column => now && column in now && !left.has(column))
    const lines = (rows[table] ?? []).map(row =>
      Object.fromEntries(shared.map(column => [column, row[column] ?? null])),
    )
    return [table, lines.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))] as const
  })
  return Object.fromEntries(tables)
}
