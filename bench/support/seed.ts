import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import type { Store } from '../../src/app/ports.ts'
import { hashSecret, mintToken } from '../../src/app/secrets.ts'
import { days } from '../../src/domain/instant.ts'
import { scopes } from '../../src/domain/principal.ts'
import { toSlug } from '../../src/domain/slug.ts'
import { isPostgresUrl } from '../../src/storage/database-url.ts'
import { openStore } from '../../src/storage/store.ts'
import { goodRun, setNameOf } from './fleet.ts'

/** A fleet that is written straight into the tables; every run of it went well. */
export type Seed = {
  accounts: number
  computersEach: number
  /** The first so many accounts have so many computers instead. */
  large?: { accounts: number; computersEach: number }
  setsEach: number
  runsEach: number
  /** When the newest run of every set began, and how far its runs lie apart. */
  newestAt: number
  apartMs: number
}

/** A database beside its server: statements on it, and the numbers that some of them answer. */
export type Backdoor = {
  run: (sql: string) => Promise<void>
  count: (sql: string) => Promise<number>
  close: () => Promise<void>
}

export const usernameOf = (account: number): string => `customer-${100_001 + account}`
export const computerPathOf = (account: number, computer: number): string =>
  `/v1/accounts/${usernameOf(account)}/computers/${String(computer).padStart(4, '0')}`

/** Opens a database of Lastgood directly, whichever it is. */
export async function openBackdoor(url: string): Promise<Backdoor> {
  if (!isPostgresUrl(url)) {
    const db = new DatabaseSync(url, { timeout: 30_000 })
    return {
      run: async sql => db.exec(sql),
      count: async sql => Number(Object.values(db.prepare(sql).get() ?? {})[0]),
      close: async () => db.close(),
    }
  }
  const client = new pg.Client({ connectionString: url })
  // A server that ends before the connection does is no failure of its own.
  client.on('error', () => {})
  await client.connect()
  return {
    run: async sql => void (await client.query(sql)),
    count: async sql => Number(Object.values((await client.query(sql)).rows[0] as object)[0]),
    close: () => client.end(),
  }
}

/**
 * Makes a database with a fleet, as it would be if every run had been recorded and every set judged, except that nobody
 * has noted how conditions changed. Answers a token that may read and write all of it, and the number of its partner.
 */
export async function seedDatabase(url: string, seed: Seed): Promise<{ token: string; partnerId: number }> {
  const store = await openStore(url)
  const known = await addPartner(store)
  await store.close()
  const backdoor = await openBackdoor(url)
  const isPostgres = isPostgresUrl(url)
  if (isPostgres) await addPartitions(backdoor, seed)
  else await backdoor.run('pragma synchronous = off; pragma cache_size = -262144')
  for (const statement of seedStatements(seed, known.partnerId, isPostgres)) await backdoor.run(statement)
  await backdoor.run(isPostgres ? 'vacuum (analyze)' : 'pragma wal_checkpoint(truncate)')
  if (isPostgres) await backdoor.run('checkpoint')
  await backdoor.close()
  return known
}

async function addPartner(store: Store): Promise<{ token: string; partnerId: number }> {
  const now = Date.now()
  const { id: partnerId } = await store.addPartner({ parentId: null, username: 'benchmark', name: 'Benchmark' }, now)
  const place = { partnerId, accountId: null, computerKey: null }
  const token = mintToken()
  await store.addToken({ hash: hashSecret(token), scopes, clientId: null, place, expiresAt: now + days(1) }, now)
  return { token, partnerId }
}

const facts = {
  type: `'backup'`,
  plugin: `'file'`,
  state: `'finished'`,
  total_files: goodRun.total_files,
  processed_files: goodRun.processed_files,
  new_files: goodRun.new_files,
  bytes: goodRun.bytes,
  errors: 0,
  warnings: 0,
}
const factNames = Object.keys(facts).join(', ')

/** Every statement, in an order in which each finds what it refers to. Numbers with a 1 in front stand for leading zeros. */
function seedStatements(
  { accounts, computersEach, large, setsEach, runsEach, newestAt, apartMs }: Seed,
  partnerId: number,
  isPostgres: boolean,
): string[] {
  const series = (last: number) =>
    isPostgres
      ? `generate_series(cast(1 as bigint), ${last}) as s (n)`
      : `(with recursive s (n) as (select 1 union all select n + 1 from s where n < ${last}) select n from s) as s`
  const digits = (number: string, length: number) => `substr(cast(${number} + 1${'0'.repeat(length)} as text), 2)`
  const runKey = (n: string, set: string) => `${digits(n, 8)} || '-0000-4000-8000-' || ${digits(set, 12)}`
  const startedAt = `${newestAt} - (${runsEach} - s.n) * ${apartMs}`
  const oldestAt = newestAt - (runsEach - 1) * apartMs
  const most = Math.max(computersEach, large?.computersEach ?? 0)
  const computers = large
    ? `case when accounts.username <= '${usernameOf(large.accounts - 1)}' then ${large.computersEach} else ${computersEach} end`
    : computersEach
  const names = Array.from({ length: setsEach }, (_, index) => setNameOf(index))
  const sets = names.map(name => `select '${name}' as name, '${toSlug(name)}' as slug`).join(' union all ')
  return [
    `insert into accounts (partner_id, username, name, time_zone, accepts_new_sets, created_at)
      select ${partnerId}, 'customer-' || (100000 + s.n), 'customer-' || (100000 + s.n), 'America/New_York', 1, ${oldestAt}
      from ${series(accounts)}`,
    `insert into usernames (name) select username from accounts`,
    `insert into data_versions (account_id, version, judged_version) select id, 1, 1 from accounts`,
    `insert into computers (account_id, computer_id, name, status, created_at)
      select accounts.id, ${digits('s.n - 1', 4)}, 'computer-' || ${digits('s.n - 1', 4)}, 'active', ${oldestAt}
      from accounts cross join ${series(most)} where s.n <= ${computers}`,
    `insert into backup_sets
      (account_id, computer_key, name, slug, plugin, run_limit_ms, enabled, created_at, expected_from)
      select computers.account_id, computers.key, n.name, n.slug, 'file', ${days(1)}, 1, ${oldestAt}, ${oldestAt}
      from computers cross join (${sets}) as n`,
    `insert into judgements (account_id, computer_key, set_id, next_at, rules, status)
      select account_id, computer_key, id, null, 'COMPLETED', 'COMPLETED' from backup_sets`,
    `insert into runs (account_id, computer_key, set_id, run_key, received_at, outcome, started_at, updated_at, ${factNames})
      select b.account_id, b.computer_key, b.id, ${runKey('s.n', 'b.id')}, ${startedAt}, 1, ${startedAt}, ${startedAt},
        ${Object.values(facts).join(', ')} from backup_sets as b cross join ${series(runsEach)}`,
    `insert into set_states (account_id, computer_key, set_id, run_id, run_key, version, good_started_at, good_ended_at,
        bytes_run_id, good_bytes, started_at, updated_at, ${factNames})
      select r.account_id, r.computer_key, r.set_id, r.id, r.run_key, 1, r.started_at, r.updated_at, r.id, r.bytes,
        r.started_at, r.updated_at, ${factNames} from runs as r where r.started_at = ${newestAt}`,
    `update data_versions set version = version + 1 where account_id = 0`,
  ]
}

/** Where runs lie in partitions, each month of the fleet needs one, unless there is one already. */
async function addPartitions(backdoor: Backdoor, { newestAt, runsEach, apartMs }: Seed): Promise<void> {
  const isPartitioned = await backdoor.count(
    `select count(*) from pg_class where relname = 'runs' and relkind = 'p' and relnamespace = 'public'::regnamespace`,
  )
  if (isPartitioned === 0) return
  for (let at = new Date(newestAt - runsEach * apartMs); at.getTime() <= newestAt;) {
    const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()]
    const [from, until] = [Date.UTC(year, month), Date.UTC(year, month + 1)]
    const name = `runs_${new Date(from).toISOString().slice(0, 7).replace('-', '_')}`
    await backdoor.run(`do $$ begin
      create table ${name} partition of runs for values from (${from}) to (${until});
      exception when invalid_object_definition or duplicate_table then null; end $$`)
    at = new Date(until)
  }
}
