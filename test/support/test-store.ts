import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, inject, onTestFinished } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import { openStore } from '../../src/storage/store.ts'
import { copyTemplate, emptyCopy } from './postgres-template.ts'
import { makeSqliteDatabase, type TestDatabase } from './stores.ts'

/** An empty store of the lane's kind, and where its database is, as the setting names it. */
export type TestStore = { store: Store; database: string }

/** An empty store of the running test; it goes when the test has finished. */
export async function openTestStore(): Promise<TestStore> {
  const { remove, ...opened } = await openSharedStore()
  onTestFinished(remove)
  return opened
}

/** An empty store that whoever opens it removes. */
export async function openSharedStore(): Promise<TestStore & { remove: () => Promise<void> }> {
  const database = inject('databaseKind') === 'PostgreSQL' ? await borrowPostgres() : await copySqlite()
  const store = await openStore(database.url)
  const remove = async () => {
    await store.close()
    await database.remove()
  }
  return { store, database: database.url, remove }
}

/** Databases of this file of tests on the tests' server which nobody uses now; the server goes with all of them. */
const unused: string[] = []

async function borrowPostgres(): Promise<TestDatabase> {
  const url = unused.pop() ?? (await copyTemplate(inject('postgresUrl'), `test_${randomBytes(8).toString('hex')}`))
  const remove = async () => {
    await emptyCopy(url)
    unused.push(url)
  }
  return { url, remove }
}

/** A database that has seen every migration is copied faster than made: it is made once for a file of tests. */
let template: Promise<{ folder: string; file: string }> | undefined

async function copySqlite(): Promise<TestDatabase> {
  template ??= makeTemplate()
  const { file } = await template
  const database = await makeSqliteDatabase()
  copyFileSync(file, database.url)
  return database
}

afterAll(async () => {
  if (template) rmSync((await template).folder, { recursive: true, force: true })
})

async function makeTemplate(): Promise<{ folder: string; file: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lastgood-template-'))
  const file = path.join(folder, 'lastgood.sqlite')
  // Whoever closes a database last brings everything into its file.
  await (await openStore(file)).close()
  return { folder, file }
}
