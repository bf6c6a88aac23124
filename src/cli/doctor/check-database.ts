import { existsSync } from 'node:fs'
import { ensureRootPartner } from '../../app/partners.ts'
import type { Store } from '../../app/ports.ts'
import { hashSecret, mintToken } from '../../app/secrets.ts'
import { isAppError } from '../../domain/app-error.ts'
import { type Instant, seconds } from '../../domain/instant.ts'
import { formatUtc } from '../../domain/local-time.ts'
import { isPostgresUrl } from '../../storage/database-url.ts'
import { toShownDatabase } from '../serve/shown-database.ts'
import { type Check, fail, ok, warn } from './check.ts'

/** Opens the database, as every command does, and writes to it. A file that is not there is not made. */
export async function checkDatabase(database: string): Promise<Check[]> {
  const shown = toShownDatabase(database)
  if (!isPostgresUrl(database) && !existsSync(database)) {
    return [
      warn(
        'database',
        `${shown} does not exist: lastgood serve makes it. On a computer that only reports runs there is none.`,
      ),
    ]
  }
  try {
    const { openStore } = await import('../../storage/store.ts')
    const store = await openStore(database)
    try {
      const opens = ok('database', `${shown} opens, and its schema is that of this version.`)
      return [opens, await checkWriting(store), checkWatch(await store.lastPulse(), Date.now())]
    } finally {
      await store.close()
    }
  } catch (error) {
    if (!isAppError(error)) throw error
    return [fail('database', error.message)]
  }
}

const slowWriteMs = 250

/** Writes a token that ended in 1970, so that nobody can use it, and removes it as every ended token is. */
async function checkWriting(store: Store): Promise<Check> {
  const { partner } = await ensureRootPartner(store, Date.now())
  const place = { partnerId: partner.id, accountId: null, computerKey: null }
  const startedAt = performance.now()
  await store.addToken({ hash: hashSecret(mintToken()), scopes: [], clientId: null, place, expiresAt: 0 }, 0)
  const ms = performance.now() - startedAt
  await store.removeExpiredSecrets(1)
  const took = `A write is on disk after ${ms.toFixed(1)} ms`
  if (ms <= slowWriteMs) return ok('write', `${took}.`)
  return warn('write', `${took}, which is slow: look at the load of the disk, or move the database to a faster one.`)
}

const usualPauseMs = seconds(30)

/** Whether a server is judging what becomes due: the last one said so every few seconds. */
export function checkWatch(pulseAt: Instant | undefined, now: Instant): Check {
  if (pulseAt === undefined)
    return warn('watch', 'No server has judged this database yet: start one with lastgood serve.')
  if (now - pulseAt <= usualPauseMs) return ok('watch', 'A server is awake and judges what becomes due.')
  const since = formatUtc(pulseAt)
  return warn(
    'watch',
    `No server has been awake since ${since}, so that nothing is found missed: start lastgood serve.`,
  )
}
