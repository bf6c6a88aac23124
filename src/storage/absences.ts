import type { Absence } from '../domain/absence.ts'
import { type Instant, seconds } from '../domain/instant.ts'
import { raiseTreeVersion } from './data-versions.ts'
import type { Db } from './database.ts'
import { judgeAnew } from './judgements.ts'

/** Between two pulses of a server that is awake: longer, and nobody was. */
const longestPauseMs = seconds(20)

const mostAbsences = 100

/**
 * Says that a server is awake, and stores the time since the last pulse as an absence when it is too long, when it is
 * negative (the clock was set back), or when a server starts.
 */
export async function pulse(db: Db, now: Instant, isStart: boolean): Promise<Absence | undefined> {
  const seenAt = await lastPulse(db)
  await db
    .insertInto('server_pulses')
    .values({ id: 1, seen_at: now })
    .onConflict(conflict => conflict.column('id').doUpdateSet({ seen_at: now }))
    .execute()
  if (seenAt === undefined || (!isStart && Math.abs(now - seenAt) <= longestPauseMs) || now === seenAt) return undefined
  const absence = { from: Math.min(seenAt, now), until: Math.max(seenAt, now) }
  await db.insertInto('absences').values({ from_at: absence.from, until_at: absence.until }).execute()
  // What was found by a clock that ran ahead may not be so.
  if (now < seenAt) await judgeAnew(db, judgements => judgements)
  await raiseTreeVersion(db)
  return absence
}

/** The newest times in which no server was awake, oldest first. */
export async function listAbsences(db: Db): Promise<Absence[]> {
  const rows = await db
    .selectFrom('absences')
    .select(['from_at as from', 'until_at as until'])
    .orderBy('from_at', 'desc')
    .limit(mostAbsences)
    .execute()
  return rows.toReversed()
}

/** When a server of this database last said that it is awake. */
export async function lastPulse(db: Db): Promise<Instant | undefined> {
  const row = await db.selectFrom('server_pulses').select('seen_at').where('id', '=', 1).executeTakeFirst()
  return row?.seen_at
}
