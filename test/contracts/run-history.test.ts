import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ListedRun, RunOrder, RunSelection, Store } from '../../src/app/ports.ts'
import { type RunState, runStates, type RunType, runTypes, statesWorstFirst } from '../../src/domain/run.ts'
import type { RunReport } from '../../src/domain/run-report.ts'
import type { Computer } from '../../src/domain/tree.ts'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { addTree, aRunReport, placeOf, runKey, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('the history of runs on %s', (_, make) => {
  let store: Store
  let remove: () => Promise<void>
  let computers: Computer[]

  beforeEach(async () => {
    ;({ store, remove } = await openNewStore(make))
    const { computer } = await addTree(store)
    const second = await store.addComputer({ accountId: computer.accountId, name: 'Laptop', timeZone: null }, testNow)
    const { computer: foreign } = await addTree(store, { username: 'other' })
    computers = [computer, second, foreign]
    const many = fc.sample(aReport, { numRuns: 120, seed: 7 })
    for (const [index, report] of many.entries()) {
      const on = computers[index % 3] ?? computer
      await store.recordRun(placeOf(on), { ...report, runKey: runKey(index) })
    }
  })
  afterEach(() => remove())

  const byStart: RunOrder = { by: 'start', isDescending: false }
  const list = (selection: Partial<RunSelection>, order = byStart, window = { skip: 0, most: 200 }) =>
    store.listRuns({ accountId: computers[0]?.accountId ?? 0, computerKey: null, from: 0, ...selection }, order, window)

  test('has every run of an account or of a computer, with its computer, as it is found by itself', async () => {
    const { runs, count } = await list({})
    expect([runs.length, count]).toEqual([80, 80])
    for (const { run, computer } of runs) {
      const on = computers.find(({ name, username }) => name === computer.name && username === computer.username)
      expect(computer).toEqual({ username: 'acme', computerId: on?.computerId, name: on?.name, timeZone: on?.timeZone })
      expect(await store.findRun(on?.accountId ?? 0, on?.key ?? 0, run.id)).toEqual(run)
    }
    expect((await list({ computerKey: computers[1]?.key ?? 0 })).count).toBe(40)
    expect((await list({ computerKey: computers[2]?.key ?? 0 })).count).toBe(0)
  })

  test('is any selection in any order, in windows, as sorting all of it would be', async () => {
    const { runs: all } = await list({})
    const selections = fc.record({
      computer: fc.constantFrom(null, 0, 1),
      from: fc.integer({ min: 0, max: 4 }).map(minutes => testNow + minutes * 60_000),
      types: fc.option(fc.subarray([...runTypes], { minLength: 1 }), { nil: undefined }),
      states: fc.option(fc.subarray(Object.keys(runStates) as RunState[], { minLength: 1 }), { nil: undefined }),
      by: fc.constantFrom('start' as const, 'type' as const, 'state' as const),
      isDescending: fc.boolean(),
      skip: fc.integer({ min: 0, max: 30 }),
      most: fc.integer({ min: 1, max: 50 }),
    })
    await fc.assert(
      fc.asyncProperty(selections, async ({ computer, from, types, states, by, isDescending, skip, most }) => {
        const on = computer === null ? undefined : computers[computer]
        const wanted = { from, ...(types && { types }), ...(states && { states }) }
        const found = await list({ computerKey: on?.key ?? null, ...wanted }, { by, isDescending }, { skip, most })
        const expected = all
          .filter(one => on === undefined || one.computer.computerId === on.computerId)
          .filter(({ run }) => run.startedAt >= from)
          .filter(({ run }) => (types?.includes(run.type) ?? true) && (states?.includes(run.state) ?? true))
          .toSorted((one, other) => (isDescending ? -1 : 1) * compare(by, one, other))
        const idsOf = (runs: readonly ListedRun[]) => runs.map(({ run }) => run.id)
        expect(found.count).toBe(expected.length)
        expect(idsOf(found.runs)).toEqual(idsOf(expected.slice(skip, skip + most)))
      }),
      { numRuns: 150 },
    )
  })
})

function compare(by: RunOrder['by'], { run: one }: ListedRun, { run: other }: ListedRun): number {
  const terms = {
    start: one.startedAt - other.startedAt,
    type: compareText(one.type, other.type),
    state: rankOf(one.state) - rankOf(other.state),
  }
  return terms[by] || compareText(one.backupsetName ?? '', other.backupsetName ?? '') || one.id - other.id
}

const rankOf = (state: RunState) => statesWorstFirst.findIndex(some => (some as readonly RunState[]).includes(state))
const compareText = (one: string, other: string) => Number(one > other) - Number(one < other)

/** Reports that start within five minutes, of a few sets or, unless they are of backups, of sets that are not there. */
const aReport: fc.Arbitrary<RunReport> = fc
  .record({
    type: fc.constantFrom<RunType[]>('backup', 'backup', ...runTypes),
    state: fc.constantFrom('finished', ...(Object.keys(runStates) as RunState[])),
    minute: fc.integer({ min: 0, max: 4 }),
    errors: fc.constantFrom(0, 0, 1),
    backupsetName: fc.constantFrom('Mail', 'mail', 'Ärger'),
  })
  .map(({ minute, type, backupsetName, ...report }) => {
    const startedAt = testNow + minute * 60_000
    const name = type === 'backup' || minute > 2 ? backupsetName : null
    return aRunReport({ ...report, type, backupsetName: name, startedAt, updatedAt: startedAt })
  })
