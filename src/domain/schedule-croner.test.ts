import { Cron } from 'croner'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from './app-error.ts'
import type { Instant } from './instant.ts'
import { nextDue, parseSchedule, previousDue } from './schedule.ts'

/** The next and the last due time as croner, a library that the product does not use, finds them. */
function askCroner(
  fields: string,
  zone: string,
  at: Instant,
): { next: Instant | undefined; previous: Instant | undefined } {
  const cron = new Cron(fields, { timezone: zone, paused: true })
  const [next, previous] = [cron.nextRun(new Date(at)), cron.previousRuns(1, new Date(at + 1))[0]]
  return { next: next?.getTime(), previous: previous?.getTime() }
}

const value = (least: number, most: number) => fc.integer({ min: least, max: most })
const listOf = (values: fc.Arbitrary<number | string>) =>
  fc.uniqueArray(values, { minLength: 1, maxLength: 3 }).map(parts => parts.join(','))
const range = (least: number, most: number) =>
  fc
    .tuple(value(least, most - 1), value(1, 5), fc.constantFrom('', '/2', '/3'))
    .map(([first, length, step]) => `${first}-${Math.min(first + length, most)}${step}`)
const star = fc.constant('*')
const weekday = fc.oneof(value(0, 7), fc.constantFrom('mon', 'SUN', '1#1', 'fri#2', '5#5', '4L', 'tueL'))
const fields = fc
  .tuple(
    fc.oneof(star, listOf(value(0, 59)), range(0, 59), fc.constantFrom('*/7', '*/15')),
    fc.oneof(star, listOf(value(0, 23)), range(0, 23), fc.constantFrom('*/5', '*/6')),
    // A star with a step is left out: croner joins such dates wrongly.
    fc.oneof(star, listOf(fc.oneof(value(1, 31), fc.constant('L'))), range(1, 31)),
    fc.oneof(star, listOf(fc.oneof(value(1, 12), fc.constantFrom('feb', 'Dec'))), range(1, 12), fc.constant('*/4')),
    fc.oneof(star, listOf(weekday), range(0, 6)),
  )
  .map(parts => parts.join(' '))
  .filter(isPossible)

function isPossible(fields: string): boolean {
  try {
    return parseSchedule(`cron ${fields}`).kind === 'cron'
  } catch (error) {
    if (isAppError(error, 'invalid')) return false
    throw error
  }
}

describe('croner', () => {
  test('finds the same dates where no clock changes', () => {
    const minute = value(Date.UTC(2020) / 60_000, Date.UTC(2032) / 60_000).map(minutes => minutes * 60_000)
    fc.assert(
      fc.property(fields, minute, (fields, at) => {
        const schedule = parseSchedule(`cron ${fields}`)
        const ours = {
          next: nextDue(schedule, at, { zone: 'UTC' }),
          previous: previousDue(schedule, at, { zone: 'UTC' }),
        }
        expect(ours).toEqual(askCroner(fields, 'UTC', at))
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([
    ['a list of hours in the gap', '0 2,14 * * *', 'Europe/Berlin', '2026-03-29T00:00Z', '2026-03-29T01:00Z'],
    ['a list of hours in the overlap', '30 2,14 * * *', 'Europe/Berlin', '2026-10-25T00:31Z', '2026-10-25T13:30Z'],
    ['a missing day', '0 12 * * *', 'Pacific/Apia', '2011-12-29T22:01Z', '2011-12-30T10:00Z'],
    ['a star among the dates', '0 12 */2 * mon', 'UTC', '2026-04-01T00:00Z', '2026-04-13T12:00Z'],
  ])('is wrong about %s', (_, fields, zone, after, right) => {
    expect(nextDue(parseSchedule(`cron ${fields}`), Date.parse(after), { zone })).toBe(Date.parse(right))
    expect(askCroner(fields, zone, Date.parse(after)).next).not.toBe(Date.parse(right))
  })
})
