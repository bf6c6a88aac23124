import type { AuditEntry } from '../app/ports.ts'
import type { Db } from './database.ts'

/** Writes down who changed what; belongs into the transaction of the change. */
export async function addAuditEntry(db: Db, entry: AuditEntry): Promise<void> {
  const { at, actor, action, partnerId, accountId, before, after } = entry
  await db
    .insertInto('audit_log')
    .values({
      at,
      actor,
      action,
      partner_id: partnerId,
      account_id: accountId,
      before: JSON.stringify(before),
      after: JSON.stringify(after),
    })
    .execute()
}

/** What was changed of a partner, newest first. */
export async function listAuditLog(db: Db, partnerId: number, most: number): Promise<AuditEntry[]> {
  const rows = await db
    .selectFrom('audit_log')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
  return rows.map(({ partner_id, account_id, before, after, at, actor, action }) => ({
    at,
    actor,
    action,
    partnerId: partner_id,
    accountId: account_id,
    before: JSON.parse(before) as unknown,
    after: JSON.parse(after) as unknown,
  }))
}
