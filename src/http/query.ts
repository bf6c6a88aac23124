import type { Report } from '../reports/report.ts'
import { type Given, ignored, ordering, type Parameters, type RawQuery, readQuery } from '../wire/parameters.ts'

/** What a query asks of a report, checked. */
export type ReportQuery = { select: Given<Parameters>; orderBy: string; descending: boolean }

/** The query parameters of a report: those that select rows, and those that order them. */
export function reportParameters({ select, orders }: Report) {
  const [first = '', ...others] = Object.keys(orders)
  return {
    ...select,
    ...ordering([first, ...others]),
    page: ignored('The report is always one page: this is ignored.'),
    page_size: ignored('The report is always one page: this is ignored.'),
  }
}

/**
 * Builds what reads the query of a report. It throws `invalid` for an unknown parameter or constant, naming it and those
 * there are.
 */
export function buildReportQueryReader(report: Report): (query: RawQuery) => ReportQuery {
  const parameters = reportParameters(report)
  return query => {
    const given = readQuery(parameters, query)
    return { select: given, orderBy: given.order_by, descending: given.order_dir === 'DESC' }
  }
}
