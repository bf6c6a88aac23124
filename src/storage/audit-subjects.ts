import type { AuditEntry } from '../app/ports.ts'
import type { Computer } from '../domain/tree.ts'
import type { Db } from './database.ts'

/** What a change is about: where it hangs, what it is called in words, and its columns without secrets. */
export type AuditSubject = Pick<AuditEntry, 'partnerPath' | 'accountId'> & { name: string; columns: Columns }

type Columns = Record<string, unknown>

/** A partner. Undefined when there is none, as of everything below. */
export async function partnerSubject(db: Db, id: number): Promise<AuditSubject | undefined> {
  const row = await db.selectFrom('partners').selectAll().where('id', '=', id).executeTakeFirst()
  return row && { partnerPath: row.path, accountId: null, name: `partner ${row.username}`, columns: toColumns(row) }
}

/** An account. */
export async function accountSubject(db: Db, id: number): Promise<AuditSubject | undefined> {
  const row = await db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
  return row && { ...(await placeOf(db, row.partner_id, id)), name: `account ${row.username}`, columns: toColumns(row) }
}

/** A person of a partner. */
export async function userSubject(db: Db, username: string): Promise<AuditSubject | undefined> {
  const row = await db.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirst()
  return row && { ...(await placeOf(db, row.partner_id, null)), name: `user ${username}`, columns: toColumns(row) }
}

/** A computer. */
export async function computerSubject(db: Db, key: number): Promise<AuditSubject | undefined> {
  const row = await db.selectFrom('computers').selectAll().where('key', '=', key).executeTakeFirst()
  const account = row && (await accountOf(db, row.account_id))
  return (
    account && { ...account.place, name: `computer ${row.computer_id} of ${account.username}`, columns: toColumns(row) }
  )
}

/** An address that is told of a computer. */
export async function notificationEmailSubject(
  db: Db,
  { accountId, key }: Pick<Computer, 'accountId' | 'key'>,
  id: number,
): Promise<AuditSubject | undefined> {
  const row = await db
    .selectFrom('notification_emails')
    .innerJoin('computers', 'computers.key', 'notification_emails.computer_key')
    .selectAll('notification_emails')
    .select('computers.computer_id as computer')
    .where('notification_emails.account_id', '=', accountId)
    .where('notification_emails.computer_key', '=', key)
    .where('notification_emails.email_id', '=', id)
    .executeTakeFirst()
  const account = row && (await accountOf(db, row.account_id))
  if (!account) return undefined
  const { computer, ...columns } = row
  const name = `notification address ${id} of computer ${computer} of ${account.username}`
  return { ...account.place, name, columns: toColumns(columns) }
}

/** A backup set. */
export async function setSubject(db: Db, id: number): Promise<AuditSubject | undefined> {
  const row = await db
    .selectFrom('backup_sets')
    .innerJoin('computers', 'computers.key', 'backup_sets.computer_key')
    .selectAll('backup_sets')
    .select('computers.computer_id as computer')
    .where('backup_sets.id', '=', id)
    .executeTakeFirst()
  const account = row && (await accountOf(db, row.account_id))
  if (!account) return undefined
  const { computer, ...columns } = row
  const name = `backup set ${row.name} of computer ${computer} of ${account.username}`
  return { ...account.place, name, columns: toColumns(columns) }
}

/** A rule that reads mails. */
export async function mailRuleSubject(db: Db, id: number): Promise<AuditSubject | undefined> {
  const row = await db.selectFrom('mail_rules').selectAll().where('id', '=', id).executeTakeFirst()
  const set = row && (await setSubject(db, row.set_id))
  return set && { ...set, name: `mail rule of ${set.name}`, columns: toColumns(row) }
}

/** A client. */
export async function clientSubject(db: Db, id: number): Promise<AuditSubject | undefined> {
  const row = await db.selectFrom('clients').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const place = await placeOf(db, row.partner_id, row.account_id)
  return { ...place, name: `client ${row.name} (${row.client_id})`, columns: toColumns(row) }
}

/** An API key. */
export async function apiKeySubject(db: Db, id: number): Promise<AuditSubject | undefined> {
  const row = await db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const place = await placeOf(db, row.partner_id, row.account_id)
  return { ...place, name: `API key ${row.name}`, columns: toColumns(row) }
}

/** A channel. Its address may be a secret, and how it fares is nobody's change. */
export async function channelSubject(db: Db, id: number): Promise<AuditSubject | undefined> {
  const row = await db
    .selectFrom('channels')
    .select(['partner_id', 'account_id', 'name', 'kind', 'created_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const place = await placeOf(db, row.partner_id, row.account_id)
  return { ...place, name: `channel ${row.name}`, columns: toColumns(row) }
}

async function placeOf(db: Db, partnerId: number, accountId: number | null) {
  const { path } = await db.selectFrom('partners').select('path').where('id', '=', partnerId).executeTakeFirstOrThrow()
  return { partnerPath: path, accountId }
}

async function accountOf(db: Db, id: number) {
  const row = await db.selectFrom('accounts').select(['username', 'partner_id']).where('id', '=', id).executeTakeFirst()
  return row && { username: row.username, place: await placeOf(db, row.partner_id, id) }
}

/** Secrets, and what only the program itself goes by. */
const unnamed = new Set(
  [
    'hash secret_hash',
    'id key path parent_id partner_id account_id computer_key set_id last_email_id',
    'expected_from missed_before',
  ]
    .join(' ')
    .split(' '),
)
const inJson = new Set(['policy', 'scopes', 'notification_options', 'success', 'failure'])

function toColumns(row: object): Columns {
  const entries = Object.entries(row).filter(([name]) => !unnamed.has(name))
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      inJson.has(name) ? (JSON.parse(String(value)) as unknown) : (value as unknown),
    ]),
  )
}
