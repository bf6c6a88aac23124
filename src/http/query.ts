import {
  type Given,
  ignored,
  optionalNumber,
  ordering,
  pageNumber,
  type Parameters,
  type RawQuery,
  readQuery,
} from '../wire/parameters.ts'
import type { OfferedReport } from './report-operation.ts'

type Offered = Pick<OfferedReport, 'orders' | 'mostOnPage'> & { report: Pick<OfferedReport['report'], 'select'> }

/** What a query asks of a report, checked. */
export type ReportQuery = {
  select: Given<Parameters>
  orderBy: string
  descending: boolean
  /** The page, and how many rows it has; undefined where the report is one page. */
  page: number
  pageSize: number | undefined
}

/** The query parameters of a report: those that select rows, those that order them, and those that ask for a page. */
export function reportParameters({ report, orders, mostOnPage }: Offered) {
  return { ...report.select, ...ordering(orders), ...pageParameters(mostOnPage) }
}

function pageParameters(mostOnPage: number | null) {
  if (mostOnPage === null) {
    const parameter = ignored('The report is always one page: this is ignored.')
    return { page: parameter, page_size: parameter }
  }
  const size = 'How many rows a page has; left out, the report is one page.'
  return { page: pageNumber, page_size: optionalNumber(size, { least: 1, most: mostOnPage }) }
}

/**
 * Builds what reads the query of a report. It throws `invalid` for an unknown parameter or constant, naming it and those
 * there are.
 */
export function buildReportQueryReader(offered: Offered): (query: RawQuery) => ReportQuery {
  const parameters = reportParameters(offered)
  return query => {
    const given = readQuery(parameters, query)
    return {
      select: given,
      orderBy: given.order_by,
      descending: given.order_dir === 'DESC',
      page: given.page ?? 1,
      pageSize: given.page_size,
    }
  }
}
