import { afterEach, expect, test, vi } from 'vitest'
import { openTestStore } from '../../test/support/test-store.ts'
import { aNewSet, addTree, testNow } from '../../test/support/tree.ts'
import { hours, minutes } from '../domain/instant.ts'
import { parseSchedule } from '../domain/schedule.ts'
import type { Store } from './ports.ts'
import { startWatch, type Watch, type WatchEvents } from './watch.ts'

const watches: Watch[] = []
afterEach(() => Promise.all(watches.splice(0).map(watch => watch.stop())))

/** A store with a set that is due every night at one, and a clock that a test moves. */
async function aWatchedSet() {
  const { store } = await openTestStore()
  const { computer } = await addTree(store, { timeZone: 'UTC' })
  const set = await store.addBackupSet(aNewSet(computer, { schedule: parseSchedule('cron 0 1 * * *') }), testNow)
  const clock = { now: testNow }
  const changes = () => store.listConditionChanges(computer.accountId, set.id, { most: 9 })
  const watch = (events: WatchEvents = {}, by: Store = store) => {
    const started = startWatch(by, () => clock.now, minutes(15), events)
    watches.push(started)
    return started
  }
  return { store, set, clock, changes, watch }
}

const missedAt = Date.UTC(2026, 2, 6, 2) + 1

test('finds what has become missed within a few seconds, while the clock goes on', async () => {
  const { clock, changes, watch } = await aWatchedSet()
  clock.now = missedAt - 3_000
  const onJudged = vi.fn()
  watch({ onJudged })
  await vi.waitFor(() => expect(onJudged).toHaveBeenCalled())
  expect(await changes()).toEqual([])
  clock.now = missedAt
  await vi.waitFor(async () => expect(await changes()).toMatchObject([{ rules: ['MISSED'] }]), { timeout: 5_000 })
})

test('notices that it was not awake before it judges, also when it was never stopped', async () => {
  const { store, clock, changes, watch } = await aWatchedSet()
  const onAbsence = vi.fn()
  const onJudged = vi.fn()
  watch({ onAbsence, onJudged })
  await vi.waitFor(() => expect(onJudged).toHaveBeenCalled())
  clock.now = missedAt + hours(1)
  await vi.waitFor(() => expect(onAbsence).toHaveBeenCalledWith({ from: testNow, until: missedAt + hours(1) }), {
    timeout: 5_000,
  })
  expect(await changes()).toEqual([])
  expect(await store.listAbsences()).toHaveLength(1)
})

test('says until when it was awake when it stops, so that the next start knows what it missed', async () => {
  const { store, clock, watch } = await aWatchedSet()
  const onJudged = vi.fn()
  const first = watch({ onJudged })
  await vi.waitFor(() => expect(onJudged).toHaveBeenCalled())
  clock.now = testNow + 3_000
  await first.stop()
  clock.now = testNow + hours(1)
  const onAbsence = vi.fn()
  watch({ onAbsence })
  await vi.waitFor(() => expect(onAbsence).toHaveBeenCalled())
  expect(await store.listAbsences()).toEqual([{ from: testNow + 3_000, until: testNow + hours(1) }])
})

test('goes on after a failure, which it tells', async () => {
  const { store, clock, changes, watch } = await aWatchedSet()
  const failure = new Error('away')
  let failures = 2
  const judge: Store['judge'] = request => {
    failures -= 1
    return failures >= 0 ? Promise.reject(failure) : store.judge(request)
  }
  const onError = vi.fn()
  clock.now = missedAt
  watch({ onError }, { ...store, judge })
  await vi.waitFor(async () => expect(await changes()).toHaveLength(1), { timeout: 8_000 })
  expect(onError.mock.calls).toEqual([[failure], [failure]])
})
