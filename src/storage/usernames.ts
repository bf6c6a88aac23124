import { sql } from 'kysely'
import type { NamedNode, Place } from '../app/ports.ts'
import { AppError, isAppError } from '../domain/app-error.ts'
import type { Db } from './database.ts'

/** Takes a username for a partner or an account. Throws `conflict` when one has it, in whatever letter case. */
export async function takeUsername(db: Db, username: string): Promise<void> {
  try {
    await db.insertInto('usernames').values({ name: username.toLowerCase() }).execute()
  } catch (error) {
    if (!isAppError(error, 'conflict')) throw error
    throw new AppError('conflict', `The username ${username} is taken; choose another.`, { cause: error })
  }
}

/** Gives a username back. */
export async function releaseUsername(db: Db, username: string): Promise<void> {
  await db.deleteFrom('usernames').where('name', '=', username.toLowerCase()).execute()
}

const partnersOf = (db: Db) => db.selectFrom('partners').select(['username', 'path'])

const accountsOf = (db: Db) =>
  db
    .selectFrom('accounts')
    .innerJoin('partners', 'partners.id', 'accounts.partner_id')
    .select(['accounts.id as id', 'accounts.username as username', 'partners.path as path'])

/** The partner or account that has a username, in whatever letter case. */
export async function findNamedNode(db: Db, username: string): Promise<NamedNode | undefined> {
  const name = username.toLowerCase()
  const account = await accountsOf(db)
    .where(sql`lower(accounts.username)`, '=', name)
    .executeTakeFirst()
  if (account) return toNamedAccount(account)
  const partner = await partnersOf(db)
    .where(sql`lower(username)`, '=', name)
    .executeTakeFirst()
  return partner && toNamedPartner(partner)
}

/** The account that a place is or is in, else its partner. */
export async function nameNodeAt(db: Db, { partnerId, accountId }: Place): Promise<NamedNode> {
  if (accountId === null) {
    return toNamedPartner(await partnersOf(db).where('id', '=', partnerId).executeTakeFirstOrThrow())
  }
  return toNamedAccount(await accountsOf(db).where('accounts.id', '=', accountId).executeTakeFirstOrThrow())
}

function toNamedPartner({ username, path }: { username: string; path: string }): NamedNode {
  return { kind: 'partner', username, node: { partnerPath: path, accountId: null, computerKey: null } }
}

function toNamedAccount({ id, username, path }: { id: number; username: string; path: string }): NamedNode {
  return { kind: 'account', username, node: { partnerPath: path, accountId: id, computerKey: null } }
}
