import { describe, expect, test } from 'vitest'
import { anOutput, describeAdapter, outputOf, textsOf } from '../../test/support/adapter-suite.ts'
import { conditionOf } from '../../test/support/recorded-cases.ts'
import { veeam } from './veeam.ts'

const aTable = (success: number, warning: number, error: number, transferred = '2 GB') =>
  [
    `Success\n${success}\nStart time\n2:00:05 AM`,
    `Warning\n${warning}\nEnd time\n2:12:38 AM`,
    `Error\n${error}\nDuration\n0:12:33\nTransferred\n${transferred}`,
  ].join('\n')
const aSubject = (result: string) => `Subject: [${result}] Nightly VMs (12 machines)`
const read = (stdout: string, exitStatus: number | null = null) => veeam.read(anOutput({ stdout, exitStatus }))

describeAdapter(veeam, {
  isDocument: true,
  pieces: [
    aSubject('Success'),
    aSubject('Failed'),
    aTable(2, 0, 0),
    aTable(1, 1, 1),
    'Veeam Backup & Replication 12.1',
  ],
})

describe('the worse of subject and counts is believed', () => {
  test.each([
    ['Success', aTable(2, 0, 0), ['COMPLETED']],
    ['Success', '', ['COMPLETED']],
    ['Success', aTable(1, 1, 0), ['WARNINGS']],
    ['Success', aTable(1, 0, 1), ['ERRORS']],
    ['Success', aTable(0, 0, 0), ['NO_FILE_DATA_BACKED_UP']],
    ['Warning', aTable(2, 0, 0), ['WARNINGS']],
    ['Warning', '', ['WARNINGS']],
    ['Failed', aTable(2, 0, 0), ['ERRORS']],
    ['Failed', '', ['ERRORS']],
    ['Failed', 'Job was canceled by user', ['CANCELED']],
  ])('[%s] and %j', (result, table, types) => {
    expect(conditionOf(read(`${aSubject(result)}\n${table}`)).types).toEqual(types)
  })

  test('and a failing exit status of what sent the mail on is a failure', () => {
    expect(read(`${aSubject('Success')}\n${aTable(2, 0, 0)}`, 1).state).toBe('failed')
  })
})

test.each([
  ['nothing', ''],
  ['an unknown result', aSubject('Splendid')],
  ['half of the counts', 'Success\n2\nWarning\n0'],
  ['no machine and no subject', aTable(0, 0, 0)],
])('a mail with %s is no report', (_, stdout) => {
  expect(() => read(stdout)).toThrow(expect.objectContaining({ kind: 'invalid' }))
  expect(conditionOf(read(stdout, 0)).types).toContain('WARNINGS')
})

test.each([
  ['20.5 GB', 22_011_707_392],
  ['0 B', 0],
  ['much', null],
])('%s were transferred', (transferred, bytes) => {
  expect(read(aTable(2, 0, 0, transferred)).bytes).toBe(bytes)
})

test('counts stand in the same line where a mail is plain text', () => {
  expect(read('Success 3\nWarning 1\nError 0')).toMatchObject({ totalFiles: 4, processedFiles: 4, warnings: 1 })
})

test('messages show the subject and what the machines say', () => {
  expect(textsOf(veeam.read(outputOf(veeam, 'veeam-12.1-backup-failed-documented')))).toEqual([
    '[Failed] Nightly VMs (2 machines) 1 issues',
    'Error: Processing db01 Error: Failed to open VDDK disk',
  ])
})
