import { sql } from 'kysely'
import type { LastAwake } from '../app/ports.ts'
import type { Absence } from '../domain/absence.ts'
import { type Instant, seconds } from '../domain/instant.ts'
import { raiseTreeVersion } from './data-versions.ts'
import type { Db, SqlDialect } from './database.ts'
import { judgeAnew } from './judgements.ts'

/** Between two pulses of a server that is awake: longer, and it was not. Also how far the clocks of two may differ. */
const longestPauseMs = seconds(20)

const mostAbsences = 100

/**
 * Says that a server is awake, and stores the time in which none was. Whoever was awake himself knows that there was no such
 * time, whatever others have stored by their clocks. Whoever starts was away since the last pulse, unless another has come
 * since he looked; whoever has slept, unless another is awake now; and whose clock was set back, was away by that.
 */
export async function pulse(
  db: Db,
  { timeline }: Pick<SqlDialect, 'timeline'>,
  now: Instant,
  last: LastAwake,
): Promise<Absence | undefined> {
  const seenAt = await lockPulse(db, now)
  const absence = deriveAbsence(seenAt, now, last)
  await db
    .updateTable('server_pulses')
    .set({ seen_at: absence ? now : newest(seenAt, now), timeline: sql<number | null>`${sql.raw(timeline)}` })
    .where('id', '=', 1)
    .execute()
  if (!absence) return undefined
  await db.insertInto('absences').values({ from_at: absence.from, until_at: absence.until }).execute()
  // What was found by a clock that ran ahead may not be so.
  if (absence.from === now) await judgeAnew(db, judgements => judgements)
  await raiseTreeVersion(db)
  return absence
}

/** When somebody was last seen; nobody else says anything until the transaction ends. */
async function lockPulse(db: Db, now: Instant): Promise<Instant> {
  const { seen_at: seenAt } = await db
    .insertInto('server_pulses')
    .values({ id: 1, seen_at: now, timeline: null })
    .onConflict(conflict => conflict.column('id').doUpdateSet({ seen_at: sql<number>`server_pulses.seen_at` }))
    .returning('seen_at')
    .executeTakeFirstOrThrow()
  return seenAt
}

function deriveAbsence(seenAt: Instant, now: Instant, { pulsedAt, found }: LastAwake): Absence | undefined {
  if (pulsedAt === undefined) {
    const isAlone = found === undefined || found === seenAt
    return isAlone && seenAt !== now ? { from: Math.min(seenAt, now), until: Math.max(seenAt, now) } : undefined
  }
  if (isNear(pulsedAt, now)) return undefined
  if (now < pulsedAt) return { from: now, until: newest(seenAt, pulsedAt) }
  if (seenAt > pulsedAt && isNear(seenAt, now)) return undefined
  return { from: seenAt > pulsedAt && seenAt < now ? seenAt : pulsedAt, until: now }
}

function isNear(one: Instant, other: Instant): boolean {
  return Math.abs(one - other) <= longestPauseMs
}

/** The later of both; but what is far ahead was written by a clock that is wrong. */
function newest(seenAt: Instant, now: Instant): Instant {
  return seenAt > now && isNear(seenAt, now) ? seenAt : now
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
