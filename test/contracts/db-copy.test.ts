import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { copyDatabase, type CopyRequest } from '../../src/storage/copy/copy-database.ts'
import { openStore } from '../../src/storage/store.ts'
import { lastgoodProgram } from '../support/lastgood-process.ts'
import { addComputer, json, lastgood, reportRun, startServer, stop } from '../support/lastgood-server.ts'
import { databaseKinds, type TestDatabase } from '../support/stores.ts'
import { addTree, aRunReport, runKey } from '../support/tree.ts'

const directions = databaseKinds.flatMap(([from, makeFrom]) =>
  databaseKinds.map(([to, makeTo]) => [`${from} to ${to}`, makeFrom, makeTo] as const),
)

async function newDatabase(make: () => Promise<TestDatabase>): Promise<string> {
  const { url, remove } = await make()
  onTestFinished(remove)
  return url
}

function copy(from: string, to: string, request: Partial<CopyRequest> = {}) {
  return copyDatabase({
    from: { database: from, shown: 'the source' },
    to: { database: to, shown: 'the copy' },
    isForced: false,
    awaitPulse: () => Promise.resolve(false),
    tell: () => undefined,
    ...request,
  })
}

/** A database with an account, and `runs` runs of one of its sets, of which every tenth has a log. */
async function fill(url: string, runs: number): Promise<void> {
  const store = await openStore(url)
  const { place } = await addTree(store)
  const reports = Array.from({ length: runs }, (_, index) =>
    aRunReport({
      runKey: runKey(index),
      startedAt: index * 10,
      log: index % 10 === 0 ? 'ü"\\{},\n'.repeat(2_000) : '',
    }),
  )
  await Promise.all(reports.map(report => store.recordRun(place, report)))
  await store.close()
}

test.each(directions.filter(([, from, to]) => from !== to))(
  'a copy from %s is served as what it was copied from',
  async (_, makeFrom, makeTo) => {
    const [from, to] = [await newDatabase(makeFrom), await newDatabase(makeTo)]
    const first = await startServer(from)
    const key = await addComputer(from)
    const { access_token: token = '' } = await json(from, 'token', '--scope', 'computers_read')
    const { ping_url: pingUrl = '' } = await json(from, 'set', 'add', 'acme', '0000', 'Mails')
    expect((await reportRun(first.url, key)).status).toBe(201)
    await stop(first)

    const { status, stdout, stderr } = await lastgood(to, ['db', 'copy', from, to, '--json', '--force', '--quiet'])
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({ resumed: false, rows_with_nul_replaced: 0 })

    const shown = async (database: string) =>
      (await lastgood(database, ['history', 'acme', '0000', 'Documents', '--json'])).stdout
    expect(await shown(to)).toBe(await shown(from))
    const path = '/v1/accounts/acme/computers/0000/reports/backup_status'
    const env = { LASTGOOD_PUBLIC_URL: 'https://backup.example.net' }
    const [old, copied] = [await startServer(from, env), await startServer(to, env)]
    const report = async (url: string) => {
      const answer = await fetch(`${url}${path}`, { headers: { authorization: `OAuth ${token}` } })
      return (await answer.text()).replaceAll(/"report_date":"[^"]*"/g, '')
    }
    expect(await report(copied.url)).toBe(await report(old.url))
    expect(await report(copied.url)).toContain('Documents')
    expect((await reportRun(copied.url, key)).status).toBe(201)
    expect((await fetch(`${copied.url}${new URL(pingUrl).pathname}`)).status).toBe(200)
    await Promise.all([stop(old), stop(copied)])
  },
)

test.each(directions)('from %s a copy that is killed goes on where it was', async (_, makeFrom, makeTo) => {
  const [from, to] = [await newDatabase(makeFrom), await newDatabase(makeTo)]
  await fill(from, 3_000)
  const args = ['db', 'copy', from, to, '--force']
  const moments = [
    'accounts: 1 rows copied',
    'backup_sets: 1 rows copied',
    'runs: 3,000 rows copied',
    'runs: 3,000 rows verified',
  ]
  let [kills, isDone] = [0, false]
  for (const moment of moments) {
    if (isDone) break
    const child = spawn(lastgoodProgram, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    const ended = once(child, 'exit')
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes(moment) && child.kill('SIGKILL')) kills += 1
    })
    isDone = (await ended)[0] === 0
  }
  expect(kills).toBeGreaterThan(0)
  if (!isDone) {
    const { tables, isResumed } = await copy(from, to)
    expect(isResumed).toBe(true)
    expect(tables.find(({ table }) => table === 'runs')?.rows).toBe(3_000)
  }
  const store = await openStore(to)
  const computer = (await store.findKnownComputer('acme', '0000')) ?? { key: 0, accountId: 0 }
  expect(await store.setStates(computer.accountId, computer.key)).toHaveLength(1)
  await store.close()
})

test('keys are counted on behind the last that was ever given out', async () => {
  const [, makeSqlite] = databaseKinds[0] ?? []
  if (!makeSqlite) throw new Error('There is always SQLite.')
  const [from, to] = [
    await newDatabase(makeSqlite),
    await newDatabase((databaseKinds[1] ?? databaseKinds[0])?.[1] ?? makeSqlite),
  ]
  await fill(from, 5)
  const db = new DatabaseSync(from)
  db.exec(`update runs set bytes = 9007199254740993 where id = 5; delete from runs where id = 4;
    update sqlite_sequence set seq = 70 where name = 'runs'; update run_logs set log = 'a' || char(0) || 'b' where run_id = 1`)
  db.close()
  const { replaced } = await copy(from, to)
  expect(replaced).toBe(databaseKinds.length > 1 ? 1 : 0)
  const back = await newDatabase(makeSqlite)
  await copy(to, back)
  const copied = new DatabaseSync(back, { readOnly: true })
  const bytes = copied.prepare('select cast(bytes as text) as bytes from runs where id = 5').get()
  const sequence = copied.prepare(`select seq from sqlite_sequence where name = 'runs'`).get()
  copied.close()
  expect([bytes?.['bytes'], sequence?.['seq']]).toEqual(['9007199254740993', 70])
})

test.each(databaseKinds)('%s: what cannot be copied is refused in a sentence', async (_, make) => {
  const [from, to] = [await newDatabase(make), await newDatabase(make)]
  await fill(from, 3)
  await fill(to, 1)
  await expect(copy(from, to)).rejects.toThrow(/is not empty/)
  await expect(copy('/nowhere/lastgood.sqlite', to)).rejects.toThrow(/There is no database at/)

  const store = await openStore(from)
  await store.pulse(Date.now(), {})
  const [next] = [await newDatabase(make)]
  let asked = 0
  const awaitPulse = async () => {
    asked += 1
    await store.pulse(Date.now() + asked, { pulsedAt: Date.now() })
    return asked < 3
  }
  await expect(copy(from, next, { awaitPulse })).rejects.toThrow(/A server runs on .*: stop it first/)
  await store.close()
})

test.each(databaseKinds)(
  '%s: nobody serves a copy that is not whole, and what has changed is told',
  async (_, make) => {
    const [from, to, other] = [await newDatabase(make), await newDatabase(make), await newDatabase(make)]
    await fill(from, 3)
    await fill(other, 3)
    const stopAt = (table: string) => ({
      tell: (step: { table: string; phase: string }) => {
        if (step.table === table) throw new Error('interrupted')
      },
    })
    await expect(copy(from, to, stopAt('set_states'))).rejects.toThrow('interrupted')
    await expect(openStore(to)).rejects.toThrow(/is a copy that was not finished/)
    await expect(copy(to, from)).rejects.toThrow(/is a copy that was not finished/)
    await expect(copy(other, to)).rejects.toThrow(/the beginning of a copy of another installation/)

    const store = await openStore(from)
    const { place } = await addTree(store, { username: 'late' })
    await store.recordRun(place, aRunReport())
    const account = (await store.findAccount('acme')) ?? { id: 0 }
    await store.recordRun(
      { ...place, accountId: account.id, computerKey: 1 },
      aRunReport({ runKey: runKey(1), bytes: 5 }),
    )
    await store.close()
    const failed = await copy(from, to).catch((error: unknown) => (error as Error).message)
    expect(failed).toMatch(/ differs from .*: .*runs/)
    await expect(openStore(to)).rejects.toThrow(/is a copy that was not finished/)
  },
)
