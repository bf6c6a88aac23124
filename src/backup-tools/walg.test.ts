import { describe, expect, test } from 'vitest'
import type { ToolOutput } from './backup-tool.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import { walg } from './walg.ts'

// What WAL-G shares with the other tools of databases, its documented runs among it, is tested in sql-tools.test.ts.
const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const log = (text: string, level = 'INFO') => `${level}: 2026/11/23 02:00:01.123456 ${text}\n`
const begin = log('Calling pg_start_backup()') + log('Starting part 1 ...')
const end = log('Wrote backup with name base_00000001000000000000001E')
const retried = log('Extraction error in part_001.tar.lz4: unexpected EOF', 'ERROR')

describe('an end', () => {
  test.each([
    ['silence and success', '', 0, 'backup', 'finished', ['WARNINGS']],
    ['silence and failure', '', 1, 'backup', 'failed', ['ERRORS']],
    ['its last word', begin + end, 0, 'backup', 'finished', ['COMPLETED']],
    ['its last word without exit status', begin + end, null, 'backup', 'finished', ['COMPLETED']],
    ['its last word and a failing status', begin + end, 1, 'backup', 'failed', ['ERRORS']],
    ['no last word', begin, 0, 'backup', 'finished', ['WARNINGS']],
    ['no last word and no exit status', begin, null, 'backup', 'crashed', ['EXCEPTION']],
    ['an error that it went on after', begin + log('x', 'ERROR') + end, 0, 'backup', 'finished', ['WARNINGS']],
    ['an error that a pipe hid', begin + log('x', 'ERROR'), 0, 'backup', 'failed', ['ERRORS']],
    ['a warning', begin + log('x', 'WARNING') + end, 0, 'backup', 'finished', ['WARNINGS']],
    ['a panic', `${begin}${end}panic: runtime error\n\ngoroutine 1 [running]:\n`, 0, 'backup', 'failed', ['ERRORS']],
    ['a restore', log('Finished extraction of part_001.tar.lz4'), 0, 'restore', 'finished', ['COMPLETED']],
    ['a restore that tried again', `${retried}Backup extraction complete.`, 0, 'restore', 'finished', ['WARNINGS']],
    ['a restore with errors and no last word', retried, 0, 'restore', 'failed', ['ERRORS']],
    ['a deletion that says nothing', log('Start delete'), 0, 'delete', 'finished', ['WARNINGS', 'NO_DATA_DELETED']],
    [
      'a dry run',
      log('Dry run: 3 objects would be deleted. Run with --confirm'),
      0,
      'maintenance',
      'finished',
      ['COMPLETED'],
    ],
    [
      'a segment that was archived',
      log('FILE PATH: 000000010000000000000045.lz4'),
      0,
      'maintenance',
      'finished',
      ['COMPLETED'],
    ],
    ['a check', '{"timeline":{"status":"OK"}}', 0, 'maintenance', 'finished', ['COMPLETED']],
    ['a check with a warning', '{"integrity":{"status":"WARNING"}}', 0, 'maintenance', 'finished', ['WARNINGS']],
    ['a check that nobody knows', '{"integrity":{"status":"LOST"}}', 0, 'maintenance', 'failed', ['ERRORS']],
    ['a kill', begin, 137, 'backup', 'crashed', ['EXCEPTION']],
  ])('by %s', (_, stderr, exitStatus, type, state, types) => {
    const reading = walg.read(anOutput({ stderr, exitStatus }))
    expect(reading).toMatchObject({ type, state })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test.each(['backup done', '[{"name":"x"}]', 'sh: 1: wal-g: not found'])(
    'that only %s tells is not to be read',
    stdout => {
      expect(() => walg.read(anOutput({ stdout }))).toThrow(expect.objectContaining({ kind: 'invalid' }))
    },
  )
})

describe('the answer of backup-list', () => {
  const listed = (members: object) => JSON.stringify([{ backup_name: 'base_00000001000000000000001E', ...members }])

  test('about another backup says nothing about this one', () => {
    const stdout = JSON.stringify([{ backup_name: 'base_1', compressed_size: 5, start_time: '2026-11-23T02:00:00Z' }])
    expect(walg.read(anOutput({ stdout, stderr: end }))).toMatchObject({ type: 'backup', bytes: null, startedAt: null })
  })

  test.each([
    [
      { compressed_size: -1, start_time: 5 },
      { bytes: null, startedAt: null },
    ],
    [
      { compressed_size: 7, start_time: '2026-11-23T02:00:00' },
      { bytes: 7, startedAt: null },
    ],
    [{ compressed_size: 0 }, { bytes: 0 }],
  ])('with %j', (members, facts) => {
    expect(walg.read(anOutput({ stdout: listed(members), stderr: end }))).toMatchObject(facts)
  })
})

test('the version is known where it is printed', () => {
  const stdout = 'wal-g version v0.2.17\t991c27b\t2020.08.14_06:34:55\tPostgreSQL\n'
  expect(walg.read(anOutput({ stdout, stderr: end })).version).toBe('0.2.17')
})

test('what it recognizes is the log of a backup and of a restore', () => {
  const known = recordedCases('walg').filter(recorded => walg.recognizes(recordedOutput('walg', recorded)))
  expect(known.map(recorded => recorded.case)).toEqual([
    'walg-0.2-backup-push-unfinished-documented',
    'walg-2.0-backup-fetch-retried-documented',
    'walg-2.0-backup-push-documented',
    'walg-2.0-backup-push-then-list-documented',
    'walg-3.0-backup-push-documented',
  ])
})
