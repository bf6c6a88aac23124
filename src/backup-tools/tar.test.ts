import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../domain/app-error.ts'
import type { ToolOutput } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { tar } from './tar.ts'

const cases = recordedCases('tar')
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const totals = 'Total bytes written: 614400 (600KiB, 40MiB/s)\n'
const unreadable = 'tar: data/private.key: Cannot open: Permission denied\n'
const changed = 'tar: data/log: file changed as we read it\n'
const giveUp = 'tar: Exiting with failure status due to previous errors\n'

describe('recorded and documented runs', () => {
  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s', (_, recorded) => {
    const reading = tar.read(recordedOutput('tar', recorded))
    const { status, types, ...facts } = recorded.expected
    expect(reading).toMatchObject(facts)
    expect(conditionOf(reading)).toMatchObject({ status, types })
  })

  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s reads the same merged', (_, recorded) => {
    const output = recordedOutput('tar', recorded)
    const apart = tar.read(output)
    const end = output.stdout.endsWith('\n') ? '' : '\n'
    const merged = output.stdout + end + output.stderr
    expect(tar.read({ ...output, stdout: merged, stderr: '' })).toEqual(apart)
    expect(tar.read({ ...output, stdout: '', stderr: merged.replaceAll('\n', '\r\n') })).toEqual(apart)
    expect(tar.read({ ...output, stdout: output.stderr + output.stdout, stderr: '' })).toEqual(apart)
  })
})

describe('the end of a run', () => {
  test.each([
    ['nothing printed', '', 0, null, 'finished', ['COMPLETED']],
    ['nothing printed, some differ', '', 1, null, 'finished', ['WARNINGS']],
    ['nothing printed, a failure', '', 2, null, 'failed', ['ERRORS']],
    ['a file that changed', changed + totals, 1, null, 'finished', ['WARNINGS']],
    ['a file that shrank', 'tar: a: File shrank by 9 bytes; padding with zeros\n', 1, null, 'finished', ['WARNINGS']],
    ['an unreadable file', unreadable + totals + giveUp, 2, null, 'failed', ['ERRORS']],
    ['status 1 after what GNU tar ends with 2 for', unreadable, 1, null, 'failed', ['ERRORS']],
    [
      'BusyBox',
      "tar: data: can't open: Permission denied\ntar: error exit delayed from previous errors\n",
      1,
      null,
      'failed',
      ['ERRORS'],
    ],
    ['a failure that a pipe hid', unreadable + totals + giveUp, 0, null, 'failed', ['ERRORS']],
    ['a message that a pipe hid', unreadable + totals, 0, null, 'finished', ['WARNINGS']],
    ['a changed file that a pipe hid', changed + totals, 0, null, 'finished', ['WARNINGS']],
    ['an unknown status', totals, 77, null, 'failed', ['ERRORS']],
    ['a time limit', totals, 124, null, 'failed', ['ERRORS']],
    ['a missing tar', 'sh: 1: tar: not found', 127, null, 'failed', ['ERRORS']],
    ['a kill', totals, 137, null, 'crashed', ['EXCEPTION']],
    ['a signal beside success', totals, 0, 'SIGTERM', 'canceled', ['CANCELED']],
    ['no status, totals', totals, null, null, 'finished', ['WARNINGS']],
    ['no status, a list', 'data/\ndata/a\n', null, null, 'crashed', ['EXCEPTION']],
    ['no status, a failure', giveUp, null, null, 'failed', ['ERRORS']],
  ])('%s', (_, stderr, exitStatus, signal, state, types) => {
    const reading = tar.read(anOutput({ stderr, exitStatus, signal }))
    expect(reading).toMatchObject({ type: 'backup', state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test('of an output in which nothing can be the name of a file is not read', () => {
    for (const stdout of ['hello world', 'data/\nan odd sentence', 'mount: /mnt/x: not found']) {
      expect(() => tar.read(anOutput({ stdout }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
    }
    expect(() => tar.read(anOutput({ exitStatus: null }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })
})

test.each([
  ['names in a directory', 'data/\ndata/a\ndata/b c\ndata/d/\ndata/d/e\n', 3],
  ['names below the root', '/srv/\n/srv/a\n', 1],
  ['a directory alone', 'empty/\n', 0],
  ['names that stand alone', 'a\nb\n', null],
  ['names and something else', 'data/\ndata/a\nhello\n', null],
  ['a list whose middle was left out', 'data/\ndata/a\n… 3072 bytes left out …/b\ndata/z\n', null],
])('the list of -v counts files: %s', (_, stdout, files) => {
  expect(tar.read(anOutput({ stdout, stderr: totals })).processedFiles).toBe(files)
})

test('bytes are those of all archives of a script', () => {
  expect(tar.read(anOutput({ stderr: totals + totals }))).toMatchObject({ bytes: 1_228_800, newFiles: null })
  expect(tar.read(anOutput({ stderr: 'Total bytes written: 99999999999999999999 (1B, 1B/s)' })).bytes).toBeNull()
})

test('what is ignored by its nature is told, and counts for nothing', () => {
  const reading = tar.read(
    anOutput({ stderr: `tar: data/ctl: socket ignored\ntar: Removing leading \`/' from member names\n${totals}` }),
  )
  expect(reading).toMatchObject({ warnings: 0, errors: 0 })
  expect(reading.messages.map(message => message.level)).toEqual(['info', 'info'])
})

test('it recognizes totals and closing messages, and no list of names', () => {
  expect(tar.recognizes(anOutput({ stderr: totals }))).toBe(true)
  expect(tar.recognizes(anOutput({ stderr: giveUp }))).toBe(true)
  expect(tar.recognizes(anOutput({ stderr: changed }))).toBe(true)
  expect(tar.recognizes(anOutput({ stdout: 'data/\ndata/a\n', stderr: unreadable }))).toBe(false)
})

test('whatever the text: only status 0 is green, and only invalid is thrown', () => {
  const pieces = cases
    .map(recorded => recordedOutput('tar', recorded))
    .flatMap(({ stdout, stderr }) => [stdout, stderr, ...stderr.split('\n')])
  const line = fc.oneof(
    fc.constantFrom(totals, unreadable, changed, giveUp, ...pieces),
    fc.string().map(text => `tar: ${text}`),
    fc.string().map(text => `data/${text}`),
    fc.constant('data/'),
    fc.nat().map(count => `Total bytes read: ${count}`),
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
      tar.recognizes(output)
      try {
        const reading = tar.read(output)
        if (conditionOf(reading).status === 'COMPLETED') expect(output).toMatchObject({ exitStatus: 0, signal: null })
      } catch (error) {
        if (!isAppError(error, 'invalid')) throw error
      }
    }),
    { numRuns: 500 },
  )
})
