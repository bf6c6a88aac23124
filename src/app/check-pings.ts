import type { Instant } from '../domain/instant.ts'
import { deriveRunCondition, type Policy } from '../domain/condition.ts'
import type { PingKind } from '../domain/ping.ts'
import { hasEnded } from '../domain/run.ts'
import type { CheckTarget } from './checks.ts'
import type { Facts } from './current-conditions.ts'
import type { PingSource, StoredPing, StoredRun } from './ports.ts'

/** A ping of a check, or a run that was reported in another way and stands for one. */
export type CheckPing = {
  /** The number of the ping; of a run its id. */
  n: number
  at: Instant
  kind: PingKind
  /** Null of a run that was reported in another way. */
  source: PingSource | null
  rid: string | null
  /** How long the run took that ended then; null where that is not known. */
  durationMs: number | null
  /** The run whose log is the body; null where that is empty. */
  loggedRunId: number | null
  /** The tool that says so of a run. */
  tool: string | null
}

/** How many runs are shown as pings where a set is not pinged: as many as `n_pings` counts. */
const mostRuns = 100
const mostPings = 1_000

/**
 * The pings of a check, newest first. Of a set that was reported in other ways since it was last pinged, if ever, they are
 * its runs, so that the list tells what happened last.
 */
export async function listCheckPings(
  { store, directory, version }: Facts,
  { computer, set }: CheckTarget,
  now: Instant,
): Promise<CheckPing[]> {
  const { accountId, id } = set
  const pings = await store.listPings(accountId, id, mostPings)
  const [newest] = pings
  const later = await store.listBackupRuns(accountId, id, newest ? newest.at + 1 : 0, mostRuns)
  const isReported = newest === undefined || later.length > 0
  const runs = isReported && newest ? await store.listBackupRuns(accountId, id, 0, mostRuns) : later
  const policy = await directory.policyOf(version, computer.partnerPath)
  const shown = isReported ? runs.toReversed().map(run => fromRun(run, policy, now)) : fromPings(pings)
  const logged = new Set(
    await store.findLoggedRuns(
      accountId,
      shown.flatMap(({ loggedRunId }) => loggedRunId ?? []),
    ),
  )
  return shown.map(ping => (ping.loggedRunId !== null && logged.has(ping.loggedRunId) ? ping : withoutBody(ping)))
}

/** What the run of a ping has logged; undefined where there is no such ping, or nothing was logged. */
export async function findPingBody(
  facts: Facts,
  target: CheckTarget,
  n: number,
  now: Instant,
): Promise<string | undefined> {
  const ping = (await listCheckPings(facts, target, now)).find(one => one.n === n)
  if (!ping || ping.loggedRunId === null) return undefined
  const { accountId, key } = target.computer
  return (await facts.store.findRunLog(accountId, key, ping.loggedRunId))?.log
}

function withoutBody(ping: CheckPing): CheckPing {
  return { ...ping, loggedRunId: null }
}

/** Ends are paired with the starts of their rid, as Healthchecks does; a rid that is missing is one, too. */
function fromPings(newestFirst: readonly StoredPing[]): CheckPing[] {
  const starts = new Map<string | null, Instant>()
  const pings = newestFirst.toReversed().map(({ n, at, kind, rid, runId, ...source }): CheckPing => {
    const startedAt = starts.get(rid)
    const isEnd = kind === 'success' || kind === 'fail'
    if (kind === 'start') starts.set(rid, at)
    if (isEnd) starts.delete(rid)
    const durationMs = isEnd && startedAt !== undefined ? at - startedAt : null
    // What a start sent is part of the log of its run, which the ping of its end shows.
    return { n, at, kind, source, rid, durationMs, loggedRunId: kind === 'start' ? null : runId, tool: null }
  })
  return pings.reverse()
}

/** By the policy, so that what is up has not failed. */
function fromRun(run: StoredRun, policy: Policy, now: Instant): CheckPing {
  const { id, startedAt, updatedAt, tool } = run
  const common = { n: id, source: null, rid: null, loggedRunId: id, tool }
  if (!hasEnded(run)) return { ...common, at: startedAt, kind: 'start', durationMs: null }
  const { status } = deriveRunCondition(run, startedAt + run.runLimitMs, now, policy)
  const kind = status === 'FAILURE' ? 'fail' : 'success'
  return { ...common, at: updatedAt, kind, durationMs: updatedAt > startedAt ? updatedAt - startedAt : null }
}
