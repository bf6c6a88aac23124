/** Whether the database setting names a PostgreSQL database; else it is the path of an SQLite file. */
export function isPostgresUrl(database: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(database)
}
