import { reports } from '../reports/index.ts'
import { type Offer, type Reach, reaches, type Report } from '../reports/report.ts'
import type { Scope } from '../domain/principal.ts'
import { list, type DescribedOperation } from './operation.ts'
import { reportParameters } from './query.ts'

/** A report over one kind of thing: what has a path of its own. */
export type OfferedReport = Offer & { report: Report; reach: Reach; path: string; scope: Scope }

/** Every report over everything that it is offered over. */
export function offeredReports(): OfferedReport[] {
  return reports.map(asReport).flatMap(report => reachesOf(report).flatMap(reach => offerOf(report, reach)))
}

/** The names of the reports that are offered over one kind of thing. */
export function reportNames(reach: Reach): string[] {
  return offeredReports().flatMap(offered => (offered.reach === reach ? [offered.report.name] : []))
}

/** What a report is as an operation, for its description. */
export function toReportOperation(offered: OfferedReport): DescribedOperation {
  const { id, path, scope, summary, description, report } = offered
  return {
    id,
    method: 'GET',
    path,
    scope,
    tag: 'Reports',
    summary,
    ...(description !== undefined && { description }),
    query: reportParameters(offered),
    answer: list(report.row, null),
  }
}

/** A registry holds reports of different rows; each is handed only the rows and selections of its own. */
function asReport(report: (typeof reports)[number]): Report {
  return report as unknown as Report
}

function reachesOf({ offers }: Report): Reach[] {
  // The names of a record's members are its keys, and nothing else.
  return Object.keys(offers) as Reach[]
}

function offerOf(report: Report, reach: Reach): OfferedReport[] {
  const offer = report.offers[reach]
  const { path, scope } = reaches[reach]
  return offer ? [{ ...offer, report, reach, path: `${path}/reports/${report.name}`, scope }] : []
}
