import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { fuzzTargets } from '../test/fuzz/index.ts'
import type { FuzzFailure, FuzzTarget } from '../test/fuzz/target.ts'

const usage = `Tries changed, broken and hostile input on everything that takes input from outside.

Usage: npm run fuzz -- [--target WORD]... [--runs N] [--seed N] [--minutes N] [--list]

  --target WORD   only the targets whose name holds this word, such as "adapter restic" or ping
  --runs N        how many inputs for each target; 100000 when left out
  --seed N        finds the same again; another one in every run when left out
  --minutes N     stop after so long, whatever is left
  --list          print the names of the targets and do nothing

Example: npm run fuzz -- --target adapter --runs 5000

Exit status: 0 when every promise was kept, 1 when one was broken, 2 for wrong usage.
`

const longestInput = 4_000
const barLength = 30
const exitStatuses = { kept: 0, broken: 1, wrongUsage: 2 }

process.exitCode = await main()

type Options = { targets: FuzzTarget[]; runs: number; seed: number; minutes: number; isList: boolean }

async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n\n${usage}`)
    return exitStatuses.wrongUsage
  }
  if (options.isList) {
    process.stdout.write(options.targets.map(({ name }) => `${name}\n`).join(''))
    return exitStatuses.kept
  }
  return fuzz(options)
}

/** The options; a sentence when they cannot be used. */
function readOptions(): Options | string {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({
      options: {
        target: { type: 'string', multiple: true },
        runs: text,
        seed: text,
        minutes: text,
        list: { type: 'boolean' },
      },
    })
    const words = values.target ?? ['']
    const targets = fuzzTargets.filter(({ name }) => words.some(word => name.includes(word)))
    if (targets.length === 0) return `No target is named ${words.join(' or ')}: --list names them.`
    const runs = Number(values.runs ?? 100_000)
    const seed = Number(values.seed ?? randomInt(2 ** 31))
    const minutes = Number(values.minutes ?? Infinity)
    if (!Number.isInteger(runs) || runs < 1) return '--runs must be a whole number above 0.'
    if (!Number.isInteger(seed)) return '--seed must be a whole number.'
    if (!(minutes > 0)) return '--minutes must be a number above 0.'
    return { targets, runs, seed, minutes, isList: values.list ?? false }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function fuzz({ targets, runs, seed, minutes }: Options): Promise<number> {
  const rejections: unknown[] = []
  process.on('unhandledRejection', reason => rejections.push(reason))
  const end = Date.now() + minutes * 60_000
  let broken = 0
  for (const target of targets) {
    if (Date.now() >= end) break
    const start = Date.now()
    let done = 0
    const failure = await target.run({
      seed,
      runs,
      onProgress: count => {
        done = count
        showProgress(target.name, count, runs)
        return Date.now() < end && rejections.length === 0
      },
    })
    clearProgress()
    if (failure) broken += 1
    if (failure) process.stdout.write(toReport(target.name, failure))
    else if (rejections.length > 0) return reportRejection(target.name, seed, rejections[0])
    else process.stdout.write(`${target.name}: ${done} inputs in ${((Date.now() - start) / 1_000).toFixed(0)} s\n`)
  }
  return broken === 0 ? exitStatuses.kept : exitStatuses.broken
}

function toReport(name: string, { seed, runs, input, error }: FuzzFailure): string {
  const shown = input.length > longestInput ? `${input.slice(0, longestInput)}… (${input.length} characters)` : input
  const again = `npm run fuzz -- --target '${name}' --seed ${seed} --runs ${runs}`
  return `${name}: a promise was broken\n  by    ${shown}\n  so    ${error}\n  again ${again}\n`
}

function reportRejection(name: string, seed: number, reason: unknown): number {
  const text = reason instanceof Error ? reason.stack : String(reason)
  process.stdout.write(`${name}: a promise was rejected and nobody handled it (--seed ${seed})\n  ${text}\n`)
  return exitStatuses.broken
}

function showProgress(name: string, done: number, runs: number): void {
  if (!process.stderr.isTTY) return
  const full = Math.round((barLength * done) / runs)
  process.stderr.write(`\r\u001B[K${name} [${'#'.repeat(full)}${' '.repeat(barLength - full)}] ${done}/${runs}`)
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K')
}
