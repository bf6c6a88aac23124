import type { RecordedPing, RunPlace } from '../app/ports.ts'
import { days } from '../domain/instant.ts'
import { decidePing, type PingDecision, type PingedRun, type PingedSet } from '../domain/ping.ts'
import type { RunMessage } from '../domain/run.ts'
import type { PingRequest, SqlDialect } from './database.ts'
import { buildPingStatements, mostPings } from './ping-statements.ts'
import { buildRecordBatch } from './record-batch.ts'
import { buildRecordStatements } from './record-statements.ts'
import type { RunStatement } from './rows-statement.ts'
import { toRunFacts } from './run-columns.ts'
import { buildNoteSightings } from './sightings.ts'
import type { RunColumns } from './tables.ts'

type RunRow = RunColumns & { set_id: number; id: number; run_key: string; rid: string | null; awaiting: number | null }
type LogRow = { run_id: number; messages: string; log: string }

/** A run as the ping finds it, and its number. */
type FoundRun = PingedRun & { id: number }

/** A ping with what is known of its set and what follows. */
type Entry = { request: PingRequest; ids: Map<string, number>; decision: PingDecision }

/** After so long a run that pings started is no longer waited for. */
const longestWaitMs = days(30)

/**
 * Builds what records a batch of pings, inside a transaction that its caller has begun. Pings of one set follow each
 * other, because what one means depends on the one before: each round takes the next ping of every set.
 */
export function buildRecordPings(
  dialect: SqlDialect,
): (run: RunStatement, batch: PingRequest[]) => Promise<RecordedPing[]> {
  const statements = buildPingStatements(dialect)
  const { raiseVersions, setLogs } = buildRecordStatements(dialect)
  const recordBatch = buildRecordBatch(dialect)
  const noteSightings = buildNoteSightings(dialect)

  return async (run, batch) => {
    // Every account at once and in order, before anything is read: batches of several processes wait for each other here.
    const accounts = new Set(batch.map(({ place }) => place.accountId))
    await run(
      raiseVersions,
      [...accounts].map(account_id => ({ account_id })),
    )
    const results = new Map<PingRequest, RecordedPing>()
    for (const round of toRounds(batch)) {
      for (const [request, result] of await recordRound(run, round)) results.set(request, result)
    }
    const seen = batch.filter(({ place }) => place.isWatched)
    await noteSightings(
      run,
      seen.map(({ place, ping }) => ({ accountId: place.accountId, computerKey: place.computerKey, seenAt: ping.at })),
    )
    return batch.map(request => results.get(request) ?? { outcome: 'unknown-set' })
  }

  async function recordRound(run: RunStatement, round: PingRequest[]): Promise<[PingRequest, RecordedPing][]> {
    const sets = await findSets(run, round)
    const entries = round.flatMap(request => {
      const found = sets.get(request.setId)
      return found ? [{ request, ids: found.ids, decision: decidePing(request.ping, found.set) }] : []
    })
    await record(run, entries)
    await run(statements.begin, entries.flatMap(toBegunRow))
    await run(statements.forgetBegun, entries.filter(({ decision }) => decision.begun).map(toOldRow))
    await run(statements.end, entries.flatMap(toEndedRows))
    const added = await run<{ set_id: number; n: number }>(statements.addPings, entries.map(toPingRow))
    await run(
      statements.forgetPings,
      added.filter(({ n }) => n > mostPings),
    )
    const numbers = new Map(added.map(({ set_id, n }) => [set_id, n]))
    return entries.map(entry => {
      const n = numbers.get(entry.request.setId) ?? 0
      return [entry.request, { outcome: 'recorded', n, runId: runIdOf(entry) }]
    })
  }

  /** Records what follows for runs, and completes the numbers of the entries' runs. */
  async function record(run: RunStatement, entries: Entry[]): Promise<void> {
    const reports = entries.flatMap(({ request, decision, ids }) =>
      decision.reports.map(report => ({ place: request.place, report, ids })),
    )
    const recorded = await recordBatch(run, reports)
    for (const [index, result] of recorded.entries()) {
      if ('run' in result) reports[index]?.ids.set(result.run.runKey, result.run.id)
    }
    await run(setLogs, entries.flatMap(toLogRow))
  }

  async function findSets(
    run: RunStatement,
    round: PingRequest[],
  ): Promise<Map<number, { set: PingedSet; ids: Map<string, number> }>> {
    const sets = await run<{ set_id: number; name: string }>(statements.findSets, round.map(toSetRow))
    const withRid = round.filter(({ ping }) => ping.rid !== null)
    const own = await run<RunRow>(statements.findOwnRuns, withRid.map(toSetRow))
    const open = await run<RunRow>(statements.findOpenRuns, round.map(toSetRow))
    const logs = round.filter(({ ping }) => ping.kind === 'log')
    const newest = await run<RunRow>(statements.findNewestRuns, logs.map(toSetRow))
    const said = await findLogs(run, round, [...own, ...open, ...newest])
    const requests = new Map(round.map(request => [request.setId, request]))
    return new Map(
      sets.map(({ set_id, name }) => {
        const of = (rows: RunRow[]) => rows.filter(row => row.set_id === set_id).map(row => toFoundRun(row, said))
        const [ownRun] = of(own)
        const rid = requests.get(set_id)?.ping.rid ?? null
        const found = { own: ownRun && { ...ownRun, rid }, open: of(open), newest: of(newest)[0] }
        const runs = [found.own, ...found.open, found.newest].filter(one => one !== undefined)
        return [set_id, { set: { name, ...found }, ids: new Map(runs.map(({ runKey, id }) => [runKey, id])) }]
      }),
    )
  }

  /** What runs have logged so far. A start that brings nothing to log needs none of it. */
  async function findLogs(run: RunStatement, round: PingRequest[], rows: RunRow[]): Promise<Map<number, LogRow>> {
    const needed = new Map(
      round.filter(({ ping }) => ping.body !== '' || 'end' in ping).map(({ setId, place }) => [setId, place]),
    )
    const wanted = new Map(
      rows.flatMap(({ id, set_id }) => {
        const place = needed.get(set_id)
        return place ? [[id, { account_id: place.accountId, run_id: id }] as const] : []
      }),
    )
    const logs = await run<LogRow>(statements.findLogs, [...wanted.values()])
    return new Map(logs.map(row => [row.run_id, row]))
  }
}

/** The pings of a batch in rounds in which no set occurs twice, each set's pings in the order in which they came. */
function toRounds(batch: PingRequest[]): PingRequest[][] {
  const rounds: PingRequest[][] = []
  const counts = new Map<number, number>()
  for (const request of batch) {
    const index = counts.get(request.setId) ?? 0
    counts.set(request.setId, index + 1)
    const round = (rounds[index] ??= [])
    round.push(request)
  }
  return rounds
}

function toFoundRun(row: RunRow, logs: Map<number, LogRow>): FoundRun {
  const said = logs.get(row.id)
  return {
    id: row.id,
    runKey: row.run_key,
    rid: row.rid,
    facts: toRunFacts(row),
    awaitsEnd: row.awaiting !== null,
    // Only the recording of runs writes messages, and it is handed checked ones.
    messages: JSON.parse(said?.messages ?? '[]') as RunMessage[],
    log: said?.log ?? '',
  }
}

function runIdOf({ decision, ids }: Entry): number | null {
  return decision.runKey === null ? null : (ids.get(decision.runKey) ?? null)
}

const toPlaceRow = ({ accountId, computerKey }: RunPlace) => ({ account_id: accountId, computer_key: computerKey })
const toSetRow = ({ place, setId, ping }: PingRequest) => ({
  ...toPlaceRow(place),
  set_id: setId,
  run_key: ping.runKey,
})

function toBegunRow({ request, decision, ids }: Entry): object[] {
  const runId = decision.begun === null ? undefined : ids.get(decision.begun)
  const { rid, at } = request.ping
  return runId === undefined ? [] : [{ ...toSetRow(request), run_id: runId, rid, started_at: at }]
}

function toOldRow({ request }: Entry): object {
  return { ...toSetRow(request), before: request.ping.at - longestWaitMs }
}

function toEndedRows({ request, decision, ids }: Entry): object[] {
  const runIds = decision.ended.map(runKey => ids.get(runKey)).filter(id => id !== undefined)
  return runIds.map(run_id => ({ account_id: request.place.accountId, run_id }))
}

function toLogRow({ request, decision, ids }: Entry): object[] {
  const { logged } = decision
  const run_id = logged && ids.get(logged.runKey)
  if (!logged || run_id === undefined) return []
  const messages = JSON.stringify(logged.messages)
  return [{ account_id: request.place.accountId, run_id, messages, log: logged.log, received_at: request.ping.at }]
}

function toPingRow(entry: Entry): object {
  const { ping, source } = entry.request
  return {
    ...toSetRow(entry.request),
    at: ping.at,
    kind: ping.kind,
    exit_status: ping.exitStatus,
    method: source.method,
    scheme: source.scheme,
    remote_addr: source.remoteAddress,
    user_agent: source.userAgent,
    rid: ping.rid,
    run_id: runIdOf(entry),
  }
}
