import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../domain/app-error.ts'
import type { ToolOutput } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { borg } from './borg.ts'

const cases = recordedCases('borg')
const outputOf = (name: string): ToolOutput => {
  const recorded = cases.find(recorded => recorded.case === `borg-1.2.4-${name}`)
  if (!recorded) throw new Error(`There is no recorded case ${name}.`)
  return recordedOutput('borg', recorded)
}
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const aRecord = (message: string, members: Record<string, unknown> = {}): string =>
  JSON.stringify({
    type: 'log_message',
    time: 1_795_417_252.5,
    message,
    levelname: 'INFO',
    name: 'borg.archiver',
    ...members,
  })
const aDocument = (stats: Record<string, unknown> = {}, commandLine: string[] = ['borg', 'create']): string =>
  JSON.stringify(
    {
      archive: {
        command_line: commandLine,
        duration: 60.25,
        start: '2026-11-23T16:00:00.000000',
        end: '2026-11-23T16:01:00.000000',
        name: 'docs',
        stats: { nfiles: 33, deduplicated_size: 4_060, original_size: 2_000_000, ...stats },
      },
      encryption: { mode: 'repokey' },
      repository: { id: '16aa', location: '/r' },
    },
    null,
    4,
  )
const aStatus = (status: string, path: string): string => JSON.stringify({ type: 'file_status', status, path })
const ending = (word: string, code: number): string => `terminating with ${word} status, rc ${code}`

describe('recorded and documented runs', () => {
  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s', (_, recorded) => {
    const reading = borg.read(recordedOutput('borg', recorded))
    const { status, types, ...facts } = recorded.expected
    expect(reading).toMatchObject(facts)
    expect(conditionOf(reading)).toMatchObject({ status, types })
  })

  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s reads the same merged', (_, recorded) => {
    const output = recordedOutput('borg', recorded)
    const apart = borg.read(output)
    const merged = output.stdout + output.stderr
    expect(borg.read({ ...output, stdout: merged, stderr: '' })).toEqual(apart)
    expect(borg.read({ ...output, stdout: '', stderr: merged.replaceAll('\n', '\r\n') })).toEqual(apart)
    expect(borg.read({ ...output, stdout: output.stderr + output.stdout, stderr: '' })).toEqual(apart)
  })
})

describe('the end of a run', () => {
  test.each([
    ['nothing printed', '', 0, null, 'finished', ['COMPLETED']],
    ['nothing printed, a warning', '', 1, null, 'finished', ['WARNINGS']],
    ['nothing printed, an error', '', 2, null, 'failed', ['ERRORS']],
    ['an unknown warning of 1.4', '', 123, null, 'finished', ['WARNINGS']],
    ['a known warning of 1.4', '', 107, null, 'finished', ['WARNINGS']],
    ['an unknown error of 1.4', '', 99, null, 'failed', ['ERRORS']],
    ['a person who cancelled, 1.4', '', 3, null, 'canceled', ['CANCELED']],
    ['a time limit', aDocument(), 124, null, 'failed', ['ERRORS']],
    ['a missing borg', 'sh: 1: borg: not found', 127, null, 'failed', ['ERRORS']],
    ['a kill', aDocument(), 137, null, 'crashed', ['EXCEPTION']],
    ['a signal beside success', aDocument(), 0, 'SIGTERM', 'canceled', ['CANCELED']],
    [
      'Ctrl-C',
      `${aRecord('Got Ctrl-C / SIGINT.', { levelname: 'ERROR' })}\n${ending('error', 2)}`,
      2,
      null,
      'canceled',
      ['CANCELED'],
    ],
    ['Ctrl-C in text', `Keyboard interrupt\n${ending('error', 2)}`, 2, null, 'canceled', ['CANCELED']],
    ['Ctrl-C that a pipe hid', `Got Ctrl-C / SIGINT.\n${ending('error', 2)}`, 0, null, 'canceled', ['CANCELED']],
    ['a warning that a pipe hid', ending('warning', 1), 0, null, 'finished', ['WARNINGS']],
    ['an error that a pipe hid', ending('error', 2), 0, null, 'failed', ['ERRORS']],
    ['an error behind a warning of a script', ending('error', 2), 1, null, 'failed', ['ERRORS']],
    ['an archive, and a failed prune', `${aDocument()}\n${ending('error', 2)}`, 0, null, 'failed', ['ERRORS']],
    [
      'a warning record with success',
      `${aDocument()}\n${aRecord('odd', { levelname: 'WARNING' })}`,
      0,
      null,
      'finished',
      ['WARNINGS'],
    ],
    [
      'an error record with success',
      `${aDocument()}\n${aRecord('odd', { levelname: 'ERROR' })}`,
      0,
      null,
      'finished',
      ['WARNINGS'],
    ],
    [
      'a traceback of Python',
      'Traceback (most recent call last):\n  File "x", line 1\nImportError: no',
      1,
      null,
      'crashed',
      ['EXCEPTION'],
    ],
    ['no status, success said', ending('success', 0), null, null, 'finished', ['COMPLETED']],
    ['no status, an archive', aDocument(), null, null, 'finished', ['WARNINGS']],
    ['no status, a record', aRecord('hello'), null, null, 'crashed', ['EXCEPTION']],
    ['no status, a signal said', ending('signal', 143), null, null, 'canceled', ['CANCELED']],
    ['no status, a kill said', ending('signal', 137), null, null, 'failed', ['ERRORS']],
  ])('%s', (_, stderr, exitStatus, signal, state, types) => {
    const reading = borg.read(anOutput({ stderr, exitStatus, signal }))
    expect(reading).toMatchObject({ type: 'backup', state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test('of an output without a line of borg is not read', () => {
    for (const stdout of ['hello', '{"archive": 5}', 'Number of files: 3']) {
      expect(() => borg.read(anOutput({ stdout }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
    }
    expect(() => borg.read(anOutput({ exitStatus: null }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })
})

describe('numbers', () => {
  test('of an archive without files are nothing read, and a size is never nothing new', () => {
    const none = borg.read(anOutput({ stdout: aDocument({ nfiles: 0 }) }))
    expect(none).toMatchObject({ totalFiles: 0, processedFiles: 0, newFiles: null })
    expect(conditionOf(none)).toMatchObject({ status: 'WARNING', types: ['NO_FILE_DATA_BACKED_UP'] })
    expect(conditionOf(borg.read(outputOf('create-unchanged'))).types).toEqual(['COMPLETED'])
  })

  test('new files are known where the list and its filter are', () => {
    const line = ['borg', 'create', '--log-json', '--list', '--filter', 'AME']
    const newOf = (stdout: string, stderr: string) => borg.read(anOutput({ stdout, stderr })).newFiles
    expect(newOf(aDocument({}, line), ending('success', 0))).toBeNull()
    expect(newOf(aDocument({}, line), aRecord(ending('success', 0)))).toBe(0)
    expect(newOf(aDocument({}, line), `${aStatus('A', '/a')}\n${aStatus('M', '/b')}\n${aStatus('E', '/c')}`)).toBe(2)
    expect(newOf(aDocument({}, [...line.slice(0, -1), 'E']), aStatus('E', '/c'))).toBeNull()
    expect(newOf(aDocument(), 'U /a\nd /')).toBe(0)
    expect(newOf(aDocument(), 'A /a')).toBeNull()
  })

  test('of several archives add up', () => {
    const reading = borg.read(anOutput({ stdout: `${aDocument()}\n${aDocument({ nfiles: 2, deduplicated_size: 5 })}` }))
    expect(reading).toMatchObject({ processedFiles: 35, bytes: 4_065 })
  })

  test('of the table are read in decimal and in binary units', () => {
    const table = (added: string) =>
      `Archive name: a\nThis archive:   2.00 MB   1.98 MB   ${added}\n${ending('success', 0)}`
    expect(borg.read(anOutput({ stderr: table('614 B') })).bytes).toBe(614)
    expect(borg.read(anOutput({ stderr: table('1.25 kB') })).bytes).toBe(1_250)
    expect(borg.read(anOutput({ stderr: table('1.50 MiB') })).bytes).toBe(1_572_864)
    expect(borg.read(anOutput({ stderr: table('1.50 XB') })).bytes).toBeNull()
  })

  test('times are those of the epoch, never the local ones of the archive', () => {
    const reading = borg.read(anOutput({ stdout: aDocument(), stderr: aRecord(ending('success', 0)) }))
    expect(reading.endedAt).toEqual({ at: 1_795_417_252_500, offsetMinutes: 0 })
    expect(reading.startedAt).toEqual({ at: 1_795_417_252_500 - 60_250, offsetMinutes: 0 })
    expect(borg.read(anOutput({ stdout: aDocument() }))).toMatchObject({ startedAt: null, endedAt: null })
    const odd = aRecord('x', { time: 1e300, levelname: 'WARNING' })
    expect(borg.read(anOutput({ stderr: odd }))).toMatchObject({ startedAt: null })
  })
})

describe('warnings', () => {
  test('and the list of the same file count once', () => {
    const stderr =
      "/a/b: open: [Errno 13] Permission denied: 'b'\nE /a/b\n/a/c: file changed while we backed it up\nC /a/c\nE /a/d"
    const reading = borg.read(anOutput({ stderr, exitStatus: 1 }))
    expect(reading).toMatchObject({ state: 'finished', errors: 0, warnings: 3 })
    expect(reading.messages.map(message => message.text)).toContain('/a/d: could not be read')
  })
})

test('a broken or foreign document is plain text, and hides no line after it', () => {
  const stderr = `{\n    "archive": {\n${aRecord('Archive x does not exist', { levelname: 'ERROR' })}\n{\n    "a": 1\n}`
  expect(borg.read(anOutput({ stderr, exitStatus: 2 }))).toMatchObject({ state: 'failed', errors: 1 })
})

test('it recognizes its own output, and not that of borgmatic', () => {
  expect(borg.recognizes(anOutput({ stdout: aDocument() }))).toBe(true)
  expect(borg.recognizes(anOutput({ stdout: `[${aDocument()}]` }))).toBe(false)
  expect(borg.recognizes(anOutput({ stderr: aRecord('hello') }))).toBe(true)
  expect(borg.recognizes(anOutput({ stderr: aRecord('hello', { name: 'other' }) }))).toBe(false)
  const text = outputOf('create-text-success')
  expect(borg.recognizes(text)).toBe(true)
  expect(borg.recognizes({ ...text, stderr: text.stderr.replaceAll('\n\n', '\n') })).toBe(false)
})

test('whatever the text: only status 0, or none with a success said, is green, and only invalid is thrown', () => {
  const pieces = cases
    .map(recorded => recordedOutput('borg', recorded))
    .flatMap(({ stdout, stderr }) => [stdout, stderr, ...stderr.split('\n')])
  const odd = fc.oneof(fc.constantFrom(-1, 0, 1.5, 2 ** 60, 1e300, null, '', [], {}), fc.integer(), fc.string())
  const line = fc.oneof(
    fc.record({ nfiles: odd, deduplicated_size: odd }).map(stats => aDocument(stats)),
    fc
      .record({ message: odd, levelname: fc.constantFrom('INFO', 'WARNING', 'ERROR', 5), time: odd, msgid: odd })
      .map(members => aRecord('', members)),
    fc
      .tuple(fc.constantFrom('success', 'warning', 'error', 'signal'), fc.nat(200))
      .map(([word, code]) => ending(word, code)),
    fc.constantFrom('{', '}', '[', ']', '    "a": 1', 'E /a', 'Traceback (most recent call last):'),
    fc.constantFrom(...pieces),
    fc.string(),
  )
  const output = fc.record({
    stdout: fc.array(line, { maxLength: 6 }).map(lines => lines.join('\n')),
    stderr: fc.array(line, { maxLength: 6 }).map(lines => lines.join('\r\n')),
    exitStatus: fc.option(fc.oneof(fc.constantFrom(0, 1, 2, 3, 105), fc.integer({ min: 0, max: 255 }))),
    signal: fc.option(fc.constantFrom('SIGINT', 'SIGKILL', 'odd'), { freq: 4 }),
  })
  fc.assert(
    fc.property(output, output => {
      borg.recognizes(output)
      try {
        const reading = borg.read(output)
        if (conditionOf(reading).status === 'COMPLETED') {
          expect(output.signal).toBeNull()
          expect([0, null]).toContain(output.exitStatus)
        }
        for (const count of [reading.totalFiles, reading.processedFiles, reading.newFiles, reading.bytes]) {
          expect(count === null || (Number.isSafeInteger(count) && count >= 0)).toBe(true)
        }
      } catch (error) {
        if (!isAppError(error, 'invalid')) throw error
      }
    }),
    { numRuns: 500 },
  )
})
