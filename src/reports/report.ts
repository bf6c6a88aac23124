import type { TSchema } from 'typebox'
import type { Facts } from '../app/current-conditions.ts'
import type { Instant } from '../domain/instant.ts'
import type { Scope, TreeNode } from '../domain/principal.ts'
import type { Computer } from '../domain/tree.ts'
import type { Given, Parameters } from '../wire/parameters.ts'

/** What a report can be over: where that is, and who may read what is reported of it. */
export const reaches = {
  computer: { path: '/v1/accounts/:username/computers/:computer_id', scope: 'computers_read' },
  account: { path: '/v1/accounts/:username', scope: 'accounts_read' },
  partner: { path: '/v1/partners/:username', scope: 'partners_read' },
} as const satisfies Record<string, { path: string; scope: Scope }>

export type Reach = keyof typeof reaches

/** What one report is over: a computer, or all computers at or below a node of the tree. */
export type Subject = { kind: 'computer'; computer: Computer } | { kind: 'below'; node: TreeNode }

/** What a report is drawn up from. */
export type ReportContext<Query extends Parameters> = {
  facts: Facts
  subject: Subject
  now: Instant
  select: Given<Query>
  /** Whether somebody still waits for it; a long report that nobody wants any more may end early. */
  isWanted?: () => boolean
}

/** A report as it is offered over something. */
export type Offer = {
  /** What clients call it. */
  id: string
  /** One sentence for the documentation. */
  summary: string
  /** What else there is to say, in plain sentences. */
  description?: string
  /** What `order_by` may say, the default first: names of `orders`. */
  orders: readonly [string, ...string[]]
  /** How many rows a page has at most, where the caller asks for pages; null: it is one page, whatever is asked for. */
  mostOnPage: number | null
}

/** One report: what it can be asked, how its rows are found and ordered, and over what it is offered. */
export type Report<Query extends Parameters = Parameters, Row = unknown> = {
  /** The end of its path, and the title of links to it. */
  name: string
  offers: Readonly<Partial<Record<Reach, Offer>>>
  /** The query parameters that select rows. */
  select: Query
  /** What rows are ordered by, by what `order_by` calls it. */
  orders: Readonly<Record<string, (row: Row) => string | number>>
  /** Orders rows that are alike in that; of two different rows it never says that they are the same. */
  breakTie: (one: Row, other: Row) => number
  row: TSchema
  /** The rows, in no order. */
  rows(context: ReportContext<Query>): Promise<Row[]>
}

/** Types a report; everything else comes from its being listed. */
export function defineReport<Query extends Parameters, Row>(report: Report<Query, Row>): Report<Query, Row> {
  return report
}

/** Brings the rows of a report into an order; descending, the whole order is turned round. */
export function sortRows<Row>(
  { orders, breakTie }: Pick<Report<Parameters, Row>, 'orders' | 'breakTie'>,
  rows: readonly Row[],
  { orderBy, descending }: { orderBy: string; descending: boolean },
): Row[] {
  const keyOf = orders[orderBy]
  if (!keyOf) throw new Error(`The report has no order ${orderBy}.`)
  const sign = descending ? -1 : 1
  // A key may be dear: each is found once, and not with every comparison.
  const keyed = rows.map(row => ({ key: keyOf(row), row }))
  keyed.sort((one, other) => sign * (compare(one.key, other.key) || breakTie(one.row, other.row)))
  return keyed.map(({ row }) => row)
}

/** Compares two numbers, or two texts by their code units: the same on every machine. */
export function compare<Key extends string | number>(one: Key, other: Key): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
