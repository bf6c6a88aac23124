import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { days } from '../../domain/instant.ts'
import { deriveDrops, smallestOutput } from './limits.ts'
import { reportKinds } from './report.ts'
import type { SpoolFile } from './spool.ts'

const now = Date.UTC(2026, 2, 5, 15)
const limits = { mostBytes: 100_000, longestMs: days(30) }

const aFile = (name: string, file: Partial<SpoolFile> = {}): SpoolFile => ({
  name,
  kind: 'result',
  bytes: 1_000,
  writtenAt: now,
  ...file,
})

test('what fits is kept', () => {
  expect(deriveDrops([aFile('a', { bytes: limits.mostBytes })], limits, now)).toEqual([])
})

test('what is too old goes, whatever room there is', () => {
  const old = aFile('a', { writtenAt: now - days(30) - 1 })
  expect(deriveDrops([old, aFile('b', { writtenAt: now - days(30) })], limits, now)).toEqual([
    { name: 'a', kind: 'result', what: 'report' },
  ])
})

test('progress goes first, then starts, then outputs, then results, of each the oldest first', () => {
  const large = (kind: SpoolFile['kind']) => ({ kind, bytes: 50_000 })
  const files = [
    aFile('1', large('result')),
    aFile('2', large('start')),
    aFile('3', large('progress')),
    aFile('4', large('progress')),
    aFile('5', large('result')),
  ]
  const dropped = (mostBytes: number) =>
    deriveDrops(files, { ...limits, mostBytes }, now).map(({ name, what }) => `${name} ${what}`)
  expect(dropped(200_000)).toEqual(['3 report'])
  expect(dropped(150_000)).toEqual(['3 report', '4 report'])
  expect(dropped(100_000)).toEqual(['3 report', '4 report', '2 report'])
  expect(dropped(90_000)).toEqual(['3 report', '4 report', '2 report', '1 output'])
  expect(dropped(10_000)).toEqual(['3 report', '4 report', '2 report', '1 output', '5 output'])
  expect(dropped(3_000)).toEqual(['3 report', '4 report', '2 report', '5 output', '1 report'])
})

test('of any files so few go that the rest fits, and no result while something lesser is there', () => {
  const file = fc.record({
    kind: fc.constantFrom(...reportKinds),
    bytes: fc.integer({ min: 300, max: 60_000 }),
    writtenAt: fc.constant(now),
  })
  fc.assert(
    fc.property(fc.array(file, { maxLength: 30 }), files => {
      const named = files.map((one, index) => ({ ...one, name: String(index) }))
      const drops = new Map(deriveDrops(named, limits, now).map(({ name, what }) => [name, what]))
      const left = named.map(({ name, bytes }) => {
        if (drops.get(name) === 'report') return 0
        return drops.get(name) === 'output' ? 2_048 : bytes
      })
      expect(left.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(limits.mostBytes)
      const lostResult = named.some(({ name, kind }) => kind === 'result' && drops.get(name) === 'report')
      const lesser = named.filter(({ name, kind, bytes }) =>
        kind === 'result' ? bytes > smallestOutput && !drops.has(name) : !drops.has(name),
      )
      if (lostResult) expect(lesser).toEqual([])
    }),
  )
})
