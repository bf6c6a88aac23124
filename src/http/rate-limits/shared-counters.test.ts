import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SharedCounts } from '../../app/ports.ts'
import { buildSharedCounters, untoldShare } from './shared-counters.ts'

const windowMs = 60_000

type Row = { used: number; endsAt: number }

/** What several processes share, and a process on it whose exchanges are answered when the test says so. */
function aProcess(table: Map<string, Row>, limit: number) {
  const waiting: (() => void)[] = []
  const exchange: SharedCounts = async counts => {
    await new Promise<void>(resolve => waiting.push(resolve))
    return counts.map(({ key, used, endsAt }) => {
      const row = table.getOrInsert(key, { used: 0, endsAt })
      row.used += used
      return { key, ...row }
    })
  }
  const errors: unknown[] = []
  const clock = { now: 0 }
  const counters = buildSharedCounters({
    kind: 'test',
    limit,
    windowMs,
    exchange,
    clock: () => clock.now,
    onError: error => errors.push(error),
  })
  let during = 0
  return {
    counters,
    clock,
    mostDuring: 0,
    ask(): boolean {
      const isLet = counters.add('a', 1, clock.now).used <= limit
      if (isLet && waiting.length > 0) this.mostDuring = Math.max(this.mostDuring, (during += 1))
      return isLet
    },
    async answer(): Promise<void> {
      during = 0
      waiting.shift()?.()
      await new Promise(resolve => setImmediate(resolve))
    },
  }
}

test('however requests and exchanges fall, no more is let through than the bound says', async () => {
  const event = fc.record({ at: fc.nat(3), asks: fc.nat(40), isAnswered: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 600 }),
      fc.array(event, { maxLength: 80 }),
      async (count, limit, events) => {
        const table = new Map<string, Row>()
        const processes = Array.from({ length: count }, () => aProcess(table, limit))
        let letThrough = 0
        for (const { at, asks, isAnswered } of events) {
          const one = processes[at % count]
          for (let ask = 0; ask < asks; ask += 1) if (one?.ask()) letThrough += 1
          if (isAnswered) await one?.answer()
        }
        for (const { counters } of processes) counters.stop()
        const bounds = processes.map(({ mostDuring }) => Math.ceil(limit / untoldShare) + 2 * mostDuring)
        expect(letThrough).toBeLessThanOrEqual(limit + bounds.reduce((sum, bound) => sum + bound, 0))
      },
    ),
    { numRuns: 150 },
  )
})

test('what one process has used up is refused by the other once it has asked', async () => {
  const table = new Map<string, Row>()
  const [one, other] = [aProcess(table, 64), aProcess(table, 64)]
  for (let ask = 0; ask < 80; ask += 1) {
    one.ask()
    await one.answer()
  }
  expect([one.ask(), other.ask()]).toEqual([false, true])
  other.ask()
  await other.answer()
  expect(other.ask()).toBe(false)
  one.counters.stop()
  other.counters.stop()
})

test('a process counts for itself while nothing can be exchanged, and tells the rest afterwards', async () => {
  const table = new Map<string, Row>()
  const failure = new Error('away')
  const errors: unknown[] = []
  const told: number[] = []
  let isAway = true
  const counters = buildSharedCounters({
    kind: 'test',
    limit: 10,
    windowMs,
    clock: () => 0,
    onError: error => errors.push(error),
    exchange: counts => {
      if (isAway) return Promise.reject(failure)
      told.push(...counts.map(({ used }) => used))
      return Promise.resolve(counts.map(({ key, used, endsAt }) => ({ key, used: used + table.size, endsAt })))
    },
  })
  const settle = () => new Promise(resolve => setImmediate(resolve))
  for (let ask = 0; ask < 9; ask += 1) {
    counters.add('a', 1, 0)
    await settle()
  }
  expect([counters.read('a', 0).used, new Set(errors)]).toEqual([9, new Set([failure])])
  isAway = false
  counters.add('a', 1, 0)
  await settle()
  expect(told).toEqual([10])
  counters.stop()
})
