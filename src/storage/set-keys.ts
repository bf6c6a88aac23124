import { sql } from 'kysely'
import type { BackupSet } from '../domain/tree.ts'

/** What names a backup set in every table that has rows of it. */
export type SetKey = Pick<BackupSet, 'accountId' | 'id'>

/** Whether a row of a table is of one of some sets: at least one. */
export function isOneOfSets(table: string, sets: readonly SetKey[]) {
  const keys = sets.map(({ accountId, id }) => sql`(${sql.lit(accountId)}, ${sql.lit(id)})`)
  return sql<boolean>`(${sql.ref(`${table}.account_id`)}, ${sql.ref(`${table}.set_id`)}) in (values ${sql.join(keys)})`
}
