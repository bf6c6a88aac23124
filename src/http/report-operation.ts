import type { reports } from '../reports/index.ts'
import type { Report } from '../reports/report.ts'
import { list, type DescribedOperation } from './operation.ts'
import { reportParameters } from './query.ts'

/** A registry holds reports of different rows; each is handed only the rows and selections of its own. */
export function asReport(report: (typeof reports)[number]): Report {
  return report as unknown as Report
}

/** What a report is as an operation, for its description. */
export function toReportOperation(report: Report): DescribedOperation {
  const { id, path, scope, summary, row } = report
  return {
    id,
    method: 'GET',
    path,
    scope,
    tag: 'Reports',
    summary,
    query: reportParameters(report),
    answer: list(row, null),
  }
}
