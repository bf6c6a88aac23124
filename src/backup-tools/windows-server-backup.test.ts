import { describe, expect, test } from 'vitest'
import { anOutput, describeAdapter, outputOf } from '../../test/support/adapter-suite.ts'
import { conditionOf } from '../../test/support/recorded-cases.ts'
import { windowsServerBackup } from './windows-server-backup.ts'

const anEvent = (id: number, data: Record<string, string> = {}): string => {
  const values = { HRESULT: '0x0', DetailedHRESULT: '0x0', BackupTime: '2026-11-23T02:00:00Z', ...data }
  const items = Object.entries(values).map(([name, value]) => `<Data Name='${name}'>${value}</Data>`)
  return `<Event xmlns='x'><System><Provider Name='Microsoft-Windows-Backup'/><EventID>${id}</EventID><TimeCreated SystemTime='2026-11-23T02:10:00Z'/></System><EventData>${items.join('')}</EventData></Event>`
}
const aJob = (given: Record<string, unknown> = {}): string =>
  JSON.stringify({ JobType: 'Backup', JobState: 'Completed', HResult: 0, DetailedHResult: 0, ...given })
const read = (stdout: string, exitStatus: number | null = null) =>
  windowsServerBackup.read(anOutput({ stdout, exitStatus }))
const done = 'The backup operation successfully completed.'

describeAdapter(windowsServerBackup, {
  isDocument: true,
  pieces: [anEvent(14), anEvent(5, { HRESULT: '0x80780049' }), aJob(), aJob({ HResult: 5 }), done, 'wbadmin 1.0 - x'],
})

describe('an event', () => {
  test.each([
    ['of the end, with success', anEvent(14), ['COMPLETED']],
    ['of success', anEvent(4), ['COMPLETED']],
    ['of the end, with a failing result', anEvent(14, { HRESULT: '0x80780049' }), ['ERRORS']],
    ['of the end, with a failing detail', anEvent(14, { DetailedHRESULT: '0x80780049' }), ['WARNINGS']],
    ['of the start', anEvent(1), ['RUNNING']],
    ['of the start and of the end', anEvent(1) + anEvent(14), ['COMPLETED']],
    ['of success and of a failure', anEvent(4) + anEvent(5), ['ERRORS']],
    ['of cancellation', anEvent(8, { HRESULT: '0x8078004f' }), ['CANCELED']],
    ['that nobody knows', anEvent(999), ['ERRORS']],
  ])('%s', (_, text, types) => {
    expect(conditionOf(read(text)).types).toEqual(types)
  })

  test('of another channel is none', () => {
    const text = anEvent(14).replace('Microsoft-Windows-Backup', 'Application')
    expect(() => read(text)).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })
})

describe('a job', () => {
  test.each([
    ['with success', {}, ['COMPLETED']],
    ['with a failing result', { HResult: -2139619228 }, ['ERRORS']],
    ['without a result', { HResult: null }, ['ERRORS']],
    ['with a failing detail', { DetailedHResult: 1 }, ['WARNINGS']],
    ['that is going on', { JobState: 'Running' }, ['RUNNING']],
    ['that is going on, in numbers', { JobState: 1, EndTime: '\\/Date(-62135596800000)\\/' }, ['RUNNING']],
    ['that is over, in numbers', { JobState: 2, EndTime: '/Date(1795399993000)/' }, ['COMPLETED']],
  ])('%s', (_, given, types) => {
    expect(conditionOf(read(aJob(given))).types).toEqual(types)
  })

  test('that restored is a restore', () => {
    expect(read(aJob({ JobType: 'Recovery' })).type).toBe('restore')
  })
})

describe('what wbadmin prints', () => {
  test.each([
    ['success', done, 0, ['COMPLETED']],
    ['success, without an exit status', done, null, ['COMPLETED']],
    ['success beside a failing exit status', done, 253, ['ERRORS']],
    ['a part that failed', `${done}\nLog of files for which backup failed:`, 0, ['WARNINGS']],
    ['a failure that a script hid', 'wbadmin 1.0 - x\nThe backup operation stopped before completing.', 0, ['ERRORS']],
    ['nothing of the end', 'wbadmin 1.0 - x\nThe backup operation to D: is starting.', 0, ['WARNINGS']],
    ['nothing of the end and no exit status', 'wbadmin 1.0 - x', null, ['EXCEPTION']],
    ['another language', 'wbadmin 1.0 - x\nDer Sicherungsvorgang wurde abgeschlossen.', 0, ['WARNINGS']],
    [
      'no file',
      `wbadmin 1.0 - x\nFound (0) files.\nThe backup of volume (C:) completed successfully.\n${done}`,
      0,
      ['NO_FILE_DATA_BACKED_UP'],
    ],
  ])('%s', (_, text, exitStatus, types) => {
    expect(conditionOf(read(text, exitStatus)).types).toEqual(types)
  })
})

test('an event on Windows, with CRLF and laid out over lines, is read', () => {
  const { stdout } = outputOf(windowsServerBackup, 'windows-server-backup-2022-event-14-success-documented')
  expect(read(stdout.replaceAll('><', '>\r\n<'))).toMatchObject({ state: 'finished', bytes: 1_500_000 })
})
