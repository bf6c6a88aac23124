import path from 'node:path'
import { openStore } from '../src/storage/store.ts'
import { startPostgres } from '../test/support/postgres-server.ts'
import { ask } from './support/answer.ts'
import { pinToOtherCores } from './support/cores.ts'
import { addFleet, type Fleet, goodRun, setNameOf } from './support/fleet.ts'
import { copyWithHistory } from './support/history.ts'
import { connections, type Generator, putRepeated, repeatedLoadBy, startGenerator } from './support/load.ts'
import {
  cpuUsPerRequest,
  joinSamples,
  measure,
  ratio,
  requestsPerSecond,
  type Sample,
  takeTurns,
} from './support/measure.ts'
import { readOptions } from './support/options.ts'
import { type LoadRequest, toRequestText } from './support/requests.ts'
import { atLeast, atMost, publish } from './support/results.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { workFolder } from './support/work-folder.ts'

/**
 * What a backup status report costs: of unchanged data on SQLite and on PostgreSQL, after every change, and with a
 * small and a large history; each as a share of what bare `node:http` does with the same bytes.
 */
const options = readOptions('bench:report')
const cores = pinToOtherCores()
// With five sets each these are 10,000 runs: the small history.
const fleetSize = { accounts: 20, computersEach: 100, withAgentKeys: false }

using folder = workFolder()
const smallFile = path.join(folder.path, 'small.sqlite')
const largeFile = path.join(folder.path, 'large.sqlite')
const generator = startGenerator()
const postgres = await startPostgres()
const servers: ServerProcess[] = []
let recorded = 0
try {
  say('Making the databases …')
  const fleet = await makeDatabase(smallFile, fleetSize)
  const runs = copyWithHistory(smallFile, largeFile, options.runs)
  const other = await makeDatabase(postgres.url, { ...fleetSize, accounts: 1 })
  // The first start of a checkout strips the types and keeps the memory that this took; every later one finds it done.
  await (await startLastgood(smallFile)).stop()
  const small = await startLastgood(smallFile)
  const large = await startLastgood(largeFile)
  const onPostgres = await startLastgood(postgres.url)
  const bare = await startBare(small.port, reportRequest(fleet, 0))

  say('Unchanged data …')
  const unchanged = await takeTurns(
    [
      { name: 'bare node:http', turn: () => unchangedTurn(bare, reportRequest(fleet, 0)) },
      { name: 'Lastgood, SQLite', turn: () => unchangedTurn(small, reportRequest(fleet, 0)) },
      { name: 'Lastgood, PostgreSQL', turn: () => unchangedTurn(onPostgres, reportRequest(other, 0)) },
    ],
    options.rounds,
  )

  say('A new run before every read …')
  await assertReportsFollow(small, fleet)
  const changed = await takeTurns(
    [
      { name: 'bare node:http', turn: () => bareTurn(bare, fleet) },
      { name: 'Lastgood, 10,000 runs', turn: () => changedTurn(small, fleet) },
      { name: largeName(runs), turn: () => changedTurn(large, fleet) },
    ],
    options.rounds,
  )

  const [bareUnchanged, sqlite, pg] = [...unchanged.values()]
  const [bareChanged, fewRuns, manyRuns] = [...changed.values()]
  const { rssBytes } = await large.usage()
  publish({
    benchmark: 'report',
    options,
    cores,
    generator: `${repeatedLoadBy} (unchanged), bench/support/generator.ts (changed), ${connections} connections`,
    comparisons: [
      { title: 'Report of 5 sets, unchanged data', samples: unchanged },
      { title: 'Report of 5 sets, a new run recorded before every read', samples: changed },
    ],
    figures: { 'runs of the large history': runs },
    promises: [
      atLeast('unchanged, SQLite: of bare node:http', 0.5, ratio(cpuUsPerRequest, bareUnchanged, sqlite)),
      atLeast('changed every time, SQLite: of bare node:http', 0.25, ratio(cpuUsPerRequest, bareChanged, fewRuns)),
      // Part of the work is done by PostgreSQL, so that the rate counts as well.
      atLeast(
        'unchanged, PostgreSQL: of bare node:http',
        0.2,
        Math.min(ratio(cpuUsPerRequest, bareUnchanged, pg), ratio(requestsPerSecond, pg, bareUnchanged)),
      ),
      atMost('large history: CPU of small', 1.2, ratio(cpuUsPerRequest, manyRuns, fewRuns)),
      atMost('large history: resident memory, MB', 200, rssBytes / 1e6),
    ],
  })
} finally {
  for (const server of servers) await server.stop()
  await generator.stop()
  await postgres.stop()
}

async function makeDatabase(database: string, size: Parameters<typeof addFleet>[1]): Promise<Fleet> {
  const store = await openStore(database)
  try {
    return await addFleet(store, size)
  } finally {
    await store.close()
  }
}

async function startLastgood(database: string): Promise<ServerProcess> {
  const env = { LASTGOOD_DATABASE_URL: database }
  const server = await startServer({ file: 'lastgood.ts', env, cores, profiles: options.profiles })
  servers.push(server)
  return server
}

async function startBare(port: number, like: LoadRequest): Promise<ServerProcess> {
  const answer = await ask(port, like, 200)
  const server = await startServer({ file: 'bare.ts', env: { BENCH_ANSWER: JSON.stringify(answer) }, cores })
  servers.push(server)
  return server
}

function largeName(runs: number): string {
  return `Lastgood, ${runs.toLocaleString('en-US')} runs`
}

function reportRequest({ token, computers }: Fleet, index: number): LoadRequest {
  return { method: 'GET', path: `${computers[index]?.path}/reports/backup_status`, token }
}

/** One run, as a batch, of one of the computer's sets. */
function recordRequest({ token, computers }: Fleet, index: number, count: number): LoadRequest {
  const report = { ...goodRun, run_key: '{run_key}', local_start: '{now}', local_end: '{now}' }
  const body = JSON.stringify({ list: [{ ...report, backupset_name: setNameOf(count) }] })
  return { method: 'POST', path: `${computers[index]?.path}/runs`, token, body }
}

/** The report of one computer, again and again. */
function unchangedTurn(server: ServerProcess, request: LoadRequest): Promise<Sample> {
  return measure(server, 200, () => putRepeated(generator, server.port, request, options.seconds))
}

/**
 * Records a run for each computer, which is not measured, then reads the report of each exactly once, so that no answer
 * can have been kept; as often as it takes to fill the time.
 */
function changedTurn(server: ServerProcess, fleet: Fleet): Promise<Sample> {
  const reads = readsOf(fleet)
  return fillTime(async () => {
    recorded += 1
    const writes = fleet.computers.map((_, index) => toRequestText(recordRequest(fleet, index, recorded)))
    await measure(server, 200, () => putOnce(generator, server, writes))
    return measure(server, 200, () => putOnce(generator, server, reads))
  })
}

/** The same reads, more of them at once: the baseline needs no records between, and would be done in a moment. */
function bareTurn(server: ServerProcess, fleet: Fleet): Promise<Sample> {
  const reads = Array.from({ length: 10 }, () => readsOf(fleet)).flat()
  return fillTime(() => measure(server, 200, () => putOnce(generator, server, reads)))
}

function readsOf(fleet: Fleet): string[] {
  return fleet.computers.map((_, index) => toRequestText(reportRequest(fleet, index)))
}

async function fillTime(pass: () => Promise<Sample>): Promise<Sample> {
  const samples: Sample[] = []
  do samples.push(await pass())
  while (joinSamples(samples).seconds < options.seconds)
  return joinSamples(samples)
}

function putOnce(by: Generator, { port }: ServerProcess, requests: string[]) {
  return by.put({ kind: 'once', port, connections, staysAwake: true, requests })
}

/** Makes sure that what is measured is right: the report of a computer shows the run that was recorded last. */
async function assertReportsFollow(server: ServerProcess, fleet: Fleet): Promise<void> {
  const report = { ...goodRun, backupset_name: setNameOf(0), local_start: new Date().toISOString(), errors: 77 }
  const body = JSON.stringify({ list: [report] })
  await ask(server.port, { ...recordRequest(fleet, 0, 0), body }, 200)
  const answer = await ask(server.port, reportRequest(fleet, 0), 200)
  if (!answer.body.includes('"errors":77')) throw new Error(`The report does not show the newest run: ${answer.body}`)
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
