import { DatabaseSync } from 'node:sqlite'

const dayMs = 86_400_000

/**
 * Copies a database of Lastgood that nobody has open, and gives each of its runs older copies of itself, a day apart,
 * until there are `runs` in all. The newest run of every set stays what it was, so that everything derived from it
 * does too; a column that this knows nothing of is copied. Answers how many runs there are then.
 */
export function copyWithHistory(from: string, to: string, runs: number): number {
  copyDatabase(from, to)
  const db = new DatabaseSync(to)
  try {
    db.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -262144')
    const indexes = db.prepare(
      "select name, sql from sqlite_schema where type = 'index' and tbl_name = 'runs' and sql > ''",
    )
    const dropped = indexes.all()
    for (const { name } of dropped) db.exec(`drop index ${String(name)}`)
    addOlderRuns(db, runs)
    for (const { sql } of dropped) db.exec(String(sql))
    db.exec('pragma journal_mode = wal')
    return countRuns(db)
  } finally {
    db.close()
  }
}

/** Copies what is in the file and what is still in its log. */
function copyDatabase(from: string, to: string): void {
  const db = new DatabaseSync(from)
  try {
    db.prepare('vacuum into ?').run(to)
  } finally {
    db.close()
  }
}

/** How many runs a database of Lastgood that nobody else writes holds. */
export function countRuns(db: DatabaseSync): number {
  return Number(db.prepare('select count(*) as count from runs').get()?.['count'])
}

function addOlderRuns(db: DatabaseSync, runs: number): void {
  const depth = Math.floor(runs / countRuns(db)) - 1
  if (depth < 1) return
  const changed: Record<string, string> = {
    // Keys in the order of the table's unique index, so that it grows at its end.
    run_key: `printf('%08x-0000-4000-8000-%012x', newest.set_id, n)`,
    started_at: `newest.started_at - (${depth} + 1 - n) * ${dayMs}`,
    updated_at: `newest.updated_at - (${depth} + 1 - n) * ${dayMs}`,
    received_at: `newest.received_at - (${depth} + 1 - n) * ${dayMs}`,
  }
  const names = db.prepare("select name from pragma_table_info('runs') where name <> 'id'").all()
  const columns = names.map(({ name }) => String(name))
  db.exec(`
    create temp table newest as select * from runs order by account_id, computer_key, set_id;
    create temp table ages as
      with recursive ages (n) as (select 1 union all select n + 1 from ages where n < ${depth}) select n from ages;
    begin;
    insert into runs (${columns.join(', ')})
      select ${columns.map(name => changed[name] ?? `newest.${name}`).join(', ')} from newest cross join ages;
    commit`)
}
