import type { CopiedRow, CopiedTable, CopySide } from './side.ts'

const ofOurs = `c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`

const columnsStatement = `select c.relname, a.attname, format_type(a.atttypid, null),
    coalesce(pg_get_serial_sequence(quote_ident(c.relname), a.attname),
      substring(pg_get_expr(d.adbin, d.adrelid) from 'nextval\\(''([^'']+)''')), a.attnotnull
  from pg_class as c
  join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
  where ${ofOurs} order by c.relname, a.attnum`

const keysStatement = `select c.relname, i.indisprimary, i.indisunique, (
    select json_agg(a.attname order by k.place) from unnest(i.indkey::int2[]) with ordinality as k (number, place)
    join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.number where k.place <= i.indnkeyatts)
  from pg_index as i join pg_class as c on c.oid = i.indrelid
  where ${ofOurs} and i.indpred is null and i.indexprs is null and i.indisvalid`

const referencesStatement = `select distinct c.relname, other.relname
  from pg_constraint as f join pg_class as c on c.oid = f.conrelid join pg_class as other on other.oid = f.confrelid
  where f.contype = 'f' and ${ofOurs}`

/** Reads what a PostgreSQL database says of the tables of the current schema; partitions belong to their table. */
export async function readPostgresTables(query: CopySide['query']): Promise<CopiedTable[]> {
  const columns = Map.groupBy(await query(columnsStatement), ([table]) => table ?? '')
  const keys = Map.groupBy(await query(keysStatement), ([table]) => table ?? '')
  const references = Map.groupBy(await query(referencesStatement), ([table]) => table ?? '')
  return [...columns].map(([name, rows]) => ({
    name,
    columns: rows.map(([, column, type, sequence]) => ({
      name: column ?? '',
      type: integers.has(type ?? '') ? 'integer' : (type ?? ''),
      sequence: sequence ?? null,
    })),
    key: chooseKey(rows, keys.get(name) ?? []),
    references: (references.get(name) ?? []).map(([, other]) => other ?? ''),
  }))
}

const integers = new Set(['bigint', 'integer', 'smallint'])

/** The primary key; else what is unique and always there; else an index that ends with a column that is counted up. */
function chooseKey(columns: CopiedRow[], indexes: CopiedRow[]): string[] {
  const certain = new Set(columns.filter(row => row[4] === 't').map(row => row[1]))
  const counted = new Set(columns.filter(row => row[3] !== null).map(row => row[1]))
  const candidates = indexes
    .map(([, isPrimary, isUnique, names]) => ({ isPrimary, isUnique, names: JSON.parse(names ?? '[]') as string[] }))
    .filter(({ names }) => names.every(name => certain.has(name)))
  const found =
    candidates.find(({ isPrimary }) => isPrimary === 't') ??
    candidates.find(({ isUnique }) => isUnique === 't') ??
    candidates.find(({ names }) => names.some(name => counted.has(name)))
  return found?.names ?? []
}
