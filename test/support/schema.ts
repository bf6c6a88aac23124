import type { PlainDatabase, Row } from './old-database.ts'

/**
 * Describes all that makes up the schema of a database but the order of columns: a line for each thing, in order. What
 * only the migrator needs is left out, and of PostgreSQL the partition `runs_before`, which holds the runs that were there
 * before there were partitions: a database that never had any has no such partition.
 */
export async function readSchema({ kind, all }: PlainDatabase): Promise<string[]> {
  const found = await all(
    `select line from (${(kind === 'sqlite' ? sqliteLines : postgresLines).join(' union all ')}) as x`,
  )
  return found.map(({ line }) => String(line)).toSorted()
}

/** Names the tables that hold rows; the partitions of a table are in it. */
export async function tableNames({ kind, all }: PlainDatabase): Promise<string[]> {
  const found = await all(
    kind === 'sqlite'
      ? `select name from sqlite_schema where ${isOurs('name')} and type = 'table'`
      : `select relname as name from ${postgresRelations} and relkind in ('r', 'p') and not relispartition`,
  )
  return found.map(({ name }) => String(name)).toSorted()
}

/** Reads every row of every table by the table's name, and under `counters` how far each table has counted its keys. */
export async function readRows(database: PlainDatabase): Promise<Record<string, Row[]>> {
  const rows: Record<string, Row[]> = { counters: await readCounters(database) }
  for (const table of await tableNames(database)) rows[table] = await database.all(`select * from "${table}"`)
  return rows
}

async function readCounters(database: PlainDatabase): Promise<Row[]> {
  if (database.kind === 'sqlite') return database.all('select name, seq from sqlite_sequence where seq > 0')
  return database.all(`select * from (select relname as name, pg_sequence_last_value(
      pg_get_serial_sequence(relname, attname)::regclass) as seq
    from ${postgresColumns} and attidentity <> '' and not relispartition) as counters where seq is not null`)
}

const isOurs = (name: string) => `${name} not like 'sqlite_%' and ${name} not like 'migrations%'`

const ofEachTable = `sqlite_schema as m join pragma_table_list(m.name) as l on l.schema = 'main' and m.type = 'table'
  and ${isOurs('m.name')}`

const sqliteLines = [
  `select concat_ws(' ', 'table', m.name, l.wr, l.strict, m.sql like '%autoincrement%') as line from ${ofEachTable}`,
  `select concat_ws(' ', 'column', m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden)
    from ${ofEachTable} join pragma_table_xinfo(m.name) as c`,
  `select concat_ws(' ', 'index', m.name, i.origin, i."unique", (select group_concat(concat_ws(' ', c.name, c."desc", c.coll))
      from pragma_index_xinfo(i.name) as c where c.key = 1), (select s.sql from sqlite_schema as s where s.name = i.name))
    from ${ofEachTable} join pragma_index_list(m.name) as i`,
  `select concat_ws(' ', 'foreign key', m.name, f.id, f.seq, f."table", f."from", f."to", f.on_update, f.on_delete)
    from ${ofEachTable} join pragma_foreign_key_list(m.name) as f`,
  `select concat_ws(' ', type, name, sql) from sqlite_schema where type in ('trigger', 'view')`,
]

const postgresRelations = `pg_class where relnamespace = 'public'::regnamespace and relname not like 'migrations%'
  and relname <> 'runs_before'`

const postgresColumns = `(select * from ${postgresRelations}) as c join pg_attribute as a on a.attrelid = c.oid
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p')`

const ofRelation = (catalog: string, key: string) => `${catalog} where ${key} in (select oid from ${postgresRelations})`

const postgresLines = [
  `select concat_ws(' ', 'relation', relname, relkind, relpersistence, pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid))
    as line from ${postgresRelations} and relkind in ('r', 'p', 'S', 'v')`,
  `select concat_ws(' ', 'column', relname, attname, format_type(atttypid, atttypmod), attnotnull, 'identity', attidentity,
      attcollation, (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef as d
        where d.adrelid = c.oid and d.adnum = a.attnum))
    from ${postgresColumns}`,
  `select concat_ws(' ', 'index', pg_get_indexdef(indexrelid), indisvalid, indisunique, indisprimary)
    from ${ofRelation('pg_index', 'indrelid')}`,
  `select concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from ${ofRelation('pg_constraint', 'conrelid')}`,
  `select concat_ws(' ', 'trigger', tgrelid::regclass, pg_get_triggerdef(oid), tgenabled)
    from ${ofRelation('pg_trigger', 'tgrelid')} and not tgisinternal`,
  `select concat_ws(' ', 'function', pg_get_functiondef(oid)) from pg_proc where pronamespace = 'public'::regnamespace`,
]
