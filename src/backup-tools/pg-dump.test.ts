import { describe, expect, test } from 'vitest'
import type { ToolOutput, ToolReading } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { pgDump } from './pg-dump.ts'

// What pg_dump shares with the other tools of databases, its recorded runs among it, is tested in sql-tools.test.ts.
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const read = (stderr: string, exitStatus: number | null = 0) => pgDump.read(anOutput({ stderr, exitStatus }))
const texts = (reading: ToolReading): string[] => reading.messages.map(message => message.text)
const aDump = (last = '-- PostgreSQL database dump complete') =>
  `--\n-- PostgreSQL database dump\n--\n\n-- Dumped by pg_dump version 16.4\n\nCOPY public.t (a) FROM stdin;\nWARNING:  1\n\\.\n--\n${last}\n--\n`

describe('an end', () => {
  test.each([
    ['silence and success', '', 0, 'backup', 'finished', ['COMPLETED']],
    ['silence and failure', '', 1, 'backup', 'failed', ['ERRORS']],
    ['silence and an unknown status', '', 3, 'backup', 'failed', ['ERRORS']],
    ['silence and SIGTERM', '', 143, 'backup', 'canceled', ['CANCELED']],
    ['silence and a kill', '', 137, 'backup', 'crashed', ['EXCEPTION']],
    ['an error that a pipe hid', 'pg_dump: error: query failed: ERROR:  x', 0, 'backup', 'failed', ['ERRORS']],
    ['an error in Russian', 'pg_dump: ошибка: нет', 0, 'backup', 'failed', ['ERRORS']],
    ['an error in French', 'pg_dump: erreur : non', 0, 'backup', 'failed', ['ERRORS']],
    ['a level that nobody knows', 'pg_dump: kesalahan: tidak', 0, 'backup', 'finished', ['WARNINGS']],
    ['a warning', 'pg_dump: warning: x', 0, 'backup', 'finished', ['WARNINGS']],
    ['a warning of 11', 'pg_dump: [archiver] WARNING: archive is compressed', 0, 'backup', 'finished', ['WARNINGS']],
    [
      'an error of 11 that a pipe hid',
      'pg_dump: [archiver (db)] connection to database "x" failed: FATAL:  database "x" does not exist',
      0,
      'backup',
      'failed',
      ['ERRORS'],
    ],
    ['a notice', 'pg_dump: NOTICE:  nothing', 0, 'backup', 'finished', ['COMPLETED']],
    ['a stop', 'pg_dump: terminated by user', 1, 'backup', 'canceled', ['CANCELED']],
    ['a stop that a pipe hid', 'pg_dump: terminated by user', 0, 'backup', 'canceled', ['CANCELED']],
    ['an error and no status', 'pg_dump: error: x', null, 'backup', 'failed', ['ERRORS']],
    ['a warning and no status', 'pg_dump: warning: x', null, 'backup', 'crashed', ['EXCEPTION']],
    ['an error of another client', 'psql: error: x\npg_dump: reading schemas', 0, 'backup', 'failed', ['ERRORS']],
  ])('by %s', (_, stderr, exitStatus, type, state, types) => {
    const reading = read(stderr, exitStatus)
    expect(reading).toMatchObject({ type, state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test.each([
    ['nothing', '', null],
    ['lines that tell nothing', 'pg_dump: reading schemas', null],
    ['text of another program', 'sh: 1: pg_dump: not found', 0],
    ['text of another program that failed', 'backup failed', 1],
  ])('that only %s tells is not to be read', (_, stderr, exitStatus) => {
    expect(() => read(stderr, exitStatus)).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })
})

describe('pg_restore', () => {
  const error = 'pg_restore: error: could not execute query: ERROR:  relation "a" already exists'
  const two = 'pg_restore: warning: errors ignored on restore: 2'

  test.each([
    ['counts what it ignored', [error, error, two], 1, 'finished', 0, 2],
    ['counts also what was cut off', [two], 1, 'finished', 0, 2],
    ['counts also when a pipe hid the status', [error, error, two], 0, 'finished', 0, 2],
    ['does not finish with a status that it does not know', [error, two], 2, 'failed', 1, 0],
    ['fails with an error beyond those', [error, error, error, two], 1, 'failed', 3, 0],
    ['fails beside another program', ['createdb: error: x', two], 1, 'failed', 1, 0],
    ['fails without a last line', [error], 1, 'failed', 1, 0],
    ['fails without a last line where a pipe hid the status', [error], 0, 'failed', 1, 0],
    ['counts nothing as at least one', ['pg_restore: warning: errors ignored on restore: 0'], 1, 'finished', 0, 1],
  ])('%s', (_, lines, exitStatus, state, errors, warnings) => {
    expect(read(lines.join('\n'), exitStatus)).toMatchObject({ type: 'restore', state, errors, warnings })
  })

  test('of version 11 says the same without its name', () => {
    const stderr = [
      'pg_restore: [archiver (db)] Error while PROCESSING TOC:',
      'pg_restore: [archiver (db)] Error from TOC entry 196; 1259 16385 TABLE a postgres',
      'pg_restore: [archiver (db)] could not execute query: ERROR:  relation "a" already exists',
      '    Command was: CREATE TABLE public.a (',
      'WARNING: errors ignored on restore: 1',
    ].join('\n')
    expect(read(stderr, 1)).toMatchObject({ type: 'restore', state: 'finished', errors: 0, warnings: 1 })
  })

  test('that found nothing to restore restored nothing', () => {
    const reading = read('pg_restore: connecting to database for restore')
    expect(conditionOf(reading)).toMatchObject({ status: 'WARNING', types: ['NO_DATA_RESTORED'] })
  })

  test('after a dump of the same script leaves it a backup', () => {
    expect(read('pg_dump: dumping contents of table "a"\npg_restore: creating TABLE "a"')).toMatchObject({
      type: 'backup',
      processedFiles: 1,
    })
  })
})

describe('a dump on standard output', () => {
  test('is complete with its last line, and done also where no exit status is known', () => {
    expect(pgDump.read(anOutput({ stdout: aDump() }))).toMatchObject({
      state: 'finished',
      warnings: 0,
      version: '16.4',
    })
    expect(pgDump.read(anOutput({ stdout: aDump(), exitStatus: null }))).toMatchObject({ state: 'finished' })
  })

  test('without its last line is doubtful, and crashed where no exit status is known', () => {
    const cut = anOutput({ stdout: aDump('') })
    expect(pgDump.read(cut)).toMatchObject({ state: 'finished', warnings: 1 })
    expect(texts(pgDump.read(cut))).toEqual(['The dump ends before its last line: it is not complete.'])
    expect(pgDump.read({ ...cut, exitStatus: null })).toMatchObject({ state: 'crashed' })
    expect(pgDump.read({ ...cut, exitStatus: 1 })).toMatchObject({ state: 'failed' })
  })

  test('of a cluster needs the last line of the cluster', () => {
    const start = '--\n-- PostgreSQL database cluster dump\n--\n'
    expect(pgDump.read(anOutput({ stdout: start + aDump() })).warnings).toBe(1)
    const whole = `${start}${aDump()}--\n-- PostgreSQL database cluster dump complete\n--\n`
    expect(pgDump.read(anOutput({ stdout: whole })).warnings).toBe(0)
  })

  test.each([
    ['custom', 'PGDMP\u0001\u000E\0WARNING:  \n1'],
    ['tar', 'toc.dat\0\0\0\n0600'],
    ['gzip', '\u001F\uFFFD\b\0\n'],
  ])('may be %s', (_, stdout) => {
    expect(pgDump.read(anOutput({ stdout }))).toMatchObject({ state: 'finished', warnings: 0 })
    expect(() => pgDump.read(anOutput({ stdout, exitStatus: null }))).toThrow(/exit_status/)
  })
})

test('messages show the cause with its details, and the warnings behind it', () => {
  const stderr = [
    'pg_dump: reading schemas',
    'pg_dump: warning: w',
    'pg_dump: detail: of the warning',
    'pg_dump: error: connection to server failed: refused',
    '\tIs the server running on that host?',
    'pg_dump: reading schemas',
    'pg_dump: detail: of nothing',
  ].join('\n')
  expect(read(stderr, 1).messages).toEqual([
    { level: 'error', text: 'pg_dump: error: connection to server failed: refused' },
    { level: 'error', text: 'Is the server running on that host?' },
    { level: 'warning', text: 'pg_dump: warning: w' },
    { level: 'warning', text: 'pg_dump: detail: of the warning' },
  ])
})

test('what it recognizes is all but silence and lines in other languages', () => {
  const isKnown = (output: ToolOutput) => pgDump.recognizes(output)
  const unknown = recordedCases('pg_dump').filter(recorded => !isKnown(recordedOutput('pg_dump', recorded)))
  expect(unknown.map(recorded => recorded.case)).toEqual([
    'pg_dump-15.18-dump-collation-version',
    'pg_dump-15.18-dump-german-pipe-hides-error',
    'pg_dump-15.18-dump-german-verbose',
    'pg_dump-15.18-dump-success',
    'pg_dump-15.18-dump-usage',
  ])
  const dumped = 'pg_dump: error: x'
  expect(isKnown(anOutput({ stdout: '{"message_type":"summary"}', stderr: dumped }))).toBe(false)
  expect(isKnown(anOutput({ stdout: `borgmatic: starting\n${dumped}` }))).toBe(false)
})
