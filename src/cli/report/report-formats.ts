import { BackupStatus } from '../../wire/backup-status.ts'
import { type List, ListOf } from '../../wire/list.ts'
import { compileXmlWriter, type XmlArrayStyle } from '../../wire/xml.ts'
import type { AccountReport } from './account-report.ts'
import { toReportTable } from './report-table.ts'

/** What a writer may need besides the rows. */
export type FormatContext = { inColour: boolean; xmlConditionTypes: XmlArrayStyle }

type ReportWriter = (report: AccountReport, context: FormatContext) => string

const writers = {
  table: (report, { inColour }) => toReportTable(report, inColour),
  json: ({ rows }) => JSON.stringify(rows),
  xml: ({ rows }, { xmlConditionTypes }) => compileXmlWriter(ListOf(BackupStatus), xmlConditionTypes)(toOnePage(rows)),
  csv: ({ rows }) => toCsv(rows),
} satisfies Record<string, ReportWriter>

export type ReportFormat = keyof typeof writers

/** Every format of a report, the default first. */
export const reportFormats: Record<ReportFormat, ReportWriter> = writers

/** The envelope of the API without its links: a terminal has no page to follow. */
function toOnePage(rows: BackupStatus[]): List<BackupStatus> {
  return { page: 1, page_size: rows.length, count: rows.length, links: [], list: rows }
}

const columns = Object.keys(BackupStatus.properties) as (keyof BackupStatus)[]

/** RFC 4180 with a header line; condition types are separated by spaces. The last line has no end, as the RFC allows. */
function toCsv(rows: readonly BackupStatus[]): string {
  const lines = rows.map(row => columns.map(column => toField([row[column]].flat().join(' '))))
  return [columns, ...lines].map(fields => fields.join(',')).join('\r\n')
}

function toField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
