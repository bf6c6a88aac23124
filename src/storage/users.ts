import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { NewUser, RowOrder, UserChange } from '../app/partner-ports.ts'
import type { RowWindow } from '../app/ports.ts'
import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import type { User, UserRole } from '../domain/tree.ts'
import type { Db } from './database.ts'
import { given } from './given.ts'
import type { Tables } from './tables.ts'

/**
 * Adds a person to a partner. Throws `conflict` when somebody has the username, in whatever letter case: changes of the
 * tree are made one at a time, so that nobody takes it in between.
 */
export async function addUser(db: Db, user: NewUser, now: Instant): Promise<User> {
  const { username, partnerId, name, role, email = '', phone = '' } = user
  const taken = await db
    .selectFrom('users')
    .select('username')
    .where(sql<string>`lower(username)`, '=', username.toLowerCase())
    .executeTakeFirst()
  if (taken) throw new AppError('conflict', `The username ${username} is taken; choose another.`)
  await db
    .insertInto('users')
    .values({ username, partner_id: partnerId, name, role, email, phone, created_at: now })
    .execute()
  return { username, partnerId, name, role, email, phone, createdAt: now }
}

/** The person with this username, of whatever partner. */
export async function findUser(db: Db, username: string): Promise<User | undefined> {
  const row = await db.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirst()
  return row && toUser(row)
}

/** The people of a partner, and how many they are over all pages. */
export async function listUsers(
  db: Db,
  partnerId: number,
  { column, isDescending }: RowOrder<'username' | 'name' | 'role'>,
  { skip, most }: RowWindow,
): Promise<{ users: User[]; count: number }> {
  const users = db.selectFrom('users').where('partner_id', '=', partnerId)
  const { count } = await users.select(eb => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  const direction = isDescending ? 'desc' : 'asc'
  const rows = await users
    .selectAll()
    .orderBy(column, direction)
    .orderBy('name', direction)
    .orderBy('username', direction)
    .limit(most)
    .offset(skip)
    .execute()
  return { users: rows.map(toUser), count }
}

/** Changes what is given of a person. */
export async function changeUser(db: Db, username: string, change: UserChange): Promise<void> {
  const columns = given(change)
  if (columns) await db.updateTable('users').set(columns).where('username', '=', username).execute()
}

/** Removes a person. */
export async function removeUser(db: Db, username: string): Promise<void> {
  await db.deleteFrom('users').where('username', '=', username).execute()
}

/** A person as its row has it. */
export function toUser({ partner_id, created_at, role, ...row }: Selectable<Tables['users']>): User {
  // Only this file writes the role, from checked ones.
  return { ...row, partnerId: partner_id, role: role as UserRole, createdAt: created_at }
}
