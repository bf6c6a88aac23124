import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RecordedRun, RunPlace, Store } from '../../src/app/ports.ts'
import { hours } from '../../src/domain/instant.ts'
import { runStates, type RunState } from '../../src/domain/run.ts'
import type { RunReport } from '../../src/domain/run-report.ts'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { addTree, aRunReport, runKey, statesOf, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('recording runs on %s', (_, make) => {
  let store: Store
  let remove: () => Promise<void>
  let place: RunPlace

  beforeEach(async () => {
    ;({ store, remove } = await openNewStore(make))
    ;({ place } = await addTree(store))
  })
  afterEach(() => remove())

  const newest = (at = place) => statesOf(store, at)
  const runOf = (recorded: RecordedRun) => {
    if ('run' in recorded) return recorded.run
    throw new Error(`not recorded: ${recorded.outcome}`)
  }

  test('a first report creates its run and its backup set', async () => {
    const recorded = await store.recordRun(place, aRunReport({ bytes: 2 ** 41, log: 'all went well' }))
    expect(recorded).toMatchObject({
      outcome: 'created',
      run: { id: 1, backupsetName: 'Documents', plugin: 'file', runLimitMs: hours(24), bytes: 2 ** 41 },
    })
    expect(await store.findRun(place.accountId, place.computerKey, 1)).toEqual(runOf(recorded))
    expect(await store.findRunLog(place.accountId, place.computerKey, 1)).toMatchObject({
      messages: [],
      log: 'all went well',
    })
    expect(await newest()).toMatchObject([{ backupsetName: 'Documents', run: { bytes: 2 ** 41 } }])
  })

  test('the log of a run was received when it last changed, and of a run without one when that was recorded', async () => {
    const received = async () => (await store.findRunLog(place.accountId, place.computerKey, 1))?.receivedAt
    const running = { state: 'running' as const, updatedAt: testNow - hours(2) }
    await store.recordRun(place, aRunReport({ ...running, receivedAt: testNow }))
    expect(await received()).toBe(testNow)
    await store.recordRun(place, aRunReport({ log: 'the end', receivedAt: testNow + 5 }))
    expect(await received()).toBe(testNow + 5)
    await store.recordRun(place, aRunReport({ ...running, log: 'late', receivedAt: testNow + 9 }))
    expect(await received()).toBe(testNow + 5)
    await store.recordRun(place, aRunReport({ log: '', errors: 1, receivedAt: testNow + 20 }))
    expect(await received()).toBe(testNow + 20)
  })

  test('a set keeps the plugin that it was created with, and a report may name its own', async () => {
    await store.recordRun(place, aRunReport({ plugin: 'sql' }))
    expect(runOf(await store.recordRun(place, aRunReport({ runKey: runKey(2) }))).plugin).toBe('sql')
    expect(runOf(await store.recordRun(place, aRunReport({ runKey: runKey(3), plugin: 'file' }))).plugin).toBe('file')
  })

  test('the same report again changes nothing and is answered with the stored run', async () => {
    const first = await store.recordRun(place, aRunReport({ messages: [{ level: 'info', text: 'one' }] }))
    const again = await store.recordRun(place, aRunReport({ receivedAt: testNow, log: 'late', messages: [] }))
    expect(again).toEqual({ ...first, outcome: 'repeated' })
    expect(await store.findRunLog(place.accountId, place.computerKey, 1)).toMatchObject({
      messages: [{ level: 'info', text: 'one' }],
      log: '',
    })
  })

  test('a later state of a run updates it, and an earlier one that arrives later does not', async () => {
    const running = aRunReport({ state: 'running', updatedAt: testNow - hours(2) })
    const ended = aRunReport({ state: 'finished', errors: 2, log: 'the end' })
    expect(await store.recordRun(place, running)).toMatchObject({ outcome: 'created' })
    expect(await store.recordRun(place, ended)).toMatchObject({ outcome: 'updated', run: { id: 1, errors: 2 } })
    expect(await store.recordRun(place, running)).toMatchObject({ outcome: 'repeated', run: { state: 'finished' } })
    expect(await newest()).toMatchObject([{ run: { state: 'finished', errors: 2 } }])
    expect((await store.findRunLog(place.accountId, place.computerKey, 1))?.log).toBe('the end')
  })

  test('what a run logged is what its outranking report said, whichever came first', async () => {
    const start = (runKey: string) =>
      aRunReport({ runKey, state: 'running', log: 'starting', updatedAt: testNow - hours(2) })
    const end = (runKey: string) => aRunReport({ runKey })
    for (const order of [
      [start, end],
      [end, start],
    ]) {
      const key = runKey(order[0] === start ? 1 : 2)
      for (const report of order) await store.recordRun(place, report(key))
    }
    await Promise.all([start, end].map(report => store.recordRun(place, report(runKey(3)))))
    const logs = await Promise.all([1, 2, 3].map(id => store.findRunLog(place.accountId, place.computerKey, id)))
    expect(logs.map(found => found?.log)).toEqual(['', '', ''])
  })

  test('the newest run of a set is the one that started last, whatever arrived last', async () => {
    await store.recordRun(place, aRunReport({ runKey: runKey(2), startedAt: testNow - hours(1) }))
    await store.recordRun(place, aRunReport({ runKey: runKey(1), startedAt: testNow - hours(30), errors: 9 }))
    expect(await newest()).toMatchObject([{ run: { startedAt: testNow - hours(1), errors: 0 } }])
  })

  test('a run whose start turns out to be earlier gives way to the run that is the newest now', async () => {
    const other = aRunReport({ runKey: runKey(2), startedAt: testNow - hours(3), warnings: 5 })
    await store.recordRun(place, other)
    await store.recordRun(place, aRunReport({ runKey: runKey(1), startedAt: testNow - hours(1) }))
    const start = aRunReport({ runKey: runKey(1), state: 'running', startedAt: testNow - hours(9) })
    expect(await store.recordRun(place, start)).toMatchObject({
      outcome: 'updated',
      run: { state: 'finished', startedAt: testNow - hours(9) },
    })
    expect(await newest()).toMatchObject([{ run: { startedAt: testNow - hours(3), warnings: 5 } }])
  })

  test('of runs that started in the same second none hides the trouble of another, in whatever order they arrive', async () => {
    const quick = { startedAt: testNow, updatedAt: testNow }
    const runs = [
      aRunReport({ ...quick, runKey: runKey(1), errors: 2 }),
      aRunReport({ ...quick, runKey: runKey(2), warnings: 1 }),
      aRunReport({ ...quick, runKey: runKey(3) }),
    ]
    for (const [index, order] of [runs, runs.toReversed()].entries()) {
      const backupsetName = `In order ${index}`
      for (const run of order)
        await store.recordRun(place, { ...run, runKey: runKey(index * 10 + order.indexOf(run)), backupsetName })
    }
    expect((await newest()).map(({ run }) => run?.errors)).toEqual([2, 2])
    const later = aRunReport({
      startedAt: testNow,
      updatedAt: testNow + 1,
      runKey: runKey(99),
      backupsetName: 'In order 0',
    })
    await store.recordRun(place, later)
    expect((await newest()).map(({ run }) => run?.errors)).toEqual([0, 2])
  })

  test('restores, deletions and maintenance never stand for a backup of their set', async () => {
    await store.recordRun(place, aRunReport({ errors: 1 }))
    for (const [index, type] of (['restore', 'delete', 'maintenance'] as const).entries()) {
      await store.recordRun(place, aRunReport({ runKey: runKey(10 + index), type, startedAt: testNow }))
    }
    expect(await newest()).toMatchObject([{ run: { type: 'backup', errors: 1 } }])
  })

  test('a run that turns out to be no backup gives its set back to the backup before it', async () => {
    const backup = aRunReport({ runKey: runKey(1), startedAt: testNow - hours(5) })
    const started = aRunReport({ runKey: runKey(2), state: 'running', startedAt: testNow - hours(1) })
    await store.recordRun(place, backup)
    await store.recordRun(place, started)
    await store.recordRun(place, { ...started, type: 'maintenance', state: 'finished', updatedAt: testNow })
    expect(await newest()).toMatchObject([{ run: { startedAt: testNow - hours(5), state: 'finished' } }])

    const alone = aRunReport({ runKey: runKey(3), backupsetName: 'Alone', state: 'running' })
    await store.recordRun(place, alone)
    await store.recordRun(place, { ...alone, type: 'maintenance', state: 'finished' })
    expect((await newest()).map(({ backupsetName }) => backupsetName)).toEqual(['Documents'])
  })

  test('a restore of an unknown set is kept without making the set', async () => {
    const recorded = await store.recordRun(place, aRunReport({ type: 'restore', backupsetName: 'Nowhere' }))
    expect(recorded).toMatchObject({ outcome: 'created', run: { backupsetName: null } })
    expect(await store.listBackupSets(place.accountId, place.computerKey)).toEqual([])
  })

  test('a set that was renamed, changed or removed meanwhile is taken as it is now', async () => {
    const only = async () => (await store.listBackupSets(place.accountId, place.computerKey))[0]?.id ?? 0
    for (const index of [1, 2]) await store.recordRun(place, aRunReport({ runKey: runKey(index) }))
    await store.changeBackupSet(await only(), { name: 'Renamed', plugin: 'sql', runLimitMs: 5 })
    const changed = aRunReport({ runKey: runKey(3), backupsetName: 'Renamed' })
    expect(runOf(await store.recordRun(place, changed))).toMatchObject({ plugin: 'sql', runLimitMs: 5 })
    await store.removeBackupSet(await only())
    const closed = { ...place, acceptsNewSets: false }
    const again = aRunReport({ runKey: runKey(4), backupsetName: 'Renamed' })
    expect(await store.recordRun(closed, again)).toEqual({ outcome: 'unknown-set' })
  })

  test('where an account allows no new sets an unknown one is refused and a known one is not', async () => {
    await store.recordRun(place, aRunReport())
    const closed = { ...place, acceptsNewSets: false }
    expect(await store.recordRun(closed, aRunReport({ runKey: runKey(2) }))).toMatchObject({ outcome: 'created' })
    const refused = await store.recordRun(closed, aRunReport({ runKey: runKey(3), backupsetName: 'New' }))
    expect(refused).toEqual({ outcome: 'unknown-set' })
  })

  test('a run key belongs to one set of one computer', async () => {
    const other = await addTree(store, { username: 'other' })
    await store.recordRun(place, aRunReport())
    expect(await store.recordRun(place, aRunReport({ backupsetName: 'Mail' }))).toEqual({ outcome: 'other-set' })
    expect(await store.listBackupSets(place.accountId, place.computerKey)).toHaveLength(1)
    expect(await store.recordRun(other.place, aRunReport())).toMatchObject({ outcome: 'created' })
    expect(await store.findRun(other.account.id, other.computer.key, 1)).toBeUndefined()
    expect(await store.findRunLog(other.account.id, other.computer.key, 1)).toBeUndefined()
  })

  test('reports that come at once are each recorded, with their own sets, repeats and refusals', async () => {
    const other = await addTree(store, { username: 'other', acceptsNewSets: false })
    const outcomes = await Promise.all([
      store.recordRun(place, aRunReport({ runKey: runKey(1), state: 'running', updatedAt: testNow - hours(2) })),
      store.recordRun(place, aRunReport({ runKey: runKey(1) })),
      store.recordRun(place, aRunReport({ runKey: runKey(1) })),
      store.recordRun(other.place, aRunReport({ runKey: runKey(1) })),
      ...Array.from({ length: 1_200 }, (_, index) =>
        store.recordRun(place, aRunReport({ runKey: runKey(100 + index), backupsetName: `Set ${index % 7}` })),
      ),
    ])
    expect(outcomes.slice(0, 4).map(({ outcome }) => outcome)).toEqual([
      'created',
      'updated',
      'repeated',
      'unknown-set',
    ])
    expect(new Set(outcomes.flatMap(one => ('run' in one ? [one.run.id] : []))).size).toBe(1_201)
    expect(await newest()).toHaveLength(8)
  })

  test('each recording raises the version of its account and of no other, and of the tree only with a new set', async () => {
    const other = await addTree(store, { username: 'other' })
    const before = await store.treeVersion()
    await store.recordRun(place, aRunReport())
    expect(await store.treeVersion()).not.toBe(before)
    const [tree, mine, theirs] = [
      await store.treeVersion(),
      await store.accountVersion(place.accountId),
      await store.accountVersion(other.account.id),
    ]
    await store.recordRun(place, aRunReport({ runKey: runKey(2) }))
    expect(await store.accountVersion(place.accountId)).not.toBe(mine)
    expect(await store.accountVersion(other.account.id)).toBe(theirs)
    expect(await store.treeVersion()).toBe(tree)
  })

  test('whatever the order and repetition of reports, one by one or at once, the newest run of each set is the same', async () => {
    const reports = fc.array(aReportOfFew, { minLength: 1, maxLength: 8 })
    let count = 0
    await fc.assert(
      fc.asyncProperty(reports, fc.infiniteStream(fc.nat()), async (list, numbers) => {
        const shuffled = list
          .concat(list.slice(0, 2))
          .map(report => ({ report, at: numbers.next().value }))
          .sort((one, other) => one.at - other.at)
          .map(({ report }) => report)
        const ends = []
        for (const [order, atOnce] of [
          [list, false],
          [shuffled, false],
          [shuffled, true],
        ] as const) {
          count += 1
          const { place } = await addTree(store, { username: `account-${count}` })
          if (atOnce) await Promise.all(order.map(report => store.recordRun(place, report)))
          else for (const report of order) await store.recordRun(place, report)
          // Sets are numbered as they come in, and versions are counted.
          const states = await newest(place)
          ends.push(states.map(state => ({ ...state, setId: 0 })))
        }
        expect(ends).toEqual([ends[0], ends[0], ends[0]])
      }),
      { numRuns: 60 },
    )
  })
})

/** Reports of two runs that collide in every way that reports can. */
const aReportOfFew: fc.Arbitrary<RunReport> = fc
  .record({
    key: fc.integer({ min: 1, max: 3 }),
    state: fc.constantFrom(...(Object.keys(runStates) as RunState[])),
    type: fc.constantFrom('backup' as const, 'backup' as const, 'maintenance' as const),
    start: fc.integer({ min: 0, max: 2 }),
    end: fc.integer({ min: 2, max: 4 }),
    errors: fc.integer({ min: 0, max: 1 }),
    bytes: fc.option(fc.integer({ min: 0, max: 1 })),
  })
  .map(({ key, state, type, start, end, errors, bytes }) =>
    aRunReport({
      runKey: runKey(key),
      backupsetName: `Set ${key % 2}`,
      state,
      type,
      startedAt: testNow + start,
      updatedAt: testNow + end,
      errors,
      bytes,
    }),
  )
