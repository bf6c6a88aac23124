import type { TSchema } from 'typebox'

/** Writes rows of one schema as CSV. */
export type CsvWriter = (rows: readonly unknown[]) => string

/**
 * Compiles the schema of a row into a writer of CSV (RFC 4180): a header line with the names of the members, then a line
 * for each row, each ended by CR LF. Several constants are separated by spaces; several objects are JSON. A text that a spreadsheet would take for
 * a formula gets an apostrophe in front (OWASP, "CSV Injection"); numbers and dates stay as they are.
 */
export function compileCsvWriter(row: TSchema): CsvWriter {
  const { properties } = row as { properties?: Record<string, TSchema> }
  const names = Object.entries(properties ?? {})
    .filter(([, schema]) => !isNested(schema))
    .map(([name]) => name)
  const header = `${names.join(',')}\r\n`
  return rows => {
    let text = header
    for (const value of rows as Record<string, unknown>[]) {
      text += `${names.map(name => toCell(value[name])).join(',')}\r\n`
    }
    return text
  }
}

/** An object has no place in a cell, and links lead nowhere from a spreadsheet. */
function isNested(schema: TSchema): boolean {
  const { properties, items } = schema as { properties?: object; items?: { properties?: object } }
  return properties !== undefined || (items?.properties !== undefined && 'href' in items.properties)
}

function toCell(value: unknown): string {
  if (Array.isArray(value)) return toCell(value.some(isObject) ? JSON.stringify(value) : value.join(' '))
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return ''
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
