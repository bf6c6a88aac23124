import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { minutes, seconds } from '../src/domain/instant.ts'
import { openStore } from '../src/storage/store.ts'
import { startPostgres } from '../test/support/postgres-server.ts'
import type { Cores } from './support/cores.ts'
import { addFleet, type Fleet } from './support/fleet.ts'
import { startGenerator } from './support/load.ts'
import { median, measure, type Sample } from './support/measure.ts'
import { readOptions } from './support/options.ts'
import { toRequestText } from './support/requests.ts'
import { atMost, publish } from './support/results.ts'
import { type Backdoor, openBackdoor } from './support/seed.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { workFolder } from './support/work-folder.ts'

/**
 * How long after their deadline sets are found to be missed when all of a large fleet are due in the same minute, on
 * SQLite and on PostgreSQL; and what that does to reports that are read meanwhile, against a quiet time just before.
 */
const options = readOptions('bench:timer')
const cores: Cores = { server: undefined, others: undefined }
// Five sets each: 100,000 in all.
const fleetSize = { accounts: 20, computersEach: options.isQuick ? 100 : 1_000, withAgentKeys: false }
// Readers that ask one after the other: what they wait for is the answer, and not each other.
const readers = 4
// Judging takes most of this, so that the reports read in it are those that it could slow down.
const stormMs = seconds(3)
const giveUpMs = seconds(30)

/** A round: when the last set was judged after the deadline of all, and the reports before and meanwhile. */
type Round = { judgedSeconds: number; quiet: Sample; storm: Sample }

using folder = workFolder()
const file = path.join(folder.path, 'lastgood.sqlite')
const generator = startGenerator()
const postgres = await startPostgres({ parent: '/var/tmp', isDurable: true })
const servers: ServerProcess[] = []
try {
  const contestants = [
    { name: 'SQLite', url: file },
    { name: 'PostgreSQL', url: postgres.url },
  ]
  const results = new Map<string, Round[]>()
  for (const { name, url } of contestants) {
    process.stderr.write(`${name}: adding the fleet …\n`)
    const fleet = await makeFleet(url)
    const server = await startServer({
      file: 'lastgood.ts',
      env: { LASTGOOD_DATABASE_URL: url },
      cores,
      profiles: options.profiles,
    })
    servers.push(server)
    const backdoor = await openBackdoor(url)
    const rounds: Round[] = []
    for (let round = 0; round < options.rounds; round += 1) rounds.push(await playRound(server, backdoor, fleet))
    results.set(name, rounds)
    await backdoor.close()
    await server.stop()
  }
  const setCount = fleetSize.accounts * fleetSize.computersEach * 5
  publish({
    benchmark: 'timer',
    options,
    cores,
    generator: `bench/support/generator.ts, ${readers} connections`,
    comparisons: [...results].map(([name, rounds]) => ({
      title: `Reports on ${name}, while ${setCount.toLocaleString('en-US')} sets become missed`,
      samples: new Map([
        ['a quiet time before', rounds.map(({ quiet }) => quiet)],
        ['meanwhile', rounds.map(({ storm }) => storm)],
      ]),
    })),
    figures: { 'sets due in the same minute': setCount },
    promises: [...results].flatMap(([name, rounds]) => [
      atMost(
        `${name}: seconds until all are judged, worst round`,
        5,
        Math.max(...rounds.map(round => round.judgedSeconds)),
      ),
      atMost(`${name}: p99 of reports meanwhile, of a quiet time`, 2, median(rounds.map(toP99Ratio))),
    ]),
  })
} finally {
  for (const server of servers) await server.stop()
  await generator.stop()
  await postgres.stop()
}

function toP99Ratio({ quiet, storm }: Round): number {
  return storm.latencyMs.p99 / quiet.latencyMs.p99
}

async function makeFleet(database: string): Promise<Fleet> {
  const store = await openStore(database)
  try {
    return await addFleet(store, fleetSize)
  } finally {
    await store.close()
  }
}

/** Lets every set be due at the next minute that is far enough away, and watches what happens then. */
async function playRound(server: ServerProcess, backdoor: Backdoor, fleet: Fleet): Promise<Round> {
  await settle(backdoor)
  const ready = Date.now() + 2 * options.seconds * 1_000 + seconds(25)
  const deadline = Math.ceil(ready / minutes(1)) * minutes(1)
  const due = new Date(deadline)
  const schedule = `cron ${due.getUTCMinutes()} ${due.getUTCHours()} * * *`
  await backdoor.run(`update backup_sets set schedule = '${schedule}', time_zone = 'UTC', grace_ms = 0,
    early_tolerance_ms = 0, expected_from = ${Date.now()}`)
  await backdoor.run('update judgements set next_at = 0')
  // As every change of a set does, so that reports follow.
  await backdoor.run('update data_versions set version = version + 1 where account_id = 0')
  await settle(backdoor)
  if (Date.now() > deadline - 2 * options.seconds * 1_000 - seconds(2))
    throw new Error('The sets took too long to settle.')
  // A server that was idle takes a while to get up to speed.
  await read(server, fleet, options.seconds)
  await setTimeout(deadline - options.seconds * 1_000 - seconds(1) - Date.now())
  const quiet = await read(server, fleet, options.seconds)
  await setTimeout(deadline - Date.now())
  const [storm, judgedSeconds] = await Promise.all([
    read(server, fleet, stormMs / 1_000),
    watchJudging(backdoor, deadline),
  ])
  const missed = await backdoor.count(
    `select count(*) from judgements where due_at = ${deadline} and status = 'FAILURE'`,
  )
  if (missed !== fleet.computers.length * 5) throw new Error(`Only ${missed} sets were found to be missed.`)
  process.stderr.write('.')
  return { judgedSeconds, quiet, storm }
}

/** Waits until every set has been judged once with its new schedule. */
async function settle(backdoor: Backdoor): Promise<void> {
  while ((await backdoor.count('select count(*) from judgements where next_at <= 0')) > 0) await setTimeout(200)
}

/** Seconds from the deadline to the moment at which no set waits for being judged. */
async function watchJudging(backdoor: Backdoor, deadline: number): Promise<number> {
  await setTimeout(deadline + 200 - Date.now())
  const waiting = `select count(*) from judgements where next_at <= ${deadline + 1}`
  while ((await backdoor.count(waiting)) > 0) {
    if (Date.now() > deadline + giveUpMs) throw new Error('The sets were not judged in time to be measured.')
    await setTimeout(50)
  }
  return (Date.now() - deadline) / 1_000
}

/** Reports of many computers, one after the other on each connection. */
function read(server: ServerProcess, { token, computers }: Fleet, forSeconds: number): Promise<Sample> {
  const requests = computers
    .slice(0, 1_000)
    .map(computer => toRequestText({ method: 'GET', path: `${computer.path}/reports/backup_status`, token }))
  return measure(server, 200, () =>
    generator.put({
      kind: 'seconds',
      port: server.port,
      connections: readers,
      seconds: forSeconds,
      staysAwake: false,
      requests,
    }),
  )
}
