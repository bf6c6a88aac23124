import type { Selectable } from 'kysely'
import type { AuditEntry, RowWindow } from '../app/ports.ts'
import type { Db } from './database.ts'
import type { Tables } from './tables.ts'

/** Writes down who changed what; belongs into the transaction of the change. */
export async function addAuditEntry(db: Db, entry: Omit<AuditEntry, 'id'>): Promise<void> {
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
): Promise<{ entries: AuditEntry[]; count: number }> {
  const ofTree = db.selectFrom('audit_log').where('partner_path', 'like', `${partnerPath}%`)
  const { count } = await ofTree.select(eb => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  const rows = await ofTree.selectAll().orderBy('id', 'desc').limit(most).offset(skip).execute()
  return { entries: rows.map(toEntry), count }
}

function toEntry(row: Selectable<Tables['audit_log']>): AuditEntry {
  const { id, at, actor, action, subject } = row
  const place = { partnerPath: row.partner_path, accountId: row.account_id }
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
