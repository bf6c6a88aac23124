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

/** Reads a whole number from `least` to `most`, digits alone; `usual` when it is not given. Throws `invalid`, naming it. */
export function readWholeNumber(
  text: string | undefined,
  name: string,
  { least, most, usual }: { least: number; most: number; usual: number },
): number {
  if (text === undefined) return usual
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= least && number <= most) return number
  throw new AppError('invalid', `${name} must be a whole number from ${least} to ${most}, not ${quote(text)}.`)
}

/** An unknown query parameter, with those there are. */
export function unknownParameter(name: string, known: readonly string[]): AppError {
  const those = known.length > 0 ? known.join(', ') : 'none'
  return new AppError('invalid', `${quote(name)} is not a parameter of this path; there are ${those}.`)
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
