import { conditionRules } from '../src/domain/condition.ts'
import { readPage, withPart, writeTable } from './page-parts.ts'

/** Writes the table of conditions into its place in `docs/conditions.md`; the rest of the page stays as it is. */
export function writeConditionsPage(): string {
  const rows = Object.entries(conditionRules).map(([name, rule]) => [
    `\`${name}\``,
    `\`${rule.type}\``,
    rule.status,
    rule.when,
  ])
  const table = writeTable(['rule', 'type', 'default status', 'holds when'], rows)
  return withPart(readPage('docs/conditions.md'), 'conditions', table)
}
