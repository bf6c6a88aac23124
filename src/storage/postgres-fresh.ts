import { type RawBuilder, sql, type SqlBool } from 'kysely'

/**
 * Holds where a standby has a version of an account, or a newer one, on the primary's own timeline. It belongs into the
 * statement that it is about, which thereby has one snapshot with it.
 */
export function isFresh(accountId: number, version: number, timeline: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`(pg_is_in_recovery()
    and exists (select from data_versions where account_id = ${accountId} and version >= ${version})
    and exists (select from server_pulses where id = 1 and timeline = ${timeline}))`
}
