import { AppError } from '../../domain/app-error.ts'
import { unfinishedCopyTable } from '../unfinished-copy.ts'
import type { CopiedTable, CopySide } from './side.ts'

/** What each database keeps of itself. */
const ownTables: ReadonlySet<string> = new Set(['migrations', 'migrations_lock', unfinishedCopyTable])

/** Tables that only one kind of database has, and that it fills by itself from what is copied. */
const derivedTables: ReadonlyMap<string, string> = new Map([
  ['run_keys', 'On PostgreSQL, where runs are partitioned, a trigger on them keeps their names here.'],
])

/** A table as it is read on one side and written on the other: the same columns in the same order. */
export type TablePair = { source: CopiedTable; target: CopiedTable }

/**
 * Pairs the tables of both sides, each behind those that it refers to. Throws `invalid`, naming them, where a table or a
 * column is on one side only or cannot be copied: nothing is left behind unsaid.
 */
export async function pairTables(source: CopySide, target: CopySide): Promise<TablePair[]> {
  const [ours, theirs] = [await tablesByName(source), await tablesByName(target)]
  const names = [...new Set([...ours.keys(), ...theirs.keys()])]
  const problems: string[] = []
  const pairs = names.flatMap((name): TablePair[] => {
    const [from, to] = [ours.get(name), theirs.get(name)]
    if (from && to) {
      problems.push(...compare(from, to))
      return [{ source: from, target: { ...to, columns: inOrderOf(from, to) } }]
    }
    if (!derivedTables.has(name)) problems.push(`the table ${name} is only in ${from ? source.shown : target.shown}`)
    return []
  })
  if (problems.length === 0) return inOrder(pairs)
  throw new AppError(
    'invalid',
    `${source.shown} and ${target.shown} do not have the same tables: ${problems.join('; ')}. Nothing was copied.`,
  )
}

async function tablesByName(side: CopySide): Promise<Map<string, CopiedTable>> {
  const tables = await side.tables()
  return new Map(tables.filter(({ name }) => !ownTables.has(name)).map(table => [table.name, table]))
}

function inOrderOf(from: CopiedTable, to: CopiedTable): CopiedTable['columns'] {
  return from.columns.flatMap(({ name }) => to.columns.filter(column => column.name === name))
}

function compare(from: CopiedTable, to: CopiedTable): string[] {
  const describe = ({ columns }: CopiedTable) => columns.map(({ name, type }) => `${name} ${type}`)
  const [left, right] = [describe(from), describe(to)]
  const differing = [...left.filter(one => !right.includes(one)), ...right.filter(one => !left.includes(one))]
  const odd = from.columns.filter(({ type }) => type !== 'integer' && type !== 'text').map(({ name }) => name)
  return [
    ...(differing.length > 0 ? [`${from.name} differs in ${differing.join(', ')}`] : []),
    ...(odd.length > 0 ? [`${from.name} has columns of an unknown type (${odd.join(', ')})`] : []),
    ...(from.key.length === 0 || to.key.length === 0 ? [`${from.name} has no key`] : []),
  ]
}

function inOrder(pairs: TablePair[]): TablePair[] {
  const waiting = new Map(pairs.map(pair => [pair.source.name, pair]))
  const ordered: TablePair[] = []
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(({ source, target }) =>
      [...source.references, ...target.references].every(name => name === source.name || !waiting.has(name)),
    )
    // Tables that refer to each other in a circle would have to be filled at once.
    if (ready.length === 0) throw new Error(`These tables refer to each other: ${[...waiting.keys()].join(', ')}.`)
    for (const pair of ready) {
      ordered.push(pair)
      waiting.delete(pair.source.name)
    }
  }
  return ordered
}
