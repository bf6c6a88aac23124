import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { openStore } from '../src/storage/store.ts'
import { startPostgres } from '../test/support/postgres-server.ts'
import { type Answer, ask } from './support/answer.ts'
import type { Cores } from './support/cores.ts'
import { addFleet, type Fleet, goodRun, setNameOf } from './support/fleet.ts'
import { countRuns } from './support/history.ts'
import { connections, startGenerator } from './support/load.ts'
import {
  cpuUsPerRequest,
  measure,
  median,
  ratio,
  requestsPerSecond,
  type Sample,
  takeTurns,
} from './support/measure.ts'
import { readOptions } from './support/options.ts'
import { fillRequest, type LoadRequest, toRequestText } from './support/requests.ts'
import { atLeast, atMost, publish } from './support/results.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { workFolder } from './support/work-folder.ts'

/**
 * How many runs a second are recorded durably, one in each request: on SQLite and on PostgreSQL, against bare
 * `node:http` that stores nothing and against a server that commits each request by itself. Afterwards every run that
 * was acknowledged must be stored.
 */
const options = readOptions('bench:ingest')
// The server writes in a thread of its own: it has what cores there are, and the generator lets it work.
const cores: Cores = { server: undefined, others: undefined }
// As many computers as connections, each with its own key, of some customers.
const fleetSize = { accounts: 16, computersEach: 4, withAgentKeys: true }
const setsEach = 5

using folder = workFolder()
const file = path.join(folder.path, 'lastgood.sqlite')
const generator = startGenerator()
// /var/tmp is on a disk, and open to the user that PostgreSQL runs as.
const postgres = await startPostgres({ parent: '/var/tmp', isDurable: true })
const servers: ServerProcess[] = []
try {
  const fleet = await makeDatabase(file)
  const postgresFleet = await makeDatabase(postgres.url)
  const sqlite = await start('lastgood.ts', { LASTGOOD_DATABASE_URL: file })
  const onPostgres = await start('lastgood.ts', { LASTGOOD_DATABASE_URL: postgres.url })
  const answer = await recordOne(sqlite, fleet)
  await recordOne(onPostgres, postgresFleet)
  const BENCH_ANSWER = JSON.stringify(answer)
  const bare = await start('bare.ts', { BENCH_ANSWER })
  const each = await start('commit-each.ts', { BENCH_ANSWER, BENCH_DATABASE: path.join(folder.path, 'each.sqlite') })

  const acknowledged = { sqlite: 1, postgres: 1 }
  const samples = await takeTurns(
    [
      { name: 'bare node:http, stores nothing', turn: () => put(bare, fleet) },
      { name: 'one commit a request, SQLite', turn: () => put(each, fleet) },
      { name: 'Lastgood, SQLite', turn: () => count('sqlite', put(sqlite, fleet)) },
      { name: 'Lastgood, PostgreSQL', turn: () => count('postgres', put(onPostgres, postgresFleet)) },
    ],
    options.rounds,
  )
  for (const server of servers.splice(0)) await server.stop()
  const lost = {
    sqlite: acknowledged.sqlite - storedInSqlite(fleet),
    postgres: acknowledged.postgres - (await storedInPostgres(postgresFleet)),
  }

  const [bareRounds, eachRounds, rounds = []] = [...samples.values()]
  publish({
    benchmark: 'ingest',
    options,
    cores,
    generator: `bench/support/generator.ts, ${connections} connections`,
    comparisons: [{ title: 'One run in each request, answered after its commit is on disk', samples }],
    figures: {
      'runs acknowledged, SQLite': acknowledged.sqlite,
      'runs acknowledged, PostgreSQL': acknowledged.postgres,
      'runs for each second of CPU, SQLite': 1e6 / median(rounds.map(cpuUsPerRequest)),
      'Lastgood on SQLite, of bare node:http': ratio(requestsPerSecond, rounds, bareRounds),
      'Lastgood on SQLite, of one commit a request': ratio(requestsPerSecond, rounds, eachRounds),
    },
    promises: [
      // Other programs can only slow a round down.
      atLeast('runs a second, SQLite, best round', 10_000, Math.max(...rounds.map(requestsPerSecond))),
      atMost('p99, ms, SQLite', 50, median(rounds.map(({ latencyMs }) => latencyMs.p99))),
      atMost('runs acknowledged but not stored, or the reverse, SQLite', 0, Math.abs(lost.sqlite)),
      atMost('the same, PostgreSQL', 0, Math.abs(lost.postgres)),
    ],
  })
  if (lost.sqlite !== 0 || lost.postgres !== 0) process.exitCode = 1

  async function count(kind: keyof typeof acknowledged, turn: Promise<Sample>): Promise<Sample> {
    const sample = await turn
    acknowledged[kind] += sample.requests
    return sample
  }
} finally {
  for (const server of servers) await server.stop()
  await generator.stop()
  await postgres.stop()
}

async function makeDatabase(database: string): Promise<Fleet> {
  const store = await openStore(database)
  try {
    return await addFleet(store, fleetSize)
  } finally {
    await store.close()
  }
}

async function start(script: string, env: Record<string, string>): Promise<ServerProcess> {
  const profiles = options.profiles && script === 'lastgood.ts'
  const server = await startServer({ file: script, env, cores, profiles })
  servers.push(server)
  return server
}

/** A run that has just ended well, of about 280 bytes; its key is new in each request. */
function recordRequest({ computers }: Fleet, index: number): LoadRequest {
  const report = {
    run_key: '{run_key}',
    backupset_name: setNameOf(index),
    local_start: '{now}',
    local_end: '{now}',
    ...goodRun,
  }
  const token = computers[index % computers.length]?.agentKey ?? ''
  return { method: 'POST', path: '/v1/runs', token, body: JSON.stringify(report) }
}

function recordOne({ port }: ServerProcess, fleet: Fleet): Promise<Answer> {
  const request = recordRequest(fleet, 0)
  return ask(port, { ...request, body: fillRequest(request.body ?? '') }, 201)
}

/** Every computer reports runs of its sets, one after the other. */
function put(server: ServerProcess, fleet: Fleet): Promise<Sample> {
  const indexes = Array.from({ length: fleet.computers.length * setsEach }, (_, index) => index)
  const requests = indexes.map(index => toRequestText(recordRequest(fleet, index)))
  const { seconds } = options
  return measure(server, 201, () =>
    generator.put({ kind: 'seconds', port: server.port, connections, seconds, staysAwake: false, requests }),
  )
}

/** How many runs are stored beyond the first ones of the fleet. */
function storedInSqlite(fleet: Fleet): number {
  const db = new DatabaseSync(file)
  try {
    return countRuns(db) - fleet.computers.length * setsEach
  } finally {
    db.close()
  }
}

async function storedInPostgres(fleet: Fleet): Promise<number> {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    const { rows } = await client.query<{ count: string }>('select count(*) as count from runs')
    return Number(rows[0]?.count) - fleet.computers.length * setsEach
  } finally {
    await client.end()
  }
}
