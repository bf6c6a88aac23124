import type { RecordedRun, SeenComputer, StoredRun } from '../app/ports.ts'
import type { RunReport } from '../domain/run-report.ts'
import { compareRuns, hasEnded, mergeRun, outranks, type Plugin, type RunFacts } from '../domain/run.ts'
import { isGoodBackup } from '../domain/condition.ts'
import { defaultRunLimitMs } from '../domain/expectation.ts'
import { toSlug } from '../domain/slug.ts'
import type { RecordRequest, SqlDialect } from './database.ts'
import { buildRecordStatements } from './record-statements.ts'
import type { RunStatement } from './rows-statement.ts'
import { toRunColumns, toRunFacts } from './run-columns.ts'
import { buildNoteSightings } from './sightings.ts'
import type { RunColumns } from './tables.ts'
import { treeOfAdministration } from './tree-of-administration.ts'

type SetRow = {
  id: number
  account_id: number
  computer_key: number
  name: string
  plugin: string
  run_limit_ms: number
}
type RunRow = RunColumns & {
  id: number
  computer_key: number
  set_id: number | null
  run_key: string
  received_at: number
  set_name: string | null
  run_limit_ms: number | null
}

/** A run that the batch touches: as it will be stored, and what has to be written for that. */
type Entry = {
  request: RecordRequest
  setId: number | null
  run: StoredRun
  /** What the outranking report of the batch logged. */
  said: Pick<RunReport, 'messages' | 'log' | 'receivedAt'> | null
  change: 'none' | 'added' | 'changed'
  /** When the run started as it was stored before: where it is to be found. */
  knownStart: number | null
  /** Whether the run may no longer be the newest backup of its set. */
  steppedBack: boolean
  /** Whether, as it was stored before, the run told the bytes of a good backup. */
  toldBytes: boolean
}

/**
 * Builds what records a batch of reports, inside a transaction that its caller has begun. How many statements it takes
 * does not depend on the size of the batch. Each account is locked first, by its version and in order, so that the
 * batches of several processes neither mix nor block each other for good.
 */
export function buildRecordBatch(
  dialect: SqlDialect,
): (run: RunStatement, batch: RecordRequest[]) => Promise<RecordedRun[]> {
  const statements = buildRecordStatements(dialect)
  const noteSightings = buildNoteSightings(dialect)

  return async (run, batch) => {
    const places = unique(batch, ({ place }) => String(place.accountId)).map(toPlaceRow)
    const raised = await run<{ account_id: number; version: number }>(statements.raiseVersions, places)
    const versions = new Map(raised.map(({ account_id, version }) => [account_id, version]))
    const entries = await findEntries(run, batch)
    const hasNoSet = (request: RecordRequest) => typeof entries.get(runNameOf(request))?.setId !== 'number'
    const sets = await findOrAddSets(run, batch.filter(hasNoSet))
    const results = batch.map(request => fold(entries, sets, request))
    await write(run, [...entries.values()], versions)
    await noteSightings(run, batch.filter(({ place }) => place.isWatched).map(toSeenComputer))
    return results
  }

  async function findEntries(run: RunStatement, batch: RecordRequest[]): Promise<Map<string, Entry>> {
    const requests = new Map(batch.map(request => [runNameOf(request), request]))
    const rows = await run<RunRow>(statements.findRuns, [...requests.values()].map(toRunName))
    return new Map(
      rows.flatMap(row => {
        const name = nameOf(row.computer_key, row.run_key)
        const request = requests.get(name)
        return request ? [[name, toEntry(row, request)] as const] : []
      }),
    )
  }

  async function findOrAddSets(run: RunStatement, batch: RecordRequest[]): Promise<Map<string, SetRow>> {
    const wanted = unique(batch, setNameOf).flatMap(toSetRow)
    const sets = new Map<string, SetRow>()
    const keep = (rows: SetRow[]) => rows.forEach(row => sets.set(nameOf(row.computer_key, row.name), row))
    keep(await run<SetRow>(statements.findSets, wanted))
    const isMissing = (request: RecordRequest) =>
      request.report.type === 'backup' && request.place.acceptsNewSets && !sets.has(setNameOf(request))
    const missing = unique(batch.filter(isMissing), setNameOf).flatMap(toSetRow)
    if (missing.length === 0) return sets
    // New sets are a change of the tree, which is locked before they are made.
    await run(statements.raiseVersions, [{ account_id: treeOfAdministration }])
    const added = await run<SetRow>(statements.addSets, missing)
    await run(statements.addJudgements, added)
    keep(added)
    return sets
  }

  async function write(run: RunStatement, entries: Entry[], versions: Map<number, number>): Promise<void> {
    const toFullRow = (entry: Entry) => ({
      ...toStoredRow(entry),
      version: versions.get(entry.request.place.accountId) ?? 0,
    })
    const added = entries.filter(({ change }) => change === 'added')
    const rows = await run<RunRow>(statements.addRuns, added.map(toFullRow))
    const ids = new Map(rows.map(row => [nameOf(row.computer_key, row.run_key), row.id]))
    for (const entry of added) entry.run.id = ids.get(runNameOf(entry.request)) ?? 0

    const changed = entries.filter(({ change }) => change === 'changed')
    await run(statements.changeRuns, changed.map(toFullRow))
    const written = [...added, ...changed]
    await run(statements.setLogs, [...added.filter(logsSomething), ...changed].flatMap(toLogRows))
    await writeStates(run, written, toFullRow)
  }

  async function writeStates(run: RunStatement, written: Entry[], toRow: (entry: Entry) => object): Promise<void> {
    const backups = written.filter(entry => entry.run.type === 'backup')
    const newest = newestOfEachSet(backups)
    const led = await run<{ set_id: number }>(statements.setStates, newest.map(toRow))
    const steppedBack = written.filter(({ change, steppedBack, setId }) => change === 'changed' && steppedBack && setId)
    await run(statements.dropStates, steppedBack.map(toRow))
    await run(statements.restoreStates, steppedBack.map(toRow))
    await run(statements.judgeAnew, steppedBack.map(toRow))
    // A new good run that is the newest of its set says all that there is to say of it.
    const leading = new Set(led.map(({ set_id }) => set_id))
    const saysAll = new Set(
      newest.filter(({ change, run, setId }) => change === 'added' && isGoodBackup(run) && leading.has(setId ?? 0)),
    )
    const others = written.filter(entry => entry.setId !== null && !saysAll.has(entry))
    await run(statements.summarizeStates, unique(others, ({ setId }) => String(setId)).map(toRow))
    await writeBytes(run, others, toRow)
  }

  /** Writes what sets take up. Only where a run no longer tells what it told is the history looked into. */
  async function writeBytes(run: RunStatement, written: Entry[], toRow: (entry: Entry) => object): Promise<void> {
    const told = newestOfEachSet(written.filter(entry => tellsBytes(entry.run)))
    await run(statements.tellBytes, told.map(toRow))
    const lost = written.filter(
      ({ change, steppedBack, toldBytes }) => change === 'changed' && (steppedBack || toldBytes),
    )
    await run(statements.findBytes, unique(lost, ({ setId }) => String(setId)).map(toRow))
  }
}

/** Folds one report into the runs of the batch, in the order of the batch. */
function fold(entries: Map<string, Entry>, sets: Map<string, SetRow>, request: RecordRequest): RecordedRun {
  const { report } = request
  const known = entries.get(runNameOf(request))
  const set = sets.get(setNameOf(request))
  if (known) return foldInto(known, request, set)
  if (!set && report.type === 'backup') return { outcome: 'unknown-set' }
  const entry: Entry = {
    request,
    setId: set?.id ?? null,
    run: {
      ...factsOf(request, set ? pluginOf(set) : 'file'),
      id: 0,
      runKey: report.runKey,
      backupsetName: set?.name ?? null,
      runLimitMs: set?.run_limit_ms ?? defaultRunLimitMs,
      receivedAt: report.receivedAt,
    },
    said: report,
    change: 'added',
    knownStart: null,
    steppedBack: false,
    toldBytes: false,
  }
  entries.set(runNameOf(request), entry)
  return { outcome: 'created', run: entry.run }
}

function foldInto(entry: Entry, request: RecordRequest, set: SetRow | undefined): RecordedRun {
  const { run } = entry
  const named = request.report.backupsetName
  if (named !== null && run.backupsetName !== null && named !== run.backupsetName) return { outcome: 'other-set' }
  if (entry.setId === null && !set && request.report.type === 'backup') return { outcome: 'unknown-set' }
  const reported = factsOf(request, entry.setId === null && set ? pluginOf(set) : run.plugin)
  const merged = mergeRun(run, { ...run, ...reported })
  const leads = outranks(reported, run)
  const startMoved = merged.startedAt !== run.startedAt || merged.startedOffset !== run.startedOffset
  if (!leads && !startMoved) return { outcome: 'repeated', run }
  if (leads) entry.said = request.report
  entry.steppedBack ||= startMoved || merged.type !== run.type || compareRuns(merged, run) < 0
  if (entry.change === 'none') entry.change = 'changed'
  Object.assign(run, merged)
  if (entry.setId === null && set) {
    entry.setId = set.id
    run.backupsetName = set.name
    run.runLimitMs = set.run_limit_ms
  }
  return { outcome: 'updated', run }
}

/** Only a checked plugin is ever written to the column. */
const pluginOf = (set: SetRow): Plugin => set.plugin as Plugin

function factsOf({ report }: RecordRequest, plugin: Plugin): RunFacts {
  return toRunFacts(toRunColumns({ ...report, plugin: report.plugin ?? plugin }))
}

function toEntry(row: RunRow, request: RecordRequest): Entry {
  const run: StoredRun = {
    ...toRunFacts(row),
    id: row.id,
    runKey: row.run_key,
    backupsetName: row.set_name,
    runLimitMs: row.run_limit_ms ?? defaultRunLimitMs,
    receivedAt: row.received_at,
  }
  const entry = { request, setId: row.set_id, run, said: null, change: 'none', steppedBack: false } as const
  return { ...entry, knownStart: run.startedAt, toldBytes: tellsBytes(run) }
}

const nameOf = (computerKey: number, name: string) => `${computerKey} ${name}`
const runNameOf = ({ place, report }: RecordRequest) => nameOf(place.computerKey, report.runKey)
const setNameOf = ({ place, report }: RecordRequest) => nameOf(place.computerKey, report.backupsetName ?? '')

const toPlaceRow = ({ place }: RecordRequest) => ({ account_id: place.accountId, computer_key: place.computerKey })
const toRunName = (request: RecordRequest) => ({ ...toPlaceRow(request), run_key: request.report.runKey })

function toSetRow(request: RecordRequest): object[] {
  const { report } = request
  if (report.backupsetName === null) return []
  const [name, plugin] = [report.backupsetName, report.plugin ?? 'file']
  const set = { name, slug: toSlug(name), plugin, run_limit_ms: defaultRunLimitMs, created_at: report.receivedAt }
  return [{ ...toPlaceRow(request), ...set }]
}

function toStoredRow({ request, run, setId, knownStart }: Entry): object {
  const { id, receivedAt } = run
  const keys = {
    id,
    run_id: id,
    known_start: knownStart,
    set_id: setId,
    received_at: receivedAt,
    outcome: outcomeOf(run),
  }
  return { ...toRunName(request), ...toRunColumns(run), ...keys }
}

/** How a run counts for its set: see the column. */
function outcomeOf(run: StoredRun): number | null {
  if (run.type !== 'backup') return null
  if (!hasEnded(run)) return 0
  return isGoodBackup(run) ? 1 : 2
}

/** Whether a run is a good backup of which the bytes are known. */
function tellsBytes(run: StoredRun): boolean {
  return isGoodBackup(run) && run.bytes !== null
}

function toSeenComputer({ place, report }: RecordRequest): SeenComputer {
  return { accountId: place.accountId, computerKey: place.computerKey, seenAt: report.receivedAt }
}

function logsSomething({ said }: Entry): boolean {
  return said !== null && (said.messages.length > 0 || said.log !== '')
}

/** What a run logged is what its outranking report said, and be it nothing: whichever report came first. */
function toLogRows({ request, run, said }: Entry): object[] {
  if (!said) return []
  const { log, receivedAt } = said
  const messages = JSON.stringify(said.messages)
  return [{ ...toPlaceRow(request), run_id: run.id, messages, log, received_at: receivedAt }]
}

function newestOfEachSet(backups: Entry[]): Entry[] {
  const newest = new Map<number | null, Entry>()
  for (const entry of backups) {
    const other = newest.get(entry.setId)
    if (!other || compareRuns(entry.run, other.run) > 0) newest.set(entry.setId, entry)
  }
  return [...newest.values()]
}

function unique<Item>(items: Item[], name: (item: Item) => string): Item[] {
  return [...new Map(items.map(item => [name(item), item])).values()]
}
