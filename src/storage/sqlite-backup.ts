import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { AppError, isAppError } from '../domain/app-error.ts'
import { applicationId } from './sqlite-dialect.ts'
import { assertOwnFile, damaged, toSqliteError } from './sqlite-file.ts'

/** What to back up where; `tell` hears which part of it is copied, from 0 to 1. */
export type BackupRequest = { from: string; to: string; mayReplace: boolean; tell: (fraction: number) => void }

const pagesAtOnce = 4_096

/**
 * Copies an SQLite database to a file while servers go on to read and write it: everything that was answered before it began is in
 * the copy. The copy is checked and on disk before it has its name. Answers its size in bytes. Throws `not-found`,
 * `conflict` where `to` is there already, `invalid` for a damaged database, `unavailable` when it cannot be written.
 */
export async function backUpSqlite({ from, to, mayReplace, tell }: BackupRequest): Promise<number> {
  if (!existsSync(from) || assertOwnFile(from)) {
    throw new AppError(
      'not-found',
      `There is no database at ${from}: name it with --database or LASTGOOD_DATABASE_URL.`,
    )
  }
  assertFree(from, to, mayReplace)
  removeLeftovers(to)
  const unfinished = `${to}.${process.pid}.unfinished`
  try {
    closeSync(openSync(unfinished, 'wx', 0o600))
    await copyPages(from, unfinished, tell)
    seal(unfinished)
    sync(unfinished)
    renameSync(unfinished, to)
    sync(path.dirname(path.resolve(to)))
    return statSync(to).size
  } catch (error) {
    for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${unfinished}${ending}`, { force: true })
    throw toBackupError(error, from, to)
  }
}

function assertFree(from: string, to: string, mayReplace: boolean): void {
  if (existsSync(`${to}-wal`)) {
    throw new AppError('conflict', `${to} is a database in use (there is ${to}-wal): name another file for the backup.`)
  }
  const found = statSync(to, { throwIfNoEntry: false })
  if (!found) return
  const own = statSync(from)
  if (found.ino === own.ino && found.dev === own.dev) {
    throw new AppError('conflict', `${to} is the database itself: name another file for the backup.`)
  }
  if (!found.isFile()) throw new AppError('conflict', `${to} is not a file: name one for the backup.`)
  if (!mayReplace)
    throw new AppError('conflict', `${to} is there already: name another file, or replace it with --force.`)
}

/** What backups that were killed have left behind. */
function removeLeftovers(to: string): void {
  const folder = path.dirname(path.resolve(to))
  if (!existsSync(folder)) throw new AppError('not-found', `There is no folder ${folder}: make it first.`)
  const beginning = `${path.basename(to)}.`
  for (const name of readdirSync(folder)) {
    const [, pid] =
      /^(\d+)\.unfinished(?:-\w+)?$/.exec(name.startsWith(beginning) ? name.slice(beginning.length) : '') ?? []
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(path.join(folder, name), { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * One reading transaction holds still what is copied. Without it every commit of a server would begin the copy anew (SQLite
 * manual, "sqlite3_backup_step"), and under load it would never end.
 */
async function copyPages(from: string, to: string, tell: (fraction: number) => void): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 10_000 })
  try {
    source.exec('begin')
    source.prepare('select count(*) from sqlite_schema').get()
    await backup(source, to, {
      rate: pagesAtOnce,
      progress: ({ totalPages, remainingPages }) => tell((totalPages - remainingPages) / Math.max(1, totalPages)),
    })
    source.exec('commit')
  } finally {
    source.close()
  }
}

/** Makes the copy one file, readable also where nothing can be written, and checks it. */
function seal(file: string): void {
  const copy = new DatabaseSync(file)
  try {
    copy.exec('pragma journal_mode = delete')
    const mark = copy.prepare('pragma application_id').get()?.['application_id']
    const verdict = copy.prepare('pragma quick_check(1)').get()?.['quick_check']
    if (mark !== applicationId || verdict !== 'ok') throw damaged(file)
  } finally {
    copy.close()
  }
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function toBackupError(error: unknown, from: string, to: string): unknown {
  const { code, message, errcode } = error as NodeJS.ErrnoException & { errcode?: number }
  if (isAppError(error, 'invalid')) {
    return new AppError(
      'invalid',
      `${from} is damaged, and so is its copy, which was removed: see lastgood db check.`,
      {
        cause: error,
      },
    )
  }
  if (errcode !== undefined) return toSqliteError(error, to)
  if (code === undefined || isAppError(error)) return error
  return new AppError('unavailable', `${to} cannot be written (${message}).`, { cause: error })
}
