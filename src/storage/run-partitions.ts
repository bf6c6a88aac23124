import { sql } from 'kysely'
import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import type { Database, Db } from './database.ts'

/** A part of the runs: those that started at `from` or later, and before `until`. */
export type RunPartition = { name: string; from: Instant; until: Instant }

/** This month and so many more have a partition of their own. */
const monthsAhead = 2

/** How long a change of the partitions waits for those who use them; whoever comes later waits behind it. */
const longestLockWaitMs = 300

/**
 * Makes the partitions of this month and of the next two where they are missing, and answers their names: nothing where
 * they are there, where another process is at it, and on SQLite, which has one table. Runs of the month that are stored
 * already move into it. Throws `unavailable` when somebody uses the table for too long: then it is to be tried again.
 */
export async function keepPartitions({ unhurried: writer, dialect }: Database, now: Instant): Promise<string[]> {
  if (dialect.kind === 'sqlite') return []
  const made: string[] = []
  for (let ahead = 0; ahead <= monthsAhead; ahead += 1) {
    const month = monthOf(now, ahead)
    if (isCovered(await listPartitions(writer), month)) continue
    if (await inShortLocks(writer, db => addPartition(db, month))) made.push(month.name)
  }
  return made
}

/** The month that is so many months after that of an instant, in UTC, and the name of its partition. */
export function monthOf(now: Instant, ahead = 0): RunPartition {
  const date = new Date(now)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + ahead]
  const from = Date.UTC(year, month)
  const name = `runs_${new Date(from).toISOString().slice(0, 7).replace('-', '_')}`
  return { name, from, until: Date.UTC(year, month + 1) }
}

/** The partitions that have bounds, oldest first. */
export async function listPartitions(db: Db): Promise<RunPartition[]> {
  const { rows } = await sql<{ name: string; bounds: string }>`
    select part.relname as name, pg_get_expr(part.relpartbound, part.oid) as bounds
    from pg_inherits join pg_class as part on part.oid = inhrelid where inhparent = 'runs'::regclass`.execute(db)
  return rows
    .flatMap(({ name, bounds }) => {
      const [, from, until] = /FROM \('?(-?\d+|MINVALUE)'?\) TO \('?(-?\d+)'?\)/.exec(bounds) ?? []
      if (from === undefined || until === undefined) return []
      return [{ name, from: from === 'MINVALUE' ? -Infinity : Number(from), until: Number(until) }]
    })
    .toSorted((one, other) => one.until - other.until)
}

function isCovered(partitions: RunPartition[], { from, until }: RunPartition): boolean {
  return partitions.some(partition => partition.from < until && partition.until > from)
}

/** Answers whether it was this process that added the month. */
async function addPartition(db: Db, month: RunPartition): Promise<boolean> {
  if (!(await isOnlyOne(db)) || isCovered(await listPartitions(db), month)) return false
  const { name, from, until } = month
  await run(db, `create table ${name} (like runs including defaults including indexes)`)
  // In the order in which writers take them. From here on nobody adds a run of the month elsewhere.
  await run(db, 'lock table runs in share update exclusive mode')
  await run(db, 'lock table only runs_other in access exclusive mode')
  await run(
    db,
    `with early as (delete from runs_other where started_at >= ${from} and started_at < ${until} returning *)
      insert into ${name} select * from early`,
  )
  await run(db, `alter table runs attach partition ${name} for values from (${from}) to (${until})`)
  return true
}

/** Whether no other process changes the partitions just now: until the transaction ends none does. */
export async function isOnlyOne(db: Db): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('lastgood partitions', 0)) as is`.execute(db)
  return rows[0]?.is ?? false
}

/** Does something in a transaction that gives up where it would hold up others for long. */
export async function inShortLocks<Result>(writer: Db, work: (db: Db) => Promise<Result>): Promise<Result> {
  try {
    return await writer.transaction().execute(async db => {
      await run(db, `set local lock_timeout = ${longestLockWaitMs}`)
      return work(db)
    })
  } catch (error) {
    if ((error as { code?: unknown }).code !== lockNotAvailable) throw error
    throw new AppError('unavailable', 'The runs are in use: their partitions are to be changed again later.', {
      cause: error,
    })
  }
}

/** PostgreSQL manual, "PostgreSQL Error Codes". */
const lockNotAvailable = '55P03'

/** Runs the text of a statement of which nothing comes from outside. */
export async function run(db: Db, text: string): Promise<void> {
  await sql.raw(text).execute(db)
}
