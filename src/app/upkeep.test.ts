import { expect, test, vi } from 'vitest'
import { openTestStore } from '../../test/support/test-store.ts'
import { addTree, aRunReport, runKey, testNow } from '../../test/support/tree.ts'
import { days, hours } from '../domain/instant.ts'
import type { Store } from './ports.ts'
import { startUpkeep } from './upkeep.ts'

const kept = { runDays: 40, logDays: 10 }

/** A store with ten runs of one day each, and an upkeep that pauses an hour only when the test says so. */
async function anUpkeep(by: (store: Store) => Store = store => store) {
  const { store } = await openTestStore()
  const { place } = await addTree(store)
  for (let day = 0; day < 10; day += 1) {
    const at = testNow - days(45 + day)
    const times = { startedAt: at, updatedAt: at, receivedAt: at }
    await store.recordRun(place, aRunReport({ ...times, runKey: runKey(day), log: 'four' }))
  }
  const clock = { now: testNow }
  const onRemoved = vi.fn()
  const onError = vi.fn()
  const hoursDone: (() => void)[] = []
  const upkeep = startUpkeep(by(store), () => clock.now, {
    kept,
    events: { onRemoved, onError },
    pause: (forMs, signal) =>
      forMs < hours(1)
        ? Promise.resolve()
        : new Promise(resolve => {
            hoursDone.push(resolve)
            signal.addEventListener('abort', () => resolve())
          }),
  })
  const rests = (times: number) => vi.waitFor(() => expect(hoursDone).toHaveLength(times))
  return { store, place, clock, upkeep, onRemoved, onError, rests, nextHour: () => hoursDone.at(-1)?.() }
}

test('tells once what went, and nothing when nothing goes', async () => {
  const { upkeep, clock, onRemoved, onError, rests, nextHour } = await anUpkeep()
  await rests(1)
  expect(onRemoved).toHaveBeenCalledExactlyOnceWith({ runs: 9, logs: 10, logBytes: 10 * '[]four'.length })
  clock.now += days(2)
  nextHour()
  await rests(2)
  expect(onRemoved).toHaveBeenCalledOnce()
  expect(onError).not.toHaveBeenCalled()
  await upkeep.stop()
})

test('tells a failure, does what else there is to do, and tries again an hour later', async () => {
  let isBroken = true
  const { upkeep, onRemoved, onError, rests, nextHour } = await anUpkeep(store => ({
    ...store,
    removeOldMails: before => (isBroken ? Promise.reject(new Error('the disk is gone')) : store.removeOldMails(before)),
    retain: request => (isBroken ? Promise.reject(new Error('the disk is gone')) : store.retain(request)),
  }))
  await rests(1)
  expect(onError).toHaveBeenCalledTimes(2)
  isBroken = false
  nextHour()
  await rests(2)
  expect(onError).toHaveBeenCalledTimes(2)
  expect(onRemoved).toHaveBeenCalledOnce()
  await upkeep.stop()
})

test('several at once remove each run once', async () => {
  const { store, upkeep, onRemoved, rests } = await anUpkeep()
  const others = [1, 2].map(() => startUpkeep(store, () => testNow, { kept, events: { onRemoved } }))
  await rests(1)
  await Promise.all([upkeep, ...others].map(one => one.stop()))
  const runs = onRemoved.mock.calls.map(([gone]) => (gone as { runs: number }).runs)
  expect(runs.reduce((sum, count) => sum + count, 0)).toBe(9)
})
