import type { ComputerSelection, RowWindow } from '../app/ports.ts'
import type { ComputerChange, NewComputer, NewExpectation } from '../app/tree-ports.ts'
import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import type { AccountStatus, Computer, ComputerStatus } from '../domain/tree.ts'
import { setExpectations } from './backup-sets.ts'
import type { Database, Db } from './database.ts'
import { given } from './given.ts'
import { judgeAnew } from './judgements.ts'
import { prepare } from './prepared.ts'

/** A query for computers with what surrounds them. */
export const computersOf = (db: Db) =>
  db
    .selectFrom('computers')
    .innerJoin('accounts', 'accounts.id', 'computers.account_id')
    .innerJoin('partners', 'partners.id', 'accounts.partner_id')
    .select([
      'computers.key as key',
      'computers.account_id as accountId',
      'accounts.username as username',
      'partners.path as partnerPath',
      'computers.computer_id as computerId',
      'computers.name as name',
      'computers.time_zone as ownTimeZone',
      'accounts.time_zone as accountTimeZone',
      'computers.status as status',
      'accounts.accepts_new_sets as acceptsNewSets',
      'computers.email as email',
      'computers.phone as phone',
      'accounts.status as accountStatus',
      'computers.created_at as createdAt',
    ])
    // Not `exists`: where many computers might be asked for, PostgreSQL would look through all sets of everybody for that.
    .select(eb =>
      eb
        .selectFrom('backup_sets')
        .select('backup_sets.id')
        .whereRef('backup_sets.account_id', '=', 'computers.account_id')
        .whereRef('backup_sets.computer_key', '=', 'computers.key')
        .where('backup_sets.presence', '=', 'required')
        .limit(1)
        .as('isWatched'),
    )

type ComputerRow = Omit<Computer, 'timeZone' | 'status' | 'accountStatus' | 'acceptsNewSets' | 'isWatched'> & {
  accountTimeZone: string
  status: string
  accountStatus: string
  acceptsNewSets: number
  /** One of its sets that asks for its presence. */
  isWatched: number | null
}

/** A computer as a row of that query has it. */
export function toComputer({ accountTimeZone, ...row }: ComputerRow): Computer {
  return {
    ...row,
    timeZone: row.ownTimeZone ?? accountTimeZone,
    // Only this file writes the column.
    status: row.status as ComputerStatus,
    // Only the file of accounts writes theirs.
    accountStatus: row.accountStatus as AccountStatus,
    acceptsNewSets: row.acceptsNewSets !== 0,
    isWatched: row.isWatched !== null,
  }
}

/** Adds a computer with the account's next number. */
export async function addComputer(
  db: Db,
  { accountId, name, timeZone, email, phone }: NewComputer,
  now: Instant,
): Promise<Computer> {
  const { last } = await db
    .selectFrom('computers')
    .select(eb => eb.fn.count<number>('key').as('last'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  const added = await db
    .insertInto('computers')
    .values({
      account_id: accountId,
      computer_id: String(last).padStart(4, '0'),
      name,
      time_zone: timeZone,
      status: 'active',
      ...given({ email, phone }),
      created_at: now,
    })
    .returning('key')
    .executeTakeFirstOrThrow()
  return toComputer(await computersOf(db).where('computers.key', '=', added.key).executeTakeFirstOrThrow())
}

/** Builds the look-ups of one computer: by account and computer id, and by key. Deleted computers are not found. */
export function prepareComputers(database: Database) {
  const byName = prepare(database, (username: string, computerId: string) =>
    computersOf(database.reader)
      .where('accounts.username', '=', username)
      .where('computers.computer_id', '=', computerId)
      .where('computers.status', '!=', 'deleted'),
  )
  const byKey = prepare(database, (key: number) =>
    computersOf(database.reader).where('computers.key', '=', key).where('computers.status', '!=', 'deleted'),
  )
  return {
    findComputer: async (username: string, computerId: string) =>
      (await byName(username, computerId)).map(toComputer)[0],
    findComputerByKey: async (key: number) => (await byKey(key)).map(toComputer)[0],
  }
}

/** A computer by account and computer id, also one that was deleted. */
export async function findKnownComputer(db: Db, username: string, computerId: string): Promise<Computer | undefined> {
  const row = await computersOf(db)
    .where('accounts.username', '=', username)
    .where('computers.computer_id', '=', computerId)
    .executeTakeFirst()
  return row && toComputer(row)
}

/** The computers of an account, deleted ones included, in order of their ids. */
export async function listComputers(db: Db, accountId: number): Promise<Computer[]> {
  const rows = await computersOf(db).where('computers.account_id', '=', accountId).orderBy('computers.key').execute()
  return rows.map(toComputer)
}

// Numbers are given in the order of keys.
const orders = {
  computerId: ['computers.key'],
  name: ['computers.name', 'computers.key'],
  status: ['computers.status', 'computers.name', 'computers.key'],
} as const

/** A page of some computers, and how many there are over all pages. */
export async function selectComputers(
  db: Db,
  { accountId, computerKey, statuses, orderBy, isDescending }: ComputerSelection,
  { skip, most }: RowWindow,
): Promise<{ computers: Computer[]; count: number }> {
  let selected = computersOf(db)
    .where('computers.account_id', '=', accountId)
    .where('computers.status', 'in', statuses)
    .$if(computerKey !== null, query => query.where('computers.key', '=', computerKey))
  const { count } = await selected
    .clearSelect()
    .select(eb => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  for (const column of orders[orderBy]) selected = selected.orderBy(column, isDescending ? 'desc' : 'asc')
  const rows = await selected.limit(most).offset(skip).execute()
  return { computers: rows.map(toComputer), count }
}

/**
 * Changes what is given of a computer, whose sets are then judged anew. One that was deleted stays as it is, whoever has
 * not heard of that yet. Throws `not-found`.
 */
export async function changeComputer(
  db: Db,
  key: number,
  { ownTimeZone, deletedAt, ...plain }: ComputerChange,
  expectations: readonly NewExpectation[] = [],
): Promise<void> {
  const change = given({ ...plain, time_zone: ownTimeZone, deleted_at: deletedAt })
  if (!change) return
  const { numUpdatedRows } = await db
    .updateTable('computers')
    .set(change)
    .where('key', '=', key)
    .where('status', '!=', 'deleted')
    .executeTakeFirst()
  if (numUpdatedRows === 0n && plain.status !== 'deleted') {
    throw new AppError('not-found', 'The computer was deleted; only its history is kept.')
  }
  await setExpectations(db, expectations)
  const account = db.selectFrom('computers').select('account_id').where('key', '=', key)
  await judgeAnew(db, judgements => judgements.where('account_id', '=', account).where('computer_key', '=', key))
}
