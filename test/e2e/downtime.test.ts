import { setTimeout } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { hashSecret, mintAgentKey } from '../../src/app/secrets.ts'
import { hours, minutes } from '../../src/domain/instant.ts'
import { parseSchedule } from '../../src/domain/schedule.ts'
import { openStore } from '../../src/storage/store.ts'
import { startServer } from '../support/server-process.ts'
import { readRows } from '../support/stored.ts'
import { makeTestDatabase } from '../support/stores.ts'
import { aNewSet } from '../support/tree.ts'

const setCount = 1_000
const namesOfSets = Array.from({ length: setCount }, (_, index) => `Set ${index}`)

/** A computer with sets that were due a moment ago, and that are missed in `graceLeftMs` unless a run is reported. */
async function prepare(database: string, graceLeftMs: number) {
  const now = Date.now()
  const dueAt = Math.floor(now / minutes(1)) * minutes(1)
  const due = new Date(dueAt)
  const store = await openStore(database)
  const root = await store.addPartner({ parentId: null, username: 'root', name: 'Root' }, 0)
  const account = { partnerId: root.id, username: 'acme', name: 'Acme', timeZone: 'UTC', acceptsNewSets: true }
  const { id: accountId } = await store.addAccount(account, 0)
  const computer = await store.addComputer({ accountId, name: 'File server', timeZone: null }, 0)
  const schedule = parseSchedule(`cron ${due.getUTCMinutes()} ${due.getUTCHours()} * * *`)
  const set = aNewSet(computer, { schedule, graceMs: now - dueAt + graceLeftMs })
  for (const name of namesOfSets) await store.addBackupSet({ ...set, name }, dueAt - hours(1))
  const key = mintAgentKey()
  await store.setAgentKey(computer.key, hashSecret(key), 0)
  await store.close()
  return { key, dueAt, missedAt: now + graceLeftMs }
}

/** What a database says of its changes: how many there are of each kind, retracted or not. */
async function readChanges(database: string) {
  const counted = {
    missed: "condition_changes where rules = 'MISSED'",
    retracted: "condition_changes where rules = 'MISSED' and retracted_at > 0",
    completed: "condition_changes where rules = 'COMPLETED'",
    absences: 'absences',
    waiting: 'judgements where next_at <= 0',
  }
  const columns = Object.entries(counted).map(([name, rows]) => `(select count(*) from ${rows}) as ${name}`)
  const [row = {}] = await readRows(database, `select ${columns.join(', ')}`)
  return {
    missed: Number(row['missed']),
    retracted: Number(row['retracted']),
    completed: Number(row['completed']),
    absences: Number(row['absences']),
    waiting: Number(row['waiting']),
  }
}

/** Delivers what a computer has kept while no server was there: a run of each set that had started in time. */
async function deliver(url: string, key: string, dueAt: number): Promise<void> {
  const local_start = new Date(dueAt + 1_000).toISOString()
  const list = namesOfSets.map(backupset_name => ({ backupset_name, local_start, status: 'SUCCESS', bytes: 1 }))
  const answer = await fetch(`${url}/v1/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ list }),
  })
  const { list: results } = (await answer.json()) as { list: { status: number }[] }
  expect(results.every(({ status }) => status === 201)).toBe(true)
}

/** Starts a server, kills it, lets every deadline pass, starts another and delivers the runs to it. */
async function liveThroughDowntime(database: string, catchUpMinutes: string) {
  const graceLeftMs = 15_000
  const { key, dueAt, missedAt } = await prepare(database, graceLeftMs)
  const first = await startServer(database)
  await vi.waitFor(async () => expect((await readChanges(database)).waiting).toBe(0), { timeout: 8_000 })
  await first.kill()
  expect(Date.now()).toBeLessThan(missedAt)
  expect(await readChanges(database)).toMatchObject({ missed: 0, absences: 0 })
  await setTimeout(missedAt + 500 - Date.now())

  await using second = await startServer(database, { env: { LASTGOOD_CATCH_UP_MINUTES: catchUpMinutes } })
  // Long enough for the server to judge more than once before the runs come in.
  await vi.waitFor(async () => expect((await readChanges(database)).absences).toBe(1), { timeout: 8_000 })
  await setTimeout(2_500)
  const before = await readChanges(database)
  await deliver(second.url, key, dueAt)
  await vi.waitFor(async () => expect((await readChanges(database)).completed).toBe(setCount), { timeout: 8_000 })
  return { before, after: await readChanges(database) }
}

// Both wait for a deadline.
test.concurrent(
  `not one of ${setCount} sets is called missed whose deadline passed while the server was down`,
  async ({ expect, onTestFinished }) => {
    const { url, remove } = await makeTestDatabase()
    onTestFinished(remove)
    const { before, after } = await liveThroughDowntime(url, '15')
    expect([before.missed, after.missed]).toEqual([0, 0])
    expect(after.absences).toBe(1)
  },
  120_000,
)

test.concurrent(
  'without a time to catch up all of them are, and all of that is retracted when the runs are delivered',
  async ({ expect, onTestFinished }) => {
    const { url, remove } = await makeTestDatabase()
    onTestFinished(remove)
    const { before, after } = await liveThroughDowntime(url, '0')
    expect(before.missed).toBe(setCount)
    expect(after).toMatchObject({ missed: setCount, retracted: setCount, completed: setCount })
  },
  120_000,
)
