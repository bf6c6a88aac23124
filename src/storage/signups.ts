import { sql } from 'kysely'
import type { RowOrder, Signup, SignupSelection } from '../app/partner-ports.ts'
import type { RowWindow } from '../app/ports.ts'
import type { Db } from './database.ts'

/** The accounts and partners at any depth below the partner at a path, and how many they are over all pages. */
export async function listSignups(
  db: Db,
  { partnerPath, ...selection }: SignupSelection & { partnerPath: string },
  { column, isDescending }: RowOrder<'type' | 'username' | 'name'>,
  { skip, most }: RowWindow,
): Promise<{ signups: Signup[]; count: number }> {
  const signups = selectSignups(db, partnerPath, selection)
  const { count } = await signups.select(eb => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  const direction = isDescending ? 'desc' : 'asc'
  const rows = await signups
    .selectAll()
    .orderBy(column, direction)
    .orderBy('name', direction)
    .orderBy('username', direction)
    .limit(most)
    .offset(skip)
    .execute()
  return { signups: rows.map(toSignup), count }
}

function selectSignups(db: Db, path: string, { since, types, statuses }: SignupSelection) {
  const partners = db
    .selectFrom('partners')
    .select(['id', 'username', 'name', 'company', 'path', 'created_at'])
    .select([sql<string>`'partner'`.as('type'), sql<string>`'active'`.as('status')])
    .where('path', 'like', `${path}_%`)
  const accounts = db
    .selectFrom('accounts')
    .innerJoin('partners', 'partners.id', 'accounts.partner_id')
    .select(['accounts.id', 'accounts.username', 'accounts.name', 'accounts.company'])
    .select(['partners.path', 'accounts.created_at'])
    .select([sql<string>`'account'`.as('type'), 'accounts.status'])
    .where('partners.path', 'like', `${path}%`)
  let signups = db.selectFrom(partners.unionAll(accounts).as('signups'))
  if (since !== undefined) signups = signups.where('created_at', '>=', since)
  if (types) signups = signups.where('type', 'in', [...types])
  if (statuses) signups = signups.where('status', 'in', [...statuses])
  return signups
}

type SignupRow = { id: number; type: string; username: string; name: string; company: string; path: string }

function toSignup({ id, type, username, name, company, path }: SignupRow): Signup {
  const accountId = type === 'account' ? id : null
  // The query above has no other types.
  return {
    type: type as Signup['type'],
    username,
    name,
    company,
    node: { partnerPath: path, accountId, computerKey: null },
  }
}
