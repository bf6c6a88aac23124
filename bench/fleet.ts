import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { openStore } from '../src/storage/store.ts'
import { ask } from './support/answer.ts'
import { pinToOtherCores } from './support/cores.ts'
import { addFleet, type Fleet } from './support/fleet.ts'
import { copyWithHistory } from './support/history.ts'
import { startGenerator } from './support/load.ts'
import { putLong } from './support/long-answers.ts'
import { cpuUsPerRequest, measure, median, ratio, type Sample, takeTurns } from './support/measure.ts'
import { readOptions } from './support/options.ts'
import { toRequestText } from './support/requests.ts'
import { atMost, publish } from './support/results.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { workFolder } from './support/work-folder.ts'

/**
 * What the report over all computers of an account costs: 10,000 sets of 2,000 computers with some history, in every
 * format; against reading the same rows with one statement and `JSON.stringify`. What it takes of memory, and how long
 * another caller waits meanwhile.
 */
const options = readOptions('bench:fleet')
const cores = pinToOtherCores()
const fleetSize = { accounts: 1, computersEach: 2_000, withAgentKeys: false }
const formats = { JSON: 'application/json', XML: 'application/xml', CSV: 'text/csv' }
const url = '/v1/accounts/customer-0000/reports/backup_status'

using folder = workFolder()
const file = path.join(folder.path, 'fleet.sqlite')
const generator = startGenerator()
const servers: ServerProcess[] = []
try {
  say('Making the database …')
  const fleet = await makeDatabase()
  // The first start of a checkout strips the types and keeps the memory that this took; every later one finds it done.
  await (await startLastgood()).stop()
  const lastgood = await startLastgood()
  const plain = await startServer({ file: 'plain-rows.ts', env: { BENCH_DATABASE: file }, cores })
  servers.push(plain)
  await readOne(lastgood, fleet)
  const first = await watchMemory(lastgood, () => assertComplete(lastgood, fleet))
  const alone = await watchMemory(lastgood, () => takeTurns(contestants(lastgood, plain, fleet), options.rounds))
  say('Four at once …')
  const four = await watchMemory(lastgood, () => turn(lastgood, fleet, formats.JSON, 4))
  say('Another caller meanwhile …')
  const [meanwhile] = await Promise.all([readOne(lastgood, fleet), turn(lastgood, fleet, formats.JSON, 1)])

  const [bare, ...reports] = [...alone.result.values()]
  publish({
    benchmark: 'fleet',
    options,
    cores,
    generator: 'bench/support/long-answers.ts, one request at a time',
    comparisons: [
      { title: 'Report of 10,000 sets, one after the other', samples: alone.result },
      {
        title: 'Report of one computer, while those of 10,000 sets are drawn up',
        samples: new Map([['SQLite', [meanwhile]]]),
      },
    ],
    figures: {
      'one after the other: extra resident memory beyond the first, MB': alone.extraBytes / 1e6,
      'four at once: p50, ms': four.result.latencyMs.p50,
      'four at once: extra resident memory, MB': four.extraBytes / 1e6,
      'another caller meanwhile: longest wait, ms': meanwhile.latencyMs.max,
      'JSON: CPU of one statement and JSON.stringify': ratio(cpuUsPerRequest, reports[0], bare),
    },
    promises: [
      ...Object.keys(formats).map((name, index) =>
        atMost(`${name}, 10,000 sets: ms`, 250, median((reports[index] ?? []).map(({ latencyMs }) => latencyMs.p50))),
      ),
      atMost('first report: extra resident memory, MB', 64, first.extraBytes / 1e6),
    ],
  })
} finally {
  for (const server of servers) await server.stop()
  await generator.stop()
}

async function makeDatabase(): Promise<Fleet> {
  const young = path.join(folder.path, 'young.sqlite')
  const store = await openStore(young)
  const fleet = await addFleet(store, fleetSize)
  await store.close()
  const db = new DatabaseSync(young)
  // Some of everything: what is due every night, on working days, every few hours, and whenever somebody likes.
  db.exec(`update backup_sets set expected_from = created_at - 864000000, schedule = case id % 4
    when 0 then 'cron 0 23 * * *' when 1 then 'calendar Mon..Fri 23:00' when 2 then 'every 6h' else 'manual' end`)
  db.close()
  copyWithHistory(young, file, Math.min(options.runs, 200_000))
  return fleet
}

async function startLastgood(): Promise<ServerProcess> {
  const env = { LASTGOOD_DATABASE_URL: file }
  const server = await startServer({ file: 'lastgood.ts', env, cores, profiles: options.profiles })
  servers.push(server)
  return server
}

function contestants(lastgood: ServerProcess, plain: ServerProcess, fleet: Fleet) {
  return [
    { name: 'one statement, JSON.stringify', turn: () => turn(plain, fleet, formats.JSON, 1) },
    ...Object.entries(formats).map(([name, accept]) => ({
      name: `Lastgood, ${name}`,
      turn: () => turn(lastgood, fleet, accept, 1),
    })),
  ]
}

function turn(server: ServerProcess, { token }: Fleet, accept: string, connections: number): Promise<Sample> {
  const { seconds } = options
  return measure(server, 200, () => putLong(server.port, { path: url, token, accept }, { seconds, connections }))
}

/** The report of one computer, again and again on one connection. */
function readOne(server: ServerProcess, { token, computers }: Fleet): Promise<Sample> {
  const request = toRequestText({ method: 'GET', path: `${computers[0]?.path}/reports/backup_status`, token })
  const { seconds } = options
  const load = { kind: 'seconds', seconds, port: server.port, connections: 1, staysAwake: false } as const
  return measure(server, 200, () => generator.put({ ...load, requests: [request] }))
}

/** How much more memory a server had while something was done than just before: the most that was seen. */
async function watchMemory<Result>(
  server: ServerProcess,
  act: () => Promise<Result>,
): Promise<{ result: Result; extraBytes: number }> {
  const before = (await server.usage()).rssBytes
  let peak = before
  const over = new AbortController()
  const watched = (async () => {
    while (!over.signal.aborted) {
      peak = Math.max(peak, (await server.usage()).rssBytes)
      await setTimeout(10)
    }
  })()
  try {
    return { result: await act(), extraBytes: peak - before }
  } finally {
    over.abort()
    await watched
  }
}

/** Makes sure that what is measured is right: every set has its row. */
async function assertComplete(server: ServerProcess, { token }: Fleet): Promise<void> {
  const { body } = await ask(server.port, { path: url, token }, 200)
  const { count, list } = JSON.parse(body) as { count: number; list: unknown[] }
  if (count !== 10_000 || list.length !== count) throw new Error(`The report has ${list.length} of ${count} rows.`)
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
