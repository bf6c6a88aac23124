import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inject } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import { openStore } from '../../src/storage/store.ts'
import { execute, urlOf } from './postgres-template.ts'

/** An empty database of a test's own: where it is, and how it goes. */
export type TestDatabase = { url: string; remove: () => Promise<void> }

/** Every kind of database that the store runs on, by name; the fast run leaves PostgreSQL out. */
export const databaseKinds: [string, () => Promise<TestDatabase>][] = [
  ['SQLite', makeSqliteDatabase],
  ...(inject('postgresUrl') === ''
    ? []
    : [['PostgreSQL', makePostgresDatabase] as [string, () => Promise<TestDatabase>]]),
]

/** An empty database of the kind that the lane of the running test is for (`vitest.config.ts`). */
export function makeTestDatabase(): Promise<TestDatabase> {
  return inject('databaseKind') === 'PostgreSQL' ? makePostgresDatabase() : makeSqliteDatabase()
}

/** A path for an SQLite file in a folder of its own. */
export async function makeSqliteDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lastgood-store-'))
  return {
    url: path.join(folder, 'lastgood.sqlite'),
    remove: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
  }
}

/** An empty database on the tests' PostgreSQL server. */
export async function makePostgresDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  const server = inject('postgresUrl')
  await execute(server, `create database ${name}`)
  return { url: urlOf(server, name), remove: () => execute(server, `drop database ${name} with (force)`) }
}

/** A store on a new database; `remove` closes the one and removes the other. */
export async function openNewStore(
  make: () => Promise<TestDatabase>,
): Promise<{ store: Store; database: TestDatabase; remove: () => Promise<void> }> {
  const database = await make()
  const store = await openStore(database.url)
  return {
    store,
    database,
    remove: async () => {
      await store.close()
      await database.remove()
    },
  }
}
