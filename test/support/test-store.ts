import { onTestFinished } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import { makeSqliteDatabase, openNewStore } from './stores.ts'

/** An empty SQLite store of the running test, and the file it is in; both go when the test has finished. */
export async function openTestStore(): Promise<{ store: Store; file: string }> {
  const { store, database, remove } = await openNewStore(makeSqliteDatabase)
  onTestFinished(remove)
  return { store, file: database.url }
}
