import { get } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { days, hours, minutes, seconds } from '../src/domain/instant.ts'
import { startPostgres } from '../test/support/postgres-server.ts'
import type { Cores } from './support/cores.ts'
import { startGenerator } from './support/load.ts'
import { measure, type Sample } from './support/measure.ts'
import { readOptions } from './support/options.ts'
import { toRequestText } from './support/requests.ts'
import { atMost, publish } from './support/results.ts'
import { computerPathOf, openBackdoor, seedDatabase, usernameOf } from './support/seed.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

/**
 * A million computers with three million sets on PostgreSQL: what a report of one computer takes, of one account with
 * 10,000 sets, of all there is; how soon 100,000 of the sets are found missed; what the watch costs while nothing is due;
 * and what a run takes up on the disk.
 */
const options = readOptions(
  'bench:million',
  'about 15 minutes, of which the database takes 6, and 12 GB of disk meanwhile; --quick takes a hundredth of the computers',
)
const cores: Cores = { server: undefined, others: undefined }
const size = options.isQuick
  ? { accounts: 100, computersEach: 90, large: { accounts: 1, computersEach: 1_000 } }
  : { accounts: 10_000, computersEach: 97, large: { accounts: 10, computersEach: 3_334 } }
const [setsEach, runsEach] = [3, 5]
const dueAtOnce = options.isQuick ? 3_000 : 100_000

const generator = startGenerator()
const postgres = await startPostgres({ parent: '/var/tmp', isDurable: true })
let server: ServerProcess | undefined
try {
  const seedingFrom = Date.now()
  say('Making the database …')
  const newestAt = Date.now() - hours(1)
  const { token } = await seedDatabase(postgres.url, { ...size, setsEach, runsEach, newestAt, apartMs: days(1) })
  const seedingSeconds = (Date.now() - seedingFrom) / 1_000
  const backdoor = await openBackdoor(postgres.url)
  const runs = await backdoor.count('select count(*) from runs')
  const sets = await backdoor.count('select count(*) from backup_sets')
  const runBytes = await backdoor.count(`select coalesce(sum(pg_total_relation_size(oid)), 0) from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname like 'runs%' or relname = 'run_keys'`)
  const setBytes = await backdoor.count(`select sum(pg_total_relation_size(oid)) from pg_class
    where relkind = 'r' and relname in ('backup_sets', 'set_states', 'judgements')`)
  server = await startServer({ file: 'lastgood.ts', env: { LASTGOOD_DATABASE_URL: postgres.url }, cores })

  say('Reports of computers …')
  const picked = pickComputers(options.isQuick ? 500 : 20_000)
  const cold = await read(server, token, picked)
  const warm = await read(server, token, picked)
  say('Reports of an account and of the partner …')
  const account = await readLong(server, `/v1/accounts/${usernameOf(0)}/reports/backup_status`, token)
  const partner = await readLong(server, '/v1/partners/benchmark/reports/backup_status', token)
  say('The watch while nothing is due …')
  const idle = await watchIdle(server, options.isQuick ? 5 : 30)
  say('Becoming missed …')
  const judgedSeconds = await becomeMissed()
  const { rssBytes } = await server.usage()
  await backdoor.close()

  publish({
    benchmark: 'million',
    options,
    cores,
    generator: 'bench/support/generator.ts, 4 connections',
    comparisons: [
      {
        title: 'Report of a random computer, asked for once each',
        samples: new Map([
          ['first', [cold]],
          ['again', [warm]],
        ]),
      },
    ],
    figures: {
      computers: sets / setsEach,
      sets,
      runs,
      'seconds to make the database': seedingSeconds,
      'bytes of disk for each run, with its indexes, without its log': runBytes / runs,
      'bytes of disk for each set: what is expected, known and found': setBytes / sets,
      'account with many sets: MB': account.bytes / 1e6,
      'account with many sets: ms to the first byte': account.firstMs,
      'account with many sets: ms': account.ms,
      'partner, all sets: MB': partner.bytes / 1e6,
      'partner, all sets: ms to the first byte': partner.firstMs,
      'partner, all sets: ms': partner.ms,
      'CPU of the server while nothing is due, ms a second': idle / 1_000,
      'resident memory at the end, MB': rssBytes / 1e6,
    },
    promises: [
      atMost('report of a computer, first time: p99, ms', 50, cold.latencyMs.p99),
      atMost('report of a computer, again: p99, ms', 50, warm.latencyMs.p99),
      atMost(
        `seconds until ${dueAtOnce.toLocaleString('en-US')} sets that are due at once are judged`,
        5,
        judgedSeconds,
      ),
    ],
  })

  async function becomeMissed(): Promise<number> {
    const deadline = Math.ceil((Date.now() + minutes(options.isQuick ? 1 : 3)) / minutes(1)) * minutes(1)
    const due = new Date(deadline)
    await backdoor.run(`update backup_sets set schedule = 'cron ${due.getUTCMinutes()} ${due.getUTCHours()} * * *',
      time_zone = 'UTC', grace_ms = 0, early_tolerance_ms = 0, expected_from = ${Date.now()}
      where id in (select id from backup_sets order by computer_key limit ${dueAtOnce})`)
    // What the planner knows is of when no set had a schedule: it would look through all judgements for each.
    await backdoor.run('analyze backup_sets')
    await backdoor.run(`update judgements set next_at = 0 where set_id in (
      select id from backup_sets where schedule <> 'manual')`)
    await backdoor.run('update data_versions set version = version + 1 where account_id = 0')
    while ((await backdoor.count('select count(*) from judgements where next_at <= 0')) > 0) await setTimeout(200)
    if (Date.now() > deadline - seconds(2)) throw new Error('The sets took too long to settle.')
    await setTimeout(deadline + 200 - Date.now())
    const waiting = `select count(*) from judgements where next_at <= ${deadline + 1}`
    while ((await backdoor.count(waiting)) > 0) {
      if (Date.now() > deadline + minutes(1)) throw new Error('The sets were not judged in time to be measured.')
      await setTimeout(50)
    }
    const judged = (Date.now() - deadline) / 1_000
    const missed = await backdoor.count(
      `select count(*) from judgements where due_at = ${deadline} and status = 'FAILURE'`,
    )
    if (missed !== dueAtOnce) throw new Error(`${missed} sets were found to be missed.`)
    return judged
  }
} finally {
  await server?.stop()
  await generator.stop()
  await postgres.stop()
}

/** Computers all over the fleet, each once, in an order that follows no key. */
function pickComputers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const account = (index * 7_919) % size.accounts
    return computerPathOf(account, Math.floor((index * 7_919) / size.accounts) % size.computersEach)
  })
}

function read(from: ServerProcess, token: string, paths: string[]): Promise<Sample> {
  const requests = paths.map(path => toRequestText({ method: 'GET', path: `${path}/reports/backup_status`, token }))
  return measure(from, 200, () =>
    generator.put({ kind: 'once', port: from.port, connections: 4, staysAwake: false, requests }),
  )
}

/** A whole report: when its first byte came, when its last, and how many there were. */
async function readLong({ port }: ServerProcess, path: string, token: string) {
  const startedAt = performance.now()
  return new Promise<{ firstMs: number; ms: number; bytes: number }>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers: { authorization: `OAuth ${token}` } }, response => {
      let [firstMs, bytes] = [Number.NaN, 0]
      if (response.statusCode !== 200) return reject(new Error(`${path} was answered with ${response.statusCode}.`))
      response.on('data', (chunk: Buffer) => {
        if (bytes === 0) firstMs = performance.now() - startedAt
        bytes += chunk.length
      })
      response.on('end', () => resolve({ firstMs, ms: performance.now() - startedAt, bytes }))
      response.on('error', reject)
    }).on('error', reject)
  })
}

/** Microseconds of CPU that the server takes in a second in which nobody asks for anything. */
async function watchIdle(from: ServerProcess, forSeconds: number): Promise<number> {
  await setTimeout(seconds(2))
  const before = await from.usage()
  await setTimeout(seconds(forSeconds))
  return ((await from.usage()).cpuUs - before.cpuUs) / forSeconds
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
