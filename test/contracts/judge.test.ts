import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunPlace, Store } from '../../src/app/ports.ts'
import type { NewBackupSet } from '../../src/app/tree-ports.ts'
import { days, hours, type Instant, minutes, seconds } from '../../src/domain/instant.ts'
import { parseSchedule } from '../../src/domain/schedule.ts'
import type { BackupSet, Computer } from '../../src/domain/tree.ts'
import { openStore } from '../../src/storage/store.ts'
import { databaseKinds, openNewStore, type TestDatabase } from '../support/stores.ts'
import { aNewSet, addTree, aRunReport, placeOf, runKey, testNow } from '../support/tree.ts'

/** Every night at one, on a clock in UTC; it is 15:00 at `testNow`. */
const nightly = parseSchedule('cron 0 1 * * *')
const nextDue = Date.UTC(2026, 2, 6, 1)
const missedAt = nextDue + hours(1) + 1
const catchUpMs = minutes(15)

describe.each(databaseKinds)('judging on %s', (_, make) => {
  let store: Store
  let database: TestDatabase
  let remove: () => Promise<void>
  let computer: Computer
  let place: RunPlace

  beforeEach(async () => {
    ;({ store, database, remove } = await openNewStore(make))
    ;({ computer, place } = await addTree(store, { timeZone: 'UTC' }))
  })
  afterEach(() => remove())

  const addSet = (set: Partial<NewBackupSet> = {}) =>
    store.addBackupSet(aNewSet(computer, { schedule: nightly, ...set }), testNow)
  const judgeAt = async (now: Instant, by = store) => {
    let changed = 0
    for (;;) {
      const judged = await by.judge({ now, catchUpMs })
      changed += judged.changed
      if (!judged.hasMore) return changed
    }
  }
  const changesOf = async ({ id }: BackupSet) => {
    const changes = await store.listConditionChanges(computer.accountId, id, { most: 100 })
    return changes.toReversed()
  }
  const run = (index: number, startedAt: Instant, facts = {}) =>
    store.recordRun(
      place,
      aRunReport({
        runKey: runKey(index),
        startedAt,
        updatedAt: startedAt + minutes(10),
        receivedAt: startedAt,
        ...facts,
      }),
    )

  test('a set that is not yet due has no condition and no change', async () => {
    const set = await addSet()
    expect(await judgeAt(missedAt - 1)).toBe(0)
    expect(await changesOf(set)).toEqual([])
  })

  test('a set is found to be missed once its grace has passed, and only once', async () => {
    const set = await addSet()
    await judgeAt(testNow)
    expect(await judgeAt(missedAt)).toBe(1)
    expect(await judgeAt(missedAt + days(3))).toBe(0)
    expect(await changesOf(set)).toMatchObject([
      {
        at: nextDue + hours(1),
        foundAt: missedAt,
        rules: ['MISSED'],
        status: 'FAILURE',
        previousStatus: null,
        dueAt: nextDue,
        runId: null,
        retractedAt: null,
      },
    ])
  })

  test('what is reported is judged at the next look, and every change of it is stored', async () => {
    const set = await addSet()
    await run(1, testNow, { state: 'running', updatedAt: testNow })
    await judgeAt(testNow + 1)
    await run(1, testNow, { errors: 2 })
    await judgeAt(testNow + minutes(10))
    await run(2, testNow + hours(1), { warnings: 1 })
    await judgeAt(testNow + hours(2))
    await run(3, testNow + hours(3))
    await judgeAt(testNow + hours(4))
    expect(
      (await changesOf(set)).map(({ status, previousStatus, rules, at }) => [status, previousStatus, rules, at]),
    ).toEqual([
      ['RUNNING', null, ['RUNNING'], testNow],
      ['FAILURE', 'RUNNING', ['ERRORS', 'COMPLETED'], testNow + minutes(10)],
      ['WARNING', 'FAILURE', ['WARNINGS', 'COMPLETED'], testNow + hours(1) + minutes(10)],
      ['COMPLETED', 'WARNING', ['COMPLETED'], testNow + hours(3) + minutes(10)],
    ])
  })

  test('a run that hangs is found at its limit, without any report', async () => {
    const set = await addSet({ schedule: parseSchedule('manual'), runLimitMs: hours(2) })
    await run(1, testNow, { state: 'running', updatedAt: testNow })
    await judgeAt(testNow)
    expect(await judgeAt(testNow + hours(2))).toBe(0)
    expect(await judgeAt(testNow + hours(2) + 1)).toBe(1)
    expect((await changesOf(set)).at(-1)).toMatchObject({ rules: ['EXCEPTION', 'RUNNING'], at: testNow + hours(2) })
  })

  test('a set is found to be out of its objective', async () => {
    const set = await addSet({ schedule: parseSchedule('manual'), rpoMs: hours(24) })
    await run(1, testNow)
    await judgeAt(testNow + hours(1))
    expect(await judgeAt(testNow + hours(24))).toBe(0)
    expect(await judgeAt(testNow + hours(24) + 1)).toBe(1)
    expect((await changesOf(set)).at(-1)).toMatchObject({ rules: ['RPO_EXCEEDED', 'COMPLETED'], status: 'FAILURE' })
  })

  test('a late report retracts what was called missed, and both stay to be seen', async () => {
    const set = await addSet()
    await judgeAt(missedAt)
    await run(1, nextDue + minutes(5), { receivedAt: missedAt + hours(6) })
    expect(await judgeAt(missedAt + hours(6))).toBe(1)
    expect(await changesOf(set)).toMatchObject([
      { rules: ['MISSED'], dueAt: nextDue, foundAt: missedAt, retractedAt: missedAt + hours(6) },
      { rules: ['COMPLETED'], dueAt: null, foundAt: missedAt + hours(6), retractedAt: null },
    ])
  })

  test('a run that started too late heals the set and retracts nothing', async () => {
    const set = await addSet()
    await judgeAt(missedAt)
    await run(1, nextDue + hours(2))
    await judgeAt(missedAt + hours(6))
    expect(await changesOf(set)).toMatchObject([{ rules: ['MISSED'], retractedAt: null }, { rules: ['COMPLETED'] }])
  })

  test('a late report for an older night retracts that night and leaves the newer one missed', async () => {
    const set = await addSet()
    await judgeAt(missedAt)
    await judgeAt(missedAt + days(1))
    await run(1, nextDue)
    await judgeAt(missedAt + days(1) + hours(1))
    const found = missedAt + days(1) + hours(1)
    expect(await changesOf(set)).toMatchObject([
      { rules: ['MISSED'], dueAt: nextDue, retractedAt: found },
      { rules: ['MISSED'], dueAt: nextDue + days(1), at: missedAt - 1 + days(1), foundAt: found, retractedAt: null },
    ])
  })

  test('a policy changes every status below the partner at once', async () => {
    const set = await addSet()
    await run(1, testNow, { warnings: 1 })
    await judgeAt(testNow + hours(1))
    const partner = await store.findPartner('root')
    await store.changePartner(partner?.id ?? 0, { policy: { WARNINGS: 'FAILURE' } })
    expect(await judgeAt(testNow + hours(2))).toBe(1)
    expect((await changesOf(set)).at(-1)).toMatchObject({ status: 'FAILURE', previousStatus: 'WARNING' })
  })

  test('a set or computer that is switched off is never missed', async () => {
    const set = await addSet()
    await store.changeBackupSet(set.id, { enabled: false })
    const other = await addSet({ name: 'Mail' })
    await store.changeComputer(computer.key, { status: 'disabled' })
    expect(await judgeAt(missedAt + days(9))).toBe(0)
    expect([await changesOf(set), await changesOf(other)]).toEqual([[], []])
  })

  test('several processes that judge at once find every change once', async () => {
    const sets = []
    for (let index = 0; index < 120; index += 1) sets.push(await addSet({ name: `Set ${index}` }))
    const others = await Promise.all([openStore(database.url), openStore(database.url)])
    try {
      const found = await Promise.all([store, ...others].map(by => judgeAt(missedAt, by)))
      expect(found.reduce((sum, count) => sum + count)).toBe(sets.length)
      for (const set of sets) expect(await changesOf(set)).toHaveLength(1)
    } finally {
      await Promise.all(others.map(other => other.close()))
    }
  })

  test('more sets than one batch takes are all judged', async () => {
    for (let index = 0; index < 1_100; index += 1) {
      void run(index, testNow, { backupsetName: `Set ${index}` })
    }
    await run(5_000, testNow, { backupsetName: 'The last' })
    expect(await judgeAt(testNow + hours(1))).toBe(1_101)
    expect(await judgeAt(testNow + hours(2))).toBe(0)
  })

  describe('while no server was awake', () => {
    test('the time is stored at the next start, and nothing of it is missed before the time to catch up is over', async () => {
      const set = await addSet()
      await store.pulse(testNow, {})
      await judgeAt(testNow)
      expect(await store.pulse(missedAt + hours(1), {})).toEqual({ from: testNow, until: missedAt + hours(1) })
      expect(await store.listAbsences()).toEqual([{ from: testNow, until: missedAt + hours(1) }])
      expect(await judgeAt(missedAt + hours(1))).toBe(0)
      expect(await judgeAt(missedAt + hours(1) + catchUpMs)).toBe(0)
      expect(await judgeAt(missedAt + hours(1) + catchUpMs + 1)).toBe(1)
      expect(await changesOf(set)).toMatchObject([{ rules: ['MISSED'], dueAt: nextDue }])
    })

    test('a run that is delivered in that time leaves no trace of a miss', async () => {
      const set = await addSet()
      await store.pulse(testNow, {})
      await store.pulse(missedAt + hours(1), {})
      await judgeAt(missedAt + hours(1))
      await run(1, nextDue)
      await judgeAt(missedAt + hours(9))
      expect((await changesOf(set)).map(({ rules }) => rules)).toEqual([['COMPLETED']])
    })

    test('a short pause is none, a clock that leaps or is set back is', async () => {
      expect(await store.pulse(testNow, {})).toBeUndefined()
      expect(await store.pulse(testNow + seconds(6), { pulsedAt: testNow })).toBeUndefined()
      expect(await store.pulse(testNow + hours(1), { pulsedAt: testNow + seconds(6) })).toEqual({
        from: testNow + seconds(6),
        until: testNow + hours(1),
      })
      expect(await store.pulse(testNow, { pulsedAt: testNow + hours(1) })).toEqual({
        from: testNow,
        until: testNow + hours(1),
      })
    })

    test('what a clock that ran ahead had found is taken back', async () => {
      const set = await addSet()
      await store.pulse(testNow, {})
      await judgeAt(missedAt + hours(1))
      await store.pulse(testNow + minutes(1), { pulsedAt: missedAt + hours(1) })
      expect(await judgeAt(testNow + minutes(1))).toBe(1)
      expect(await changesOf(set)).toMatchObject([
        { rules: ['MISSED'], retractedAt: testNow + minutes(1) },
        { rules: [], status: null, previousStatus: 'FAILURE' },
      ])
    })
  })

  describe('where the presence of the computer is required', () => {
    const presence = { kind: 'required', notSeenMs: days(7) } as const
    const seeEvery = async (from: Instant, until: Instant, everyMs: number) => {
      for (let at = from; at <= until; at += everyMs) {
        await store.noteSighting({ accountId: computer.accountId, computerKey: computer.key, seenAt: at })
      }
    }

    test('only the time in which it was seen counts', async () => {
      const set = await addSet({ presence })
      await seeEvery(testNow, testNow + hours(2), minutes(5))
      expect(await judgeAt(nextDue + hours(7))).toBe(0)
      await seeEvery(nextDue + hours(7), nextDue + hours(8), minutes(5))
      expect(await judgeAt(nextDue + hours(8))).toBe(0)
      await seeEvery(nextDue + hours(8) + 1, nextDue + hours(8) + 1, 1)
      expect(await judgeAt(nextDue + hours(8) + 1)).toBe(1)
      expect(await changesOf(set)).toMatchObject([{ rules: ['MISSED'], at: nextDue + hours(8) }])
    })

    test('a computer that is not seen for the days that the set allows is a finding of its own', async () => {
      const set = await addSet({ presence })
      await seeEvery(testNow, testNow + hours(1), minutes(15))
      await judgeAt(testNow + hours(1))
      expect(await judgeAt(testNow + hours(1) + days(7))).toBe(0)
      expect(await judgeAt(testNow + hours(1) + days(7) + 1)).toBe(1)
      expect(await changesOf(set)).toMatchObject([{ rules: ['NOT_SEEN'], status: 'FAILURE' }])
    })

    test('every report is a sign of life', async () => {
      await addSet({ presence })
      const found = await store.findComputer('acme', '0000')
      expect(found).toMatchObject({ isWatched: true })
      if (!found) return
      const report = (index: number, receivedAt: Instant) =>
        store.recordRun(placeOf(found), aRunReport({ runKey: runKey(index), backupsetName: 'Other', receivedAt }))
      for (const [index, at] of [testNow, testNow + minutes(15), testNow + minutes(40)].entries())
        await report(index, at)
      expect(await store.sightings(found.accountId, found.key)).toEqual([
        { from: testNow, until: testNow + minutes(15) },
        { from: testNow + minutes(40), until: testNow + minutes(40) },
      ])
    })
  })
})
