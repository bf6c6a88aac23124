import { readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prepareReporting, spooled } from '../support/reporting-computer.ts'
import { startServer } from '../support/server-process.ts'
import { countRuns } from '../support/stored.ts'

test('a client that is killed at any step of keeping and delivering loses nothing that it had kept, and doubles nothing', async () => {
  await using prepared = await prepareReporting()
  const { database, computer, spool } = prepared
  await using server = await startServer(database)
  const killer = createRequire(import.meta.url).resolve('../support/die-at-step.ts')
  const countFile = join(spool, '..', 'count')
  const dying = { NODE_OPTIONS: `--import "${killer}"` }
  await computer.run(server.url, 'Whole', 'exit 0', { ...dying, DIE_COUNT_FILE: countFile })
  const steps = Number(readFileSync(countFile, 'utf8'))
  expect(steps).toBeGreaterThan(20)
  const found: string[] = []
  for (let step = 1; step <= steps; step += 1) {
    rmSync(spool, { recursive: true, force: true })
    const set = `Killed ${step}`
    const ended = await computer.run(server.url, set, 'exit 0', { ...dying, DIE_AT_STEP: String(step) })
    const isKilled = ended.status === 137 || ended.signal === 'SIGKILL'
    const hadResult = spooled(spool).some(name => name.endsWith('.result'))
    expect(await computer.flush(server.url)).toMatchObject({ status: 0, stderr: '' })
    expect(spooled(spool)).toEqual([])
    const [condition = 'nothing'] = (await computer.conditions(server.url)).get(set) ?? []
    expect([set, isKilled, (await countRuns(database)).get(set) ?? 0]).toEqual([
      set,
      true,
      condition === 'nothing' ? 0 : 1,
    ])
    if (hadResult) expect([set, condition]).toEqual([set, 'COMPLETED'])
    found.push(condition)
  }
  // The further it came the more is known, and never less.
  const rank = ['nothing', 'RUNNING', 'COMPLETED']
  expect(found).toEqual(found.toSorted((one, other) => rank.indexOf(one) - rank.indexOf(other)))
  expect(new Set(found)).toEqual(new Set(rank))
}, 600_000)
