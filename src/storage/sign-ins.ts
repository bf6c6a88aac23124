import { sql } from 'kysely'
import type { FoundBearer } from '../app/ports.ts'
import type {
  ChosenPassword,
  Credentials,
  NewCodeSecret,
  NewPassword,
  NewSession,
  Session,
  SignInLink,
} from '../app/sign-in-ports.ts'
import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import { scopesOfRole } from '../domain/principal.ts'
import type { User, UserRole } from '../domain/tree.ts'
import type { Database, Db } from './database.ts'
import { prepare } from './prepared.ts'
import { toFoundBearer } from './tokens.ts'
import { addUser, toUser } from './users.ts'

/** Builds the look-up of a session by its hash: whose it is, and what its person may do now. */
export function prepareFindSession(database: Database): (hash: string) => Promise<FoundBearer | undefined> {
  const query = prepare(database, (hash: string) =>
    database.reader
      .selectFrom('sessions')
      .innerJoin('users', 'users.username', 'sessions.username')
      .innerJoin('partners', 'partners.id', 'users.partner_id')
      .select([
        'sessions.hash',
        'sessions.expires_at',
        'users.username',
        'users.role',
        'users.partner_id',
        'partners.path as partner_path',
      ])
      .where('sessions.hash', '=', hash),
  )
  return async hash => {
    const [row] = await query(hash)
    if (!row) return undefined
    const { username, role, expires_at: expiresAt } = row
    return toFoundBearer(
      { ...row, account_id: null, computer_key: null },
      // Only users.ts writes the role, from checked ones.
      {
        scopes: scopesOfRole[role as UserRole],
        expiresAt,
        clientId: null,
        person: username,
        actor: `user ${username}`,
      },
    )
  }
}

/** A person by the username in whatever letter case, and what it signs in with. */
export async function findPerson(
  db: Db,
  username: string,
): Promise<{ user: User; credentials: Credentials } | undefined> {
  const row = await db
    .selectFrom('users')
    .leftJoin('credentials', 'credentials.username', 'users.username')
    .selectAll('users')
    .select(['credentials.password_hash', 'credentials.code_secret', 'credentials.code_step'])
    .where(sql<string>`lower(users.username)`, '=', username.toLowerCase())
    .executeTakeFirst()
  if (!row) return undefined
  const { password_hash: passwordHash, code_secret: codeSecret, code_step: codeStep, ...user } = row
  return { user: toUser(user), credentials: { passwordHash, codeSecret, codeStep } }
}

/** Adds a session. */
export async function addSession(db: Db, session: NewSession, now: Instant): Promise<void> {
  const { hash, username, expiresAt, remoteAddress, userAgent } = session
  await db
    .insertInto('sessions')
    .values({
      hash,
      username,
      remote_addr: remoteAddress,
      user_agent: userAgent,
      expires_at: expiresAt,
      created_at: now,
    })
    .execute()
}

/** The sessions of a person that have not ended, newest first. */
export async function listSessions(db: Db, username: string, now: Instant): Promise<Session[]> {
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where('username', '=', username)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .orderBy('hash')
    .execute()
  return rows.map(row => ({
    hash: row.hash,
    remoteAddress: row.remote_addr,
    userAgent: row.user_agent,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
  }))
}

/** Notes that a code of a step was used; false when one of it or of a later one was used before. */
export async function useCodeStep(db: Db, username: string, step: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('credentials')
    .set({ code_step: step })
    .where('username', '=', username)
    .where(eb => eb.or([eb('code_step', 'is', null), eb('code_step', '<', step)]))
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Whether anybody has a password. */
export async function canAnybodySignIn(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('credentials')
    .select('username')
    .where('password_hash', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Sets the password of a person; every session but one ends, and so do links. */
export async function setPassword(
  db: Db,
  { username, passwordHash, keeping }: NewPassword,
  now: Instant,
): Promise<void> {
  await setCredentials(db, username, { password_hash: passwordHash }, now)
  await db.deleteFrom('sign_in_links').where('username', '=', username).execute()
  await endSessions(db, username, keeping)
}

/** Asks for one-time codes from now on, or no longer; every session but one ends. */
export async function setCodeSecret(
  db: Db,
  { username, codeSecret, keeping }: NewCodeSecret,
  now: Instant,
): Promise<void> {
  await setCredentials(db, username, { code_secret: codeSecret, code_step: null }, now)
  await endSessions(db, username, keeping)
}

/** Ends a session. */
export async function endSession(db: Db, hash: string): Promise<void> {
  await db.deleteFrom('sessions').where('hash', '=', hash).execute()
}

/** Ends every session of a person but one; with null, every one. */
export async function endSessions(db: Db, username: string, keeping: string | null): Promise<void> {
  await db
    .deleteFrom('sessions')
    .where('username', '=', username)
    .$if(keeping !== null, query => query.where('hash', '!=', keeping))
    .execute()
}

/** Adds a link; it replaces every other for the same person or, without one, for the first. */
export async function addSignInLink(db: Db, link: SignInLink, now: Instant): Promise<void> {
  const { hash, partnerId, username, role, expiresAt } = link
  await db
    .deleteFrom('sign_in_links')
    .where('username', username === null ? 'is' : '=', username)
    .execute()
  await db
    .insertInto('sign_in_links')
    .values({ hash, partner_id: partnerId, username, role, expires_at: expiresAt, created_at: now })
    .execute()
}

/** A link that has not ended. */
export async function findSignInLink(db: Db, hash: string, now: Instant): Promise<SignInLink | undefined> {
  const row = await db
    .selectFrom('sign_in_links')
    .selectAll()
    .where('hash', '=', hash)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (!row) return undefined
  const { partner_id: partnerId, username, role, expires_at: expiresAt } = row
  // Only addSignInLink writes the role, from checked ones.
  return { hash, partnerId, username, role: role as UserRole, expiresAt }
}

/** Takes a link away, and sets the password of its person, who is added with it where it is of nobody yet. */
export async function takeSignInLink(
  db: Db,
  { hash, username }: SignInLink,
  { added, passwordHash }: ChosenPassword,
  now: Instant,
): Promise<void> {
  const { numDeletedRows } = await db.deleteFrom('sign_in_links').where('hash', '=', hash).executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) throw new AppError('not-found', 'This link was used already.')
  const person = added ? (await addUser(db, added, now)).username : username
  if (person === null) throw new Error('A link without a person needs one that is added.')
  await setPassword(db, { username: person, passwordHash, keeping: null }, now)
}

/** Forgets sessions and links that ended before an instant; answers how many. */
export async function removeExpiredSignIns(db: Db, before: Instant): Promise<number> {
  const sessions = await db.deleteFrom('sessions').where('expires_at', '<', before).executeTakeFirstOrThrow()
  const links = await db.deleteFrom('sign_in_links').where('expires_at', '<', before).executeTakeFirstOrThrow()
  return Number(sessions.numDeletedRows + links.numDeletedRows)
}

type CredentialColumns = { password_hash?: string; code_secret?: string | null; code_step?: null }

async function setCredentials(db: Db, username: string, columns: CredentialColumns, now: Instant): Promise<void> {
  const changed = { ...columns, changed_at: now }
  await db
    .insertInto('credentials')
    .values({ username, ...changed })
    .onConflict(conflict => conflict.column('username').doUpdateSet(changed))
    .execute()
}
