import { expect, test } from 'vitest'
import { openTestStore } from '../../test/support/test-store.ts'
import { addTree, aNewSet, aRunReport, factsOf, runKey, testNow } from '../../test/support/tree.ts'
import { days, hours, minutes } from '../domain/instant.ts'
import { parseSchedule } from '../domain/schedule.ts'
import { backtestSet, type ProposedSettings } from './backtest-set.ts'
import type { NewBackupSet } from './tree-ports.ts'

/** A set that is due at one every night in UTC, was added ten days ago and ran every night at the same time. */
async function aSet({
  startedAfterMs = 0,
  nights = 10,
  ...given
}: Partial<NewBackupSet> & { startedAfterMs?: number; nights?: number } = {}) {
  const { store } = await openTestStore()
  const { computer, place } = await addTree(store, { timeZone: 'UTC' })
  const added = testNow - days(10)
  const set = await store.addBackupSet(
    aNewSet(computer, { schedule: parseSchedule('cron 0 1 * * *'), ...given }),
    added,
  )
  const firstDue = Date.UTC(2026, 1, 24, 1)
  for (let night = 0; night < nights; night += 1) {
    const startedAt = firstDue + days(night) + startedAfterMs
    const report = { runKey: runKey(night), startedAt, updatedAt: startedAt + minutes(10), receivedAt: startedAt }
    await store.recordRun(place, aRunReport(report))
  }
  const seen = (await store.findComputer('acme', '0000')) ?? computer
  return {
    store,
    set,
    computer: seen,
    test: async (proposed: ProposedSettings, period = { days: 5, now: testNow }) => {
      const { vanish, appear, ...rest } = await backtestSet(
        await factsOf(store),
        { computer: seen, set },
        proposed,
        period,
      )
      const told = (moments: typeof vanish) => moments.map(({ at, condition }) => [at, condition?.status])
      return { ...rest, vanish: told(vanish), appear: told(appear) }
    },
  }
}

test('a set that is on time stays as it is, whatever the grace', async () => {
  const { test } = await aSet()
  expect(await test({ graceMinutes: 0 })).toEqual({
    from: testNow - days(5),
    until: testNow,
    // How it began, and two changes of each of the five nights.
    stay: 11,
    vanish: [],
    appear: [],
  })
})

test('runs before the time that is looked at say how it began', async () => {
  const { test } = await aSet({ nights: 2 })
  const begin = testNow - days(5)
  const missedAt = Date.UTC(2026, 2, 1, 2) + 1
  expect(await test({ rpoMinutes: 60 * 24 * 2 })).toMatchObject({
    vanish: [
      [begin, 'COMPLETED'],
      [missedAt, 'FAILURE'],
    ],
    appear: [[begin, 'FAILURE']],
  })
})

test('what is given takes the place of what the set has, and null takes it back', async () => {
  const { test } = await aSet({ rpoMs: hours(12), ownTimeZone: 'Asia/Tokyo' })
  const failuresUnder = async (proposed: ProposedSettings) =>
    (await test(proposed)).appear.filter(([, status]) => status === 'FAILURE').length
  expect(await test({ timeZone: 'Asia/Tokyo', rpoMinutes: 720 })).toMatchObject({ vanish: [], appear: [] })
  // One each day for what is due at one in Tokyo, and none for what is due at one in UTC.
  expect(await failuresUnder({ rpoMinutes: null })).toBe(5)
  expect(await failuresUnder({ rpoMinutes: null, timeZone: null })).toBe(0)
})

test('what a change of the schedule has settled before does not count: both sides are judged from the beginning', async () => {
  const { store, set, computer } = await aSet({ nights: 0 })
  await store.changeBackupSet(set.id, { expectedFrom: testNow - 1, missedBefore: null })
  const changed = await store.findBackupSet(computer.accountId, computer.key, set.name)
  const found = await backtestSet(
    await factsOf(store),
    { computer, set: changed ?? set },
    { policy: { MISSED: 'WARNING' } },
    { days: 5, now: testNow },
  )
  expect([found.vanish, found.appear].map(([moment]) => moment?.condition?.status)).toEqual(['FAILURE', 'WARNING'])
})

test('where presence is required, it is so on both sides', async () => {
  const presence = { kind: 'required', notSeenMs: days(30) } as const
  const { store, computer, test } = await aSet({ presence, nights: 0 })
  expect(await test({ graceMinutes: 1 })).toMatchObject({ vanish: [], appear: [], stay: 0 })
  const seenFrom = testNow - hours(20)
  for (let at = seenFrom; at <= seenFrom + hours(5); at += minutes(10)) {
    await store.noteSighting({ accountId: computer.accountId, computerKey: computer.key, seenAt: at })
  }
  expect(await test({ graceMinutes: 120 })).toMatchObject({ vanish: [], appear: [], stay: 1 })
  // It was there for five hours only.
  expect(await test({ graceMinutes: 360 })).toMatchObject({
    vanish: [[seenFrom + hours(1) + 1, 'FAILURE']],
    appear: [],
  })
})

test.each<[ProposedSettings, string]>([
  [{ schedule: 'at noon' }, 'is not a schedule'],
  [{ timeZone: 'Mars/Base' }, 'is not an IANA time zone'],
  [{ graceMinutes: -1 }, 'grace_minutes must be a whole number'],
  [{ rpoMinutes: 0.5 }, 'rpo_minutes must be a whole number'],
])('%j is refused', async (proposed, message) => {
  const { test } = await aSet({ nights: 0 })
  await expect(test(proposed)).rejects.toThrow(message)
})
