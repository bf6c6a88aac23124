import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../domain/app-error.ts'
import type { ToolOutput, ToolReading } from './backup-tool.ts'
import { toOutputLines } from './output-lines.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { restic } from './restic.ts'
import { toShownMessages } from './run-messages.ts'

const cases = recordedCases('restic')
const outputOf = (name: string): ToolOutput => {
  const recorded = cases.find(recorded => recorded.case === name)
  if (!recorded) throw new Error(`There is no recorded case ${name}.`)
  return recordedOutput('restic', recorded)
}
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const aSummary = (members: Record<string, unknown> = {}): string =>
  JSON.stringify({
    message_type: 'summary',
    files_new: 2,
    files_changed: 1,
    files_unmodified: 4,
    data_added: 1_000,
    total_files_processed: 7,
    snapshot_id: 'f925e22d',
    ...members,
  })
const anItemError = (item: string, error: unknown = {}, during = 'archival'): string =>
  JSON.stringify({ message_type: 'error', error, during, item })
const texts = (reading: ToolReading): string[] => reading.messages.map(message => message.text)

describe('recorded and documented runs', () => {
  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s', (_, recorded) => {
    const reading = restic.read(recordedOutput('restic', recorded))
    const { status, types, ...facts } = recorded.expected
    expect(reading).toMatchObject(facts)
    expect(conditionOf(reading)).toMatchObject({ status, types })
  })

  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s reads the same merged', (_, recorded) => {
    const output = recordedOutput('restic', recorded)
    const apart = restic.read(output)
    expect(restic.read({ ...output, stdout: output.stdout + output.stderr, stderr: '' })).toEqual(apart)
    expect(restic.read({ ...output, stdout: '', stderr: output.stdout + output.stderr })).toEqual(apart)
    const turned = restic.read({ ...output, stdout: output.stderr + output.stdout, stderr: '' })
    expect({ ...turned, messages: texts(turned).sort() }).toEqual({ ...apart, messages: texts(apart).sort() })
  })
})

describe('a summary', () => {
  test('counts as new what is new or changed, and as stored what was packed', () => {
    const reading = restic.read(anOutput({ stdout: aSummary({ data_added_packed: 400 }) }))
    expect(reading).toMatchObject({ processedFiles: 7, totalFiles: 7, newFiles: 3, bytes: 400 })
    expect(restic.read(anOutput({ stdout: aSummary() }))).toMatchObject({
      bytes: 1_000,
      startedAt: null,
      endedAt: null,
    })
  })

  test('gives the times since 0.18.0, on the clock they were written on', () => {
    const { startedAt, endedAt } = restic.read(outputOf('restic-0.18.0-backup-documented'))
    expect(startedAt).toEqual({ at: Date.parse('2026-11-23T00:00:00.123Z'), offsetMinutes: 60 })
    expect(endedAt).toEqual({ at: Date.parse('2026-11-23T00:00:02.500Z'), offsetMinutes: 60 })
  })

  test('with a broken time has none', () => {
    const stdout = aSummary({ backup_start: 'yesterday', backup_end: 5 })
    expect(restic.read(anOutput({ stdout }))).toMatchObject({ startedAt: null, endedAt: null })
  })

  test('is one of several in a script, whose numbers add up', () => {
    const stdout = [aSummary(), aSummary({ files_new: 0, files_changed: 0, data_added: 5 })].join('\n')
    expect(restic.read(anOutput({ stdout }))).toMatchObject({ processedFiles: 14, newFiles: 3, bytes: 1_005 })
  })

  test('of a dry run is no backup, unless a real one stands beside it', () => {
    const dry = aSummary({ dry_run: true })
    expect(restic.read(anOutput({ stdout: dry }))).toMatchObject({ type: 'maintenance', processedFiles: null })
    expect(restic.read(anOutput({ stdout: `${dry}\n${aSummary()}` }))).toMatchObject({ type: 'backup', newFiles: 3 })
  })

  test('makes a backup finished where the exit status is unknown', () => {
    const clean = restic.read(anOutput({ stdout: aSummary(), exitStatus: null }))
    expect(conditionOf(clean).types).toEqual(['COMPLETED'])
    const partial = restic.read(anOutput({ stdout: aSummary(), stderr: anItemError('/a'), exitStatus: null }))
    expect(conditionOf(partial).types).toEqual(['WARNINGS'])
  })

  test('stands, with a warning, when a signal came too late to stop restic', () => {
    const late = { stdout: aSummary(), stderr: 'signal interrupt received, cleaning up', signal: 'SIGINT' }
    expect(restic.read(anOutput(late))).toMatchObject({ state: 'finished', warnings: 1 })
    expect(restic.read(anOutput({ ...late, exitStatus: 130 })).state).toBe('canceled')
    expect(restic.read(anOutput({ ...late, exitStatus: null })).state).toBe('canceled')
    expect(restic.read(anOutput({ ...late, signal: 'SIGKILL' })).state).toBe('crashed')
  })

  test('beside a fatal error of another command is a warning, whatever the script says', () => {
    const stderr = 'Fatal: create repository at /r failed: config file already exists'
    expect(restic.read(anOutput({ stdout: aSummary(), stderr }))).toMatchObject({ state: 'finished', warnings: 1 })
    expect(restic.read(anOutput({ stdout: aSummary(), stderr, exitStatus: 1 }))).toMatchObject({ state: 'failed' })
  })
})

describe('the end of a backup without a summary', () => {
  const status = '{"message_type":"status","percent_done":0.5,"total_files":10,"files_done":5}'

  test.each([
    ['nothing at all', '', 0, null, 'finished', ['WARNINGS']],
    ['text that says nothing', 'backing up, all is well', 0, null, 'finished', ['WARNINGS']],
    ['status lines', status, 0, null, 'finished', ['WARNINGS']],
    ['half a text summary', 'processed 36 files, 1.913 MiB in 0:00', 0, null, 'finished', ['WARNINGS']],
    ['a snapshot with exit status 3', status, 3, null, 'finished', ['WARNINGS']],
    ['no exit status', status, null, null, 'crashed', ['EXCEPTION']],
    ['no exit status and a fatal error', 'Fatal: no space left', null, null, 'failed', ['ERRORS']],
    ['a fatal error that a pipe hid', 'Fatal: no space left', 0, null, 'failed', ['ERRORS']],
    ['a fatal error with exit status 3', 'Fatal: no space left', 3, null, 'failed', ['ERRORS']],
    ['an unknown exit status', status, 77, null, 'failed', ['ERRORS']],
    ['SIGINT', status, 130, null, 'canceled', ['CANCELED']],
    ['SIGTERM', status, 143, null, 'canceled', ['CANCELED']],
    ['a signal that was passed on', status, 0, 'SIGHUP', 'canceled', ['CANCELED']],
    ['an interrupt in 0.17', `${status}\nsignal interrupt received, cleaning up`, 1, null, 'canceled', ['CANCELED']],
    ['an interrupt that a pipe hid', 'signal terminated received, cleaning up', 0, null, 'canceled', ['CANCELED']],
    ['an interrupt and another failure', 'signal interrupt received, cleaning up', 12, null, 'failed', ['ERRORS']],
    ['a time limit', status, 124, null, 'failed', ['ERRORS']],
    ['a kill', status, 137, null, 'crashed', ['EXCEPTION']],
    ['a missing restic', 'sh: 1: restic: not found', 127, null, 'failed', ['ERRORS']],
  ])('%s', (_, stdout, exitStatus, signal, state, types) => {
    const reading = restic.read(anOutput({ stdout, exitStatus, signal }))
    expect(reading).toMatchObject({ type: 'backup', state, newFiles: null, bytes: null })
    expect(conditionOf(reading).types).toEqual(types)
    expect(reading.messages).not.toEqual([])
  })

  test('says what to do when the output tells nothing', () => {
    expect(texts(restic.read(anOutput({})))).toEqual([
      'The output does not tell what was backed up: add --json to restic backup.',
    ])
  })

  test('keeps how far it came', () => {
    const reading = restic.read(anOutput({ stdout: status, exitStatus: 130 }))
    expect(reading).toMatchObject({ totalFiles: 10, processedFiles: 5 })
  })

  test('counts the errors of the last status line when their own stream was lost', () => {
    const stdout = `{"message_type":"status","percent_done":1,"error_count":2}\n${aSummary()}`
    expect(restic.read(anOutput({ stdout })).warnings).toBe(2)
    expect(restic.read(anOutput({ stdout, stderr: anItemError('/a') })).warnings).toBe(1)
  })
})

describe('an item that could not be read', () => {
  const read = (...errors: string[]) =>
    restic.read(anOutput({ stdout: aSummary(), stderr: errors.join('\n'), exitStatus: 3 }))

  test('counts once, with the reason that says something', () => {
    const reading = read(anItemError('/a', {}, 'scan'), anItemError('/a', { Op: 'open', Path: '/a', Err: 13 }))
    expect(reading).toMatchObject({ warnings: 1, totalFiles: 8, processedFiles: 7 })
    expect(texts(reading)).toEqual(['/a: permission denied'])
  })

  test.each([
    ['a message', { message: 'open /a: no such device' }, '/a: open /a: no such device'],
    ['a known number', { Op: 'lstat', Path: '/a', Err: 2 }, '/a: no such file or directory'],
    ['an unknown number', { Op: 'lstat', Path: '/a', Err: 99 }, '/a: system error 99'],
    ['an empty error', {}, '/a: could not be read'],
    ['no error', null, '/a: could not be read'],
    ['an odd error', [1], '/a: could not be read'],
  ])('has its reason from %s', (_, error, text) => {
    expect(texts(read(anItemError('/a', error)))).toEqual([text])
  })

  test('of more than a hundred is counted, though not shown', () => {
    const reading = read(...Array.from({ length: 250 }, (_, index) => anItemError(`/file ${index}`)))
    expect(reading.warnings).toBe(250)
    expect(reading.messages).toHaveLength(100)
    expect(texts(reading).at(-1)).toBe('… and 151 more')
  })
})

describe('what is no backup', () => {
  test.each(
    cases
      .filter(({ expected }) => expected.type !== 'backup')
      .map(recorded => [recorded.case, recordedOutput('restic', recorded)] as const),
  )('is never read as a finished one: %s', (_, output) => {
    for (const exitStatus of [0, 1, 3, 130, null]) {
      const { type, state } = restic.read({ ...output, exitStatus })
      expect([type, state]).not.toEqual(['backup', 'finished'])
    }
  })

  test('stands back behind a backup of the same script', () => {
    for (const name of ['restic-0.14.0-forget-prune', 'restic-0.14.0-check-ok', 'restic-0.14.0-unlock']) {
      const output = outputOf(name)
      expect(restic.read({ ...output, stdout: output.stdout + aSummary() })).toMatchObject({
        type: 'backup',
        newFiles: 3,
      })
    }
  })
})

test('messages show why a run failed, the cause first', () => {
  const locked = restic.read(outputOf('restic-0.14.0-backup-locked'))
  expect(locked.messages[0]).toEqual({
    level: 'error',
    text: 'unable to create lock in backend: repository is already locked exclusively by PID 15916 on nas01 by svc (UID 1001, GID 1001)',
  })
  const denied = restic.read(outputOf('restic-0.14.0-backup-source-all-missing'))
  expect(texts(denied)).toEqual([
    'Fatal: all target directories/files do not exist',
    '/srv/missing does not exist, skipping',
  ])
})

test.each([
  ['restic 0.14.0 compiled with go1.19.8 on linux/amd64', '0.14.0'],
  ['{"message_type":"version","version":"0.17.3","go_version":"go1.23"}', '0.17.3'],
  ['restic is great', null],
])('the version is known where it is printed: %s', (line, version) => {
  expect(restic.read(anOutput({ stdout: `${line}\n${aSummary()}` }))).toMatchObject({ version, newFiles: 3 })
})

describe('whatever the text', () => {
  const pieces = cases
    .map(recorded => recordedOutput('restic', recorded))
    .flatMap(({ stdout, stderr }) => [stdout, stderr, ...stdout.split('\n'), ...stderr.split('\n')])
  const number = fc.oneof(
    fc.integer(),
    fc.double(),
    fc.constantFrom(-1, 0, 1.5, 2 ** 53, 1e300, '12', 'NaN', null, [], {}),
  )
  const message = fc
    .record(
      {
        message_type: fc.constantFrom('summary', 'status', 'error', 'exit_error', 'verbose_status', 'new'),
        files_new: number,
        files_changed: number,
        total_files_processed: number,
        data_added: number,
        data_added_packed: number,
        total_files: number,
        files_done: number,
        files_restored: number,
        bytes_restored: number,
        num_errors: number,
        error_count: number,
        code: number,
        dry_run: fc.boolean(),
        item: fc.oneof(fc.string(), number),
        error: fc.oneof(fc.string(), number, fc.record({ Err: number, message: number }, { requiredKeys: [] })),
      },
      { requiredKeys: ['message_type'] },
    )
    .map(value => JSON.stringify(value))
  const groups = fc
    .array(fc.record({ keep: fc.anything(), remove: fc.anything(), reasons: fc.anything() }))
    .map(groups => JSON.stringify(groups, (_, value) => (typeof value === 'bigint' ? 0 : value)))
  const binary = fc.uint8Array().map(bytes => new TextDecoder().decode(bytes))
  const cut = fc
    .tuple(fc.constantFrom(...pieces), fc.nat(3_000), fc.nat(3_000))
    .map(([text, from, to]) => text.slice(from, from + to))
  const piece = fc.oneof(
    fc.constantFrom(...pieces),
    cut,
    message,
    groups,
    binary,
    fc.string(),
    fc.string({ unit: 'binary' }),
  )
  const stream = fc
    .tuple(fc.array(piece, { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\r', ''))
    .map(([lines, end]) => lines.join(end))
  const exitStatus = fc.option(fc.oneof(fc.constantFrom(0, 1, 3, 12, 130, 137), fc.integer({ min: 0, max: 255 })))
  const signal = fc.option(fc.constantFrom('SIGINT', 'SIGTERM', 'SIGKILL', 'odd'), { freq: 4 })
  const output: fc.Arbitrary<ToolOutput> = fc.record({ stdout: stream, stderr: stream, exitStatus, signal })
  const runs = { numRuns: 1_000 }

  test('reading throws nothing but invalid, and recognizing nothing at all', () => {
    fc.assert(
      fc.property(output, output => {
        restic.recognizes(output)
        try {
          restic.read(output)
        } catch (error) {
          if (!isAppError(error, 'invalid')) throw error
        }
      }),
      runs,
    )
  })

  test('a backup is green only with exit status 0, or unknown with a summary, and never with a signal', () => {
    fc.assert(
      fc.property(output, output => {
        const reading = restic.read(output)
        if (reading.type !== 'backup' || conditionOf(reading).status !== 'COMPLETED') return
        expect([0, null]).toContain(output.exitStatus)
        expect(output.signal).toBeNull()
        const lines = [output.stdout, output.stderr].flatMap(toOutputLines)
        expect(lines.some(line => /^{.*"summary"|^Added to the repo|^snapshot [0-9a-f]+ saved/.test(line))).toBe(true)
      }),
      runs,
    )
  })

  test('counts are whole numbers that are not negative, or unknown', () => {
    fc.assert(
      fc.property(output, output => {
        const { totalFiles, processedFiles, newFiles, bytes, errors, warnings } = restic.read(output)
        for (const count of [totalFiles, processedFiles, newFiles, bytes, errors, warnings]) {
          if (count !== null) expect(Number.isSafeInteger(count) && count >= 0).toBe(true)
        }
        expect([errors, warnings]).not.toContain(null)
      }),
      runs,
    )
  })

  test('messages are few, short, and text that any format can hold', () => {
    fc.assert(
      fc.property(output, output => {
        const { messages } = restic.read(output)
        expect(messages.length).toBeLessThanOrEqual(100)
        for (const { text } of toShownMessages(messages, text => text)) {
          expect(text.length).toBeLessThanOrEqual(1_000)
          expect(text).not.toMatch(/[\p{Cc}\p{Cs}]/u)
        }
      }),
      runs,
    )
  })

  test.each([
    ['status lines', '{"message_type":"status","percent_done":0.5}\n', 100_000],
    ['item errors', `${anItemError('/a')}\n`, 40_000],
    ['one line of digits', '[0:00] 9', 500_000],
    ['one line of braces', '{"a":', 800_000],
    ['one line of brackets', '[{"a":', 600_000],
    ['numbers after a known word', 'Added to the repository: 1', 150_000],
    ['long lines', `${'x'.repeat(60_000)} does not exist, skipping\n`, 70],
  ])('megabytes of %s are read', (_, text, times) => {
    expect(() => restic.read(anOutput({ stdout: text.repeat(times) }))).not.toThrow()
  })
})
