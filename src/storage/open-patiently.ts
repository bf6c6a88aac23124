import { setTimeout } from 'node:timers/promises'
import type { Store } from '../app/ports.ts'
import { isAppError } from '../domain/app-error.ts'
import { isPostgresUrl } from './database-url.ts'
import type { PostgresOptions } from './postgres-pool.ts'
import { openStore } from './store.ts'

type PatientOptions = Omit<PostgresOptions, 'url'> & { onWait: (failure: Error, pauseMs: number) => void }

const patienceMs = 60_000
const firstPauseMs = 500
const longestPauseMs = 8_000

/**
 * Opens a store as `openStore` does, and waits for a PostgreSQL database that is away: for up to a minute, with pauses that
 * grow and are never quite the same; `onWait` is told of each. What no waiting mends fails at once: a wrong password, a
 * database that there is not.
 */
export async function openPatiently(database: string, { onWait, ...options }: PatientOptions): Promise<Store> {
  const giveUpAt = performance.now() + patienceMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    try {
      return await openStore(database, options)
    } catch (error) {
      const mayHeal = isPostgresUrl(database) && isAppError(error, 'unavailable') && !isRefusal(error)
      const actualMs = Math.round(pauseMs * (0.5 + Math.random() / 2))
      if (!mayHeal || performance.now() + actualMs > giveUpAt) throw error
      onWait(error, actualMs)
      await setTimeout(actualMs)
    }
  }
}

/** Whether the server is there and knows no such user, password or database (PostgreSQL manual, "PostgreSQL Error Codes"). */
function isRefusal({ cause }: Error): boolean {
  return /^(?:28|3D000)/.test(String((cause as { code?: unknown } | undefined)?.code))
}
