import { describe, expect, test } from 'vitest'
import { days, hours, minutes } from './instant.ts'
import type { RunState } from './run.ts'
import { deriveReportedState, type ReportedRun, toRunReport } from './run-report.ts'

const arrival = Date.UTC(2026, 2, 5, 15)
const at = (instant: number, offsetMinutes = -300) => ({ at: instant, offsetMinutes })

function aReported(reported: Partial<ReportedRun> = {}): ReportedRun {
  return {
    runKey: null,
    type: 'backup',
    backupsetName: 'Documents',
    plugin: null,
    state: 'finished',
    startedAt: at(arrival - hours(2)),
    endedAt: at(arrival - hours(1)),
    totalFiles: null,
    processedFiles: null,
    newFiles: null,
    bytes: null,
    errors: null,
    warnings: null,
    exitStatus: null,
    tool: null,
    messages: [],
    log: '',
    ...reported,
  }
}
const complete = (reported: Partial<ReportedRun> = {}) =>
  toRunReport(aReported(reported), arrival, { newRunKey: () => 'new-key', redact: text => text })

describe('a report is completed', () => {
  test('with a run key of its own when it has none, and with its own in lower case', () => {
    expect(complete().runKey).toBe('new-key')
    expect(complete({ runKey: 'ABC' }).runKey).toBe('abc')
  })

  test('with the counts of its messages when it has none of its own', () => {
    const messages = [
      { level: 'error', text: 'a' },
      { level: 'warning', text: 'b' },
      { level: 'warning', text: 'c' },
      { level: 'info', text: 'd' },
    ] as const
    expect(complete({ messages: [...messages] })).toMatchObject({ errors: 1, warnings: 2 })
    expect(complete({ messages: [...messages], errors: 0, warnings: 7 })).toMatchObject({ errors: 0, warnings: 7 })
  })

  test.each([
    ['both times as they were sent', {}, [arrival - hours(2), -300, arrival - hours(1), -300]],
    ['an end without a time is its arrival', { endedAt: null }, [arrival - hours(2), -300, arrival, null]],
    ['nothing but an end is an instant run', { startedAt: null }, [arrival - hours(1), -300, arrival - hours(1), -300]],
    ['no time at all is the arrival', { startedAt: null, endedAt: null }, [arrival, null, arrival, null]],
    [
      'a start in the near future does not end before itself',
      { startedAt: at(arrival + minutes(5)), endedAt: null },
      [arrival + minutes(5), -300, arrival + minutes(5), null],
    ],
    [
      'a run beyond the tolerance in the future ended when it arrived, and took as long as it says',
      { startedAt: at(arrival + hours(2)), endedAt: at(arrival + hours(3)) },
      [arrival - hours(1), -300, arrival, -300],
    ],
    [
      'a running run beyond the tolerance in the future started when it arrived',
      { state: 'running' as const, startedAt: at(arrival + minutes(6)), endedAt: null },
      [arrival, -300, arrival, -300],
    ],
    [
      'a running run without an update was last heard of at its start',
      { state: 'running' as const, endedAt: null },
      [arrival - hours(2), -300, arrival - hours(2), -300],
    ],
  ])('with times: %s', (_, reported, times) => {
    const { startedAt, startedOffset, updatedAt, updatedOffset } = complete(reported)
    expect([startedAt, startedOffset, updatedAt, updatedOffset]).toEqual(times)
  })
})

describe('a report that cannot be is refused by the name of its member', () => {
  test.each([
    ['a backup without a set', { backupsetName: null }, /^backupset_name is missing/],
    ['an end before the start', { endedAt: at(arrival - hours(3)) }, /^local_end lies before local_start/],
    [
      'a start more than a day ahead',
      { startedAt: at(arrival + days(1) + 1), endedAt: null },
      /^local_start lies more/,
    ],
    ['an end more than a day ahead', { endedAt: at(arrival + days(1) + 1) }, /^local_end lies more/],
  ])('%s', (_, reported, sentence) => {
    expect(() => complete(reported)).toThrow(sentence)
  })

  test('a start exactly a day ahead is accepted, and taken for a clock that is off', () => {
    const { startedAt, messages, warnings } = complete({ startedAt: at(arrival + days(1)), endedAt: null })
    const text = expect.stringMatching(/^The report says that this run is 1 d in the future: /) as string
    expect({ startedAt, messages, warnings }).toEqual({
      startedAt: arrival,
      messages: [{ level: 'info', text }],
      warnings: 0,
    })
  })

  test('a restore needs no set', () => {
    expect(complete({ type: 'restore', backupsetName: null }).backupsetName).toBeNull()
  })
})

describe('the state of a run that its reporter graded', () => {
  const cases: [string, RunState | null, number | null, string | null, RunState][] = [
    ['a status alone is believed', 'finished', null, null, 'finished'],
    ['an exit status alone tells', null, 0, null, 'finished'],
    ['a failing exit status alone tells', null, 2, null, 'failed'],
    ['a success with a failing exit status is not believed', 'finished', 1, null, 'failed'],
    ['a success of a killed process is not believed', 'finished', 137, null, 'crashed'],
    ['a success of an interrupted process is not believed', 'finished', 0, 'SIGINT', 'canceled'],
    ['a cancellation outranks the exit status that came of it', 'canceled', 1, null, 'canceled'],
    ['a failure outranks a good exit status', 'failed', 0, null, 'failed'],
    ['a running run is running', 'running', 0, null, 'running'],
  ]
  test.each(cases)('%s', (_, state, exitStatus, signal, derived) => {
    expect(deriveReportedState(state, { exitStatus, signal })).toBe(derived)
  })

  test('that nothing tells is refused', () => {
    expect(() => deriveReportedState(null, { exitStatus: null, signal: null })).toThrow(/^status is missing/)
  })
})
