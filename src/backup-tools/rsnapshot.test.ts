import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../domain/app-error.ts'
import type { ToolOutput } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { rsnapshot } from './rsnapshot.ts'

const cases = recordedCases('rsnapshot')
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const lock = 'echo 31677 > /run/rsnapshot.pid \n'
const unlock = 'rm -f /run/rsnapshot.pid \n'
const partly = 'WARNING: Some files and/or directories in /srv/ only transferred partially during rsync operation\n'
const broken = 'ERROR: /usr/bin/rsync returned 11 while processing /srv/\n'
const stopped = 'ERROR: rsnapshot was sent TERM signal... cleaning up\n'
const unreadable = 'rsync: [sender] send_files failed to open "/a": Permission denied (13)\n'

describe('recorded runs', () => {
  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s', (_, recorded) => {
    const reading = rsnapshot.read(recordedOutput('rsnapshot', recorded))
    const { status, types, ...facts } = recorded.expected
    expect(reading).toMatchObject(facts)
    expect(conditionOf(reading)).toMatchObject({ status, types })
  })

  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s reads the same merged', (_, recorded) => {
    const output = recordedOutput('rsnapshot', recorded)
    const apart = rsnapshot.read(output)
    const merged = output.stdout + output.stderr
    expect(rsnapshot.read({ ...output, stdout: merged, stderr: '' })).toEqual(apart)
    expect(rsnapshot.read({ ...output, stdout: '', stderr: merged.replaceAll('\n', '\r\n') })).toEqual(apart)
  })
})

describe('the end of a run', () => {
  test.each([
    ['nothing printed', '', 0, null, 'finished', ['COMPLETED']],
    ['nothing printed, warnings', '', 2, null, 'finished', ['WARNINGS']],
    ['nothing printed, errors', '', 1, null, 'failed', ['ERRORS']],
    ['a run', lock + unlock, 0, null, 'finished', ['COMPLETED']],
    ['warnings that a pipe hid', lock + partly + unlock, 0, null, 'finished', ['WARNINGS']],
    ['an error that a pipe hid', lock + broken + unlock, 0, null, 'failed', ['ERRORS']],
    ['an error behind warnings of a script', lock + broken + unlock, 2, null, 'failed', ['ERRORS']],
    ['a stop without a signal', lock + stopped + unlock, 1, null, 'canceled', ['CANCELED']],
    ['an unknown status', lock + unlock, 77, null, 'failed', ['ERRORS']],
    ['a time limit', lock + unlock, 124, null, 'failed', ['ERRORS']],
    ['a kill', lock + unlock, 137, null, 'crashed', ['EXCEPTION']],
    ['a signal beside success', lock + unlock, 0, 'SIGTERM', 'canceled', ['CANCELED']],
    ['no status, a run', lock + unlock, null, null, 'finished', ['WARNINGS']],
    ['no status, an error', broken, null, null, 'failed', ['ERRORS']],
    ['no status, cut off', 'mkdir -m 0700 -p /srv/snap/', null, null, 'crashed', ['EXCEPTION']],
    [
      'a log that says success',
      '[2026-11-23T07:08:12] /usr/bin/rsnapshot alpha: completed successfully',
      null,
      null,
      'finished',
      ['COMPLETED'],
    ],
    [
      'a log that says warnings',
      '[2026-11-23T07:08:12] /usr/bin/rsnapshot alpha: completed, but with some warnings',
      null,
      null,
      'finished',
      ['WARNINGS'],
    ],
  ])('%s', (_, stdout, exitStatus, signal, state, types) => {
    const reading = rsnapshot.read(anOutput({ stdout, exitStatus, signal }))
    expect(reading).toMatchObject({ type: 'backup', state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test('of an output without a line of rsnapshot is not read', () => {
    for (const stdout of ['hello', 'echo hello']) {
      expect(() => rsnapshot.read(anOutput({ stdout }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
    }
    expect(() => rsnapshot.read(anOutput({ exitStatus: null }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })
})

test('troubles count by file where rsync says so, else by backup point', () => {
  const warningsOf = (stderr: string) => rsnapshot.read(anOutput({ stderr, exitStatus: 2 })).warnings
  expect(warningsOf(partly)).toBe(1)
  expect(warningsOf(unreadable + partly)).toBe(1)
  expect(warningsOf(unreadable + unreadable.replace('/a', '/b') + partly)).toBe(2)
  expect(warningsOf(`WARNING: Removing stale lockfile /run/x.pid\n${partly}`)).toBe(2)
})

test('an error wrapped over lines is one error', () => {
  const stderr =
    'ERROR: backup /srv/missing/ localhost/ - Source directory \\\n         "/srv/missing/" \\\n         does not exist \n'
  const reading = rsnapshot.read(anOutput({ stderr, exitStatus: 1 }))
  expect(reading).toMatchObject({ state: 'failed', errors: 1 })
  expect(reading.messages[0]?.text).toBe(
    'backup /srv/missing/ localhost/ - Source directory "/srv/missing/" does not exist',
  )
})

test('a lock that is taken and never given back without another word is a test', () => {
  expect(rsnapshot.read(anOutput({ stdout: lock })).type).toBe('maintenance')
  expect(rsnapshot.read(anOutput({ stdout: lock + broken, exitStatus: 1 })).type).toBe('backup')
})

test('it recognizes its own lines, and none of rsync', () => {
  expect(rsnapshot.recognizes(anOutput({ stdout: lock }))).toBe(true)
  expect(rsnapshot.recognizes(anOutput({ stderr: partly }))).toBe(true)
  expect(rsnapshot.recognizes(anOutput({ stderr: unreadable }))).toBe(false)
  expect(rsnapshot.recognizes(anOutput({ stderr: 'ERROR: rsnapshot is not installed' }))).toBe(false)
})

test('whatever the text: only status 0, or none where its log says so, is green, and only invalid is thrown', () => {
  const pieces = cases
    .map(recorded => recordedOutput('rsnapshot', recorded))
    .flatMap(({ stdout, stderr }) => [stdout, stderr])
  const line = fc.oneof(
    fc.constantFrom(lock, unlock, partly, broken, stopped, unreadable, 'x \\', ...pieces),
    fc.string().map(text => `ERROR: ${text}`),
    fc.string().map(text => `WARNING: ${text}`),
    fc.string(),
  )
  const output = fc.record({
    stdout: fc.array(line, { maxLength: 8 }).map(lines => lines.join('\n')),
    stderr: fc.array(line, { maxLength: 4 }).map(lines => lines.join('\r\n')),
    exitStatus: fc.option(fc.oneof(fc.constantFrom(0, 1, 2), fc.integer({ min: 0, max: 255 }))),
    signal: fc.option(fc.constantFrom('SIGINT', 'SIGKILL', 'odd'), { freq: 4 }),
  })
  fc.assert(
    fc.property(output, output => {
      rsnapshot.recognizes(output)
      try {
        const reading = rsnapshot.read(output)
        if (conditionOf(reading).status === 'COMPLETED') {
          expect(output.signal).toBeNull()
          expect([0, null]).toContain(output.exitStatus)
        }
      } catch (error) {
        if (!isAppError(error, 'invalid')) throw error
      }
    }),
    { numRuns: 500 },
  )
})
