import type { TSchema } from 'typebox'
import type { Facts } from '../app/current-conditions.ts'
import type { Instant } from '../domain/instant.ts'
import type { Scope } from '../domain/principal.ts'
import type { Computer } from '../domain/tree.ts'

/** Query parameters that take one or more of some constants. */
export type Selectors = Record<string, readonly string[]>

/** What the caller selected: the constants of each selector that it used. */
export type Selection<Parameters extends Selectors> = {
  [Name in keyof Parameters]?: ReadonlySet<Parameters[Name][number]>
}

/** What a report is drawn up from. */
export type ReportContext<Parameters extends Selectors> = {
  facts: Facts
  computer: Computer
  now: Instant
  select: Selection<Parameters>
}

/** One report over one computer: where it is, who may read it, what it can be asked, and how its rows are found. */
export type Report<Parameters extends Selectors = Selectors, Row = unknown> = {
  path: string
  scope: Scope
  /** One sentence for the documentation. */
  summary: string
  select: Parameters
  /** What `order_by` may say, the default first; each compares two rows, ties already broken. */
  orders: Record<string, (one: Row, other: Row) => number>
  row: TSchema
  rows(context: ReportContext<Parameters>): Promise<Row[]>
}

/** Types a report; everything else comes from its being listed. */
export function defineReport<const Parameters extends Selectors, Row>(
  report: Report<Parameters, Row>,
): Report<Parameters, Row> {
  return report
}

/** Compares two texts by their code units: the same on every machine. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
