import {
  type AddedMail,
  type MailStore,
  mostMails,
  type NewMail,
  type StoredMail,
  type WaitingMail,
} from '../app/mail-ports.ts'
import type { Instant } from '../domain/instant.ts'
import type { Database, Db } from './database.ts'
import { listMailRules, type OfComputer } from './mail-rules.ts'

/** Builds what keeps mails and their rules. */
export function buildMailStore({ reader, writer }: Database): MailStore {
  return {
    addMail: mail => writer.transaction().execute(db => addMail(db, mail)),
    listMails: (accountId, computerKey) => listMails(reader, accountId, computerKey),
    findMail: (accountId, computerKey, id) => findMail(reader, { accountId, computerKey, id }),
    removeMail: (accountId, computerKey, id) => removeMail(writer, { accountId, computerKey, id }),
    removeOldMails: before => removeOldMails(writer, before),
    listMailRules: (accountId, computerKey) => listMailRules(reader, accountId, computerKey),
  }
}

/**
 * Adds a mail to the inbox of its computer. Two that arrive at the same moment may both find the last place free: the limit
 * is there to bound the inbox, not to count it.
 */
async function addMail(db: Db, { accountId, computerKey, mail, slug, reason }: NewMail): Promise<AddedMail> {
  const ofComputer = db.selectFrom('mails').where('account_id', '=', accountId).where('computer_key', '=', computerKey)
  const known = await ofComputer.select('id').where('message_key', '=', mail.key).executeTakeFirst()
  if (known) return 'repeated'
  const { count } = await ofComputer.select(eb => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  if (count >= mostMails) return 'full'
  const { key, receivedAt, sentAt, sender, subject, text, damage, notReport } = mail
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('mails')
    .values({
      account_id: accountId,
      computer_key: computerKey,
      message_key: key,
      received_at: receivedAt,
      sent_at: sentAt,
      sender,
      subject,
      body: text,
      damage,
      not_report: notReport,
      slug,
      reason,
    })
    .onConflict(conflict => conflict.columns(['account_id', 'computer_key', 'message_key']).doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 0n ? 'repeated' : 'added'
}

const waitingColumns = [
  'id',
  'message_key as key',
  'received_at as receivedAt',
  'sent_at as sentAt',
  'sender',
  'subject',
  'damage',
  'not_report as notReport',
  'slug',
  'reason',
] as const

async function listMails(db: Db, accountId: number, computerKey: number): Promise<WaitingMail[]> {
  return db
    .selectFrom('mails')
    .select(waitingColumns)
    .where('account_id', '=', accountId)
    .where('computer_key', '=', computerKey)
    .orderBy('id')
    .execute()
}

async function findMail(db: Db, { accountId, computerKey, id }: OfComputer): Promise<StoredMail | undefined> {
  return db
    .selectFrom('mails')
    .select([...waitingColumns, 'body as text'])
    .where('account_id', '=', accountId)
    .where('computer_key', '=', computerKey)
    .where('id', '=', id)
    .executeTakeFirst()
}

async function removeMail(db: Db, { accountId, computerKey, id }: OfComputer): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('mails')
    .where('account_id', '=', accountId)
    .where('computer_key', '=', computerKey)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

async function removeOldMails(db: Db, before: Instant): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('mails').where('received_at', '<', before).executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
