import type { TSchema } from 'typebox'
import type { Facts } from '../app/current-conditions.ts'
import type { Instant } from '../domain/instant.ts'
import type { Scope } from '../domain/principal.ts'
import type { Computer } from '../domain/tree.ts'
import type { Given, Parameters } from '../wire/parameters.ts'

/** What a report is drawn up from. */
export type ReportContext<Query extends Parameters> = {
  facts: Facts
  computer: Computer
  now: Instant
  select: Given<Query>
}

/** One report over one computer: where it is, who may read it, what it can be asked, and how its rows are found. */
export type Report<Query extends Parameters = Parameters, Row = unknown> = {
  /** What clients call it. */
  id: string
  path: string
  scope: Scope
  /** One sentence for the documentation. */
  summary: string
  /** The query parameters that select rows. */
  select: Query
  /** What `order_by` may say, the default first; each compares two rows, ties already broken. */
  orders: Record<string, (one: Row, other: Row) => number>
  row: TSchema
  rows(context: ReportContext<Query>): Promise<Row[]>
}

/** Types a report; everything else comes from its being listed. */
export function defineReport<Query extends Parameters, Row>(report: Report<Query, Row>): Report<Query, Row> {
  return report
}

/** Compares two texts by their code units: the same on every machine. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
