import { readFileSync } from 'node:fs'
import path from 'node:path'
import { conditionRules } from '../src/domain/condition.ts'

const page = path.resolve(import.meta.dirname, '../docs/conditions.md')
const [begin, end] = ['<!-- conditions: begin -->', '<!-- conditions: end -->']

/** Writes the table of conditions into its place in `docs/conditions.md`; the rest of the page stays as it is. */
export function writeConditionsPage(): string {
  const text = readFileSync(page, 'utf8')
  const [before, after] = [text.indexOf(begin), text.indexOf(end)]
  if (before < 0 || after < before) throw new Error(`docs/conditions.md must have ${begin} and ${end}.`)
  return `${text.slice(0, before + begin.length)}\n\n${writeTable()}\n\n${text.slice(after)}`
}

function writeTable(): string {
  const head = ['rule', 'type', 'default status', 'holds when']
  const rows = Object.entries(conditionRules).map(([name, rule]) => [
    `\`${name}\``,
    `\`${rule.type}\``,
    rule.status,
    rule.when,
  ])
  // Columns as wide as the formatter makes them, so that the page is as it is written.
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map(cells => cells[column]?.length ?? 0)))
  const toLine = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [toLine(head), toLine(widths.map(width => '-'.repeat(width))), ...rows.map(toLine)].join('\n')
}
