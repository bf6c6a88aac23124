import { describe, expect, test } from 'vitest'
import type { ToolOutput } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { pgBasebackup } from './pg-basebackup.ts'

// What pg_basebackup shares with the other tools of databases, its recorded runs among it: sql-tools.test.ts.
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const begin = 'pg_basebackup: initiating base backup, waiting for checkpoint to complete\n'
const end = 'pg_basebackup: base backup completed\n'

describe('an end', () => {
  test.each([
    ['silence and success', '', 0, 'backup', 'finished', ['COMPLETED']],
    ['silence and failure', '', 1, 'backup', 'failed', ['ERRORS']],
    ['its last line', begin + end, 0, 'backup', 'finished', ['COMPLETED']],
    ['its last line without exit status', begin + end, null, 'backup', 'finished', ['COMPLETED']],
    ['its last line and a failing status', begin + end, 1, 'backup', 'failed', ['ERRORS']],
    ['no last line', begin, 0, 'backup', 'finished', ['WARNINGS']],
    ['no last line and no exit status', begin, null, 'backup', 'crashed', ['EXCEPTION']],
    ['an error that a pipe hid', `${begin}pg_basebackup: error: x`, 0, 'backup', 'failed', ['ERRORS']],
    [
      'an error of 11 that a pipe hid',
      'pg_basebackup: could not connect to server: x',
      0,
      'backup',
      'failed',
      ['ERRORS'],
    ],
    [
      'a warning of the server',
      `${begin}WARNING:  skipping special file "./x"\n${end}`,
      0,
      'backup',
      'finished',
      ['WARNINGS'],
    ],
    [
      'a notice of the server',
      `${begin}NOTICE:  WAL archiving is not enabled\n${end}`,
      0,
      'backup',
      'finished',
      ['COMPLETED'],
    ],
    ['a kill', begin, 137, 'backup', 'crashed', ['EXCEPTION']],
    ['a verified backup', 'backup successfully verified', 0, 'maintenance', 'finished', ['COMPLETED']],
    [
      'a verified backup without exit status',
      'backup successfully verified',
      null,
      'maintenance',
      'finished',
      ['COMPLETED'],
    ],
    ['a backup that is not as it was', 'pg_verifybackup: error: x', 0, 'maintenance', 'failed', ['ERRORS']],
  ])('by %s', (_, stderr, exitStatus, type, state, types) => {
    const reading = pgBasebackup.read(anOutput({ stderr, exitStatus }))
    expect(reading).toMatchObject({ type, state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test.each([
    ['nothing', '', null],
    ['text of another program', 'sh: 1: pg_basebackup: not found', 0],
  ])('that only %s tells is not to be read', (_, stderr, exitStatus) => {
    expect(() => pgBasebackup.read(anOutput({ stderr, exitStatus }))).toThrow(
      expect.objectContaining({ kind: 'invalid' }),
    )
  })
})

test.each([
  [
    'drawn over one line',
    '  100/52030 kB (0%), 0/1 tablespace\r52030/52030 kB (100%), 1/1 tablespace  \r\n',
    53_278_720,
  ],
  ['without an estimate', '52030 kB, 1/1 tablespace\n', 53_278_720],
  ['too large to be true', '999999999999999/1 kB (100%), 1/1 tablespace\n', null],
])('progress %s tells the bytes', (_, stderr, bytes) => {
  expect(pgBasebackup.read(anOutput({ stderr }))).toMatchObject({ type: 'backup', bytes })
})

test('a backup in tar format on standard output is no text', () => {
  const stdout = 'backup_label\0\0\nWARNING:  x\npg_basebackup: error: x\n'
  expect(pgBasebackup.read(anOutput({ stdout, stderr: begin + end }))).toMatchObject({ state: 'finished', warnings: 0 })
})

test('what it recognizes is all but silence and lines in other languages', () => {
  const unknown = recordedCases('pg_basebackup').filter(
    recorded => !pgBasebackup.recognizes(recordedOutput('pg_basebackup', recorded)),
  )
  expect(unknown.map(recorded => recorded.case)).toEqual([
    'pg_basebackup-15.18-german-checksum-error',
    'pg_basebackup-15.18-german-verbose',
    'pg_basebackup-15.18-silent',
    'pg_basebackup-15.18-usage',
    'pg_verifybackup-15.18-verify-ok',
  ])
})
