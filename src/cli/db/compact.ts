import { AppError } from '../../domain/app-error.ts'
import { isPostgresUrl } from '../../storage/database-url.ts'
import { compactSqlite } from '../../storage/sqlite-compact.ts'
import type { AdminOptions } from '../admin/options.ts'
import { print } from '../admin/print.ts'

/** Makes an SQLite file as small as it can be, and tells how small that is. */
export function compact(database: string, { json }: AdminOptions): void {
  if (isPostgresUrl(database)) {
    throw new AppError('invalid', 'PostgreSQL keeps its own house (autovacuum): only an SQLite file is made smaller.')
  }
  const { before, after } = compactSqlite(database)
  if (json) return print(JSON.stringify({ database, bytes_before: before, bytes_after: after }))
  const text = (bytes: number) => bytes.toLocaleString('en-US')
  print(`${database} has ${text(after)} bytes now; it had ${text(before)}. From now on it shrinks by itself.`)
}
