import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../domain/app-error.ts'
import type { ToolOutput } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { borgmatic } from './borgmatic.ts'

const cases = recordedCases('borgmatic')
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const creating = '/srv/r.borg: Creating archive\nCreating archive at "/srv/r.borg::docs"\n'
const table = 'Archive name: docs\nNumber of files: 33\nThis archive:   2.00 MB   1.98 MB   614 B\n'
const unreadable = "/srv/a: open: [Errno 13] Permission denied: 'a'\n"
const success = '\nsummary:\n/etc/borgmatic/ok.yaml: Successfully ran configuration file\n'
const failure =
  '/srv/r.borg: Error running actions for repository\n/etc/borgmatic/ok.yaml: Error running configuration file\n'
const aDocument = (nfiles: unknown): string =>
  JSON.stringify({
    archive: { name: 'docs', stats: { nfiles, deduplicated_size: 5 } },
    encryption: { mode: 'none' },
    repository: { location: '/srv/r.borg' },
  })

describe('recorded runs', () => {
  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s', (_, recorded) => {
    const reading = borgmatic.read(recordedOutput('borgmatic', recorded))
    const { status, types, ...facts } = recorded.expected
    expect(reading).toMatchObject(facts)
    expect(conditionOf(reading)).toMatchObject({ status, types })
  })

  test.each(cases.map(recorded => [recorded.case, recorded] as const))('%s reads the same merged', (_, recorded) => {
    const output = recordedOutput('borgmatic', recorded)
    const apart = borgmatic.read(output)
    const merged = output.stdout + output.stderr
    expect(borgmatic.read({ ...output, stdout: merged, stderr: '' })).toEqual(apart)
    expect(borgmatic.read({ ...output, stdout: '', stderr: merged.replaceAll('\n', '\r\n') })).toEqual(apart)
  })
})

describe('the end of a run', () => {
  test.each([
    ['nothing printed', '', 0, null, 'finished', ['WARNINGS']],
    ['nothing printed, an error', '', 1, null, 'failed', ['ERRORS']],
    ['a backup of which borg says something', creating, 0, null, 'finished', ['COMPLETED']],
    ['a backup of which borg says nothing', '/srv/r.borg: Creating archive\n', 0, null, 'finished', ['WARNINGS']],
    ['a table', table, 0, null, 'finished', ['COMPLETED']],
    ['a warning of borg', unreadable + table, 0, null, 'finished', ['WARNINGS']],
    ['a failure', creating + failure, 1, null, 'failed', ['ERRORS']],
    ['a failure that a pipe hid', table + failure, 0, null, 'failed', ['ERRORS']],
    [
      'an interrupt',
      `${creating}Traceback (most recent call last):\n  File "x"\nKeyboardInterrupt\n`,
      1,
      null,
      'canceled',
      ['CANCELED'],
    ],
    [
      'a traceback',
      `${creating}Traceback (most recent call last):\n  File "x"\nKeyError: 1\n`,
      1,
      null,
      'crashed',
      ['EXCEPTION'],
    ],
    ['an unknown status', table, 77, null, 'failed', ['ERRORS']],
    ['a time limit', table, 124, null, 'failed', ['ERRORS']],
    ['a kill', table, 137, null, 'crashed', ['EXCEPTION']],
    ['a signal beside success', table, 0, 'SIGTERM', 'canceled', ['CANCELED']],
    ['no status, a success said', creating + success, null, null, 'finished', ['COMPLETED']],
    ['no status, a table', table, null, null, 'finished', ['WARNINGS']],
    ['no status, a beginning', '/srv/r.borg: Creating archive\n', null, null, 'crashed', ['EXCEPTION']],
    ['no status, a failure', failure, null, null, 'failed', ['ERRORS']],
  ])('%s', (_, stdout, exitStatus, signal, state, types) => {
    const reading = borgmatic.read(anOutput({ stdout, exitStatus, signal }))
    expect(reading).toMatchObject({ type: 'backup', state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test('of an output without a line of borgmatic is not read', () => {
    expect(() => borgmatic.read(anOutput({ stdout: 'hello' }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
    expect(() => borgmatic.read(anOutput({ exitStatus: null }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })
})

test('a warning that is repeated in the summary counts once', () => {
  const reading = borgmatic.read(anOutput({ stdout: unreadable + table, stderr: `${unreadable}E /srv/a\n` }))
  expect(reading).toMatchObject({ warnings: 1, totalFiles: 34 })
})

test('the documents of several repositories add up, also with text on the same line', () => {
  const stdout = `[${aDocument(33)}, ${aDocument(2)}]/etc/borgmatic/ok.yaml: No commands to run for post-everything hook\n`
  expect(borgmatic.read(anOutput({ stdout }))).toMatchObject({ processedFiles: 35, bytes: 10, warnings: 0 })
  expect(borgmatic.read(anOutput({ stdout: `[${aDocument(0)}]` }))).toMatchObject({ processedFiles: 0 })
})

test('of several actions the backup counts, and a dry run is none', () => {
  const typeOf = (stdout: string) => borgmatic.read(anOutput({ stdout })).type
  expect(typeOf(`/srv/r.borg: Pruning archives\n${creating}/srv/r.borg: Running consistency checks\n`)).toBe('backup')
  expect(typeOf('/srv/r.borg: Pruning archives\n')).toBe('delete')
  expect(typeOf('/srv/r.borg: Running consistency checks\n')).toBe('maintenance')
  expect(typeOf('/srv/r.borg: Creating archive (dry run; not making any changes)\n')).toBe('maintenance')
  expect(typeOf('/srv/r.borg: Extracting archive latest\n')).toBe('restore')
})

test('it recognizes its summary, its documents and the table as it prints it', () => {
  expect(borgmatic.recognizes(anOutput({ stdout: success }))).toBe(true)
  expect(borgmatic.recognizes(anOutput({ stdout: `[${aDocument(3)}]` }))).toBe(true)
  expect(borgmatic.recognizes(anOutput({ stdout: aDocument(3) }))).toBe(false)
  expect(borgmatic.recognizes(anOutput({ stdout: creating + table }))).toBe(false)
})

test('whatever the text: only status 0, or none with a success said, is green, and only invalid is thrown', () => {
  const pieces = cases
    .map(recorded => recordedOutput('borgmatic', recorded))
    .flatMap(({ stdout, stderr }) => [stdout, stderr, ...stderr.split('\n')])
  const line = fc.oneof(
    fc.constantFrom(creating, table, unreadable, success, failure, ...pieces),
    fc.anything().map(value => `[${aDocument(typeof value === 'bigint' ? 0 : value)}]`),
    fc.string(),
  )
  const output = fc.record({
    stdout: fc.array(line, { maxLength: 8 }).map(lines => lines.join('\n')),
    stderr: fc.array(line, { maxLength: 4 }).map(lines => lines.join('\r\n')),
    exitStatus: fc.option(fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 255 }))),
    signal: fc.option(fc.constantFrom('SIGINT', 'SIGKILL', 'odd'), { freq: 4 }),
  })
  fc.assert(
    fc.property(output, output => {
      borgmatic.recognizes(output)
      try {
        const reading = borgmatic.read(output)
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
