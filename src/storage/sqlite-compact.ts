import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../domain/app-error.ts'
import { assertOwnFile, damaged, toSqliteError } from './sqlite-file.ts'

/** How many bytes a file had before it was made smaller, and has now. */
export type Compacted = { before: number; after: number }

const incremental = 2

/**
 * Writes an SQLite database anew, without what is free in it, so that it is as small as it can be and shrinks by itself from
 * then on (SQLite manual, "VACUUM" and PRAGMA auto_vacuum). It takes as much room again while it is at it; when it is
 * interrupted, the file is as it was. Throws `not-found`, `invalid` for a damaged file, `unavailable` while anything uses it.
 */
export function compactSqlite(file: string): Compacted {
  if (!existsSync(file) || assertOwnFile(file)) {
    throw new AppError(
      'not-found',
      `There is no database at ${file}: name it with --database or LASTGOOD_DATABASE_URL.`,
    )
  }
  const db = new DatabaseSync(file, { timeout: 1_000 })
  try {
    leaveLog(db, file)
    if (db.prepare('pragma quick_check(1)').get()?.['quick_check'] !== 'ok') throw damaged(file)
    const before = statSync(file).size
    db.exec(`pragma auto_vacuum = ${incremental}; vacuum; pragma journal_mode = wal`)
    return { before, after: statSync(file).size }
  } catch (error) {
    throw toSqliteError(error, file)
  } finally {
    db.close()
  }
}

/** Without its log a file has one user at most, so that nobody else is at it. */
function leaveLog(db: DatabaseSync, file: string): void {
  try {
    db.exec('pragma journal_mode = delete')
  } catch (error) {
    const isBusy = ((error as { errcode?: number }).errcode ?? 0) % 256 === 5
    if (!isBusy) throw error
    throw new AppError('unavailable', `${file} is in use: stop the server, then try again.`, { cause: error })
  }
}
