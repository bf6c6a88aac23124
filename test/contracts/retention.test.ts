import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toNode } from '../../src/app/directory.ts'
import { explainSet } from '../../src/app/explain-set.ts'
import type { Store } from '../../src/app/ports.ts'
import { days, hours } from '../../src/domain/instant.ts'
import { parseSchedule } from '../../src/domain/schedule.ts'
import { type RunState, runStates, runTypes } from '../../src/domain/run.ts'
import type { RunReport } from '../../src/domain/run-report.ts'
import type { Computer } from '../../src/domain/tree.ts'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { aNewSet, addTree, aRunReport, factsOf, placeOf, runKey, testNow } from '../support/tree.ts'

const kept = { runDays: 40, logDays: 10 }
const limit = testNow - days(kept.runDays)

type GivenReport = Pick<RunReport, 'type' | 'state' | 'errors' | 'bytes' | 'log'> & {
  index: number
  day: number
  lasts: number
  backupsetName: string
}

describe.each(databaseKinds)('retention on %s', (_, make) => {
  let store: Store
  let remove: () => Promise<void>
  beforeAll(async () => {
    ;({ store, remove } = await openNewStore(make))
  })
  afterAll(() => remove())

  let accounts = 0
  const aComputer = async () => (await addTree(store, { username: `account-${(accounts += 1)}` })).computer
  const record = (computer: Computer, index: number, report: Partial<RunReport>) =>
    store.recordRun(placeOf(computer), aRunReport({ runKey: runKey(index), ...report }))

  /** A run that ended an hour after it began, so many days ago. */
  const daysAgo = (count: number): Pick<RunReport, 'startedAt' | 'updatedAt' | 'receivedAt'> => {
    const startedAt = testNow - days(count)
    return { startedAt, updatedAt: startedAt + hours(1), receivedAt: startedAt + hours(1) }
  }

  async function retainAll(now = testNow, terms = kept) {
    const gone = { runs: 0, logs: 0, logBytes: 0 }
    for (;;) {
      const { runs, logs, logBytes, hasMore } = await store.retain({ now, ...terms })
      gone.runs += runs
      gone.logs += logs
      gone.logBytes += logBytes
      if (!hasMore) return gone
    }
  }

  /** All that is shown of a computer: how its sets stand and why, what they take up, and the runs that are young. */
  async function shown(computer: Computer, withRunIds = true) {
    const facts = await factsOf(store)
    const sets = await store.listBackupSets(computer.accountId, computer.key)
    const moments = Array.from({ length: 12 }, (_, index) => limit + index * days(3.7))
    const young = { accountId: computer.accountId, computerKey: null, from: limit }
    const { runs } = await store.listRuns(young, { by: 'start', isDescending: false }, { skip: 0, most: 1_000 })
    const states = await store.setStates(computer.accountId, computer.key)
    const nameOf = new Map(sets.map(({ id, name }) => [id, name]))
    const { settledRuns } = await store.knownBelow(toNode(computer), testNow)
    const byName = <Row extends { setId: number }>(rows: Row[]) =>
      rows
        .map(({ setId, ...row }) => ({ ...row, name: nameOf.get(setId) ?? '' }))
        .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    return {
      states: byName(states),
      settled: byName(settledRuns),
      usage: await store.usageOf([toNode(computer)]),
      history: await store.usageAt(toNode(computer), moments),
      explained: await Promise.all(
        sets.map(async set => {
          const { text: _, ...explained } = await explainSet(facts, computer, set, testNow)
          return explained
        }),
      ),
      runs: runs.map(({ run }) => ({ ...run, id: withRunIds ? run.id : 0 })),
    }
  }

  const aReport = fc.record({
    index: fc.integer({ min: 1, max: 25 }),
    day: fc.double({ min: 0, max: 80, noNaN: true }),
    lasts: fc.constantFrom(0, hours(1), hours(30), days(20)),
    type: fc.constantFrom(...runTypes, 'backup', 'backup', 'backup'),
    state: fc.constantFrom(...(Object.keys(runStates) as RunState[]), 'finished', 'finished'),
    errors: fc.constantFrom(0, 0, 0, 1),
    bytes: fc.constantFrom(null, 7, 9),
    backupsetName: fc.constantFrom('Documents', 'Mail'),
    log: fc.constantFrom('', 'one line'),
  })
  const recordAll = async (computer: Computer, reports: readonly GivenReport[]) => {
    for (const { index, day, lasts, type, ...report } of reports) {
      const startedAt = Math.floor(testNow - days(day))
      const updatedAt = Math.min(startedAt + lasts, testNow)
      // A run of a name is always that of one set.
      const backupsetName = index % 2 === 0 ? 'Documents' : report.backupsetName
      await record(computer, index, { ...report, type, backupsetName, startedAt, updatedAt, receivedAt: updatedAt })
    }
  }

  test('changes nothing of how sets stand, why, and what they take up, nor of what young reports do to that', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aReport, { minLength: 5, maxLength: 40 }), fc.array(aReport), async (old, more) => {
        const [computer, other] = [await aComputer(), await aComputer()]
        await store.changeAccount(other.accountId, { runDays: 0, logDays: 0 })
        for (const one of [computer, other]) {
          await store.addBackupSet(aNewSet(one, { schedule: parseSchedule('cron 0 1 * * *') }), testNow - days(90))
          await recordAll(one, old)
        }
        const before = await shown(computer)
        await retainAll()
        expect(await shown(computer)).toEqual(before)
        const young = more.map(one => ({ ...one, index: one.index + 50, day: one.day / 2.1 }))
        for (const one of [computer, other]) await recordAll(one, young)
        expect(await shown(computer, false)).toEqual(await shown(other, false))
      }),
      { numRuns: 12 },
    )
  }, 60_000)

  test('removes old runs and older logs, and keeps the last good run and what failed since', async () => {
    const computer = await aComputer()
    const failed = { state: 'failed' as const, errors: 1 }
    const reports: Partial<RunReport>[] = [
      { ...daysAgo(70), log: 'gone' },
      { ...daysAgo(69), ...failed },
      { ...daysAgo(68), bytes: 5 },
      { ...daysAgo(67), bytes: null },
      { ...daysAgo(66), ...failed, log: 'only this' },
      { ...daysAgo(65), state: 'running' },
      { ...daysAgo(39), type: 'restore', backupsetName: null },
      { ...daysAgo(11), ...failed, log: 'and this' },
      { ...daysAgo(9), ...failed, log: 'stays' },
    ]
    for (const [index, report] of reports.entries()) await record(computer, index, report)
    expect(await retainAll()).toEqual({ runs: 2, logs: 3, logBytes: '[]gone[]only this[]and this'.length })
    const all = { accountId: computer.accountId, computerKey: null, from: 0 }
    const { runs } = await store.listRuns(all, { by: 'start', isDescending: false }, { skip: 0, most: 99 })
    expect(runs.map(({ run }) => run.runKey)).toEqual([2, 3, 4, 5, 6, 7, 8].map(runKey))
    const logged = runs.map(({ run }) => run.id)
    expect(await store.findLoggedRuns(computer.accountId, logged)).toEqual([logged.at(-1)])
    expect(await retainAll(testNow + days(0.9))).toEqual({ runs: 0, logs: 0, logBytes: 0 })
    await retainAll(testNow + days(2))
    expect(await store.findLoggedRuns(computer.accountId, logged)).toEqual([])
  })

  test('what an account says itself holds at once, 0 for ever', async () => {
    const computer = await aComputer()
    for (const day of [50, 45, 35, 33]) await record(computer, day, { ...daysAgo(day), log: 'x' })
    await store.changeAccount(computer.accountId, { runDays: 0, logDays: 0 })
    expect(await retainAll()).toEqual({ runs: 0, logs: 0, logBytes: 0 })
    await store.changeAccount(computer.accountId, { logDays: 34 })
    expect(await retainAll()).toEqual({ runs: 0, logs: 3, logBytes: 9 })
    await store.changeAccount(computer.accountId, { runDays: 31 })
    expect(await retainAll()).toEqual({ runs: 3, logs: 0, logBytes: 0 })
  })

  test('removes old changes of conditions but the last of them, misses that stand, and pings but the last', async () => {
    const computer = await aComputer()
    const schedule = parseSchedule('cron 0 1 * * *')
    const set = await store.addBackupSet(aNewSet(computer, { schedule }), testNow - days(60))
    const judgeAt = async (now: number) => {
      while ((await store.judge({ now, catchUpMs: 0 })).hasMore);
    }
    const source = { method: 'GET', scheme: 'https', remoteAddress: '127.0.0.1', userAgent: 'curl' }
    for (const day of [55, 54, 53, 52, 30]) {
      const { startedAt } = daysAgo(day)
      const report = { ...daysAgo(day), runKey: runKey(day), errors: day % 2 }
      await store.recordRun(placeOf(computer), aRunReport(report))
      const ping = { kind: 'log', at: startedAt, exitStatus: null, rid: null, runKey: runKey(day), body: '' } as const
      await store.recordPing(placeOf(computer), set.id, { ...ping, command: null } as never, source)
      await judgeAt(startedAt + hours(2))
      await judgeAt(startedAt + hours(30))
    }
    const list = () => store.listConditionChanges(computer.accountId, set.id, { most: 99 })
    const before = await list()
    const lastOld = before.find(({ foundAt }) => foundAt < limit)
    await retainAll()
    const stays = before.filter(one => one.foundAt >= limit || one === lastOld || (one.dueAt && !one.retractedAt))
    expect(await list()).toEqual(stays)
    expect(stays.length).toBeLessThan(before.length)
    expect((await store.listPings(computer.accountId, set.id, 99)).map(({ n }) => n)).toEqual([5])
  })

  test('a thousand runs go in batches of at most two hundred, and a large log in one of its own', async () => {
    const computer = await aComputer()
    await retainAll()
    const large = 'x'.repeat(3 * 1024 * 1024)
    const reports = Array.from({ length: 1_000 }, (_, index) => ({
      ...daysAgo(90 - index / 1_000),
      log: index < 3 ? large : '',
    }))
    await Promise.all(reports.map((report, index) => record(computer, index, report)))
    await store.changeAccount(computer.accountId, { logDays: 0 })
    const batches: number[] = []
    for (;;) {
      const { runs, logBytes, hasMore } = await store.retain({ now: testNow, ...kept })
      if (!hasMore) break
      batches.push(runs)
      expect(logBytes).toBeLessThan(5 * 1024 * 1024)
    }
    expect(Math.max(...batches)).toBeLessThanOrEqual(200)
    expect(batches.reduce((sum, count) => sum + count, 0)).toBe(999)
  })
})
