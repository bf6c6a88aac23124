import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import { openStore } from '../../src/storage/store.ts'
import { makeSqliteDatabase } from './stores.ts'

/** An empty database that has seen every migration, made once for a file of tests: most of them need one each. */
let template: Promise<{ folder: string; file: string }> | undefined

afterAll(async () => {
  if (template) rmSync((await template).folder, { recursive: true, force: true })
})

/** An empty SQLite store of the running test, and the file it is in; both go when the test has finished. */
export async function openTestStore(): Promise<{ store: Store; file: string }> {
  template ??= makeTemplate()
  const { file: migrated } = await template
  const database = await makeSqliteDatabase()
  copyFileSync(migrated, database.url)
  const store = await openStore(database.url)
  onTestFinished(async () => {
    await store.close()
    await database.remove()
  })
  return { store, file: database.url }
}

async function makeTemplate(): Promise<{ folder: string; file: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lastgood-template-'))
  const file = path.join(folder, 'lastgood.sqlite')
  // Whoever closes a database last brings everything into its file.
  await (await openStore(file)).close()
  return { folder, file }
}
