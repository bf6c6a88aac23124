import type { Retained, RetentionRequest } from '../app/ports.ts'
import { days, type Instant } from '../domain/instant.ts'
import type { SqlDialect } from './database.ts'
import { buildRetentionStatements, mostRows } from './retention-statements.ts'
import type { RowsStatement, RunStatement } from './rows-statement.ts'

type ClaimedRow = { account_id: number; after_set: number | null; run_days: number | null; log_days: number | null }
type SetRow = { set_id: number; has_runs: unknown; has_changes: unknown; has_pings: unknown }
type RunRow = { id: number; started_at: number; log_bytes: number | null }
type LogRow = { id: number; log_bytes: number | null }
type Place = { account_id: number; set_id: number | null; before: Instant }

/** What went so far, and how many rows of all kinds that were. */
type Gone = Pick<Retained, 'runs' | 'logs' | 'logBytes'> & { rows: number }

/** What the logs that one transaction removes may hold together: giving back their pages takes the time. */
const mostLogBytes = 4 * 1024 * 1024

const againMs = days(1)

/**
 * Builds what removes a batch of what an account keeps no longer, inside a transaction that its caller has begun. One
 * account that is due is claimed; who dies gives it back with the transaction. How far removing has come is kept with it.
 */
export function buildRetain(dialect: SqlDialect): (run: RunStatement, request: RetentionRequest) => Promise<Retained> {
  const statements = buildRetentionStatements(dialect)

  return async (run, request) => {
    const gone: Gone = { runs: 0, logs: 0, logBytes: 0, rows: 0 }
    const [claimed] = await run<ClaimedRow>(statements.claim, [request])
    if (!claimed) {
      const added = await run(statements.addAccounts, [request])
      return { ...gone, hasMore: added.length > 0 }
    }
    await run(statements.lockAccount, [claimed])
    const isDone = await removeSome(run, claimed, { request, gone })
    if (isDone) await run(statements.moveOn, [{ ...claimed, next_at: request.now + againMs, after_set: null }])
    return { ...gone, hasMore: true }
  }

  /** Answers whether nothing of the account is left to be removed. */
  async function removeSome(
    run: RunStatement,
    claimed: ClaimedRow,
    { request, gone }: { request: RetentionRequest; gone: Gone },
  ): Promise<boolean> {
    const { account_id, run_days, log_days } = claimed
    const logsBefore = toLimit(request.now, log_days ?? request.logDays)
    if (logsBefore !== null) await removeOldLogs(run, { account_id, before: logsBefore }, gone)
    if (isEnough(gone)) return false
    const before = toLimit(request.now, run_days ?? request.runDays)
    if (before === null) return true
    if (claimed.after_set === null) {
      await run(statements.removeSightings, [{ account_id, before }])
      const isWhole = await removeRuns(run, { account_id, set_id: null, before }, gone)
      if (!isWhole) return false
    }
    const after = { ...claimed, after_set: claimed.after_set ?? 0 }
    const sets = await run<SetRow>(statements.findSets, [{ ...after, before }])
    for (const set of sets) {
      if (isEnough(gone) || !(await removeOfSet(run, { ...set, account_id, before }, gone))) break
      after.after_set = set.set_id
    }
    await run(statements.moveOn, [{ account_id, next_at: null, after_set: after.after_set }])
    return sets.length < mostRows && after.after_set === (sets.at(-1)?.set_id ?? after.after_set)
  }

  /** Answers whether nothing of the set is left to be removed. */
  async function removeOfSet(run: RunStatement, set: SetRow & Place, gone: Gone): Promise<boolean> {
    const changes = set.has_changes ? await run(statements.removeChanges, [set]) : []
    const pings = set.has_pings ? await run(statements.removePings, [set]) : []
    gone.rows += changes.length + pings.length
    const isWhole = !set.has_runs || (await removeRuns(run, set, gone))
    return isWhole && changes.length < mostRows && pings.length < mostRows
  }

  /** Removes old runs of a set, or of none, with what belongs to them; answers whether no more of them are to go. */
  async function removeRuns(run: RunStatement, place: Place, gone: Gone): Promise<boolean> {
    const find = place.set_id === null ? statements.findRunsWithoutSet : statements.findRuns
    const found = await run<RunRow>(find, [place])
    const runs = takeSome(found, gone)
    if (runs.length > 0) {
      const rows = runs.map(({ id, started_at }) => ({ account_id: place.account_id, id, started_at }))
      await removeLogsOf(run, place.account_id, { runs, gone })
      await run(statements.removeAwaited, rows)
      await run(statements.removeRuns, rows)
      gone.runs += runs.length
      gone.rows += runs.length
    }
    return runs.length === found.length && found.length < mostRows
  }

  async function removeOldLogs(run: RunStatement, place: Omit<Place, 'set_id'>, gone: Gone): Promise<void> {
    const removeFound = async (find: RowsStatement) =>
      removeLogsOf(run, place.account_id, { runs: takeSome(await run<LogRow>(find, [place]), gone), gone })
    await removeFound(statements.findLogs)
    if (!isEnough(gone)) await removeFound(statements.findUndatedLogs)
  }

  async function removeLogsOf(
    run: RunStatement,
    accountId: number,
    { runs, gone }: { runs: LogRow[]; gone: Gone },
  ): Promise<void> {
    const logged = runs.filter(({ log_bytes }) => log_bytes !== null)
    const rows = logged.map(({ id }) => ({ account_id: accountId, id }))
    await run(statements.removeLogs, rows)
    gone.logs += logged.length
    gone.rows += logged.length
    gone.logBytes += logged.reduce((sum, { log_bytes }) => sum + (log_bytes ?? 0), 0)
  }
}

/** What is older goes; null: nothing does. */
function toLimit(now: Instant, keptDays: number): Instant | null {
  return keptDays === 0 ? null : now - days(keptDays)
}

function isEnough({ rows, logBytes }: Gone): boolean {
  return rows >= mostRows || logBytes >= mostLogBytes
}

/** As many as may go in this transaction; the first always, or it would never. */
function takeSome<Row extends LogRow>(rows: Row[], { logBytes }: Gone): Row[] {
  let bytes = logBytes
  return rows.filter((row, index) => {
    bytes += row.log_bytes ?? 0
    return index === 0 || bytes <= mostLogBytes
  })
}
