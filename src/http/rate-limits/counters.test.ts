import { expect, test } from 'vitest'
import { buildCounters } from './counters.ts'

test('a key is counted until its window ends, and then anew', () => {
  const counters = buildCounters(60)
  counters.add('a', 1, 1_000)
  expect({ ...counters.add('a', 5, 1_059) }).toEqual({ used: 6, endsAt: 1_060 })
  expect(counters.read('a', 1_059).used).toBe(6)
  expect(counters.read('a', 1_060).used).toBe(0)
  expect({ ...counters.add('a', 1, 1_060) }).toEqual({ used: 1, endsAt: 1_120 })
})

test('keys do not count for each other', () => {
  const counters = buildCounters(60)
  counters.add('a', 5, 0)
  expect(counters.add('b', 1, 0).used).toBe(1)
})

test('a clock that was set back lets nobody wait for longer than a window', () => {
  const counters = buildCounters(60)
  counters.add('a', 5, 100_000)
  expect({ ...counters.add('a', 1, 1_000) }).toEqual({ used: 1, endsAt: 1_060 })
})

test('the memory is bounded, whatever the number of keys', () => {
  const counters = buildCounters(60, 100)
  for (let key = 0; key < 10_000; key += 1) counters.add(`key ${key}`, 1, 0)
  expect(counters.size()).toBe(100)
  expect([counters.read('key 0', 0).used, counters.read('key 9999', 0).used]).toEqual([0, 1])
})

test('keys whose windows have ended are forgotten', () => {
  const counters = buildCounters(60)
  for (let key = 0; key < 100; key += 1) counters.add(`key ${key}`, 1, 0)
  counters.add('another', 1, 60)
  expect(counters.size()).toBe(1)
})
