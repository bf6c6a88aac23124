import { sql } from 'kysely'
import type { Db } from './database.ts'
import { treeOfAdministration } from './tree-of-administration.ts'

/** Says that something of the tree has changed, and answers its new version; belongs into the transaction of the change. */
export async function raiseTreeVersion(db: Db): Promise<number> {
  const { version } = await db
    .updateTable('data_versions')
    .set({ version: sql<number>`version + 1` })
    .where('account_id', '=', treeOfAdministration)
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}
