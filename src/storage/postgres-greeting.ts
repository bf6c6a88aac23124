import type pg from 'pg'
import { AppError } from '../domain/app-error.ts'

type Greeting = { direct: boolean; frozen: string }

const answerWithinMs = 5_000

/**
 * The first words on a connection: whether it goes to the server itself, which alone keeps the limits that are set on it,
 * and whether the server is a standby, which cannot be written to.
 */
export async function greet(
  client: pg.PoolClient,
  timeoutMs: number,
): Promise<{ isDirect: boolean; isStandby: boolean }> {
  // The number that the server gave us is its own process, that of a pooler is made up.
  const { processID } = client as unknown as { processID: number | null }
  const isDirect = `pg_backend_pid() = ${processID ?? 0}`
  const limits = limitsOf(timeoutMs).map(
    ([name, value]) => `case when ${isDirect} then set_config('${name}', '${value}', false) end`,
  )
  const text = [`select ${isDirect} as direct`, `current_setting('transaction_read_only') as frozen`, ...limits]
  const question = { text: text.join(', '), query_timeout: answerWithinMs }
  const [row] = (await client.query<Greeting>(question)).rows
  return { isDirect: row?.direct ?? false, isStandby: row?.frozen === 'on' }
}

/** Throws `unavailable`: what must be written to is a standby now. */
export function refuseStandby(): never {
  throw new AppError('unavailable', 'The database cannot answer now (it is a standby, which cannot be written to).')
}

/** Begins a transaction that keeps the limits by itself: what is behind a pooler may be another server each time. */
export function limitedBegin(timeoutMs: number): string {
  return ['begin', ...limitsOf(timeoutMs).map(([name, value]) => `set local ${name} = ${value}`)].join('; ')
}

/** The server's own limits (PostgreSQL manual, "Client Connection Defaults"): none where a statement may take any time. */
function limitsOf(timeoutMs: number): [string, number][] {
  if (timeoutMs === 0) return []
  return [
    ['statement_timeout', timeoutMs],
    ['lock_timeout', Math.ceil(timeoutMs / 2)],
    ['idle_in_transaction_session_timeout', timeoutMs],
  ]
}
