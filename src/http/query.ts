import { AppError } from '../domain/app-error.ts'
import type { Report, Selection, Selectors } from '../reports/report.ts'

/** What a query asks of a report, checked. */
export type ReportQuery = { select: Selection<Selectors>; orderBy: string; descending: boolean }

/** Query parameters as the HTTP layer hands them over: one value, or several of a repeated parameter. */
export type RawQuery = Record<string, string | string[] | undefined>

const directions = ['ASC', 'DESC']
// The report is always one page; what callers say of pages is ignored.
const ignored = new Set(['page', 'page_size'])

/** Reads the query of a report. Throws `invalid` for an unknown parameter or constant, naming it and those there are. */
export function readReportQuery(report: Report, query: RawQuery): ReportQuery {
  const orders = Object.keys(report.orders)
  const known = [...Object.keys(report.select), 'order_by', 'order_dir']
  for (const name of Object.keys(query)) {
    if (!known.includes(name) && !ignored.has(name)) throw unknownParameter(name, [...known, ...ignored])
  }
  const select = Object.entries(report.select).flatMap(([name, values]) => {
    const chosen = readConstants(query[name], name, values)
    return chosen ? [[name, chosen] as const] : []
  })
  return {
    select: Object.fromEntries(select),
    orderBy: readConstant(query['order_by'], 'order_by', orders),
    descending: readConstant(query['order_dir'], 'order_dir', directions) === 'DESC',
  }
}

/** An unknown query parameter, with those there are. */
export function unknownParameter(name: string, known: readonly string[]): AppError {
  return new AppError('invalid', `${quote(name)} is not a parameter of this path; there are ${known.join(', ')}.`)
}

/** One constant, in any letter case; by default the first. */
function readConstant(value: RawQuery[string], name: string, allowed: readonly string[]): string {
  if (value === undefined) return allowed[0] ?? ''
  const found = typeof value === 'string' ? allowed.find(constant => constant === value.toUpperCase()) : undefined
  if (found !== undefined) return found
  throw new AppError('invalid', `${name} must be ${oneOf(allowed)}, not ${quote(String(value))}.`)
}

/** Some constants: the parameter repeated, or its value split at commas, pipes, plus signs (a space once decoded). */
function readConstants(
  value: RawQuery[string],
  name: string,
  allowed: readonly string[],
): ReadonlySet<string> | undefined {
  if (value === undefined) return undefined
  const words = [value].flat().flatMap(text => text.split(/[,|+\s]+/).filter(Boolean))
  if (words.length === 0) throw new AppError('invalid', `${name} must be one or more of ${allowed.join(', ')}.`)
  return new Set(words.map(word => readConstant(word, name, allowed)))
}

function oneOf(allowed: readonly string[]): string {
  return allowed.length === 1 ? (allowed[0] ?? '') : `one of ${allowed.join(', ')}`
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}
