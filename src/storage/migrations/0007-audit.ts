import { sql } from 'kysely'
import type { Db, SqlDialect } from '../database.ts'

/** What each entry of the audit log is about. Until here only policies of partners were written down. */
export async function audit(db: Db, { text }: SqlDialect): Promise<void> {
  const ofPartner = (columns: string) => `select ${columns} from partners where partners.id = audit_log.partner_id`
  const statements = [
    `alter table audit_log add column subject ${text} not null default ''`,
    `alter table audit_log add column partner_path ${text} not null default ''`,
    `update audit_log set
      subject = coalesce((${ofPartner(`'partner ' || partners.username`)}), ''),
      partner_path = coalesce((${ofPartner('partners.path')}), '/'),
      action = 'change partner', before = '{"policy":' || before || '}', after = '{"policy":' || after || '}'`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
