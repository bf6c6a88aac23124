import { describe, expect, test } from 'vitest'
import type { ToolOutput } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { barman } from './barman.ts'

// What Barman shares with the other tools of databases, its recorded runs among it, is tested in sql-tools.test.ts.
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const begin = 'Starting backup using postgres method for server main in /srv/barman/main/base/20261123T071206\n'
const size = 'Backup size: 50.3 MiB\n'
const end = 'Backup completed (start time: 2026-11-23 07:12:02.403408, elapsed time: 3 seconds)\n'
const aBackup = begin + size + end
const restoring = 'Starting local restore for server main using backup 20261123T142546\n'
const waiting =
  'WARNING: IMPORTANT: this backup is classified as WAITING_FOR_WALS, meaning that Barman has not received yet all the required WAL files for the backup consistency.\n'
const shown = (members: object = {}, base: object = {}) =>
  JSON.stringify({
    main: {
      backup_id: '20261123T071206',
      status: 'DONE',
      base_backup_information: {
        begin_time: '2026-11-23 07:12:06.558559+01:00',
        end_time: '2026-11-23 07:12:08.185064+01:00',
        incremental_size_bytes: 52_699_380,
        ...base,
      },
      ...members,
    },
  })

describe('an end', () => {
  test.each([
    ['silence and success', '', 0, 'backup', 'finished', ['WARNINGS']],
    ['silence and failure', '', 1, 'backup', 'failed', ['ERRORS']],
    ['its last line', aBackup, 0, 'backup', 'finished', ['COMPLETED']],
    ['its last line without exit status', aBackup, null, 'backup', 'finished', ['COMPLETED']],
    ['its last line and a failing status', aBackup, 1, 'backup', 'failed', ['ERRORS']],
    ['no last line', begin, 0, 'backup', 'finished', ['WARNINGS']],
    ['no last line and no exit status', begin, null, 'backup', 'crashed', ['EXCEPTION']],
    ['one last line of two backups', aBackup + begin, 0, 'backup', 'finished', ['WARNINGS']],
    ['an error that a pipe hid', `${aBackup}ERROR: Unknown server 'x'`, 0, 'backup', 'failed', ['ERRORS']],
    ['an exception', `${begin}EXCEPTION: x`, 0, 'backup', 'failed', ['ERRORS']],
    ['a warning', `${aBackup}WARNING: x`, 0, 'backup', 'finished', ['WARNINGS']],
    ['a backup that waits for its log', aBackup + waiting, 0, 'backup', 'finished', ['COMPLETED']],
    ['Ctrl-C', `${begin}ERROR: Process interrupted by user (KeyboardInterrupt)`, 1, 'backup', 'canceled', ['CANCELED']],
    ['a restore', `${restoring}Recovery completed (start time: x)`, 0, 'restore', 'finished', ['COMPLETED']],
    [
      'a restore of 3.13',
      `${restoring}Restore operation completed (start time: x)`,
      0,
      'restore',
      'finished',
      ['COMPLETED'],
    ],
    ['a restore that was cut off', restoring, 0, 'restore', 'finished', ['WARNINGS']],
    ['a failed check', 'Server main:\n\tPostgreSQL: FAILED', 0, 'maintenance', 'failed', ['ERRORS']],
    [
      'a failed check in JSON',
      '{"main": {"postgresql": {"hint": "", "status": "FAILED"}}}',
      0,
      'maintenance',
      'failed',
      ['ERRORS'],
    ],
    ['a warning for Nagios', 'BARMAN WARNING - x', 1, 'maintenance', 'failed', ['ERRORS']],
    ['an empty list', '{"main": []}', 0, 'maintenance', 'finished', ['COMPLETED']],
    ['messages in JSON', JSON.stringify({ _INFO: aBackup.split('\n') }), 0, 'backup', 'finished', ['COMPLETED']],
    ['an error in JSON', '{"_ERROR": ["x"]}', 0, 'backup', 'failed', ['ERRORS']],
    ['a usage error of a deletion', 'barman delete: error: x', 2, 'delete', 'failed', ['ERRORS']],
    ['a usage error of a check', 'barman check: error: x', 2, 'maintenance', 'failed', ['ERRORS']],
  ])('by %s', (_, stdout, exitStatus, type, state, types) => {
    const reading = barman.read(anOutput({ stdout, exitStatus }))
    expect(reading).toMatchObject({ type, state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test.each([
    ['text of another program', 'backup done'],
    ['other JSON', '{"main": {"a": 1}}'],
  ])('that only %s tells is not to be read', (_, stdout) => {
    expect(() => barman.read(anOutput({ stdout }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })
})

test.each([
  ['Backup size: 50.3 MiB', 52_743_373],
  ['Backup size: 50.3 MiB. Actual size on disk: 1.5 KiB (-99.99% deduplication ratio).', 1_536],
  ['Backup size: 0 B', 0],
  ['Backup size: 9 EiB', null],
])('the size of a backup is what it takes: %s', (line, bytes) => {
  expect(barman.read(anOutput({ stdout: `${begin}${line}\n${end}` })).bytes).toBe(bytes)
})

describe('the answer of show-backup', () => {
  test('after a backup tells its times and bytes', () => {
    expect(barman.read(anOutput({ stdout: aBackup + shown() }))).toMatchObject({
      type: 'backup',
      bytes: 52_699_380,
      startedAt: { at: Date.parse('2026-11-23T06:12:06.558Z'), offsetMinutes: 60 },
      endedAt: { at: Date.parse('2026-11-23T06:12:08.185Z'), offsetMinutes: 60 },
    })
  })

  test('about another backup says nothing about this one', () => {
    const other = shown({ backup_id: '20261122T071206', status: 'FAILED' })
    expect(barman.read(anOutput({ stdout: aBackup + other }))).toMatchObject({ state: 'finished', startedAt: null })
  })

  test('by itself is maintenance, and a failure where the backup is', () => {
    expect(barman.read(anOutput({ stdout: shown() }))).toMatchObject({ type: 'maintenance', state: 'finished' })
    expect(barman.read(anOutput({ stdout: shown({ status: 'FAILED' }) }))).toMatchObject({ state: 'failed', errors: 1 })
  })

  test('makes a backup that failed a failure', () => {
    expect(barman.read(anOutput({ stdout: aBackup + shown({ status: 'FAILED' }) }))).toMatchObject({ state: 'failed' })
  })

  test('of a backup that waits for its log is worth a remark', () => {
    expect(barman.read(anOutput({ stdout: aBackup + shown({ status: 'WAITING_FOR_WALS' }) }))).toMatchObject({
      state: 'finished',
      warnings: 0,
      messages: [{ level: 'info', text: 'The backup 20261123T071206 waits for its WAL files.' }],
    })
  })

  test.each(['2026-11-23 07:12:06.558559', 'Mon Nov 23 07:12:08 2026', 'x+01:00', null])(
    'with the time %j, which has no zone, has none',
    time => {
      const stdout = aBackup + shown({}, { begin_time: time })
      expect(barman.read(anOutput({ stdout })).startedAt).toBeNull()
    },
  )
})

test('what it recognizes is what names its commands, its checks and its backups', () => {
  const unknown = recordedCases('barman').filter(recorded => !barman.recognizes(recordedOutput('barman', recorded)))
  expect(unknown.map(recorded => recorded.case)).toEqual([
    'barman-3.4.0-archive-wal',
    'barman-3.4.0-backup-quiet',
    'barman-3.4.0-backup-unknown-server',
    'barman-3.4.0-delete-missing',
    'barman-3.4.0-list',
    'barman-3.4.0-list-backups-json',
    'barman-3.4.0-list-with-failed',
    'barman-3.4.0-show',
    'barman-3.4.0-usage',
  ])
})
