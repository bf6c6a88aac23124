import type { AccountChange, NewAccount, NewExpectation } from '../app/tree-ports.ts'
import type { Instant } from '../domain/instant.ts'
import { AppError } from '../domain/app-error.ts'
import type { Account, AccountStatus } from '../domain/tree.ts'
import { setExpectations } from './backup-sets.ts'
import type { Db } from './database.ts'
import { given, toFlag } from './given.ts'
import { judgeAnew } from './judgements.ts'
import { releaseUsername, takeUsername } from './usernames.ts'

const accountsOf = (db: Db) =>
  db
    .selectFrom('accounts')
    .innerJoin('partners', 'partners.id', 'accounts.partner_id')
    .select([
      'accounts.id as id',
      'accounts.partner_id as partnerId',
      'partners.path as partnerPath',
      'accounts.username as username',
      'accounts.name as name',
      'accounts.time_zone as timeZone',
      'accounts.accepts_new_sets as acceptsNewSets',
      'accounts.company as company',
      'accounts.email as email',
      'accounts.phone as phone',
      'accounts.reference_code as referenceCode',
      'accounts.status as status',
      'accounts.run_days as runDays',
      'accounts.log_days as logDays',
      'accounts.created_at as createdAt',
    ])

type AccountRow = Omit<Account, 'acceptsNewSets' | 'status'> & { acceptsNewSets: number; status: string }

function toAccount(row: AccountRow): Account {
  // Only this file writes the status.
  return { ...row, acceptsNewSets: row.acceptsNewSets !== 0, status: row.status as AccountStatus }
}

/** Adds an account below a partner. */
export async function addAccount(db: Db, account: NewAccount, now: Instant): Promise<Account> {
  await takeUsername(db, account.username)
  const added = await db
    .insertInto('accounts')
    .values({
      partner_id: account.partnerId,
      username: account.username,
      name: account.name,
      time_zone: account.timeZone,
      accepts_new_sets: Number(account.acceptsNewSets),
      ...given({
        company: account.company,
        email: account.email,
        phone: account.phone,
        reference_code: account.referenceCode,
        run_days: account.runDays,
        log_days: account.logDays,
      }),
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.insertInto('data_versions').values({ account_id: added.id, version: 1, judged_version: 1 }).execute()
  return toAccount(await accountsOf(db).where('accounts.id', '=', added.id).executeTakeFirstOrThrow())
}

/** The account with this username. */
export async function findAccount(db: Db, username: string): Promise<Account | undefined> {
  const row = await accountsOf(db).where('accounts.username', '=', username).executeTakeFirst()
  return row && toAccount(row)
}

/** All accounts, in order of their usernames. */
export async function listAccounts(db: Db): Promise<Account[]> {
  const rows = await accountsOf(db).orderBy('accounts.username').execute()
  return rows.map(toAccount)
}

/** How many days the account that keeps runs longest keeps them; 0 is for ever. */
export async function longestRunDays(db: Db, usual: number): Promise<number> {
  const rows = await db.selectFrom('accounts').select('run_days').distinct().execute()
  const all = rows.map(({ run_days }) => run_days ?? usual)
  return all.includes(0) ? 0 : Math.max(...all, usual)
}

/** Changes what is given of an account, whose sets are then judged anew. */
export async function changeAccount(
  db: Db,
  id: number,
  { timeZone, acceptsNewSets, referenceCode, cancellationNote, runDays, logDays, ...plain }: AccountChange,
  expectations: readonly NewExpectation[] = [],
): Promise<void> {
  const change = given({
    ...plain,
    time_zone: timeZone,
    accepts_new_sets: toFlag(acceptsNewSets),
    reference_code: referenceCode,
    cancellation_note: cancellationNote,
    run_days: runDays,
    log_days: logDays,
  })
  if (!change) return
  await db.updateTable('accounts').set(change).where('id', '=', id).execute()
  if (runDays !== undefined || logDays !== undefined) {
    await db.updateTable('retention').set({ next_at: 0, after_set: null }).where('account_id', '=', id).execute()
  }
  await setExpectations(db, expectations)
  await judgeAnew(db, judgements => judgements.where('account_id', '=', id))
}

/** Removes an account that has no computers; its clients, their tokens, its API keys and its channels end. */
export async function removeAccount(db: Db, id: number): Promise<void> {
  const computer = await db.selectFrom('computers').select('key').where('account_id', '=', id).executeTakeFirst()
  if (computer) throw new AppError('conflict', 'The account still has computers, so it cannot be removed.')
  const account = await accountsOf(db).where('accounts.id', '=', id).executeTakeFirst()
  await db.deleteFrom('tokens').where('account_id', '=', id).execute()
  await db.deleteFrom('clients').where('account_id', '=', id).execute()
  await db.deleteFrom('api_keys').where('account_id', '=', id).execute()
  const ownChannels = db.selectFrom('channels').select('id').where('account_id', '=', id)
  await db.deleteFrom('outbox').where('channel_id', 'in', ownChannels).execute()
  await db.deleteFrom('channels').where('account_id', '=', id).execute()
  await db.deleteFrom('retention').where('account_id', '=', id).execute()
  await db.deleteFrom('data_versions').where('account_id', '=', id).execute()
  await db.deleteFrom('accounts').where('id', '=', id).execute()
  if (account) await releaseUsername(db, account.username)
}
