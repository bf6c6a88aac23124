import { AppError } from '../domain/app-error.ts'
import type { Report } from '../reports/report.ts'
import {
  type Given,
  ignored,
  ordering,
  type Parameters,
  type RawQuery,
  readQuery,
  unknownParameter,
} from '../wire/parameters.ts'

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

/** Reads parameters that are given once at most. Throws `invalid` for one that is repeated or not among `known`. */
export function readParameters<Name extends string>(
  query: RawQuery,
  known: readonly Name[],
): Partial<Record<Name, string>> {
  const given: Partial<Record<Name, string>> = {}
  for (const [name, value] of Object.entries(query)) {
    const parameter = known.find(one => one === name)
    if (parameter === undefined) throw unknownParameter(name, known)
    if (typeof value !== 'string') throw new AppError('invalid', `${name} must be given once.`)
    given[parameter] = value
  }
  return given
}
