import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import { toNode } from '../../src/app/directory.ts'
import { days, hours } from '../../src/domain/instant.ts'
import type { TreeNode } from '../../src/domain/principal.ts'
import type { BackupSet, Computer } from '../../src/domain/tree.ts'
import { aPing, aSource } from '../support/pings.ts'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { addTree, aNewSet, aRunReport, placeOf, runKey, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('what hangs below a node on %s', (_, make) => {
  let store: Store
  let remove: () => Promise<void>
  let computer: Computer
  let set: BackupSet
  let ofAll: TreeNode

  beforeEach(async () => {
    ;({ store, remove } = await openNewStore(make))
    const tree = await addTree(store)
    ;({ computer } = tree)
    ofAll = { partnerPath: tree.partner.path, accountId: null, computerKey: null }
    set = await store.addBackupSet(aNewSet(computer), testNow)
  })
  afterEach(() => remove())

  const record = (report: Parameters<typeof aRunReport>[0]) => store.recordRun(placeOf(computer), aRunReport(report))
  const known = (now = testNow) => store.knownBelow(toNode(computer), now)

  test('is found for a computer, an account and a partner, and nothing beside it', async () => {
    const second = await store.addComputer({ accountId: computer.accountId, name: 'Laptop', timeZone: null }, testNow)
    const other = await addTree(store, { username: 'other' })
    const sets = [
      set,
      await store.addBackupSet(aNewSet(second, { name: 'Home' }), testNow),
      await store.addBackupSet(aNewSet(other.computer, { name: 'Mail' }), testNow),
    ]
    for (const [index, place] of [computer, second, other.computer].entries()) {
      await store.recordRun(placeOf(place), aRunReport({ backupsetName: sets[index]?.name ?? '' }))
    }
    const account = { ...toNode(computer), computerKey: null }
    const foreign = { partnerPath: '/9/', accountId: null, computerKey: null }
    const names = async (node: TreeNode) => {
      const { computers, sets: found } = await store.treeBelow(node)
      const { states, pingCounts } = await store.knownBelow(node, testNow)
      expect(new Set(states.map(({ setId }) => setId))).toEqual(new Set(found.map(({ id }) => id)))
      expect(pingCounts).toHaveLength(found.length)
      return [computers.map(({ name, username }) => `${username} ${name}`), found.map(({ name }) => name)]
    }
    expect(await names(toNode(computer))).toEqual([['acme File server'], ['Documents']])
    expect(await names(account)).toEqual([
      ['acme File server', 'acme Laptop'],
      ['Documents', 'Home'],
    ])
    expect(await names(ofAll)).toEqual([
      ['acme File server', 'acme Laptop', 'other File server'],
      ['Documents', 'Home', 'Mail'],
    ])
    expect(await names(foreign)).toEqual([[], []])
  })

  test('is what its computers and sets are by themselves, without deleted computers', async () => {
    expect(await store.treeBelow(ofAll)).toEqual({ computers: [computer], sets: [set] })
    await store.changeComputer(computer.key, { status: 'deleted' })
    expect(await store.treeBelow(ofAll)).toEqual({ computers: [], sets: [] })
  })

  test('a set with an open run has its newest run that is settled: ended, or older than its limit', async () => {
    const open = { state: 'running' as const, startedAt: testNow, updatedAt: testNow }
    await record({ runKey: runKey(1), startedAt: testNow - days(3), updatedAt: testNow - days(3) + 1, errors: 1 })
    expect((await known()).settledRuns).toEqual([])
    await record({ ...open, runKey: runKey(2) })
    expect((await known()).settledRuns).toMatchObject([{ setId: set.id, startedAt: testNow - days(3), errors: 1 }])
    await record({ ...open, runKey: runKey(3), startedAt: testNow - hours(23) })
    expect((await known()).settledRuns).toMatchObject([{ startedAt: testNow - days(3) }])
    expect((await known(testNow + hours(2))).settledRuns).toMatchObject([
      { startedAt: testNow - hours(23), state: 'running' },
    ])
  })

  test('a set has as many pings as it had, and without any as many runs, up to a hundred', async () => {
    const count = async () => (await known()).pingCounts.find(({ setId }) => setId === set.id)?.count
    expect(await count()).toBe(0)
    for (let index = 0; index < 102; index += 1) await record({ runKey: runKey(index), startedAt: testNow + index })
    expect(await count()).toBe(100)
    for (const kind of ['start', 'success'] as const) {
      await store.recordPing(placeOf(computer), set.id, aPing(kind, { at: testNow }), aSource)
    }
    expect(await count()).toBe(2)
  })

  test('sightings are those of computers whose presence somebody asks for', async () => {
    await store.noteSighting({ accountId: computer.accountId, computerKey: computer.key, seenAt: testNow })
    expect((await known()).sightings).toEqual([])
    await store.changeBackupSet(set.id, { presence: { kind: 'required', notSeenMs: days(1) } })
    expect((await known()).sightings).toEqual([{ computerKey: computer.key, from: testNow, until: testNow }])
  })

  test('runs that have logged something are told from those that have not', async () => {
    await record({ runKey: runKey(1), log: 'all went well' })
    await record({ runKey: runKey(2), log: '' })
    expect(await store.findLoggedRuns(computer.accountId, [1, 2, 3])).toEqual([1])
    expect(await store.findLoggedRuns(computer.accountId, [])).toEqual([])
    expect(await store.findLoggedRuns(computer.accountId + 1, [1, 2, 3])).toEqual([])
  })
})
