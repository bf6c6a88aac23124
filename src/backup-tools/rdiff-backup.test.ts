import { describe, expect, test } from 'vitest'
import { anOutput, describeAdapter, outputOf, textsOf } from '../../test/support/adapter-suite.ts'
import { conditionOf } from '../../test/support/recorded-cases.ts'
import { rdiffBackup } from './rdiff-backup.ts'

const started = 'NOTE: Starting increment operation from source path /srv/data to destination path /srv/backups/rdiff'
const aBlock = (given: Record<string, string> = {}): string => {
  const numbers = {
    StartTime: '1795417694.14 (Mon Nov 23 07:08:14 2026)',
    SourceFiles: '12',
    MirrorFiles: '12',
    NewFiles: '2',
    ChangedFiles: '1',
    IncrementFiles: '1',
    TotalDestinationSizeChange: '1000 (1000 bytes)',
    Errors: '0',
    ...given,
  }
  const lines = Object.entries(numbers).map(([name, value]) => `${name} ${value}`)
  return ['--------------[ Session statistics ]--------------', ...lines, '-'.repeat(50), ''].join('\n')
}

describeAdapter(rdiffBackup, {
  pieces: [started, aBlock(), aBlock({ Errors: '1' }), 'rdiff_backup.robust.SignalException: 2', 'ERROR: x'],
})

describe('the end', () => {
  test.each([
    ['a clean run without statistics', started, 0, null, ['COMPLETED']],
    ['nothing said', '', 0, null, ['WARNINGS']],
    ['a start and no exit status', started, null, null, ['EXCEPTION']],
    ['statistics and no exit status', aBlock(), null, null, ['COMPLETED']],
    ['half of the statistics', aBlock().slice(0, -20), null, null, ['EXCEPTION']],
    ['the bit of warnings', started, 2, null, ['WARNINGS']],
    ['the bits of files', `${started}\n${aBlock()}`, 12, null, ['WARNINGS']],
    ['the bit of a failure among others', aBlock(), 3, null, ['ERRORS']],
    ['the bit of warnings of an unknown command', 'sh: 1: syntax error', 2, null, ['ERRORS']],
    ['a status that no bits make up', aBlock(), 16, null, ['ERRORS']],
    ['an interrupt that only the trace tells', 'rdiff_backup.robust.SignalException: 2', 1, null, ['CANCELED']],
    ['a trace', 'Traceback (most recent call last):\nOSError: [Errno 28] No space left', 1, null, ['EXCEPTION']],
    ['an error that a pipe hid', 'ERROR: Source path /x does not exist', 0, null, ['ERRORS']],
    ['an error beside a backup', `ERROR: Action remove failed on step run\n${aBlock()}`, 0, null, ['WARNINGS']],
    ['a signal that came too late', aBlock(), 0, 'SIGTERM', ['WARNINGS']],
  ])('with %s', (_, stdout, exitStatus, signal, types) => {
    const reading = rdiffBackup.read(anOutput({ stdout, exitStatus, signal }))
    expect(conditionOf(reading).types).toEqual(types)
    if (types[0] !== 'COMPLETED') expect(reading.messages).not.toEqual([])
  })
})

test('lines that its newer interface wraps are joined', () => {
  const reading = rdiffBackup.read(outputOf(rdiffBackup, 'rdiff-backup-2.2.2-backup-unreadable-api-201'))
  expect(textsOf(reading)).toEqual([
    "WARNING: ListError: '/srv/data/documents/private.key' [Errno 13] Permission denied: b'/srv/data/documents/private.key'",
  ])
})

test('the change of the destination is no count of bytes when it shrank', () => {
  const stdout = aBlock({ TotalDestinationSizeChange: '-2229227 (-2.13 MB)' })
  expect(rdiffBackup.read(anOutput({ stdout }))).toMatchObject({ bytes: null, newFiles: 3, state: 'finished' })
})
