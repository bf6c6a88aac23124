import { readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { openStore } from '../src/storage/store.ts'
import { type Binding, bindingOf, type Schema } from './support/account-keys.ts'
import { buildTestServer } from './support/a-server.ts'
import { buildHotPaths } from './support/hot-paths.ts'
import { openStatementLog } from './support/statement-log.ts'
import { makePostgresDatabase } from './support/stores.ts'

const onPostgres = describe.skipIf(inject('postgresUrl') === '')

/** Statements that are about rows of many accounts, or of one that is not known yet: what is in them, by their names. */
const acrossAccounts: Record<string, RegExp> = {
  claimDue: /^select judgements\.account_id, .* from judgements where next_at <=/,
  findReported:
    /^with v as materialized \( select v\.account_id, v\.version, v\.judged_version from data_versions as v/,
  'the messages of a channel': /(?:from "channels" where exists .*"outbox"|^with due as materialized .* join outbox)/,
  'whose runs are kept no longer': /^(?:with c as materialized \( select \* from|insert into) retention /,
  'the computer of an address': /from "computers" .*where "accounts"\."username" = .* and "computers"\."computer_id" =/,
  'the computer of a key': /from "computers" .*where "computers"\."key" = /,
  'the bearer of a secret': /from "(?:agent_keys|tokens|api_keys|sessions)" /,
  'the newest change of all': /^select "id" from "condition_changes" order by "id" desc limit/,
  'the set or computer of a ping': /from "(?:set_ping_ids|ping_keys)" /,
  'what is below a partner': /in \( ?select a\.id from accounts as a join partners as p on p\.id = a\.partner_id/,
}

onPostgres('on PostgreSQL', () => {
  test('every statement in daily use meets rows of one account at a time, or is named as one that does not', async () => {
    const { server, log, schema } = await aLoggedServer()
    const paths = await buildHotPaths(server)
    log.take()
    const seen = new Set<string>()
    const wrong: string[] = []
    const excused = new Set<string>()
    for (const [name, act] of Object.entries(paths)) {
      server.now += 1_000
      await act()
      const statements = log.take()
      expect([name, statements.length > 0]).toEqual([name, true])
      for (const { sql, values } of statements) {
        const binding = bindingOf(sql, values, schema)
        const text = sql.replaceAll(/\s+/g, ' ')
        if (binding !== 'none') seen.add(text)
        if (binding !== 'apart' && binding !== 'together') continue
        const excuse = Object.entries(acrossAccounts).find(([, pattern]) => pattern.test(text))?.[0]
        // Even these never join rows of two accounts.
        if (excuse === undefined || binding === 'apart') wrong.push(`${name}, ${binding}: ${text}`)
        else excused.add(excuse)
      }
    }
    expect(wrong).toEqual([])
    expect([...excused].toSorted()).toEqual(Object.keys(acrossAccounts).toSorted())
    expect(seen.size).toBeGreaterThan(40)
  })

  test('the page on scaling says of every table how it is distributed, and says it as the keys of the tables allow', async () => {
    const { schema } = await aLoggedServer()
    const page = readFileSync(path.join(import.meta.dirname, '../docs/scaling.md'), 'utf8')
    const named = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, table]) => String(table)).toSorted()
    const distributed = named(/^select create_distributed_table\('(\w+)', 'account_id'/gm)
    const everywhere = named(/^select create_reference_table\('(\w+)'\)/gm)
    const ofMigrations = /^migrations/
    expect(distributed).toEqual([...schema.distributed].toSorted())
    expect(everywhere).toEqual(
      [...schema.columns.keys()].filter(name => !schema.distributed.has(name) && !ofMigrations.test(name)).toSorted(),
    )
  })
})

test('the page on scaling names every statement across accounts', () => {
  const page = readFileSync(path.join(import.meta.dirname, '../docs/scaling.md'), 'utf8')
  expect(Object.keys(acrossAccounts).filter(name => !page.includes(`| ${name} `))).toEqual([])
})

describe('what binds a statement to accounts', () => {
  const schema: Schema = {
    columns: new Map([
      ['runs', ['account_id', 'id', 'set_id']],
      ['sets', ['account_id', 'id', 'name']],
      ['accounts', ['id', 'name']],
    ]),
    distributed: new Set(['runs', 'sets']),
  }
  const rows = '(select * from json_to_recordset($1::json) as input (account_id bigint, id bigint)) as r'

  test.each<[Binding, string]>([
    ['none', 'select name from accounts'],
    ['value', 'select id from runs where account_id = $1'],
    ['value', 'select id from runs where account_id = any($1)'],
    ['value', 'select id from runs join sets on sets.account_id = runs.account_id where runs.account_id = $1'],
    ['value', 'select 1 from runs as x, sets as y where x.account_id = $1 and y.account_id = $1'],
    [
      'value',
      'select 1 from runs where (account_id, id) in (select s.account_id, s.id from sets as s where s.account_id = $1)',
    ],
    ['value', 'select (select 1 from sets where sets.account_id = runs.account_id) from runs where account_id = $1'],
    [
      'value',
      'with j as (select * from runs where account_id = $1) select 1 from j join sets using_ on using_.account_id = j.account_id',
    ],
    ['value', 'insert into runs (account_id, id) values ($1, $2)'],
    ['rows', `insert into runs (account_id, id) select r.account_id, r.id from ${rows}`],
    [
      'rows',
      `select 1 from ${rows} join runs on runs.account_id = r.account_id left join sets on sets.account_id = runs.account_id`,
    ],
    ['rows', `update runs set set_id = 1 from ${rows} where runs.account_id = r.account_id`],
    ['rows', `delete from runs where exists (select 1 from ${rows} where r.account_id = runs.account_id)`],
    ['together', 'select id from runs'],
    ['together', 'select id from runs where id = $1'],
    ['together', 'select 1 from runs join sets on sets.account_id = runs.account_id'],
    ['together', 'select id from runs where account_id = $1 or id = $2'],
    ['together', 'select id from runs where account_id <> $1'],
    ['together', 'select 1 from runs left join sets on sets.account_id = runs.account_id and runs.account_id = $1'],
    [
      'together',
      'select 1 from runs where not exists (select 1 from sets where sets.account_id = runs.account_id and sets.account_id = $1)',
    ],
    ['apart', 'select 1 from runs join sets on sets.id = runs.set_id'],
    ['apart', 'select 1 from runs join sets on sets.id = runs.set_id where runs.account_id = $1'],
    ['apart', 'select (select max(sets.id) from sets) from runs where account_id = $1'],
    ['apart', 'select 1 from runs left join sets on sets.id = runs.set_id where runs.account_id = $1'],
    [
      'apart',
      `insert into runs (account_id, id) select s.account_id, r.id from ${rows} join sets as s on s.id = r.id join runs as n on n.account_id = r.account_id`,
    ],
  ])('%s: %s', (binding, sql) => {
    expect(bindingOf(sql, ['5', '6'], schema)).toBe(binding)
  })
})

/** A server on a database of its own, with all that it sends there written down, and the tables that are there. */
async function aLoggedServer() {
  const database = await makePostgresDatabase()
  const log = await openStatementLog(database.url)
  const store = await openStore(log.url)
  const server = await buildTestServer({ store, database: database.url })
  onTestFinished(async () => {
    await server.app.close()
    await store.close()
    await log.close()
    await database.remove()
  })
  return { server, log, schema: await readSchema(database.url) }
}

/** A table can be distributed by account where all that is unique in it is unique within an account. */
async function readSchema(url: string): Promise<Schema> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ name: string; columns: string[]; is_distributed: boolean }>(`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns,
      bool_or(a.attname = 'account_id' and a.attnotnull) and not exists (
        select 1 from pg_index as i where i.indrelid = c.oid and i.indisunique and not exists (
          select 1 from pg_attribute as k
          where k.attrelid = c.oid and k.attname = 'account_id' and k.attnum = any(i.indkey))) as is_distributed
    from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    group by c.oid, c.relname`)
  await client.end()
  return {
    columns: new Map(rows.map(({ name, columns }) => [name, columns])),
    distributed: new Set(rows.filter(row => row.is_distributed).map(({ name }) => name)),
  }
}
