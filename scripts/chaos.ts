import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type ChaosResult, runChaos } from '../test/chaos/chaos.ts'
import { startPostgres } from '../test/support/postgres-server.ts'
import { temporaryFolder } from '../test/support/temporary-folder.ts'

const usage = `Kills servers again and again while runs are reported to them, and proves that nothing is lost and nothing doubled.

Usage: npm run chaos -- [--runs N] [--kills N] [--database postgres|sqlite] [--seconds N] [--seed N] [--json]

  --runs N        how many runs are reported; 20000 when left out
  --kills N       how often each process is killed; 5 when left out
  --database KIND postgres, with two processes (when left out), or sqlite, with one
  --seconds N     over how long the reports are spread; 60 when left out, 0 for as fast as it goes
  --seed N        the same runs and moments again; another one in every run when left out
  --json          print the summary as JSON

Example: npm run chaos -- --runs 2000 --kills 2 --database sqlite

Exit status: 0 when every promise was kept, 1 when one was broken, 2 for wrong usage.
`

const exitStatuses = { kept: 0, broken: 1, wrongUsage: 2 }
const mostShown = 20

process.exitCode = await main()

type Options = {
  runs: number
  kills: number
  kind: 'postgres' | 'sqlite'
  loadSeconds: number
  seed: number
  isJson: boolean
}

async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n\n${usage}`)
    return exitStatuses.wrongUsage
  }
  process.stderr.write(`seed ${options.seed}\n`)
  const result = await onNewDatabase(options)
  process.stdout.write(options.isJson ? `${JSON.stringify(toSummary(options, result))}\n` : tellResult(options, result))
  return result.problems.length === 0 ? exitStatuses.kept : exitStatuses.broken
}

/** The options; a sentence when they cannot be used. */
function readOptions(): Options | string {
  try {
    const text = { type: 'string' } as const
    const names = {
      runs: text,
      kills: text,
      database: text,
      seconds: text,
      seed: text,
      json: { type: 'boolean' },
    } as const
    const { values } = parseArgs({ options: names })
    const kind = values.database ?? 'postgres'
    const runs = Number(values.runs ?? 20_000)
    const kills = Number(values.kills ?? 5)
    const loadSeconds = Number(values.seconds ?? 60)
    const seed = Number(values.seed ?? randomInt(2 ** 31))
    if (kind !== 'postgres' && kind !== 'sqlite') return '--database must be postgres or sqlite.'
    if (!Number.isInteger(runs) || runs < 100) return '--runs must be a whole number of at least 100.'
    if (!Number.isInteger(kills) || kills < 0) return '--kills must be a whole number.'
    if (!(loadSeconds >= 0)) return '--seconds must be a number.'
    if (!Number.isInteger(seed)) return '--seed must be a whole number.'
    return { runs, kills, kind, loadSeconds, seed, isJson: values.json ?? false }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function onNewDatabase({ kind, ...options }: Options): Promise<ChaosResult> {
  const size = {
    ...options,
    pacedRuns: 12,
    isHurried: false,
    tell: (line: string) => process.stderr.write(`${line}\n`),
  }
  if (kind === 'sqlite') {
    using folder = temporaryFolder()
    return await runChaos({ ...size, database: join(folder.path, 'lastgood.sqlite'), processes: 1 })
  }
  const server = await startPostgres({ isDurable: true })
  try {
    return await runChaos({ ...size, database: server.url, processes: 2 })
  } finally {
    await server.stop()
  }
}

function toSummary({ kind }: Options, { figures, problems }: ChaosResult): object {
  return { database: kind, ...figures, problems }
}

function tellResult({ kind }: Options, { figures, problems }: ChaosResult): string {
  const told = Object.entries(figures).map(([name, figure]) => `  ${name.replaceAll('_', ' ').padEnd(18)}${figure}\n`)
  const shown = problems.slice(0, mostShown).map(problem => `  ${problem}\n`)
  const verdict =
    problems.length === 0 ? 'Nothing was lost and nothing doubled.\n' : `${problems.length} promises were broken:\n`
  return [`${kind}\n`, ...told, verdict, ...shown].join('')
}
