import { expect, test } from 'vitest'
import { openTestStore } from '../../test/support/test-store.ts'
import { addPartner, aNewSet, aRunReport, factsOf, placeOf, runKey, testNow } from '../../test/support/tree.ts'
import type { Policy } from '../domain/condition.ts'
import { hours, minutes } from '../domain/instant.ts'
import { backtestPolicy, findSetsBelow } from './backtest-policy.ts'
import type { Store } from './ports.ts'

/** A tree root > north > far, with one computer and one set with a warning at each of them. */
async function aTree() {
  const { store } = await openTestStore()
  const root = await addPartner(store, 'root')
  const north = await store.addPartner({ parentId: root.id, username: 'north', name: 'North' }, testNow)
  const far = await store.addPartner({ parentId: north.id, username: 'far', name: 'Far' }, testNow)
  for (const [index, { id, username }] of [root, north, far].entries()) await addWarnedSet(store, id, username, index)
  return {
    store,
    partners: { root, north, far },
    /** The statuses that appear for each account, under the policy that is tried for a partner. */
    appearing: async (username: string, policy: Policy) => {
      const facts = await factsOf(store)
      const partner = (await store.findPartner(username)) ?? root
      const found = await findSetsBelow(facts, partner)
      const results: Record<string, unknown[]> = {}
      for await (const { computer, result } of backtestPolicy(facts, { partner, policy }, found, {
        days: 7,
        now: testNow,
      })) {
        results[computer.username] = result.appear.map(({ condition }) => condition?.status)
      }
      return results
    },
  }
}

async function addWarnedSet(store: Store, partnerId: number, name: string, index: number): Promise<void> {
  const account = { partnerId, username: `of-${name}`, name, timeZone: 'UTC', acceptsNewSets: true }
  const { id } = await store.addAccount(account, testNow - hours(9))
  const computer = await store.addComputer({ accountId: id, name, timeZone: null }, testNow - hours(9))
  await store.addBackupSet(aNewSet(computer), testNow - hours(9))
  const startedAt = testNow - hours(3)
  const report = { runKey: runKey(index), startedAt, updatedAt: startedAt + minutes(5), warnings: 1 }
  await store.recordRun(placeOf(computer), aRunReport(report))
}

const all = { 'of-far': ['FAILURE'], 'of-north': ['FAILURE'], 'of-root': ['FAILURE'] }

test('a policy is tried on every set of every account below the partner, at any depth', async () => {
  const { appearing } = await aTree()
  expect(await appearing('root', { WARNINGS: 'FAILURE' })).toEqual(all)
  expect(await appearing('north', { WARNINGS: 'FAILURE' })).toEqual({ 'of-far': ['FAILURE'], 'of-north': ['FAILURE'] })
  expect(await appearing('far', { WARNINGS: 'FAILURE' })).toEqual({ 'of-far': ['FAILURE'] })
})

test('a policy that says what holds already changes nothing', async () => {
  const { appearing } = await aTree()
  expect(await appearing('root', { WARNINGS: 'WARNING' })).toEqual({ 'of-far': [], 'of-north': [], 'of-root': [] })
})

test('what a partner below has set itself goes before, as it does when a policy holds', async () => {
  const { store, partners, appearing } = await aTree()
  await store.changePartner(partners.north.id, { policy: { WARNINGS: 'COMPLETED' } })
  expect(await appearing('root', { WARNINGS: 'FAILURE' })).toEqual({ ...all, 'of-north': [], 'of-far': [] })
  await store.changePartner(partners.far.id, { policy: { WARNINGS: 'RUNNING' } })
  expect(await appearing('north', { WARNINGS: 'FAILURE' })).toEqual({ 'of-north': ['FAILURE'], 'of-far': [] })
})

test('a partner whose name begins alike is not below', async () => {
  const { store, partners, appearing } = await aTree()
  // Ids of several digits: the path of one must not pass for that of another.
  for (let index = 0; index < 10; index += 1) {
    const { id, username } = await store.addPartner(
      { parentId: partners.root.id, username: `other-${index}`, name: 'Other' },
      testNow,
    )
    await addWarnedSet(store, id, username, index)
  }
  expect(Object.keys(await appearing('root', { WARNINGS: 'FAILURE' }))).toHaveLength(13)
  expect(Object.keys(await appearing('north', { WARNINGS: 'FAILURE' }))).toEqual(['of-far', 'of-north'])
})

test('a computer that was deleted is left out', async () => {
  const { store, appearing } = await aTree()
  const computer = await store.findComputer('of-far', '0000')
  await store.changeComputer(computer?.key ?? 0, { status: 'deleted' })
  expect(Object.keys(await appearing('north', { WARNINGS: 'FAILURE' }))).toEqual(['of-north'])
})
