import { AppError, isAppError } from '../../domain/app-error.ts'
import type { CopySide } from '../copy/side.ts'
import { isPostgresUrl } from '../database-url.ts'
import { assertCurrent } from '../migrate.ts'
import { applicationId } from '../sqlite-dialect.ts'
import { assertWholeCopy } from '../unfinished-copy.ts'
import { orphansStatement, relations } from './relations.ts'
import { stateStatements } from './state-statements.ts'

/** What to check; `shown` is how people call it, `tell` hears what is looked at now, and which part of all that is done. */
export type DatabaseCheck = { database: string; shown: string; tell: (what: string, fraction: number) => void }

/** A thing that is wrong, and what to do. */
export type DatabaseProblem = { check: string; message: string }

const putBack = 'put back a backup (see docs/operations.md)'

/**
 * Looks through a whole database, reading only, in one state of it: the file itself, the schema, what refers to what, and
 * what is known of each set against its runs. Answers the problems, none when all is well. Throws `not-found` and `unavailable`
 * for what cannot be opened.
 */
export async function checkWholeDatabase(check: DatabaseCheck): Promise<DatabaseProblem[]> {
  const problems: DatabaseProblem[] = []
  try {
    const side = await open(check)
    try {
      await side.beginReading()
      for (const [index, [what, look]] of looks.entries()) {
        check.tell(what, index / looks.length)
        // What cannot be read, or has not the tables of this version, would only be told again in other words.
        const found = await look(side)
        problems.push(...found.map(message => ({ check: what, message })))
        if (found.length > 0 && decisive.has(what)) break
      }
    } finally {
      await side.close()
    }
  } catch (error) {
    problems.push({ check: 'file', message: toProblem(error, check.shown) })
  }
  return problems
}

/** What SQLite says of a file that is damaged has many forms; what is no trouble of the database is passed on. */
function toProblem(error: unknown, shown: string): string {
  if (isAppError(error, 'invalid')) return error.message
  if (!isAppError(error) && error instanceof Error && 'errcode' in error) {
    return `${shown} cannot be read through (${error.message}); ${putBack}.`
  }
  throw error
}

async function open({ database, shown }: DatabaseCheck): Promise<CopySide> {
  if (isPostgresUrl(database)) return (await import('../copy/postgres-side.ts')).openPostgresSource(database, shown)
  return (await import('../copy/sqlite-side.ts')).openSqliteSource(database)
}

type Look = (side: CopySide) => Promise<string[]>

const decisive: ReadonlySet<string> = new Set(['pages', 'schema'])

const looks: readonly [string, Look][] = [
  ['pages', lookAtPages],
  ['schema', lookAtSchema],
  ['references', lookAtReferences],
  ['orphans', lookAtOrphans],
  ['states', lookAtStates],
  ['run keys', lookAtRunKeys],
]

async function lookAtPages({ kind, query, shown }: CopySide): Promise<string[]> {
  if (kind === 'postgres') return []
  const [mark] = await query('pragma application_id')
  if (mark?.[0] !== String(applicationId)) return [`${shown} is a database of another program.`]
  const rows = await query('pragma integrity_check(20)')
  return rows.flatMap(([row]) =>
    row === 'ok' || row === null || row === undefined ? [] : [`${shown}: ${row}; ${putBack}.`],
  )
}

async function lookAtSchema(side: CopySide): Promise<string[]> {
  try {
    const tables = await side.tables()
    assertWholeCopy(tables)
    if (!tables.some(({ name }) => name === 'migrations')) return [`${side.shown} holds no Lastgood database.`]
    assertCurrent(
      (await side.query('select name from migrations')).map(([name]) => name ?? ''),
      side.shown,
    )
    return []
  } catch (error) {
    if (error instanceof AppError && error.kind === 'invalid') return [error.message]
    throw error
  }
}

async function lookAtReferences({ kind, query }: CopySide): Promise<string[]> {
  if (kind === 'postgres') return []
  const rows = await query('select "table", parent, count(*) from pragma_foreign_key_check group by 1, 2')
  return rows.map(
    ([table, parent, count]) => `${count} rows of ${table} name ${parent} that are not there; ${putBack}.`,
  )
}

async function lookAtOrphans({ query }: CopySide): Promise<string[]> {
  const problems: string[] = []
  for (const relation of relations) {
    const [[count, ...example] = []] = await query(orphansStatement(relation))
    if (count === '0') continue
    const named = relation.columns.map((column, index) => `${column} ${example[index]}`).join(', ')
    problems.push(
      `${count} rows of ${relation.table} have nothing in ${relation.parent} (such as ${named}); ${putBack}.`,
    )
  }
  return problems
}

const mostTold = 20

async function lookAtStates({ query }: CopySide): Promise<string[]> {
  const problems: string[] = []
  for (const [wrong, statement] of Object.entries(stateStatements)) {
    const sets = await query(
      `with found (account_id, set_id) as (${statement} limit ${mostTold + 1})
       select a.username, c.computer_id, s.name from found
       join backup_sets as s on s.account_id = found.account_id and s.id = found.set_id
       join computers as c on c.account_id = s.account_id and c.key = s.computer_key
       join accounts as a on a.id = s.account_id`,
    )
    problems.push(
      ...sets
        .slice(0, mostTold)
        .map(([username, computer, name]) => `The set ${name} of ${username}/${computer} ${wrong}; ${putBack}.`),
    )
    if (sets.length > mostTold) problems.push(`More than ${mostTold} sets in all: the next ${wrong}.`)
  }
  return problems
}

async function lookAtRunKeys({ query, tables }: CopySide): Promise<string[]> {
  if (!(await tables()).some(({ name }) => name === 'run_keys')) return []
  const [[count] = []] = await query(`select count(*) from runs as r where not exists (select 1 from run_keys as k
    where k.account_id = r.account_id and k.computer_key = r.computer_key and k.run_key = r.run_key and k.run_id = r.id)`)
  return count === '0'
    ? []
    : [`${count} runs are missing in run_keys, so that they could be recorded twice; ${putBack}.`]
}
