import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'

/** What a real backup is made with, and of. */
export type CheckoutBackup = { tool: 'restic' | 'tar'; command: string[]; environment: Record<string, string> }

const checkout = path.resolve(import.meta.dirname, '../../..')
const leftOut = ['node_modules', '.git', '.dev', 'coverage']

/** Prepares a real backup of the checkout into a folder: with restic when it is installed, else with tar. */
export async function prepareBackup(folder: string): Promise<CheckoutBackup> {
  mkdirSync(folder, { recursive: true })
  // Nothing of the demo stays on the machine.
  const spool = { LASTGOOD_SPOOL: path.join(folder, 'spool') }
  const environment = { ...spool, RESTIC_REPOSITORY: path.join(folder, 'repository'), RESTIC_PASSWORD: 'demo' }
  if ((await run(['restic', 'init'], environment)) === 0) {
    const excludes = leftOut.map(name => `--exclude=${path.join(checkout, name)}`)
    const cache = `--cache-dir=${path.join(folder, 'cache')}`
    return { tool: 'restic', command: ['restic', 'backup', '--json', cache, ...excludes, checkout], environment }
  }
  const excludes = leftOut.map(name => `--exclude=./${name}`)
  const archive = path.join(folder, 'checkout.tar.gz')
  return {
    tool: 'tar',
    command: ['tar', '-czf', archive, ...excludes, '-C', checkout, '.'],
    environment: spool,
  }
}

/** Makes the backup through `lastgood run`, as any computer would; answers its exit status. */
export function backUp({ command, environment }: CheckoutBackup, agent: { url: string; key: string }): Promise<number> {
  const program = path.join(checkout, 'bin', 'lastgood')
  return run([program, 'run', '--set', 'Checkout', '--', ...command], {
    ...environment,
    LASTGOOD_URL: agent.url,
    LASTGOOD_KEY: agent.key,
  })
}

/** Runs a command without its output; answers its exit status, 127 when it is not there. */
function run([command = '', ...words]: string[], environment: Record<string, string>): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(command, words, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.on('error', () => resolve(127))
    child.on('exit', status => resolve(status ?? 1))
  })
}
