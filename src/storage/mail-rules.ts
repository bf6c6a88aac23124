import type { NewMailRule } from '../app/mail-ports.ts'
import type { Instant } from '../domain/instant.ts'
import type { MailOtherwise, MailRule } from '../domain/mail.ts'
import type { Db } from './database.ts'
import type { Tables } from './tables.ts'

/** The number of a row that belongs to a computer. */
export type OfComputer = { accountId: number; computerKey: number; id: number }

/** Adds a rule behind those that its computer has. */
export async function addMailRule(db: Db, rule: NewMailRule, now: Instant): Promise<MailRule> {
  const { accountId, computerKey, setId, from, subject, body, tool, success, failure, otherwise } = rule
  const { id } = await db
    .insertInto('mail_rules')
    .values({
      account_id: accountId,
      computer_key: computerKey,
      set_id: setId,
      sender: from,
      subject,
      body,
      tool,
      success: JSON.stringify(success),
      failure: JSON.stringify(failure),
      otherwise,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { ...rule, id, createdAt: now }
}

/** The rules of a computer, oldest first. */
export async function listMailRules(db: Db, accountId: number, computerKey: number): Promise<MailRule[]> {
  const rows = await db
    .selectFrom('mail_rules')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('computer_key', '=', computerKey)
    .orderBy('id')
    .execute()
  return rows.map(toMailRule)
}

/** Removes a rule; answers whether there was one. */
export async function removeMailRule(db: Db, { accountId, computerKey, id }: OfComputer): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('mail_rules')
    .where('account_id', '=', accountId)
    .where('computer_key', '=', computerKey)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

type RuleRow = { [Column in keyof Tables['mail_rules']]: Column extends 'id' ? number : Tables['mail_rules'][Column] }

function toMailRule(row: RuleRow): MailRule {
  return {
    id: row.id,
    accountId: row.account_id,
    computerKey: row.computer_key,
    setId: row.set_id,
    from: row.sender,
    subject: row.subject,
    body: row.body,
    tool: row.tool,
    // Only this file writes these columns, from checked values.
    success: JSON.parse(row.success) as string[],
    failure: JSON.parse(row.failure) as string[],
    otherwise: row.otherwise as MailOtherwise,
    createdAt: row.created_at,
  }
}
