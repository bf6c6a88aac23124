import { describe, expect, test } from 'vitest'
import { anOutput, describeAdapter, outputOf, textsOf } from '../../test/support/adapter-suite.ts'
import { bacula } from './bacula.ts'
import { conditionOf } from '../../test/support/recorded-cases.ts'

const aReport = (termination: string, members: Record<string, string> = {}): string => {
  const all = { JobId: '7', Job: 'Documents.2026-11-23_07.31.09_03', ...members, Termination: termination }
  const lines = Object.entries(all).map(([name, value]) => `  ${`${name}:`.padEnd(24)}${value}`)
  return ['23-Nov 07:31 nas01-dir JobId 7: Bacula nas01-dir 15.0.2 (21Mar24):', ...lines, ''].join('\n')
}
const aMail = (termination: string, members?: Record<string, string>) =>
  anOutput({ stdout: aReport(termination, members), exitStatus: null })

describeAdapter(bacula, {
  pieces: [
    aReport('Backup OK', { 'Backup Level': 'Full', 'FD Files Written': '1,234' }),
    aReport('*** Backup Error ***'),
    'name=a job=b status=OK level=Full type=Backup client=c files=1 bytes=2 errors=0',
    '  Termination:            Backup OK',
  ],
})

describe('the line Termination decides', () => {
  test.each([
    ['Backup OK', 'backup', ['COMPLETED']],
    ['Backup OK -- with warnings', 'backup', ['WARNINGS']],
    ['*** Backup Error ***', 'backup', ['ERRORS']],
    ['Backup Error', 'backup', ['ERRORS']],
    ['Backup Canceled', 'backup', ['CANCELED']],
    ['Backup Incomplete', 'backup', ['EXCEPTION']],
    ['Inappropriate term code: X', 'maintenance', ['ERRORS']],
    ['Backup okay', 'backup', ['ERRORS']],
    ['Restore OK', 'restore', ['COMPLETED']],
    ['Restore OK -- warning file count mismatch', 'restore', ['WARNINGS']],
    ['*** Restore Error ***', 'restore', ['ERRORS']],
    ['Verify OK', 'maintenance', ['COMPLETED']],
    ['Verify Differences', 'maintenance', ['ERRORS']],
    ['Admin OK', 'maintenance', ['COMPLETED']],
    ['Copying OK', 'backup', ['COMPLETED']],
    ['Migration OK -- with warnings', 'backup', ['WARNINGS']],
  ])('%s', (termination, type, types) => {
    const reading = bacula.read(aMail(termination))
    expect(reading).toMatchObject({ type, version: '15.0.2', startedAt: null })
    expect(conditionOf(reading).types).toEqual(types)
  })

  test('unless a count of errors or the status of a daemon says otherwise', () => {
    expect(bacula.read(aMail('Backup OK', { 'Non-fatal FD errors': '2', 'SD Errors': '1' })).warnings).toBe(3)
    expect(bacula.read(aMail('Backup OK', { 'FD termination status': 'Error' })).warnings).toBe(1)
  })

  test('and the worst of several jobs in one text', () => {
    const stdout = `${aReport('Backup OK', { 'FD Files Written': '3' })}${aReport('*** Verify Error ***')}`
    const reading = bacula.read(anOutput({ stdout, exitStatus: null }))
    expect(reading).toMatchObject({ type: 'backup', processedFiles: 3, state: 'failed' })
  })

  test('and not the exit status of what sent the report', () => {
    const { stdout } = aMail('*** Backup Error ***')
    expect(bacula.read(anOutput({ stdout })).state).toBe('failed')
    expect(bacula.read(anOutput({ stdout: aReport('Backup OK'), exitStatus: 1 })).state).toBe('failed')
  })
})

describe('how much was stored', () => {
  test.each([
    ['Full', '0', ['NO_FILE_DATA_BACKED_UP'], 'WARNING'],
    ['Virtual Full', '0', ['NO_FILE_DATA_BACKED_UP'], 'WARNING'],
    ['Incremental, since=2026-11-23 07:31:11', '0', ['NO_FILE_DATA_BACKED_UP'], 'COMPLETED'],
    ['Differential, since=2026-11-23 07:31:11', '5', ['COMPLETED'], 'COMPLETED'],
    ['', '0', ['NO_FILE_DATA_BACKED_UP'], 'WARNING'],
  ])('level "%s", %s files', (level, files, types, status) => {
    const reading = bacula.read(aMail('Backup OK', { 'Backup Level': level, 'FD Files Written': files }))
    expect(conditionOf(reading)).toMatchObject({ status, types })
  })

  test.each([
    ['1,971,503 (1.971 MB)', 1_971_503],
    ['1.971.503 (1.971 MB)', 1_971_503],
    ['668 (668 B)', 668],
    ['many', null],
    ['-1 (x)', null],
    ['99999999999999999999', null],
  ])('%s', (text, bytes) => {
    expect(bacula.read(aMail('Backup OK', { 'SD Bytes Written': text })).bytes).toBe(bytes)
  })
})

describe('a text without a report', () => {
  test.each([
    ['nothing', ''],
    ['a mail to the operator', 'nas01-sd JobId 7: Job Documents is waiting. Cannot find any appendable volumes.'],
    ['a report that was cut off', aReport('Backup OK').split('  Termination')[0] ?? ''],
    ['half of the arguments', 'name=Documents job=Documents.1 level=Full'],
  ])('is no report of a job: %s', (_, stdout) => {
    expect(() => bacula.read(anOutput({ stdout, exitStatus: null }))).toThrow(
      expect.objectContaining({ kind: 'invalid' }),
    )
    expect(conditionOf(bacula.read(anOutput({ stdout }))).types).toEqual(['WARNINGS'])
    expect(conditionOf(bacula.read(anOutput({ stdout, exitStatus: 1 }))).types).toEqual(['ERRORS'])
  })
})

test('arguments of a RunScript in one line are read as those in many', () => {
  const many = outputOf(bacula, 'bacula-9.6.7-backup-unreadable-with-warnings-runscript-arguments')
  const one = { ...many, stdout: many.stdout.replaceAll('\n', ' ') }
  expect(bacula.read(one)).toEqual(bacula.read(many))
})

test('messages say why a job failed, what was wrong with the client first', () => {
  expect(textsOf(bacula.read(outputOf(bacula, 'bacula-9.6.7-backup-client-unreachable')))).toEqual([
    'Fatal error: bsockcore.c:208 Unable to connect to Client: gone-fd on 127.0.0.1:19199. ERR=Connection refused',
    'Fatal error: No Job status returned from FD.',
    '*** Backup Error ***',
  ])
})
