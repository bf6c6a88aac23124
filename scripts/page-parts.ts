import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A page of the documentation, by its path in the checkout. */
export function readPage(page: string): string {
  return readFileSync(path.resolve(import.meta.dirname, '..', page), 'utf8')
}

/** A page whose part of that name, between its two marks, is `content`; the rest stays as it is. Throws without marks. */
export function withPart(text: string, part: string, content: string): string {
  const { start, end } = findPart(text, part)
  return `${text.slice(0, start)}\n\n${content}\n\n${text.slice(end)}`
}

/** What a page has between the marks of a part. Throws without marks. */
export function partOf(text: string, part: string): string {
  const { start, end } = findPart(text, part)
  return text.slice(start, end).trim()
}

function findPart(text: string, part: string): { start: number; end: number } {
  const [begin, end] = [`<!-- ${part}: begin -->`, `<!-- ${part}: end -->`]
  const [before, after] = [text.indexOf(begin), text.indexOf(end)]
  if (before < 0 || after < before) throw new Error(`The page must have ${begin} and ${end}.`)
  return { start: before + begin.length, end: after }
}

/** A table with columns as wide as the formatter makes them, so that the page is as it is written. */
export function writeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map(cells => cells[column]?.length ?? 0)))
  const toLine = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [toLine(head), toLine(widths.map(width => '-'.repeat(width))), ...rows.map(toLine)].join('\n')
}
