import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toNode } from '../../src/app/directory.ts'
import type { Store } from '../../src/app/ports.ts'
import { isGoodBackup } from '../../src/domain/condition.ts'
import type { TreeNode } from '../../src/domain/principal.ts'
import { compareRuns, runStates, type RunState } from '../../src/domain/run.ts'
import type { RunReport } from '../../src/domain/run-report.ts'
import type { Account, Computer, Partner } from '../../src/domain/tree.ts'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { addPartner, addTree, aRunReport, placeOf, runKey, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('usage on %s', (_, make) => {
  let store: Store
  let remove: () => Promise<void>
  let computer: Computer

  beforeEach(async () => {
    ;({ store, remove } = await openNewStore(make))
    ;({ computer } = await addTree(store))
  })
  afterEach(() => remove())

  let runs = 0
  const record = (report: Partial<RunReport>, on = computer) =>
    store.recordRun(placeOf(on), aRunReport({ runKey: runKey((runs += 1)), ...report }))
  const usage = async (on = computer) => (await store.usageOf([toNode(on)]))[0]

  test('is that of each node, at its position, of all that is at or below it', async () => {
    const root = await partnerOf(computer)
    const north = await store.addPartner({ parentId: root.id, username: 'north', name: 'north' }, testNow)
    const other = await addPartner(store, 'other')
    const second = await store.addComputer({ accountId: computer.accountId, name: 'Laptop', timeZone: null }, testNow)
    const below = await addTree(store, { username: 'below', partner: 'north' })
    const beside = await addTree(store, { username: 'beside', partner: 'other' })
    await record({ bytes: 1 })
    await record({ bytes: 2, backupsetName: 'Mail' })
    await record({ bytes: 10 }, second)
    await record({ bytes: 100 }, below.computer)
    await record({ bytes: 1_000 }, beside.computer)
    const account = await store.findAccount('acme')
    const nodes = [
      toNode(second),
      ofPartner(root),
      ofAccount(account ?? below.account),
      toNode(computer),
      ofPartner(other),
      ofAccount(below.account),
      ofPartner(north),
      toNode(computer),
      { partnerPath: '/999/', accountId: null, computerKey: null },
    ]
    expect(await store.usageOf(nodes)).toEqual([10, 113, 13, 3, 1_000, 100, 100, 3, 0])
    expect(await store.usageOf([])).toEqual([])
  })

  test('counts only the newest good backup of each set', async () => {
    expect(await usage()).toBe(0)
    await record({ bytes: 5 })
    await record({ bytes: 7, startedAt: testNow - 60_000, updatedAt: testNow })
    await record({ bytes: 6, startedAt: testNow - 90_000, updatedAt: testNow })
    await record({ bytes: 70, startedAt: testNow, updatedAt: testNow, errors: 1 })
    await record({ bytes: 70, startedAt: testNow, updatedAt: testNow, state: 'running' })
    await record({ bytes: 70, startedAt: testNow, updatedAt: testNow, type: 'restore' })
    expect(await usage()).toBe(7)
  })

  test('a good backup of which nobody told the bytes leaves those that are known', async () => {
    await record({ bytes: 5 })
    await record({ bytes: null, startedAt: testNow, updatedAt: testNow })
    expect(await usage()).toBe(5)
    await record({ bytes: 0, startedAt: testNow + 1, updatedAt: testNow + 1 })
    expect(await usage()).toBe(0)
  })

  test('a backup that turns out to be bad gives way to the one before', async () => {
    await record({ bytes: 5 })
    const last = { runKey: runKey(999), startedAt: testNow, bytes: 7 }
    await record({ ...last, updatedAt: testNow })
    expect(await usage()).toBe(7)
    await record({ ...last, updatedAt: testNow + 1, errors: 1 })
    expect(await usage()).toBe(5)
  })

  test('does not count computers that are deleted, and no set that is removed', async () => {
    await record({ bytes: 5 })
    await record({ bytes: 2, backupsetName: 'Mail' })
    const [documents] = await store.listBackupSets(computer.accountId, computer.key)
    await store.removeBackupSet(documents?.id ?? 0)
    expect(await usage()).toBe(2)
    await store.changeComputer(computer.key, { status: 'deleted' })
    const nodes = [toNode(computer), { ...toNode(computer), computerKey: null }, ofPartner(await partnerOf(computer))]
    expect(await store.usageOf(nodes)).toEqual([0, 0, 0])
  })

  test('of sizes that nobody can have is the greatest number that is exact', async () => {
    for (let index = 0; index < 3; index += 1) {
      await record({ bytes: Number.MAX_SAFE_INTEGER, backupsetName: `Set ${index}` })
    }
    expect(await usage()).toBe(Number.MAX_SAFE_INTEGER)
  })

  test('is told of a thousand nodes at once', async () => {
    await record({ bytes: 5 })
    const nodes = Array.from({ length: 1_200 }, (_, index) => ({ ...toNode(computer), computerKey: index }))
    const sum = (await store.usageOf(nodes)).reduce((all, one) => all + one, 0)
    expect(sum).toBe(5)
  })

  test('at some moments is what it was then: of whatever node, and of a deleted computer until it was deleted', async () => {
    const second = await store.addComputer({ accountId: computer.accountId, name: 'Laptop', timeZone: null }, testNow)
    const other = await addTree(store, { username: 'other' })
    const ends = (minute: number) => ({
      startedAt: testNow + minute * 60_000 - 1,
      updatedAt: testNow + minute * 60_000,
    })
    await record({ bytes: 1, ...ends(1) })
    await record({ bytes: 3, ...ends(3) })
    await record({ bytes: 10, ...ends(2) }, second)
    await record({ bytes: 100, ...ends(2) }, other.computer)
    const moments = [4, 3, 2, 1, 0].map(minute => testNow + minute * 60_000)
    const nodes = () => [
      toNode(computer),
      { ...toNode(computer), computerKey: null },
      { ...toNode(computer), accountId: null, computerKey: null },
    ]
    const all = () => Promise.all(nodes().map(node => store.usageAt(node, moments)))
    expect(await all()).toEqual([
      [3, 3, 1, 1, 0],
      [13, 13, 11, 1, 0],
      [113, 113, 111, 1, 0],
    ])
    await store.changeComputer(second.key, { status: 'deleted', deletedAt: testNow + 3 * 60_000 })
    expect(await all()).toEqual([
      [3, 3, 1, 1, 0],
      [3, 3, 11, 1, 0],
      [103, 103, 111, 1, 0],
    ])
    expect(await store.usageAt(toNode(computer), [])).toEqual([])
  })

  test('at many moments of many sets is told in parts', async () => {
    for (let index = 0; index < 80; index += 1) await record({ bytes: 1, backupsetName: `Set ${index}` })
    const moments = Array.from({ length: 90 }, (_, index) => testNow + index)
    expect(await store.usageAt(toNode(computer), moments)).toEqual(moments.map(() => 80))
  })

  test('whatever the order of reports, one by one or at once, it is that of the newest good backups', async () => {
    let count = 0
    await fc.assert(
      fc.asyncProperty(fc.array(aReportOfFew, { minLength: 1, maxLength: 10 }), fc.boolean(), async (list, atOnce) => {
        count += 1
        const tree = await addTree(store, { username: `account-${count}` })
        if (atOnce) await Promise.all(list.map(report => store.recordRun(tree.place, report)))
        else for (const report of list) await store.recordRun(tree.place, report)
        expect(await usage(tree.computer)).toBe(await usageByHistory(tree.computer, Infinity))
        const moments = [5, 0, 2, 3, 4, 2].map(later => testNow + later)
        const expected = await Promise.all(moments.map(moment => usageByHistory(tree.computer, moment)))
        expect(await store.usageAt(toNode(tree.computer), moments)).toEqual(expected)
      }),
      { numRuns: 120 },
    )
  })

  /** What was taken up at a moment, found in the history of every set. */
  async function usageByHistory({ accountId, key }: Computer, moment: number): Promise<number> {
    const sets = await store.listBackupSets(accountId, key)
    const bytes = await Promise.all(
      sets.map(async ({ id }) => {
        const found = await store.listBackupRuns(accountId, id, 0, 100)
        const known = found.filter(run => isGoodBackup(run) && run.bytes !== null && run.updatedAt <= moment)
        return known.toSorted(compareRuns).at(-1)?.bytes ?? 0
      }),
    )
    return bytes.reduce((sum, one) => sum + one, 0)
  }

  async function partnerOf({ partnerPath }: Computer): Promise<Partner> {
    const partner = (await store.listPartners()).find(({ path }) => path === partnerPath)
    if (!partner) throw new Error('A computer has a partner.')
    return partner
  }
})

const ofPartner = ({ path }: Partner): TreeNode => ({ partnerPath: path, accountId: null, computerKey: null })
const ofAccount = ({ id, partnerPath }: Account): TreeNode => ({ partnerPath, accountId: id, computerKey: null })

/** Reports of three runs of two sets that collide in every way that reports can. */
const aReportOfFew: fc.Arbitrary<RunReport> = fc
  .record({
    key: fc.integer({ min: 1, max: 4 }),
    state: fc.constantFrom('finished', 'finished', 'finished', ...(Object.keys(runStates) as RunState[])),
    type: fc.constantFrom('backup' as const, 'backup' as const, 'backup' as const, 'maintenance' as const),
    start: fc.integer({ min: 0, max: 2 }),
    end: fc.integer({ min: 2, max: 4 }),
    errors: fc.constantFrom(0, 0, 0, 1),
    bytes: fc.option(fc.integer({ min: 0, max: 9 })),
  })
  .map(({ key, start, end, ...report }) =>
    aRunReport({
      ...report,
      runKey: runKey(key),
      backupsetName: `Set ${key % 2}`,
      startedAt: testNow + start,
      updatedAt: testNow + end,
    }),
  )
