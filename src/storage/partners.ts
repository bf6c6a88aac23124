import type { Selectable } from 'kysely'
import type { NewPartner, PartnerChange } from '../app/tree-ports.ts'
import { AppError } from '../domain/app-error.ts'
import type { Policy } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import type { Partner } from '../domain/tree.ts'
import type { Db } from './database.ts'
import { given } from './given.ts'
import { judgeAnew } from './judgements.ts'
import { effectivePolicy, parsePolicy } from './policies.ts'
import type { Tables } from './tables.ts'
import { releaseUsername, takeUsername } from './usernames.ts'

/** Adds a partner below another, or a root; its path is known once its id is. */
export async function addPartner(
  db: Db,
  { parentId, username, name, ...contact }: NewPartner,
  now: Instant,
): Promise<Partner> {
  await takeUsername(db, username)
  const above = parentId === null ? '/' : (await partnerById(db, parentId)).path
  const added = await db
    .insertInto('partners')
    .values({ parent_id: parentId, path: '', username, name, ...given(contact), policy: '{}', created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  const path = `${above}${added.id}/`
  await db.updateTable('partners').set({ path }).where('id', '=', added.id).execute()
  return partnerById(db, added.id)
}

/** The partner with this username. */
export async function findPartner(db: Db, username: string): Promise<Partner | undefined> {
  const row = await db.selectFrom('partners').selectAll().where('username', '=', username).executeTakeFirst()
  return row && toPartner(row)
}

/** All partners, in order of their paths: each behind the one above it. */
export async function listPartners(db: Db): Promise<Partner[]> {
  const rows = await db.selectFrom('partners').selectAll().orderBy('path').execute()
  return rows.map(toPartner)
}

/** Changes what is given of a partner; with a policy every set below it is judged anew. */
export async function changePartner(db: Db, id: number, { policy, ...plain }: PartnerChange): Promise<void> {
  const change = given({ ...plain, policy: policy && JSON.stringify(policy) })
  if (!change) return
  await db.updateTable('partners').set(change).where('id', '=', id).execute()
  if (!policy) return
  const { path } = await partnerById(db, id)
  const below = db
    .selectFrom('accounts')
    .innerJoin('partners', 'partners.id', 'accounts.partner_id')
    .select('accounts.id')
    .where('partners.path', 'like', `${path}%`)
  await judgeAnew(db, judgements => judgements.where('account_id', 'in', below))
}

/** Removes a partner that nothing hangs on; its people go, and its clients, their tokens, its API keys and its channels end. */
export async function removePartner(db: Db, id: number): Promise<void> {
  const { username } = await partnerById(db, id)
  await db.deleteFrom('tokens').where('partner_id', '=', id).where('account_id', 'is', null).execute()
  await db.deleteFrom('clients').where('partner_id', '=', id).where('account_id', 'is', null).execute()
  await db.deleteFrom('api_keys').where('partner_id', '=', id).where('account_id', 'is', null).execute()
  const ownChannels = db
    .selectFrom('channels')
    .select('id')
    .where('partner_id', '=', id)
    .where('account_id', 'is', null)
  await db.deleteFrom('outbox').where('channel_id', 'in', ownChannels).execute()
  await db.deleteFrom('channels').where('partner_id', '=', id).where('account_id', 'is', null).execute()
  await db.deleteFrom('sign_in_links').where('partner_id', '=', id).execute()
  await db.deleteFrom('users').where('partner_id', '=', id).execute()
  await db.deleteFrom('partners').where('id', '=', id).execute()
  await releaseUsername(db, username)
}

/** The policy that holds at a path: nearer partners over those above them. */
export async function policyOf(db: Db, path: string): Promise<Policy> {
  const ids = path.split('/').filter(Boolean).map(Number)
  const rows = await db.selectFrom('partners').select(['path', 'policy']).where('id', 'in', ids).execute()
  return effectivePolicy(new Map(rows.map(row => [row.path, parsePolicy(row.policy)])), path)
}

async function partnerById(db: Db, id: number): Promise<Partner> {
  const row = await db.selectFrom('partners').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('not-found', 'There is no such partner.')
  return toPartner(row)
}

function toPartner(row: Selectable<Tables['partners']>): Partner {
  return {
    id: row.id,
    parentId: row.parent_id,
    path: row.path,
    username: row.username,
    name: row.name,
    company: row.company,
    email: row.email,
    phone: row.phone,
    policy: parsePolicy(row.policy),
    createdAt: row.created_at,
  }
}
