import { spawn } from 'node:child_process'
import { chmodSync, cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildNetwork, onMachine, prefix, removeNetwork } from './namespaces.ts'
import { whatIsMissing } from './prerequisites.ts'

/*
 * `npm run ha`: proves on three PostgreSQL nodes under Patroni and two Lastgood processes that fail-over loses and doubles
 * nothing. What it makes it removes: at its end, on SIGINT, SIGTERM and SIGHUP, and what a killed run left at the next
 * start. docs/high-availability.md says what it shows. Exit status: 0 good, 1 bad, 2 cannot run here, 128 + signal.
 */

const usage = `  --ttl N        seconds that the primary may be silent before another takes its place (default 10)
  --json         the result as JSON
  --logs FOLDER  keeps the logs of all programs in a folder`

process.exitCode = await main()

async function main(): Promise<number> {
  const options = readOptions()
  if ('problem' in options) return refuse([options.problem, usage])
  if (options.help) {
    process.stdout.write(`npm run ha -- [options]\n${usage}\n`)
    return 0
  }
  const missing = whatIsMissing()
  if (missing.length > 0) return refuse(missing)
  const other = findOtherRun()
  if (other !== undefined) return refuse([`Another run is under way, process ${other}: wait for its end.`])
  tidy()
  const folder = mkdtempSync(`/tmp/${prefix}`)
  try {
    chmodSync(folder, 0o755)
    writeFileSync(path.join(folder, 'pid'), String(process.pid))
    buildNetwork()
    return await runScenario(folder, options)
  } finally {
    if (options.logs !== undefined) keepLogs(folder, options.logs)
    tidy()
  }
}

type Options = { help: boolean; json: boolean; ttl: number; logs: string | undefined }

function readOptions(): Options | { problem: string } {
  try {
    const { values } = parseArgs({
      options: {
        ttl: { type: 'string', default: '10' },
        json: { type: 'boolean', default: false },
        logs: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    const ttl = Number(values.ttl)
    // Patroni: loop_wait + 2 × retry_timeout must not be more than ttl.
    if (!Number.isInteger(ttl) || ttl < 8 || ttl > 60) {
      return { problem: `--ttl must be a whole number of seconds from 8 to 60, not ${values.ttl}.` }
    }
    return { help: values.help, json: values.json, ttl, logs: values.logs }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}

function refuse(reasons: readonly string[]): number {
  process.stderr.write(`${reasons.join('\n')}\n`)
  return 2
}

/** Runs the scenario on the machine of the reporters; answers its exit status. A signal to us ends it. */
function runScenario(folder: string, { ttl, json }: Options): Promise<number> {
  const script = fileURLToPath(new URL('./scenario.ts', import.meta.url))
  const given = ['--folder', folder, '--ttl', String(ttl), ...(json ? ['--json'] : [])]
  const [file = '', ...args] = onMachine('load', 'root', [process.execPath, script, ...given])
  const child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', status => resolve(status ?? 1))
    for (const [name, number] of [
      ['SIGINT', 2],
      ['SIGTERM', 15],
      ['SIGHUP', 1],
    ] as const) {
      process.on(name, () => {
        child.kill('SIGKILL')
        resolve(128 + number)
      })
    }
  })
}

/** A run of the test that is still under way; the number of its process. */
function findOtherRun(): number | undefined {
  const pids = globSync(`/tmp/${prefix}*/pid`).map(file => Number(readFileSync(file, 'utf8')))
  return pids.find(pid => {
    const command = `/proc/${pid}/cmdline`
    return pid !== process.pid && existsSync(command) && readFileSync(command, 'utf8').includes('ha/main.ts')
  })
}

function tidy(): void {
  removeNetwork()
  for (const folder of globSync(`/tmp/${prefix}*`)) rmSync(folder, { recursive: true, force: true })
}

function keepLogs(folder: string, target: string): void {
  for (const file of globSync('**/*.log', { cwd: folder })) cpSync(path.join(folder, file), path.join(target, file))
}
