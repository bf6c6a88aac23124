import { hash, randomUUID } from 'node:crypto'
import { AppError, isAppError } from '../domain/app-error.ts'
import { defaultExpectation } from '../domain/expectation.ts'
import type { Instant } from '../domain/instant.ts'
import type { Ping, PingKind } from '../domain/ping.ts'
import { derivePingEnd, type BodyReading } from '../domain/ping-end.ts'
import { redactLog, redactMessages } from '../domain/run-report.ts'
import type { BackupSet, Computer } from '../domain/tree.ts'
import type { Recorder } from './record-run.ts'
import type { PingTarget } from './ping-directory.ts'
import type { PingSource, RecordedPing, Store } from './ports.ts'

/** A ping as it arrived. `reading` is what was read of the end of its run in the body; null: nothing. */
export type ArrivedPing = {
  kind: PingKind
  exitStatus: number | null
  /** A UUID in lower case. */
  rid: string | null
  body: string
  reading: BodyReading | null
  source: PingSource
}

/**
 * Records a ping of a backup set and what follows from it, and answers after it is on disk. Throws `not-found` when the
 * set went in the meantime.
 */
export async function recordPing(
  { store, redact }: Recorder,
  { computer, set }: PingTarget,
  { source, reading, ...arrived }: ArrivedPing,
  now: Instant,
): Promise<Extract<RecordedPing, { outcome: 'recorded' }>> {
  const { accountId, key, acceptsNewSets, isWatched } = computer
  const place = { accountId, computerKey: key, acceptsNewSets, isWatched }
  const ping = toPing(
    set,
    { ...arrived, body: redactLog(arrived.body, redact) },
    reading && { ...reading, messages: redactMessages(reading.messages, redact) },
    now,
  )
  const recorded = await store.recordPing(place, set.id, ping, source)
  if (recorded.outcome === 'recorded') return recorded
  throw new AppError('not-found', 'The backup set of this ping URL was removed.')
}

function toPing(
  set: BackupSet,
  { kind, exitStatus, rid, body }: Omit<ArrivedPing, 'source' | 'reading'>,
  reading: BodyReading | null,
  now: Instant,
): Ping {
  const runKey = rid === null ? randomUUID() : toRunKey(set.id, rid)
  const ping = { exitStatus, rid, runKey, at: now, body }
  if (kind === 'start' || kind === 'log') return { ...ping, kind }
  return { ...ping, kind, end: derivePingEnd({ kind, exitStatus, body }, reading) }
}

/** The key of the run that a rid names: a UUID made of the set and the rid (RFC 9562, 5.8), so that sets do not share runs. */
export function toRunKey(setId: number, rid: string): string {
  const digits = hash('sha256', `lastgood ping ${setId} ${rid}`)
  const variant = ((Number.parseInt(digits.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `8${digits.slice(13, 16)}`]
  return [...parts, `${variant}${digits.slice(17, 20)}`, digits.slice(20, 32)].join('-')
}

const mostNames = 10

/**
 * Adds the set that a ping named by a slug that there is not: unscheduled, and named as its slug. `isNew` is false when
 * another ping was faster. Throws `conflict` when every name that would do is taken by a set of another slug.
 */
export async function addPingedSet(
  store: Store,
  computer: Computer,
  slug: string,
  now: Instant,
): Promise<{ set: BackupSet; isNew: boolean }> {
  const { accountId, key: computerKey } = computer
  for (let count = 1; count <= mostNames; count += 1) {
    const name = count === 1 ? slug : `${slug} ${count}`
    const set = { accountId, computerKey, name, slug, plugin: 'file' as const, ownTimeZone: null }
    try {
      return { set: await store.addBackupSet({ ...set, ...defaultExpectation }, now), isNew: true }
    } catch (error) {
      if (!isAppError(error, 'conflict')) throw error
      const there = (await store.listBackupSets(accountId, computerKey)).find(other => other.slug === slug)
      if (there) return { set: there, isNew: false }
    }
  }
  throw new AppError('conflict', `There are backup sets named ${slug} already, under other slugs.`)
}
