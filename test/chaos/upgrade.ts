import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { seconds } from '../../src/domain/instant.ts'
import { lastgoodProgram, startProcess } from '../support/lastgood-process.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { type Acknowledged, sendAll } from './clients.ts'
import { checkChanges, checkRuns, countLeft } from './findings.ts'
import type { ReportingComputer } from './fleet.ts'
import { type PlannedSet, planSets } from './plan.ts'
import { buildRandom } from './random.ts'
import { openTables, type TablesBeside } from './tables.ts'

/** An empty database, the program of an older version, and who is told how it goes. */
export type RollingUpgrade = { database: string; older: string; tell: (line: string) => void }

const runs = 600
const computersOfAll = 4
const longestRestMs = seconds(60)

/**
 * Has an older version serve a database, starts this one beside it, which migrates, sends reports to both and every one of
 * them again to the other, and stops the older one. Answers what was found wrong.
 */
export async function rollUpgrade({ database, older, tell }: RollingUpgrade): Promise<string[]> {
  const problems: string[] = []
  let retries = 0
  const random = buildRandom(1)
  const sets = planSets({ runs, pacedRuns: 2, now: Date.now() }, random)
  const computers = await addComputers(database, older)
  const acknowledged = new Map<string, Acknowledged>()
  const oldServer = await startServer(database, { program: older })
  let newServer: ServerProcess | undefined
  await using tables = openTables(database)
  const send = (parts: PlannedSet[], servers: ServerProcess[]) =>
    sendAll(parts, {
      computers,
      random,
      acknowledged,
      urls: () => servers.map(({ url }) => url),
      beforeReport: () => Promise.resolve(),
      onAcknowledged: () => {},
      onRetry: () => {
        retries += 1
      },
    })
  try {
    const third = (part: number) => sets.map(set => ({ ...set, reports: partOf(set, part) }))
    await send(third(0), [oldServer])
    tell('The older version has recorded the first third of the reports.')
    // While the older one goes on recording, the schema changes below it.
    const [started] = await Promise.all([startServer(database), send(third(1), [oldServer])])
    newServer = started
    tell('This version has migrated the database while the older one recorded the second third.')
    await send(third(2), [oldServer, newServer])
    await send(sets, [oldServer])
    await send(sets, [newServer])
    tell('Both have recorded the last third, and have been sent everything once more.')
    problems.push(...(await compareReports(computers, oldServer, newServer)))
    await oldServer[Symbol.asyncDispose]()
    await send(sets, [newServer])
    tell(`The older version has ended; ${retries} reports in all had to be sent again.`)
    problems.push(...(await untilJudged(tables)))
    const sent = { sets: sets.map(set => ({ ...set, isPaced: false })), computers, acknowledged }
    problems.push(...(await checkRuns(tables, sent)), ...(await checkChanges(tables, sent)))
  } finally {
    await Promise.all([oldServer[Symbol.asyncDispose](), newServer?.[Symbol.asyncDispose]()])
  }
  const { status, stdout, stderr } = await runProgram(lastgoodProgram, database, ['db', 'check'])
  if (status !== 0) problems.push(`lastgood db check ends with ${status}: ${stdout}${stderr}`)
  return problems
}

function partOf({ reports }: PlannedSet, part: number) {
  return reports.slice(Math.floor((reports.length * part) / 3), Math.floor((reports.length * (part + 1)) / 3))
}

/** By the commands of the older version: so its schema is the one that they are made in. */
async function addComputers(database: string, program: string): Promise<ReportingComputer[]> {
  const computers: ReportingComputer[] = []
  for (let index = 0; index < computersOfAll; index += 1) {
    const username = `customer-${index}`
    await runJson(program, database, ['account', 'add', username, '--time-zone', 'UTC'])
    const added = await runJson(program, database, ['computer', 'add', username, '--name', `Computer ${index}`])
    computers.push({ username, computerId: String(added['computer_id']), key: String(added['agent_key']) })
  }
  return computers
}

/** Both versions tell the same of every computer. */
async function compareReports(
  computers: readonly ReportingComputer[],
  ...servers: readonly ServerProcess[]
): Promise<string[]> {
  const problems: string[] = []
  for (const { username, computerId, key } of computers) {
    const path = `/v1/accounts/${username}/computers/${computerId}/reports/backup_status`
    const [one, other] = await Promise.all(
      servers.map(async ({ url }) => {
        const response = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } })
        return { status: response.status, ...((await response.json()) as { list?: unknown[] }) }
      }),
    )
    if (one?.status !== 200 || !isDeepStrictEqual(one.list, other?.list))
      problems.push(`The versions tell different things of ${username}: ${JSON.stringify([one, other])}`)
  }
  return problems
}

async function untilJudged(tables: TablesBeside): Promise<string[]> {
  const giveUpAt = Date.now() + longestRestMs
  for (;;) {
    const left = await countLeft(tables)
    if (left.reports + left.due === 0) return []
    if (Date.now() > giveUpAt) return [`${left.reports} accounts and ${left.due} sets were not judged.`]
    await setTimeout(100)
  }
}

async function runJson(program: string, database: string, args: string[]): Promise<Record<string, unknown>> {
  const { status, stdout, stderr } = await runProgram(program, database, [...args, '--json'])
  if (status !== 0) throw new Error(`lastgood ${args.join(' ')} ends with ${status}: ${stderr}`)
  return JSON.parse(stdout) as Record<string, unknown>
}

async function runProgram(program: string, database: string, args: string[]) {
  const env = { ...process.env, LASTGOOD_DATABASE_URL: database, LASTGOOD_URL: '', LASTGOOD_KEY: '' }
  const { status, stdout, stderr } = await startProcess([program, ...args], { env }).ended
  return { status, stdout: stdout.toString(), stderr }
}
