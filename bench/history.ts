import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { days, hours } from '../src/domain/instant.ts'
import { freePort, startPostgres } from '../test/support/postgres-server.ts'
import { ask } from './support/answer.ts'
import { pinToOtherCores } from './support/cores.ts'
import { goodRun, setNameOf } from './support/fleet.ts'
import { connections, startGenerator } from './support/load.ts'
import { cpuUsPerRequest, joinSamples, measure, median, ratio, type Sample, takeTurns } from './support/measure.ts'
import { type DatabaseName, readOptions } from './support/options.ts'
import { toRequestText } from './support/requests.ts'
import { atMost, type Comparison, type Promised, publish } from './support/results.ts'
import { computerPathOf, openBackdoor, seedDatabase } from './support/seed.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { workFolder } from './support/work-folder.ts'

/**
 * What a long history costs, on each database: the CPU of reports with a new run before each, the memory of the server, and
 * the time until it listens; with 10,000 runs, a million and ten million, of the same 10,000 sets.
 */
const options = readOptions('bench:history', 'about 14 minutes for both databases, and 9 GB of disk meanwhile')
const cores = pinToOtherCores()
const fleet = options.isQuick ? { accounts: 5, computersEach: 20 } : { accounts: 20, computersEach: 100 }
const setCount = fleet.accounts * fleet.computersEach * 5
const sizes = (options.isQuick ? [1, 10] : [1, 100, 1_000]).map(runsEach => ({ runsEach, runs: runsEach * setCount }))
const computers = Array.from({ length: setCount / 5 }, (_, index) =>
  computerPathOf(Math.floor(index / fleet.computersEach), index % fleet.computersEach),
)

using folder = workFolder()
const generator = startGenerator()
const comparisons: Comparison[] = []
const promises: Promised[] = []
const figures: Record<string, number> = {}
try {
  for (const database of options.databases) await measureDatabase(database)
} finally {
  await generator.stop()
}
publish({
  benchmark: 'history',
  options,
  cores,
  generator: `bench/support/generator.ts, ${connections} connections`,
  comparisons,
  figures,
  promises,
})

async function measureDatabase(database: DatabaseName): Promise<void> {
  const postgres = database === 'postgres' ? await startPostgres({ parent: '/var/tmp', isDurable: true }) : undefined
  const servers: ServerProcess[] = []
  try {
    const contestants: { name: string; turn: () => Promise<Sample> }[] = []
    const seeded: { runs: number; url: string }[] = []
    for (const { runs, runsEach } of sizes) {
      const url = postgres ? await makeDatabase(postgres.url, runs) : path.join(folder.path, `${runs}.sqlite`)
      say(`${database}: ${runs.toLocaleString('en-US')} runs …`)
      const newestAt = Date.now() - hours(1)
      const { token } = await seedDatabase(url, {
        ...fleet,
        setsEach: 5,
        runsEach,
        newestAt,
        apartMs: Math.min(days(1), Math.floor(days(90) / runsEach)),
      })
      seeded.push({ runs, url })
      const start = () => startServer({ file: 'lastgood.ts', env: { LASTGOOD_DATABASE_URL: url }, cores })
      // The first start of a checkout strips the types and keeps the memory that this took; every later one finds it done.
      if (servers.length === 0) await (await start()).stop()
      const server = await start()
      servers.push(server)
      contestants.push({ name: `${runs.toLocaleString('en-US')} runs`, turn: () => turn(server, token) })
    }
    const samples = await takeTurns(contestants, options.rounds)
    comparisons.push({ title: `${database}: report of 5 sets, a new run before every read`, samples })
    const [few, ...many] = [...samples.values()]
    many.forEach((rounds, index) => {
      const what = `${database}: CPU of a report with ${sizes[index + 1]?.runs.toLocaleString('en-US')} runs, of ${sizes[0]?.runs.toLocaleString('en-US')}`
      promises.push(atMost(what, 1.2, ratio(cpuUsPerRequest, rounds, few)))
    })
    for (const [index, server] of servers.entries()) {
      const runs = seeded[index]?.runs.toLocaleString('en-US')
      promises.push(
        atMost(`${database}: resident memory with ${runs} runs, MB`, 200, (await server.usage()).rssBytes / 1e6),
      )
    }
    for (const server of servers.splice(0)) await server.stop()
    for (const { runs, url } of seeded) {
      const times: number[] = []
      // The first start after a change strips the types, and is not counted.
      await timeStart(url)
      for (let round = 0; round < options.rounds; round += 1) times.push(await timeStart(url))
      promises.push(
        atMost(`${database}: ms until it listens, ${runs.toLocaleString('en-US')} runs`, 1_000, median(times)),
      )
    }
  } finally {
    for (const server of servers) await server.stop()
    await postgres?.stop()
  }
}

async function makeDatabase(server: string, runs: number): Promise<string> {
  const backdoor = await openBackdoor(server)
  await backdoor.run(`create database runs_${runs}`)
  await backdoor.close()
  const url = new URL(server)
  url.pathname = `/runs_${runs}`
  return url.href
}

/** Records a run for each computer, which is not measured, then reads the report of each once; until the time is filled. */
async function turn(server: ServerProcess, token: string): Promise<Sample> {
  const reads = computers.map(at => toRequestText({ method: 'GET', path: `${at}/reports/backup_status`, token }))
  const samples: Sample[] = []
  let recorded = 0
  do {
    recorded += 1
    const report = { ...goodRun, run_key: '{run_key}', local_start: '{now}', local_end: '{now}' }
    const body = JSON.stringify({ list: [{ ...report, backupset_name: setNameOf(recorded) }] })
    const writes = computers.map(at => toRequestText({ method: 'POST', path: `${at}/runs`, token, body }))
    await measure(server, 200, () => put(server, writes))
    samples.push(await measure(server, 200, () => put(server, reads)))
  } while (joinSamples(samples).seconds < options.seconds)
  await ask(server.port, { path: `${computers[0]}/reports/backup_status`, token }, 200)
  return joinSamples(samples)
}

function put({ port }: ServerProcess, requests: string[]) {
  return generator.put({ kind: 'once', port, connections, staysAwake: true, requests })
}

/** Milliseconds from starting the program to the line that says where it listens. */
async function timeStart(url: string): Promise<number> {
  const program = fileURLToPath(new URL('../bin/lastgood', import.meta.url))
  const startedAt = performance.now()
  const child = spawn(program, ['serve', '--database', url, '--port', String(await freePort())], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const exited = once(child, 'exit')
  const lines = createInterface(child.stdout)
  const listened = await Promise.race([
    (async () => {
      for await (const line of lines) if (/http:\/\//.test(line)) return performance.now() - startedAt
      return Number.NaN
    })(),
    exited.then(() => Number.NaN),
  ])
  child.kill('SIGTERM')
  await exited
  if (Number.isNaN(listened)) throw new Error(`lastgood serve --database ${url} ended before it listened.`)
  return listened
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
