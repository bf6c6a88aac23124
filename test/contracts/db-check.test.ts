import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { minutes } from '../../src/domain/instant.ts'
import { checkWholeDatabase } from '../../src/storage/check/check-database.ts'
import { openStore } from '../../src/storage/store.ts'
import { lastgood } from '../support/lastgood-server.ts'
import { databaseKinds, makeSqliteDatabase, type TestDatabase } from '../support/stores.ts'
import { addTree, aRunReport, runKey, testNow } from '../support/tree.ts'

const check = (database: string) => checkWholeDatabase({ database, shown: 'the database', tell: () => undefined })

/** Numbers that look like chance and are the same each time. */
function buildChance(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const states = ['finished', 'running', 'failed', 'crashed'] as const

/** A database with sets that many runs of every kind were recorded for, in no order, some of them twice. */
async function filled(make: () => Promise<TestDatabase>, reports = 300): Promise<string> {
  const { url, remove } = await make()
  onTestFinished(remove)
  const store = await openStore(url)
  const { place } = await addTree(store)
  const chance = buildChance(7)
  for (let index = 0; index < reports; index += 1) {
    const startedAt = testNow - minutes(chance(500))
    const facts = { state: states[chance(4)] ?? 'finished', startedAt, updatedAt: startedAt + minutes(chance(9)) }
    const bytes = chance(3) === 0 ? null : chance(9_999)
    const name = { backupsetName: `Set ${chance(4)}`, runKey: runKey(chance(reports)), errors: chance(3) === 0 ? 1 : 0 }
    await store.recordRun(place, aRunReport({ ...facts, ...name, bytes }))
  }
  await store.close()
  return url
}

async function change(url: string, statement: string): Promise<void> {
  if (!url.startsWith('postgres')) {
    const db = new DatabaseSync(url)
    db.exec(`pragma foreign_keys = off; ${statement}`)
    return db.close()
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement)
  await client.end()
}

const wrongs: [string, string, RegExp][] = [
  [
    'a newest run that is not the newest',
    `update set_states set started_at = 5, run_id = 1`,
    /newer run than its state/,
  ],
  ['a green that never was', `update set_states set good_started_at = started_at + 1`, /another newest good run/],
  ['failures that never were', `update set_states set failed_runs = 9999`, /another number of failed runs/],
  ['other bytes', `update set_states set good_bytes = good_bytes + 1`, /other bytes than its state says/],
  ['a state that is gone', `delete from set_states`, /has backup runs, and no state/],
  ['a set that nobody judges', `delete from judgements`, /backup_sets have nothing in judgements/],
  [
    'runs of a computer that is gone',
    `update runs set computer_key = 77 where id < 3`,
    /runs have nothing in computers/,
  ],
]

test.each(databaseKinds)('%s: what is well is well, and what is wrong is told with its name', async (_, make) => {
  const url = await filled(make)
  expect(await check(url)).toEqual([])
  await change(
    url,
    'delete from run_logs; delete from runs where started_at < (select max(good_started_at) from set_states)',
  )
  expect(await check(url)).toEqual([])
})

test.each(databaseKinds)('%s: a state that is not what its runs say is told', async (_, make) => {
  for (const [what, statement, words] of wrongs) {
    const url = await filled(make, 60)
    await change(url, statement)
    expect((await check(url)).map(({ message }) => message).join('\n'), what).toMatch(words)
  }
})

test('a file with bytes flipped at random is never called well where it cannot be read, and never ends the program', async () => {
  const url = await filled(makeSqliteDatabase, 100)
  const damagedFile = `${url}.damaged`
  const chance = buildChance(11)
  let found = 0
  for (let round = 0; round < 60; round += 1) {
    copyFileSync(url, damagedFile)
    const bytes = readFileSync(damagedFile)
    for (let flip = 0; flip < 40; flip += 1) bytes.writeUInt8(chance(256), chance(bytes.length))
    writeFileSync(damagedFile, bytes)
    const problems = await check(damagedFile)
    if (problems.length > 0) found += 1
    else expect(readsThrough(damagedFile)).toBe(true)
  }
  expect(found).toBeGreaterThan(30)
})

function readsThrough(file: string): boolean {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    for (const row of db.prepare(`select name from sqlite_schema where type = 'table'`).all()) {
      db.prepare(`select * from "${String(row['name'])}"`).all()
    }
    return true
  } catch {
    return false
  } finally {
    db.close()
  }
}

test('the command ends with 0 when all is well and with 1 when something is wrong', async () => {
  const url = await filled(makeSqliteDatabase, 20)
  expect(await lastgood(url, ['db', 'check'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('✔') as string,
  })
  await change(url, 'update set_states set failed_runs = 9999')
  const { status, stdout } = await lastgood('', ['db', 'check', url, '--json'])
  expect([status, JSON.parse(stdout)]).toMatchObject([1, { fine: false }])
  const missing = await lastgood('', ['db', 'check', `${url}.gone`])
  expect([missing.status, missing.stderr]).toEqual([1, expect.stringContaining('There is no database at')])
})
