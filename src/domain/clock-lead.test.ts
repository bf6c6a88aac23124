import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bringBackFuture, clockToleranceMs, correctClock, deriveClockLead } from './clock-lead.ts'
import { days, hours, minutes, seconds } from './instant.ts'
import type { ReportedRun } from './run-report.ts'

const now = Date.UTC(2026, 2, 5, 15)
const at = (instant: number) => ({ at: instant, offsetMinutes: -300 })

function aReported(startedAt: number | null, endedAt: number | null): ReportedRun {
  const unknown = { totalFiles: null, processedFiles: null, newFiles: null, bytes: null, errors: null, warnings: null }
  return {
    ...unknown,
    runKey: null,
    type: 'backup',
    backupsetName: 'Documents',
    plugin: null,
    state: 'finished',
    startedAt: startedAt === null ? null : at(startedAt),
    endedAt: endedAt === null ? null : at(endedAt),
    exitStatus: null,
    tool: null,
    messages: [],
    log: '',
  }
}

const timesOf = ({ startedAt, endedAt }: ReportedRun) => [startedAt?.at ?? null, endedAt?.at ?? null]

describe('the lead of a clock', () => {
  test.each([
    ['Thu, 05 Mar 2026 15:00:00 GMT', 0],
    ['Fri, 06 Mar 2026 15:00:00 GMT', days(1)],
    ['Thu, 05 Mar 2026 14:59:00 GMT', -minutes(1)],
    [undefined, undefined],
    ['', undefined],
    ['yesterday', undefined],
    ['2026-03-06T15:00:00Z', undefined],
    ['Fri, 99 Mar 2026 15:00:00 GMT', undefined],
  ])('that says %j is %j', (header, lead) => {
    expect(deriveClockLead(header, now)).toBe(lead)
  })

  test('of any text is a number or none', () => {
    fc.assert(fc.property(fc.string(), text => deriveClockLead(text, now) === undefined))
  })
})

describe('a run of a computer with a wrong clock', () => {
  test.each([days(1), -days(1), days(400), -minutes(6)])('by %i ms has its times on our clock', lead => {
    const run = correctClock(aReported(now - hours(2) + lead, now - hours(1) + lead), lead, now)
    expect(timesOf(run)).toEqual([now - hours(2), now - hours(1)])
    expect(run.messages).toHaveLength(1)
  })

  test('is told so in words', () => {
    const lead = days(1) + hours(2) + minutes(3)
    const [message] = correctClock(aReported(now, now), lead, now).messages
    expect(message).toEqual({
      level: 'info',
      text: 'The clock of the computer is 1 d 2 h 3 min ahead of that of the server: the times of this run were set back by that. Synchronize it.',
    })
  })

  test.each([0, clockToleranceMs, -clockToleranceMs, undefined])('by %j is left as it is', lead => {
    const run = aReported(now - hours(2), now)
    expect(correctClock(run, lead, now)).toBe(run)
  })

  test('that was mended after the run is brought back however far it was', () => {
    const run = correctClock(aReported(now + days(9), now + days(9) + hours(1)), seconds(1), now)
    expect(timesOf(run)).toEqual([now - hours(1), now])
  })
})

test('no report is later than its arrival by more than the tolerance, and none is changed otherwise', () => {
  const time = fc.option(fc.integer({ min: now - days(40), max: now + days(40) }))
  const lead = fc.option(fc.integer({ min: -days(400), max: days(400) }), { nil: undefined })
  fc.assert(
    fc.property(time, time, lead, (startedAt, endedAt, lead) => {
      const told = aReported(startedAt, endedAt)
      const run = bringBackFuture(correctClock(told, lead, now), now)
      for (const at of timesOf(run)) expect(at ?? 0).toBeLessThanOrEqual(now + clockToleranceMs)
      if (startedAt !== null && endedAt !== null) {
        const [start, end] = timesOf(run)
        expect((end ?? 0) - (start ?? 0)).toBe(endedAt - startedAt)
      }
    }),
  )
})
