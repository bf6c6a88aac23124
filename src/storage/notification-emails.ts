import type { Selectable } from 'kysely'
import { noSuchNotificationEmail } from '../app/notification-emails.ts'
import type { NotificationEmailOrder, RowWindow } from '../app/ports.ts'
import { AppError } from '../domain/app-error.ts'
import {
  mostNotificationEmails,
  type NotificationEmail,
  type NotificationKind,
  notificationKinds,
} from '../domain/notification.ts'
import type { Computer } from '../domain/tree.ts'
import type { Db } from './database.ts'
import { given, toFlag } from './given.ts'
import type { Tables } from './tables.ts'

type OfComputer = Pick<Computer, 'accountId' | 'key'>
type Change = Partial<Omit<NotificationEmail, 'id'>>

const emailsOf = (db: Db, { accountId, key }: OfComputer) =>
  db.selectFrom('notification_emails').where('account_id', '=', accountId).where('computer_key', '=', key)

/** A page of the addresses of a computer, and how many there are over all pages. */
export async function listNotificationEmails(
  db: Db,
  computer: OfComputer,
  { orderBy, isDescending }: NotificationEmailOrder,
  { skip, most }: RowWindow,
): Promise<{ emails: NotificationEmail[]; count: number }> {
  const direction = isDescending ? 'desc' : 'asc'
  const rows = await emailsOf(db, computer)
    .selectAll()
    .$if(orderBy === 'email', query => query.orderBy('email', direction))
    .orderBy('email_id', direction)
    .limit(most)
    .offset(skip)
    .execute()
  return { emails: rows.map(toNotificationEmail), count: await count(db, computer) }
}

/** One address of a computer. */
export async function findNotificationEmail(
  db: Db,
  computer: OfComputer,
  id: number,
): Promise<NotificationEmail | undefined> {
  const row = await emailsOf(db, computer).selectAll().where('email_id', '=', id).executeTakeFirst()
  return row && toNotificationEmail(row)
}

/** Adds an address under the next number of the computer. Throws `conflict` for one that is there, or one too many. */
export async function addNotificationEmail(
  db: Db,
  computer: OfComputer,
  email: Omit<NotificationEmail, 'id'>,
): Promise<NotificationEmail> {
  const { accountId, key } = computer
  const { last_email_id } = await db
    .updateTable('computers')
    .set(eb => ({ last_email_id: eb('last_email_id', '+', 1) }))
    .where('key', '=', key)
    .returning('last_email_id')
    .executeTakeFirstOrThrow()
  await refuseTwin(db, computer, email.email, null)
  if ((await count(db, computer)) >= mostNotificationEmails) {
    throw new AppError(
      'conflict',
      `A computer has at most ${mostNotificationEmails} notification addresses; remove one, or use the address of a list.`,
    )
  }
  const row = await db
    .insertInto('notification_emails')
    .values({ account_id: accountId, computer_key: key, email_id: last_email_id, ...toRow(email) })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toNotificationEmail(row)
}

/** Changes what is given of an address. Throws `not-found`, and `conflict` for an address that another entry has. */
export async function changeNotificationEmail(db: Db, computer: OfComputer, id: number, change: Change): Promise<void> {
  if (change.email !== undefined) await refuseTwin(db, computer, change.email, id)
  const columns = given(toColumns(change))
  if (!columns) return
  const { numUpdatedRows } = await db
    .updateTable('notification_emails')
    .set(columns)
    .where('account_id', '=', computer.accountId)
    .where('computer_key', '=', computer.key)
    .where('email_id', '=', id)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw noSuchNotificationEmail()
}

/** Removes an address; its number is not given again. Throws `not-found`. */
export async function removeNotificationEmail(db: Db, { accountId, key }: OfComputer, id: number): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('notification_emails')
    .where('account_id', '=', accountId)
    .where('computer_key', '=', key)
    .where('email_id', '=', id)
    .executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) throw noSuchNotificationEmail()
}

async function count(db: Db, computer: OfComputer): Promise<number> {
  const counted = emailsOf(db, computer).select(eb => eb.fn.countAll<number>().as('count'))
  return (await counted.executeTakeFirstOrThrow()).count
}

/** Mailboxes are the same in any letter case, whatever a server may think of it (RFC 5321, 2.4). */
async function refuseTwin(db: Db, computer: OfComputer, email: string, ownId: number | null): Promise<void> {
  const rows = await emailsOf(db, computer).select(['email_id', 'email']).execute()
  const twin = rows.find(row => row.email_id !== ownId && row.email.toLowerCase() === email.toLowerCase())
  if (twin) throw new AppError('conflict', `${email} is a notification address of this computer already.`)
}

const kinds = {
  backupCompleted: 'backup_completed',
  backupWarning: 'backup_warning',
  backupFailed: 'backup_failed',
  backupMissed: 'backup_missed',
  noRecentBackup: 'no_recent_backup',
} as const satisfies Record<NotificationKind, keyof Tables['notification_emails']>

function toColumns({ email, ...flags }: Change) {
  const columns = Object.fromEntries(notificationKinds.map(kind => [kinds[kind], toFlag(flags[kind])]))
  // Each kind has the column that the table above gives it.
  return { email, ...(columns as Record<(typeof kinds)[NotificationKind], number | undefined>) }
}

function toRow(email: Omit<NotificationEmail, 'id'>) {
  // Nothing of a whole address is undefined.
  return toColumns(email) as Required<{ email: string } & Record<(typeof kinds)[NotificationKind], number>>
}

function toNotificationEmail(row: Selectable<Tables['notification_emails']>): NotificationEmail {
  const flags = Object.fromEntries(notificationKinds.map(kind => [kind, row[kinds[kind]] !== 0]))
  // Every kind is among them.
  return { id: row.email_id, email: row.email, ...(flags as Record<NotificationKind, boolean>) }
}
