import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/** What can be measured. */
export type DatabaseName = 'sqlite' | 'postgres'

/** What the command line of a benchmark says. */
export type Options = {
  /** How long one server is under load in one round. */
  seconds: number
  rounds: number
  /** How many runs the large history has. */
  runs: number
  isQuick: boolean
  /** The databases that are measured. */
  databases: DatabaseName[]
  /** Whether the servers of Lastgood write a CPU profile; this makes them slower. */
  profiles: boolean
}

/** Where results go; not committed. */
export const resultsFolder = fileURLToPath(new URL('../results/', import.meta.url))

const usage = `  --seconds N   how long each server is under load in each round (default 3)
  --rounds N    rounds, in which the servers take turns (default 5)
  --runs N      runs of the large history (default 1000000; the promise is about 10000000)
  --database D  sqlite or postgres, where a benchmark can measure one of them alone (default both)
  --quick       one round of one second and a small history: shows that it works, measures little
  --profile     CPU profiles of the Lastgood servers into bench/results/profiles`

/** Reads the command line; for `--help`, which tells the `duration`, or nonsense it says what there is and ends the process. */
export function readOptions(command: string, duration = ''): Options {
  mkdirSync(resultsFolder, { recursive: true })
  try {
    const { values } = parseArgs({
      options: {
        seconds: { type: 'string' },
        rounds: { type: 'string' },
        runs: { type: 'string' },
        database: { type: 'string' },
        quick: { type: 'boolean', default: false },
        profile: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) endWith(0, `npm run ${command} -- [options]\n${usage}${duration && `\n\nTakes ${duration}.`}`)
    return {
      seconds: readNumber('seconds', values.seconds ?? (values.quick ? '1' : '3')),
      rounds: readNumber('rounds', values.rounds ?? (values.quick ? '1' : '5')),
      runs: readNumber('runs', values.runs ?? (values.quick ? '100000' : '1000000')),
      isQuick: values.quick,
      databases: readDatabases(values.database),
      profiles: values.profile,
    }
  } catch (error) {
    return endWith(2, `${(error as Error).message}\n${usage}`)
  }
}

function readNumber(name: string, text: string): number {
  const number = Number(text)
  if (number > 0 && Number.isFinite(number)) return number
  throw new Error(`--${name} must be a number above 0, not ${text}.`)
}

function readDatabases(text: string | undefined): DatabaseName[] {
  if (text === undefined) return ['sqlite', 'postgres']
  if (text === 'sqlite' || text === 'postgres') return [text]
  throw new Error(`--database must be sqlite or postgres, not ${text}.`)
}

function endWith(status: number, text: string): never {
  ;(status === 0 ? process.stdout : process.stderr).write(`${text}\n`)
  process.exit(status)
}
