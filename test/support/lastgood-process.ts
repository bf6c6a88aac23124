import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The program of this checkout. */
export const lastgoodProgram = fileURLToPath(new URL('../../bin/lastgood', import.meta.url))

/** A key of the right form that no server knows. */
export const someKey = `lgk_${'s3cret_key-'.repeat(4).slice(0, 43)}`

export type EndedProcess = { status: number | null; signal: NodeJS.Signals | null; stdout: Buffer; stderr: string }

export type StartedProcess = {
  child: ChildProcess
  /** Resolves when it has ended and its output is complete. */
  ended: Promise<EndedProcess>
  /** Resolves when it has written `text` to stdout. */
  says(text: string): Promise<void>
}

/** Starts `lastgood run --set Documents -- command` against the server at `url`; without a terminal, as cron does. */
export function startRun(url: string, command: readonly string[], options: SpawnOptions = {}): StartedProcess {
  const env = { ...process.env, LASTGOOD_URL: url, LASTGOOD_KEY: someKey, ...options.env }
  return startProcess([lastgoodProgram, 'run', '--set', 'Documents', '--', ...command], { ...options, env })
}

/**
 * Starts a program with pipes for its standard streams, unless `options` say otherwise. It has a spool of its own, which
 * goes with it, and no settings file, unless its environment names them.
 */
export function startProcess([file = '', ...args]: readonly string[], options: SpawnOptions = {}): StartedProcess {
  const spool = mkdtempSync(join(tmpdir(), 'lastgood-spool-'))
  const env = { LASTGOOD_SPOOL: spool, LASTGOOD_CONFIG: '/dev/null', ...(options.env ?? process.env) }
  const child = spawn(file, args, { ...options, env })
  child.once('close', () => rmSync(spool, { recursive: true, force: true }))
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk))
  return { child, ended: whenEnded(child, stdout, stderr), says: text => whenSaid(child, stdout, text) }
}

async function whenEnded(child: ChildProcess, stdout: Buffer[], stderr: Buffer[]): Promise<EndedProcess> {
  await once(child, 'close')
  const { exitCode, signalCode } = child
  return {
    status: exitCode,
    signal: signalCode,
    stdout: Buffer.concat(stdout),
    stderr: Buffer.concat(stderr).toString(),
  }
}

async function whenSaid({ stdout }: ChildProcess, said: readonly Buffer[], text: string): Promise<void> {
  if (!stdout) throw new Error('The stdout of this process does not come to the test.')
  while (!Buffer.concat(said).includes(text)) await once(stdout, 'data')
}
