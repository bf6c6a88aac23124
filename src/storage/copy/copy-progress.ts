import { hash } from 'node:crypto'
import { AppError } from '../../domain/app-error.ts'
import { unfinishedCopyTable } from '../unfinished-copy.ts'
import type { CopiedRow, CopySide } from './side.ts'

/** What a copy notes in the database that it writes, so that it goes on there and nobody serves it before its end. */
export type CopyProgress = {
  /** Notes something; belongs into the transaction of what it tells. */
  note: (name: string, value: string) => Promise<void>
  find: (name: string) => Promise<string | undefined>
  remove: () => Promise<void>
}

/**
 * Begins a copy in an empty database, or goes on with one. Throws `conflict` for a database that holds anything else, or
 * the beginning of a copy of another installation.
 */
export async function openCopyProgress(target: CopySide, installation: string): Promise<CopyProgress> {
  const tables = (await target.tables()).map(({ name }) => name)
  const progress = buildProgress(target)
  if (!tables.includes(unfinishedCopyTable)) {
    if (tables.length > 0) throw notEmpty(target.shown, tables)
    await target.query('begin')
    await target.query(`create table ${unfinishedCopyTable} (name text primary key, value text)`)
    await progress.note('installation', installation)
    await target.query('commit')
    return progress
  }
  if ((await progress.find('installation')) === installation) return progress
  throw new AppError(
    'conflict',
    `${target.shown} holds the beginning of a copy of another installation: remove it, or copy into another database.`,
  )
}

function notEmpty(shown: string, tables: readonly string[]): AppError {
  const some = tables.length > 3 ? `${tables.slice(0, 3).join(', ')} and ${tables.length - 3} more` : tables.join(', ')
  return new AppError(
    'conflict',
    `${shown} is not empty (it has the tables ${some}): a copy goes into an empty database. It was left as it is.`,
  )
}

function buildProgress(target: CopySide): CopyProgress {
  const [first, second] = [target.parameter(1), target.parameter(2)]
  return {
    note: async (name, value) => {
      await target.query(
        `insert into ${unfinishedCopyTable} (name, value) values (${first}, ${second})
         on conflict (name) do update set value = excluded.value`,
        [name, value],
      )
    },
    find: async name => {
      const [row] = await target.query(`select value from ${unfinishedCopyTable} where name = ${first}`, [name])
      return row?.[0] ?? undefined
    },
    remove: async () => {
      await target.query(`drop table ${unfinishedCopyTable}`)
    },
  }
}

/** What tells one installation from another, wherever its database lies: it was made with secrets of its own. */
export async function installationOf(source: CopySide): Promise<string> {
  const secrets = await source.query('select name, secret from server_secrets order by name')
  return hash('sha256', JSON.stringify(secrets))
}

/** A key as it is noted. */
export function toKeyText(key: CopiedRow): string {
  return JSON.stringify(key)
}

/** Reads a key that `toKeyText` has written. */
export function parseKeyText(text: string): CopiedRow {
  // Nobody else writes this column.
  return JSON.parse(text) as CopiedRow
}
