import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { KnownBelow, SetState, TreeBelow } from '../app/ports.ts'
import type { Instant } from '../domain/instant.ts'
import type { TreeNode } from '../domain/principal.ts'
import { setsOf, toBackupSet } from './backup-sets.ts'
import { computersOf, toComputer } from './computers.ts'
import type { Db } from './database.ts'
import { factColumnNames, newestFirst, toRunFacts } from './run-columns.ts'
import { stateColumnNames, toSetState } from './set-states.ts'

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

/** What is known of all sets below a node: one statement for each kind of knowledge, whatever the number of sets. */
export async function knownBelow(db: Db, node: TreeNode, now: Instant): Promise<KnownBelow> {
  return {
    states: await listStates(db, node),
    settledRuns: await listSettledRuns(db, node, now),
    pingCounts: await countPings(db, node),
    sightings: await listSightings(db, node),
  }
}

async function listStates(db: Db, node: TreeNode): Promise<SetState[]> {
  const rows = await db
    .selectFrom('set_states')
    .select(['set_id', ...stateColumnNames, ...factColumnNames])
    .where(isBelow('set_states', node))
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

async function listSightings(db: Db, node: TreeNode): Promise<KnownBelow['sightings']> {
  return db
    .selectFrom('sightings')
    .select(['computer_key as computerKey', 'from_at as from', 'until_at as until'])
    .where(isBelow('sightings', node))
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
    .orderBy('from_at')
    .execute()
}

/** What lets through the rows of a table that hang below a node: always by account, which all of them are keyed by. */
function isBelow(
  table: 'computers' | 'backup_sets' | 'set_states' | 'sightings',
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
