import type { CopiedTable, CopySide } from './side.ts'

/** Reads what an SQLite file says of its tables. */
export async function readSqliteTables(query: CopySide['query']): Promise<CopiedTable[]> {
  const found = await query(
    `select name, sql from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name`,
  )
  return Promise.all(found.map(([name, sql]) => readTable(query, name ?? '', sql ?? '')))
}

async function readTable(query: CopySide['query'], name: string, sql: string): Promise<CopiedTable> {
  const columns = await query('select name, type, pk from pragma_table_info(?)', [name])
  const references = await query('select distinct "table" from pragma_foreign_key_list(?)', [name])
  const isCounted = /\bautoincrement\b/i.test(sql)
  return {
    name,
    columns: columns.map(([column, type, place]) => ({
      name: column ?? '',
      type: toType(type ?? ''),
      sequence: isCounted && place === '1' ? name : null,
    })),
    key: columns
      .filter(([, , place]) => place !== '0')
      .toSorted((one, other) => Number(one[2]) - Number(other[2]))
      .map(([column]) => column ?? ''),
    references: references.map(([other]) => other ?? ''),
  }
}

function toType(declared: string): string {
  const type = declared.toLowerCase()
  return type === 'bigint' ? 'integer' : type
}
