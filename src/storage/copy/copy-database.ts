import { AppError } from '../../domain/app-error.ts'
import type { Instant } from '../../domain/instant.ts'
import { isPostgresUrl } from '../database-url.ts'
import { assertCurrent } from '../migrate.ts'
import { assertWholeCopy } from '../unfinished-copy.ts'
import { sumTable, type TableSum } from './checksum.ts'
import { type CopyProgress, installationOf, openCopyProgress, parseKeyText, toKeyText } from './copy-progress.ts'
import { pairTables, type TablePair } from './copy-tables.ts'
import { type CopiedRow, type CopySide, keyOf, quoted } from './side.ts'

/** A database as it is opened and as it is called in messages. */
export type NamedDatabase = { database: string; shown: string }

/** How far a copy has come: `done` of `total` rows of a table, and of all. */
export type CopyStep = {
  phase: 'copying' | 'verifying'
  table: string
  done: number
  total: number
  allDone: number
  allTotal: number
}

/** What to copy where; `awaitPulse` waits a little while it is being found out whether a server runs. */
export type CopyRequest = {
  from: NamedDatabase
  to: NamedDatabase
  isForced: boolean
  awaitPulse: () => Promise<boolean>
  tell: (step: CopyStep) => void
}

/** A table as it was copied. */
export type CopiedTableSum = TableSum & { table: string }

/** What was copied, table by table, and in how many rows a NUL character, which PostgreSQL cannot hold, became U+FFFD. */
export type CopyResult = { tables: CopiedTableSum[]; replaced: number; isResumed: boolean }

/**
 * Copies a whole installation into an empty database of either kind, or goes on with a copy that was interrupted: one
 * state of everything, with every key as it is. In the end both sides are read and compared; until then nobody can
 * serve the copy. Throws `invalid` for a source that cannot be copied, `conflict` where the target holds something else,
 * a server is at work, or the two differ in the end.
 */
export async function copyDatabase(request: CopyRequest): Promise<CopyResult> {
  const source = await openSource(request.from)
  try {
    await assertCopyable(source)
    if (!request.isForced) await assertNoServer(source, request.awaitPulse)
    await source.beginReading()
    const installation = await installationOf(source)
    const target = await openTarget(request.to)
    try {
      return await copyInto({ source, target, tell: request.tell }, installation)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

async function openSource({ database, shown }: NamedDatabase): Promise<CopySide> {
  if (isPostgresUrl(database)) return (await import('./postgres-side.ts')).openPostgresSource(database, shown)
  return (await import('./sqlite-side.ts')).openSqliteSource(database)
}

async function openTarget({ database, shown }: NamedDatabase): Promise<CopySide> {
  if (isPostgresUrl(database)) return (await import('./postgres-side.ts')).openPostgresTarget(database, shown)
  return (await import('./sqlite-side.ts')).openSqliteTarget(database)
}

async function assertCopyable(source: CopySide): Promise<void> {
  const tables = await source.tables()
  assertWholeCopy(tables)
  if (!tables.some(({ name }) => name === 'migrations')) {
    throw new AppError('not-found', `${source.shown} holds no Lastgood database: name the one to copy from.`)
  }
  assertCurrent(
    (await source.query('select name from migrations')).map(([name]) => name ?? ''),
    source.shown,
  )
}

/** A server says every few seconds that it is awake: one that has just done so is watched whether it does so again. */
async function assertNoServer(source: CopySide, awaitPulse: () => Promise<boolean>): Promise<void> {
  const pulse = async (): Promise<Instant> =>
    Number((await source.query('select max(seen_at) from server_pulses'))[0]?.[0] ?? 0)
  const first = await pulse()
  if (Date.now() - first > 30_000) return
  while (await awaitPulse()) {
    if ((await pulse()) === first) continue
    throw new AppError(
      'conflict',
      `A server runs on ${source.shown}: stop it first, or what it takes meanwhile is missing in the copy. --force copies the state of this moment.`,
    )
  }
}

type Copying = { source: CopySide; target: CopySide; tell: CopyRequest['tell'] }

async function copyInto(copying: Copying, installation: string): Promise<CopyResult> {
  const { source, target } = copying
  const progress = await openCopyProgress(target, installation)
  const isResumed = (await progress.find('prepared')) !== undefined
  if (!isResumed) await prepare(copying, progress)
  const pairs = await pairTables(source, target)
  const totals = await countRows(source, pairs)
  const convert = convertFor(source, target)
  const telling = buildTelling(copying.tell, totals)
  for (const pair of pairs) await copyTable(copying, pair, { progress, convert, tell: telling('copying') })
  for (const { source: table, target: other } of pairs) {
    for (const [index, column] of table.columns.entries()) {
      const counted = other.columns[index]
      if (column.sequence === null || !counted) continue
      await target.setCounter(other, counted, await source.counter(table, column))
    }
  }
  let replaced = 0
  const counting: Convert = row => {
    const converted = convert(row)
    if (converted !== row) replaced += 1
    return converted
  }
  const tables = await verify(copying, pairs, { convert: counting, tell: telling('verifying') })
  await target.finish()
  await progress.remove()
  return { tables, replaced, isResumed }
}

/** Makes the tables, and removes what a new installation begins with. */
async function prepare({ source, target }: Copying, progress: CopyProgress): Promise<void> {
  await target.migrate()
  const pairs = await pairTables(source, target)
  await target.query('begin')
  for (const { source: table } of pairs.toReversed()) await target.query(`delete from ${quoted(table.name)}`)
  await progress.note('prepared', 'yes')
  await target.query('commit')
}

async function countRows(source: CopySide, pairs: TablePair[]): Promise<Map<string, number>> {
  const totals = new Map<string, number>()
  for (const { source: table } of pairs) {
    const [row] = await source.query(`select count(*) from ${quoted(table.name)}`)
    totals.set(table.name, Number(row?.[0]))
  }
  return totals
}

type TellRows = (table: string, rows: number) => void
type Convert = (row: CopiedRow) => CopiedRow

function buildTelling(tell: CopyRequest['tell'], totals: Map<string, number>) {
  const allTotal = [...totals.values()].reduce((sum, total) => sum + total, 0)
  return (phase: CopyStep['phase']): TellRows => {
    const done = new Map<string, number>()
    let allDone = 0
    return (table, rows) => {
      done.set(table, (done.get(table) ?? 0) + rows)
      allDone += rows
      tell({ phase, table, done: done.get(table) ?? 0, total: totals.get(table) ?? 0, allDone, allTotal })
    }
  }
}

/** PostgreSQL cannot hold NUL: it becomes U+FFFD, as in everything that is recorded. */
function convertFor(source: CopySide, target: CopySide): Convert {
  if (source.kind !== 'sqlite' || target.kind !== 'postgres') return row => row
  return row =>
    row.some(value => value?.includes('\0')) ? row.map(value => value?.replaceAll('\0', '\uFFFD') ?? null) : row
}

async function copyTable(
  { source, target }: Copying,
  { source: table, target: other }: TablePair,
  { progress, convert, tell }: { progress: CopyProgress; convert: Convert; tell: TellRows },
): Promise<void> {
  const name = `behind ${table.name}`
  const noted = await progress.find(name)
  tell(table.name, 0)
  for await (const rows of source.pages(table, noted === undefined ? null : parseKeyText(noted))) {
    const last = rows.at(-1) ?? []
    await target.query('begin')
    await target.insert(other, rows.map(convert))
    await progress.note(name, toKeyText(keyOf(table, last)))
    await target.query('commit')
    tell(table.name, rows.length)
  }
}

async function verify(
  { source, target }: Copying,
  pairs: TablePair[],
  { convert, tell }: { convert: Convert; tell: TellRows },
): Promise<CopiedTableSum[]> {
  const sums: CopiedTableSum[] = []
  const differing: string[] = []
  for (const pair of pairs) {
    const { name } = pair.source
    const [from, to] = await Promise.all([
      sumTable(source, pair.source, { convert, tell: rows => tell(name, rows) }),
      sumTable(target, pair.target, { convert: row => row, tell: () => undefined }),
    ])
    sums.push({ table: name, ...to })
    if (from.rows !== to.rows) differing.push(`${name} has ${from.rows} rows there and ${to.rows} in the copy`)
    else if (from.checksum !== to.checksum) differing.push(`${name} (${from.rows} rows) has other content in the copy`)
  }
  if (differing.length === 0) return sums
  throw new AppError(
    'conflict',
    `${target.shown} differs from ${source.shown}: ${differing.join('; ')}. Something was changed between the parts of this copy: remove what is in ${target.shown} and copy anew. Until then no server takes it.`,
  )
}
