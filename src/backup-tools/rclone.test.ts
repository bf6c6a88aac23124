import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../domain/app-error.ts'
import type { ToolOutput } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { rclone } from './rclone.ts'

const cases = recordedCases('rclone')
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const anEntry = (level: string, msg: string, members: Record<string, unknown> = {}): string =>
  JSON.stringify({ level, msg, source: 'sync/sync.go:905', time: '2026-11-23T08:03:00.347028+01:00', ...members })
const stats = (members: Record<string, unknown> = {}): string =>
  anEntry('warning', '\nTransferred:   \t 0 B / 0 B, -, 0 B/s, ETA -\nElapsed time: 0.0s\n\n', {
    stats: {
      bytes: 1_000,
      checks: 30,
      totalChecks: 30,
      transfers: 5,
      totalTransfers: 5,
      deletes: 0,
      deletedDirs: 0,
      errors: 0,
      elapsedTime: 2.5,
      ...members,
    },
  })
const block = (...members: string[]): string =>
  [
    '2026/11/23 14:01:11 INFO  : ',
    'Transferred:   \t  586.015 KiB / 586.015 KiB, 100%, 0 B/s, ETA -',
    ...members,
    'Elapsed time:         0.0s',
    '',
    '',
  ].join('\n')
const failed = '2026/11/23 07:03:02 Failed to sync: it broke\n'

describe('recorded and documented runs', () => {
  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s', (_, recorded) => {
    const reading = rclone.read(recordedOutput('rclone', recorded))
    const { status, types, ...facts } = recorded.expected
    expect(reading).toMatchObject(facts)
    expect(conditionOf(reading)).toMatchObject({ status, types })
  })

  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s reads the same merged', (_, recorded) => {
    const output = recordedOutput('rclone', recorded)
    const apart = rclone.read(output)
    const merged = output.stdout + output.stderr
    expect(rclone.read({ ...output, stdout: merged, stderr: '' })).toEqual(apart)
    expect(rclone.read({ ...output, stdout: '', stderr: merged.replaceAll('\n', '\r\n') })).toEqual(apart)
  })
})

describe('the end of a run', () => {
  test.each([
    ['nothing printed', '', 0, null, 'finished', ['COMPLETED']],
    ['nothing printed, an error', '', 1, null, 'failed', ['ERRORS']],
    ['a temporary error', stats(), 5, null, 'failed', ['ERRORS']],
    ['a fatal error', stats(), 7, null, 'failed', ['ERRORS']],
    ['the transfer limit', stats({ errors: 1 }), 8, null, 'canceled', ['CANCELED']],
    ['the time limit of rclone', stats({ errors: 1 }), 10, null, 'canceled', ['CANCELED']],
    ['nothing transferred', '', 9, null, 'finished', ['NO_FILE_DATA_BACKED_UP']],
    ['an unknown status', stats(), 77, null, 'failed', ['ERRORS']],
    ['a time limit', stats(), 124, null, 'failed', ['ERRORS']],
    ['a missing rclone', 'sh: 1: rclone: not found', 127, null, 'failed', ['ERRORS']],
    ['a kill', stats(), 137, null, 'crashed', ['EXCEPTION']],
    ['a signal beside success', stats(), 0, 'SIGTERM', 'canceled', ['CANCELED']],
    ['success and a failure of a script', failed + stats(), 0, null, 'failed', ['ERRORS']],
    ['success and errors that the statistics count', stats({ errors: 2 }), 0, null, 'finished', ['WARNINGS']],
    ['success and an error that nothing put right', anEntry('error', 'odd'), 0, null, 'finished', ['WARNINGS']],
    ['no status, statistics', stats(), null, null, 'finished', ['WARNINGS']],
    ['no status, an entry', anEntry('info', 'hello'), null, null, 'crashed', ['EXCEPTION']],
    ['no status, a failure', failed, null, null, 'failed', ['ERRORS']],
    [
      'no status, a notice that says why',
      '2026/11/23 07:03:03 NOTICE: Failed to copy: it broke',
      null,
      null,
      'failed',
      ['ERRORS'],
    ],
  ])('%s', (_, stderr, exitStatus, signal, state, types) => {
    const reading = rclone.read(anOutput({ stderr, exitStatus, signal }))
    expect(reading).toMatchObject({ type: 'backup', state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test('of an output without a line of rclone is not read', () => {
    for (const stdout of ['hello', '{"level":"info"}', '2026/11/23 hello']) {
      expect(() => rclone.read(anOutput({ stdout }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
    }
    expect(() => rclone.read(anOutput({ exitStatus: null }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })
})

describe('statistics', () => {
  test('count what was examined, what was new and what was sent', () => {
    expect(rclone.read(anOutput({ stderr: stats() }))).toMatchObject({
      totalFiles: 35,
      processedFiles: 35,
      newFiles: 5,
      bytes: 1_000,
    })
  })

  test('are the last ones of each run, and runs add up', () => {
    const stderr = [
      stats({ transfers: 1, elapsedTime: 1 }),
      stats({ elapsedTime: 2 }),
      stats({ elapsedTime: 0.5 }),
    ].join('\n')
    expect(rclone.read(anOutput({ stderr }))).toMatchObject({ processedFiles: 70, newFiles: 10, bytes: 2_000 })
  })

  test('of a run that was tried again are divided, or unknown', () => {
    const tried = [
      anEntry('error', 'f: broke'),
      anEntry('error', 'Attempt 1/3 failed with 1 errors and: broke'),
      anEntry('error', 'Attempt 2/3 succeeded'),
    ]
    const again = rclone.read(anOutput({ stderr: [...tried, stats({ checks: 65, totalChecks: 65 })].join('\n') }))
    expect(again).toMatchObject({ processedFiles: 35, totalFiles: 35, warnings: 0 })
    expect(conditionOf(again).status).toBe('COMPLETED')
    expect(again.messages.every(message => message.level === 'info')).toBe(true)
    const uneven = rclone.read(anOutput({ stderr: [...tried, stats()].join('\n') }))
    expect(uneven).toMatchObject({ processedFiles: null, newFiles: 5 })
  })

  test('of zero files are nothing read, of zero transfers nothing new', () => {
    const zero = { checks: 0, totalChecks: 0, transfers: 0, totalTransfers: 0, bytes: 0 }
    expect(conditionOf(rclone.read(anOutput({ stderr: stats(zero) })))).toMatchObject({ status: 'WARNING' })
    const unchanged = rclone.read(anOutput({ stderr: stats({ transfers: 0, totalTransfers: 0, bytes: 0 }) }))
    expect(conditionOf(unchanged)).toMatchObject({ status: 'COMPLETED', types: ['NO_FILE_DATA_BACKED_UP'] })
  })

  test('in text leave out what is 0, and older ones write other units', () => {
    expect(rclone.read(anOutput({ stderr: block('Checks:  8 / 8, 100%') }))).toMatchObject({
      processedFiles: 8,
      newFiles: 0,
      bytes: 600_079,
    })
    expect(rclone.read(anOutput({ stderr: block('Errors:  2 (retrying may help)'), exitStatus: 1 }))).toMatchObject({
      errors: 2,
    })
    const old = block('Transferred:  3 / 3, 100%').replace('586.015 KiB / 586.015 KiB', '1.5M / 1.500 MBytes')
    expect(rclone.read(anOutput({ stderr: old }))).toMatchObject({ bytes: 1_572_864, newFiles: 3 })
  })

  test('in text that was cut off are unknown', () => {
    expect(rclone.read(anOutput({ stderr: block('Checks:  8 / 8, 100%').slice(0, 120) }))).toMatchObject({
      processedFiles: null,
    })
  })
})

test('times are those of the entries, on the clock they were written on', () => {
  const reading = rclone.read(
    anOutput({ stderr: `${anEntry('info', 'a', { time: '2026-11-23T08:00:00+01:00' })}\n${stats()}` }),
  )
  expect(reading.startedAt).toEqual({ at: Date.parse('2026-11-23T07:00:00Z'), offsetMinutes: 60 })
  expect(reading.endedAt).toEqual({ at: Date.parse('2026-11-23T07:03:00.347Z'), offsetMinutes: 60 })
  for (const time of ['2026-11-23T08:00:00', 'yesterday', '9999-99-99T00:00:00Z']) {
    expect(rclone.read(anOutput({ stderr: anEntry('info', 'a', { time }) })).startedAt).toBeNull()
  }
  expect(rclone.read(anOutput({ stderr: block() }))).toMatchObject({ startedAt: null, endedAt: null })
})

test('what is not a backup is told by what was done', () => {
  const typeOf = (stderr: string) => rclone.read(anOutput({ stderr })).type
  const none = { transfers: 0, totalTransfers: 0 }
  expect(typeOf(anEntry('warning', 'Skipped copy as --dry-run is set (size 16)', { object: 'a' }))).toBe('maintenance')
  expect(typeOf('2026/11/23 14:01:12 NOTICE: a: Skipped delete as --dry-run is set')).toBe('maintenance')
  expect(typeOf(stats({ ...none, checks: 8, deletes: 8 }))).toBe('delete')
  expect(typeOf(stats({ ...none, checks: 35, deletes: 2 }))).toBe('backup')
  expect(
    typeOf(`${anEntry('info', 'There was nothing to transfer')}\n${stats({ ...none, checks: 2, deletes: 2 })}`),
  ).toBe('backup')
})

test('it recognizes statistics and its own errors, and nothing that another program could have written', () => {
  expect(rclone.recognizes(anOutput({ stderr: stats() }))).toBe(true)
  expect(rclone.recognizes(anOutput({ stderr: block() }))).toBe(true)
  expect(rclone.recognizes(anOutput({ stderr: failed }))).toBe(false)
  expect(rclone.recognizes(anOutput({ stderr: anEntry('info', 'hello') }))).toBe(false)
})

test('whatever the text: only status 0 or 9 is green, and only invalid is thrown', () => {
  const pieces = cases
    .map(recorded => recordedOutput('rclone', recorded))
    .flatMap(({ stdout, stderr }) => [stdout, stderr, ...stderr.split('\n')])
  const odd = fc.oneof(fc.constantFrom(-1, 0, 1.5, 2 ** 60, 1e300, null, '', [], {}), fc.nat(), fc.string())
  const line = fc.oneof(
    fc
      .record(
        { bytes: odd, checks: odd, transfers: odd, totalChecks: odd, errors: odd, deletes: odd, elapsedTime: odd },
        { requiredKeys: [] },
      )
      .map(stats),
    fc.record({ level: odd, msg: odd, time: odd, object: odd }).map(entry => JSON.stringify(entry)),
    fc
      .tuple(fc.nat(9), fc.nat(9), fc.constantFrom('failed', 'succeeded'))
      .map(([n, of, end]) => anEntry('error', `Attempt ${n}/${of} ${end}`)),
    fc.constantFrom(failed, block(), block('Checks: 9 / 9, 100%'), ...pieces),
    fc.string(),
  )
  const output = fc.record({
    stdout: fc.array(line, { maxLength: 3 }).map(lines => lines.join('\n')),
    stderr: fc.array(line, { maxLength: 8 }).map(lines => lines.join('\r\n')),
    exitStatus: fc.option(fc.oneof(fc.constantFrom(0, 1, 8, 9, 10), fc.integer({ min: 0, max: 255 }))),
    signal: fc.option(fc.constantFrom('SIGINT', 'SIGKILL', 'odd'), { freq: 4 }),
  })
  fc.assert(
    fc.property(output, output => {
      rclone.recognizes(output)
      try {
        const reading = rclone.read(output)
        if (conditionOf(reading).status === 'COMPLETED') {
          expect(output.signal).toBeNull()
          expect([0, 9]).toContain(output.exitStatus)
        }
        for (const count of [
          reading.totalFiles,
          reading.processedFiles,
          reading.newFiles,
          reading.bytes,
          reading.errors,
        ]) {
          expect(count === null || (Number.isSafeInteger(count) && count >= 0)).toBe(true)
        }
      } catch (error) {
        if (!isAppError(error, 'invalid')) throw error
      }
    }),
    { numRuns: 500 },
  )
})
