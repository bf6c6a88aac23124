import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { openStore } from '../src/storage/store.ts'
import { addFleet } from './support/fleet.ts'
import type { Cores } from './support/cores.ts'
import { median } from './support/measure.ts'
import { readOptions } from './support/options.ts'
import { atMost, publish } from './support/results.ts'
import { startServer } from './support/server-process.ts'
import { workFolder } from './support/work-folder.ts'

/**
 * What `lastgood run` adds to the command it stands in front of: the time of `lastgood run -- true` less that of `true`, in
 * turns, with a server that takes the reports.
 */
const options = readOptions('bench:cli', 'half a minute')
const cores: Cores = { server: undefined, others: undefined }
const program = fileURLToPath(new URL('../bin/lastgood', import.meta.url))
const turns = options.isQuick ? 5 : 8 * options.rounds

using folder = workFolder()
const file = path.join(folder.path, 'lastgood.sqlite')
const store = await openStore(file)
const fleet = await addFleet(store, { accounts: 1, computersEach: 1, withAgentKeys: true })
await store.close()
const server = await startServer({ file: 'lastgood.ts', env: { LASTGOOD_DATABASE_URL: file }, cores })
const env = {
  ...process.env,
  LASTGOOD_URL: `http://127.0.0.1:${server.port}`,
  LASTGOOD_KEY: fleet.computers[0]?.agentKey,
  LASTGOOD_SPOOL: path.join(folder.path, 'spool'),
}
try {
  const bare: number[] = []
  const reported: number[] = []
  time(program, ['run', '--set', 'Documents', '--', 'true'])
  for (let turn = 0; turn < turns; turn += 1) {
    bare.push(time('true', []))
    reported.push(time(program, ['run', '--set', 'Documents', '--', 'true']))
  }
  const added = reported.map((ms, turn) => ms - (bare[turn] ?? 0))
  publish({
    benchmark: 'cli',
    options,
    cores,
    generator: `${turns} runs, one after the other`,
    comparisons: [],
    figures: {
      'true, ms': median(bare),
      'lastgood run -- true, ms': median(reported),
      'least that was added, ms': Math.min(...added),
    },
    promises: [atMost('lastgood run -- true, more than true: ms', 150, median(added))],
  })
} finally {
  await server.stop()
}

function time(command: string, args: string[]): number {
  const startedAt = performance.now()
  const { status, stderr } = spawnSync(command, args, { env, encoding: 'utf8' })
  const ms = performance.now() - startedAt
  if (status !== 0 || stderr !== '') throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`)
  return ms
}
