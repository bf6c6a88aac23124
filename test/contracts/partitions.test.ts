import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RecordedRun, RunPlace, Store } from '../../src/app/ports.ts'
import { days } from '../../src/domain/instant.ts'
import type { RunReport } from '../../src/domain/run-report.ts'
import { openStore } from '../../src/storage/store.ts'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { addTree, aRunReport, runKey, statesOf, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('runs of many months on %s', (kind, make) => {
  const hasPartitions = kind === 'PostgreSQL'
  let store: Store
  let url: string
  let remove: () => Promise<void>
  let place: RunPlace

  beforeEach(async () => {
    const opened = await openNewStore(make)
    ;({ store, remove, url } = { ...opened, url: opened.database.url })
    ;({ place } = await addTree(store))
  })
  afterEach(() => remove())

  /** The run of a number, so many days before or after now. */
  const runAt = (index: number, day: number, report: Partial<RunReport> = {}) => {
    const startedAt = testNow + days(day)
    return aRunReport({ runKey: runKey(index), startedAt, updatedAt: startedAt + 1, ...report })
  }
  const idOf = (recorded: RecordedRun) => ('run' in recorded ? recorded.run.id : 0)
  const startsOf = async () => {
    const selection = { accountId: place.accountId, computerKey: null, from: Number.MIN_SAFE_INTEGER }
    const { runs } = await store.listRuns(selection, { by: 'start', isDescending: false }, { skip: 0, most: 100 })
    return runs.map(({ run }) => Math.round((run.startedAt - testNow) / days(1)))
  }

  test('the months to come are made once, whoever asks, and runs that are there already stay', async () => {
    await store.recordRun(place, runAt(1, 0))
    const other = await openStore(url)
    const made = await Promise.all([store.keepPartitions(testNow), other.keepPartitions(testNow)])
    await other.close()
    await store.keepPartitions(testNow)
    expect(await store.keepPartitions(testNow)).toEqual([])
    expect(made.flat().length).toBeLessThanOrEqual(hasPartitions ? 3 : 0)
    expect(await store.recordRun(place, runAt(1, 0))).toMatchObject({ outcome: 'repeated' })
    expect(await startsOf()).toEqual([0])
  })

  test('months are made while runs are recorded, and no run is lost or doubled', async () => {
    const reports = Array.from({ length: 300 }, (_, index) => runAt(index + 1, (index % 90) - 10))
    const recording = reports.map(report => store.recordRun(place, report))
    for (const day of [0, 60, 120]) await store.keepPartitions(testNow + days(day)).catch(() => [])
    expect(new Set((await Promise.all(recording)).map(idOf)).size).toBe(300)
    const again = await Promise.all(reports.map(report => store.recordRun(place, report)))
    expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(['repeated']))
  })

  test('a run is itself whatever month its start turns out to be in', async () => {
    await store.keepPartitions(testNow)
    const first = await store.recordRun(place, runAt(1, 40))
    for (const day of [10, -3, -4_000]) {
      const moved = await store.recordRun(place, runAt(1, day, { state: 'running' }))
      expect(moved).toMatchObject({ outcome: 'updated', run: { id: idOf(first), startedAt: testNow + days(day) } })
    }
    expect(await store.recordRun(place, runAt(1, 40))).toMatchObject({ outcome: 'repeated' })
    expect(await startsOf()).toEqual([-4_000])
  })

  test('runs years late and runs of clocks far ahead are kept as all others', async () => {
    await store.keepPartitions(testNow)
    for (const [index, day] of [-9_000, 9_000, 0].entries()) await store.recordRun(place, runAt(index, day))
    expect(await startsOf()).toEqual([-9_000, 0, 9_000])
    await store.keepPartitions(testNow + days(9_000))
    expect(await startsOf()).toEqual([-9_000, 0, 9_000])
  })

  test('a month that is dropped takes its runs, their logs and their names, and leaves what states are made of', async () => {
    await store.keepPartitions(testNow)
    const gone = idOf(await store.recordRun(place, runAt(1, 0, { log: 'gone' })))
    await store.recordRun(place, runAt(2, 1, { log: 'good' }))
    await store.recordRun(place, runAt(3, 2, { errors: 1, log: 'bad' }))
    const before = await statesOf(store, place)
    expect(await store.dropPartitionsBefore(testNow)).toBe(0)
    expect(await store.dropPartitionsBefore(testNow + days(60))).toBe(hasPartitions ? 1 : 0)
    expect(await store.dropPartitionsBefore(testNow + days(60))).toBe(0)
    expect(await startsOf()).toEqual(hasPartitions ? [1, 2] : [0, 1, 2])
    expect(await store.findLoggedRuns(place.accountId, [gone])).toEqual(hasPartitions ? [] : [gone])
    expect(await store.recordRun(place, runAt(3, 2, { errors: 1 }))).toMatchObject({ outcome: 'repeated' })
    const again = await store.recordRun(place, runAt(1, 0))
    expect(again.outcome).toBe(hasPartitions ? 'created' : 'repeated')
    expect((await statesOf(store, place)).map(toFound)).toEqual(before.map(toFound))
  })

  test('what is known of sets is the same whether old months were dropped or not', async () => {
    let count = 0
    const drawn = fc.record({
      day: fc.integer({ min: -5, max: 80 }),
      set: fc.integer({ min: 1, max: 2 }),
      state: fc.constantFrom('finished' as const, 'running' as const, 'crashed' as const),
      errors: fc.integer({ min: 0, max: 1 }),
      bytes: fc.option(fc.integer({ min: 0, max: 9 })),
    })
    const history = fc.array(drawn, { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(history, history, async (past, future) => {
        count += 1
        const base = testNow + days(120 * count)
        const kept = (await addTree(store, { username: `kept-${count}` })).place
        const dropped = (await addTree(store, { username: `dropped-${count}` })).place
        const record = async (runs: typeof past, at: RunPlace, from: number) => {
          for (const [index, { day, set, ...facts }] of runs.entries()) {
            const [startedAt, backupsetName] = [base + days(from + day), `Set ${set}`]
            const report = {
              ...facts,
              startedAt,
              updatedAt: startedAt + 1,
              backupsetName,
              runKey: runKey(from * 100 + index),
            }
            await store.recordRun(at, aRunReport(report))
          }
        }
        await store.keepPartitions(base)
        await record(past, dropped, 0)
        const known = (await statesOf(store, dropped)).map(toFound)
        await store.dropPartitionsBefore(base + days(200))
        expect((await statesOf(store, dropped)).map(toFound)).toEqual(known)
        await record(past, kept, 0)
        for (const at of [kept, dropped]) await record(future, at, 86)
        expect((await statesOf(store, dropped)).map(toFound)).toEqual((await statesOf(store, kept)).map(toFound))
      }),
      { numRuns: 12 },
    )
  })
})

/** What is known of a set, whatever its number. */
const toFound = (state: Awaited<ReturnType<typeof statesOf>>[number]) => ({ ...state, setId: 0 })
