import type { Selectable } from 'kysely'
import type { AuditEntry, AuditSelection, NewAuditEntry, RowWindow } from '../app/ports.ts'
import type { Db } from './database.ts'
import type { Tables } from './tables.ts'

/** Writes down who changed what; belongs into the transaction of the change. */
export async function addAuditEntry(db: Db, entry: NewAuditEntry): Promise<void> {
  const { at, actor, action, subject, partnerPath, accountId, before, after } = entry
  await db
    .insertInto('audit_log')
    .values({
      at,
      actor,
      action,
      subject,
      partner_id: lastPartnerOf(partnerPath),
      partner_path: partnerPath,
      account_id: accountId,
      before: JSON.stringify(before),
      after: JSON.stringify(after),
    })
    .execute()
}

/** What was changed of the partner at a path and of all that is below it, newest first. */
export async function listAuditLog(
  db: Db,
  partnerPath: string,
  { skip, most }: RowWindow,
  { since, actor }: AuditSelection = {},
): Promise<{ entries: AuditEntry[]; count: number }> {
  let wanted = db.selectFrom('audit_log').where('partner_path', 'like', `${partnerPath}%`)
  if (since !== undefined) wanted = wanted.where('audit_log.at', '>=', since)
  if (actor !== undefined) wanted = wanted.where('audit_log.actor', '=', actor)
  const { count } = await wanted.select(eb => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  const rows = await wanted
    .leftJoin('accounts', 'accounts.id', 'audit_log.account_id')
    .selectAll('audit_log')
    .select('accounts.username')
    .orderBy('audit_log.id', 'desc')
    .limit(most)
    .offset(skip)
    .execute()
  return { entries: rows.map(toEntry), count }
}

function toEntry(row: Selectable<Tables['audit_log']> & { username: string | null }): AuditEntry {
  const { id, at, actor, action, subject, username } = row
  const place = { partnerPath: row.partner_path, accountId: row.account_id, username }
  return { id, at, actor, action, subject, ...place, before: parseColumns(row.before), after: parseColumns(row.after) }
}

/** The partner at the end of a path such as `/1/7/`. */
function lastPartnerOf(path: string): number {
  return Number(path.split('/').at(-2))
}

/** Columns as this file writes them. */
function parseColumns(text: string): Record<string, unknown> | null {
  return JSON.parse(text) as Record<string, unknown> | null
}
