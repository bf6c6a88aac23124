import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { KnownBelow, SetState, Slice, SliceBelow, TreeBelow } from '../app/ports.ts'
import type { Instant } from '../domain/instant.ts'
import type { TreeNode } from '../domain/principal.ts'
import { setsOf, toBackupSet } from './backup-sets.ts'
import { computersOf, toComputer } from './computers.ts'
import type { Db } from './database.ts'
import { factColumnNames, newestFirst, toRunFacts } from './run-columns.ts'
import { stateColumnNames, toSetState } from './set-states.ts'
import { mostSightings } from './sightings.ts'

/** What hangs below a node of the tree. */
export async function treeBelow(db: Db, node: TreeNode): Promise<TreeBelow> {
  const computers = await computersOf(db)
    .where(isBelow('computers', node))
    .where('computers.status', '!=', 'deleted')
    .orderBy('accounts.username')
    .orderBy('computers.key')
    .execute()
  const sets = await setsOf(db).where(isBelow('backup_sets', node)).orderBy('name').execute()
  const keys = new Set(computers.map(({ key }) => key))
  return {
    computers: computers.map(toComputer),
    sets: sets.filter(({ computer_key }) => keys.has(computer_key)).map(toBackupSet),
  }
}

/** Some of the computers below a node, and all that their sets are judged by: four statements, whatever their number. */
export async function sliceBelow(db: Db, node: TreeNode, { after, most }: Slice): Promise<SliceBelow> {
  const rows = await computersOf(db)
    .where(isBelow('computers', node))
    .where('computers.status', '!=', 'deleted')
    .where('computers.key', '>', after)
    .orderBy('computers.key')
    .limit(most)
    .execute()
  const computers = rows.map(toComputer)
  const last = computers.at(-1)?.key ?? after
  // What was added or removed since then changes nothing of which computers are meant.
  const isOfThem = (table: TableOfComputers) => isOfComputers(table, node, { after, last })
  const sets = await setsOf(db).where(isOfThem('backup_sets')).orderBy('name').execute()
  return {
    computers,
    sets: sets.map(toBackupSet),
    states: await listStates(db, isOfThem('set_states')),
    sightings: computers.some(({ isWatched }) => isWatched) ? await listSightings(db, isOfThem('sightings')) : [],
  }
}

/** What is known of all sets below a node: one statement for each kind of knowledge, whatever the number of sets. */
export async function knownBelow(db: Db, node: TreeNode, now: Instant): Promise<KnownBelow> {
  return {
    states: await listStates(db, isBelow('set_states', node)),
    settledRuns: await listSettledRuns(db, node, now),
    pingCounts: await countPings(db, node),
    sightings: await listSightings(db, isBelow('sightings', node)),
  }
}

async function listStates(db: Db, isWanted: RawBuilder<SqlBool>): Promise<SetState[]> {
  const rows = await db
    .selectFrom('set_states')
    .select(['set_id', ...stateColumnNames, ...factColumnNames])
    .where(isWanted)
    .execute()
  return rows.map(row => toSetState(row.set_id, row))
}

/** By the index of the runs of a set one row each, and only of sets with a run that has not ended. */
async function listSettledRuns(db: Db, node: TreeNode, now: Instant): Promise<KnownBelow['settledRuns']> {
  const rows = await db
    .selectFrom('set_states')
    .innerJoin('backup_sets', join =>
      join
        .onRef('backup_sets.account_id', '=', 'set_states.account_id')
        .onRef('backup_sets.id', '=', 'set_states.set_id'),
    )
    .innerJoin('runs', join =>
      join.onRef('runs.account_id', '=', 'set_states.account_id').on(
        'runs.id',
        '=',
        sql<number>`(select r.id from runs as r
          where r.account_id = set_states.account_id and r.set_id = set_states.set_id and r.type = 'backup'
            and (r.outcome <> 0 or r.started_at < ${now} - backup_sets.run_limit_ms)
          order by ${sql.raw(newestFirst('r'))} limit 1)`,
      ),
    )
    .select('set_states.set_id as setId')
    .select(factColumnNames.map(name => `runs.${name}` as const))
    .where(isBelow('set_states', node))
    .where('set_states.open_started_at', 'is not', null)
    .execute()
  return rows.map(({ setId, ...row }) => ({ setId, ...toRunFacts(row) }))
}

/** What each set costs is bounded: the end of an index, and where there is nothing a hundred entries of another. */
async function countPings(db: Db, node: TreeNode): Promise<KnownBelow['pingCounts']> {
  return db
    .selectFrom('backup_sets')
    .select('backup_sets.id as setId')
    .select(
      sql<number>`coalesce(
        (select max(pings.n) from pings where pings.account_id = backup_sets.account_id and pings.set_id = backup_sets.id),
        (select count(*) from (select 1 from runs
          where runs.account_id = backup_sets.account_id and runs.set_id = backup_sets.id limit 100) as counted))`.as(
        'count',
      ),
    )
    .where(isBelow('backup_sets', node))
    .execute()
}

/** As many of each computer as are looked at when it is asked for by itself. */
async function listSightings(db: Db, isWanted: RawBuilder<SqlBool>): Promise<KnownBelow['sightings']> {
  return db
    .selectFrom(
      db
        .selectFrom('sightings')
        .select(['computer_key as computerKey', 'from_at as from', 'until_at as until'])
        .select(
          sql<number>`row_number() over (partition by account_id, computer_key order by from_at desc)`.as('newness'),
        )
        .where(isWanted)
        .where(eb =>
          eb.exists(
            eb
              .selectFrom('backup_sets')
              .select('backup_sets.id')
              .whereRef('backup_sets.account_id', '=', 'sightings.account_id')
              .whereRef('backup_sets.computer_key', '=', 'sightings.computer_key')
              .where('backup_sets.presence', '=', 'required'),
          ),
        )
        .as('seen'),
    )
    .select(['seen.computerKey', 'seen.from', 'seen.until'])
    .where('seen.newness', '<=', mostSightings)
    .orderBy('seen.from')
    .execute()
}

type TableOfComputers = 'backup_sets' | 'set_states' | 'sightings'

/** What lets through the rows of a table that belong to computers below a node, those with keys from `after` to `last`. */
function isOfComputers(
  table: TableOfComputers,
  node: TreeNode,
  { after, last }: { after: number; last: number },
): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(`${table}.account_id`)}, ${sql.ref(`${table}.computer_key`)}) in (
    select computers.account_id, computers.key from computers
    where ${isBelow('computers', node)} and computers.key > ${after} and computers.key <= ${last}
      and computers.status <> 'deleted')`
}

/** What lets through the rows of a table that hang below a node: always by account, which all of them are keyed by. */
function isBelow(
  table: 'computers' | TableOfComputers,
  { partnerPath, accountId, computerKey }: TreeNode,
): RawBuilder<SqlBool> {
  const account = sql.ref(`${table}.account_id`)
  if (accountId === null) {
    return sql<SqlBool>`${account} in (select a.id from accounts as a
      join partners as p on p.id = a.partner_id where p.path like ${`${partnerPath}%`})`
  }
  const ofAccount = sql<SqlBool>`${account} = ${accountId}`
  if (computerKey === null) return ofAccount
  return sql<SqlBool>`${ofAccount} and ${sql.ref(`${table}.${table === 'computers' ? 'key' : 'computer_key'}`)} = ${computerKey}`
}
