import Table from 'cli-table3'

/** A row as commands show it: its members in order. */
export type ShownRow = Readonly<Record<string, ShownValue>>

type ShownValue = string | number | boolean | null | readonly string[] | Readonly<Record<string, unknown>>

/** The members of one row below each other, each behind its name. */
export function toDetails(row: ShownRow): string {
  const names = Object.keys(row).map(toLabel)
  const width = Math.max(...names.map(name => name.length))
  return Object.values(row)
    .map((value, index) => `${(names[index] ?? '').padEnd(width)}  ${toText(value)}`)
    .join('\n')
}

/** Rows as a table for people, with a head from the members of the first one. */
export function toTable(rows: readonly ShownRow[]): string {
  const [first = {}] = rows
  return layOut([Object.keys(first).map(toLabel), ...rows.map(row => Object.values(row).map(toText))])
}

/** Cells in columns that are as wide as they must be; a cell may be coloured. */
export function layOut(lines: readonly (readonly string[])[]): string {
  const table = new Table({ chars: noLines, style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] } })
  for (const line of lines) table.push([...line])
  return table
    .toString()
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
}

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

function toLabel(name: string): string {
  return name.replaceAll('_', ' ')
}

function toText(value: ShownValue): string {
  if (value === null || value === '') return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.length > 0 ? value.join(' ') : '–'
  const entries = Object.entries(value).map(
    ([name, one]) => `${name}=${typeof one === 'string' ? one : JSON.stringify(one)}`,
  )
  return entries.length > 0 ? entries.join(' ') : '–'
}
