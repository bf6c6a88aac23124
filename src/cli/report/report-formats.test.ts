import { expect, test } from 'vitest'
import type { BackupStatus } from '../../wire/backup-status.ts'
import { reportFormats } from './report-formats.ts'

const context = { inColour: false, xmlConditionTypes: 'repeat' as const }

function aRow(row: Partial<BackupStatus> = {}): BackupStatus {
  return {
    report_date: '2026-03-05T10:00:00-05:00',
    username: 'acme',
    computer_id: '0000',
    computer_name: 'File server',
    backupset_name: 'Documents',
    local_start: '2026-03-05T01:00:00-05:00',
    local_end: '2026-03-05T02:00:00-05:00',
    condition_status: 'COMPLETED',
    condition_types: ['COMPLETED'],
    errors: 0,
    warnings: 0,
    ...row,
  }
}

const aReport = (...rows: BackupStatus[]) => ({ username: 'acme', hasNoComputer: true, rows })

test('CSV quotes what RFC 4180 says must be quoted, and separates condition types by spaces', () => {
  const row = aRow({ computer_name: 'Box, "old"', backupset_name: 'a\nb', condition_types: ['ERRORS', 'WARNINGS'] })
  expect(reportFormats.csv(aReport(row), context).split('\r\n')).toEqual([
    'report_date,username,computer_id,computer_name,backupset_name,local_start,local_end,condition_status,condition_types,errors,warnings',
    '2026-03-05T10:00:00-05:00,acme,0000,"Box, ""old""","a\nb",2026-03-05T01:00:00-05:00,2026-03-05T02:00:00-05:00,COMPLETED,ERRORS WARNINGS,0,0',
  ])
})

test('CSV without rows is its header', () => {
  expect(reportFormats.csv(aReport(), context)).toMatch(/^report_date,[a-z_,]+$/)
})

test('JSON is an array of the rows, XML the list of the API without links', () => {
  const report = aReport(aRow())
  expect(JSON.parse(reportFormats.json(report, context))).toEqual([aRow()])
  expect(reportFormats.xml(report, context)).toContain(
    '<list page="1" page_size="1" count="1"><backup_status><report_date>2026-03-05T10:00:00-05:00</report_date>',
  )
})

test('the table shows a status as a word with a shape, and counts', () => {
  const rows = (['FAILURE', 'WARNING', 'RUNNING', 'COMPLETED'] as const).map(status =>
    aRow({ condition_status: status }),
  )
  const lines = reportFormats.table(aReport(...rows), context).split('\n')
  expect(lines.slice(1, 5).map(line => line.slice(0, 11).trim())).toEqual([
    '✖ FAILURE',
    '▲ WARNING',
    '▶ RUNNING',
    '✔ COMPLETED',
  ])
  expect(lines.at(-1)).toBe('4 backup sets: 1 FAILURE, 1 WARNING, 1 RUNNING, 1 COMPLETED.')
})

test('only the table that is told so has colours, and they move no column', () => {
  const plain = reportFormats.table(aReport(aRow()), context)
  const coloured = reportFormats.table(aReport(aRow()), { ...context, inColour: true })
  expect(plain).not.toContain('\u001B')
  expect(coloured).toContain('\u001B[32m✔ COMPLETED\u001B[39m')
  expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).toBe(plain)
})
