import { statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { makeSqliteDatabase } from '../../test/support/stores.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { openTestStore } from '../../test/support/test-store.ts'
import { addTree, aRunReport, testNow } from '../../test/support/tree.ts'
import { days } from '../domain/instant.ts'
import { compactSqlite } from './sqlite-compact.ts'
import { openStore } from './store.ts'

test('a file of before becomes small, keeps what is in it, and shrinks by itself from then on', async () => {
  const { url: file, remove } = await makeSqliteDatabase()
  const store = await openStore(file)
  const { computer, place } = await addTree(store)
  await store.recordRun(place, aRunReport({ log: 'x'.repeat(500_000) }))
  await store.close()
  const old = new DatabaseSync(file)
  old.exec('pragma journal_mode = delete; pragma auto_vacuum = none; vacuum')
  old.exec('delete from run_logs')
  old.close()

  const { before, after } = compactSqlite(file)
  expect(before - after).toBeGreaterThan(450_000)
  expect(statSync(file).size).toBe(after)

  const anew = await openStore(file)
  expect(await anew.findBackupSet(computer.accountId, computer.key, 'Documents')).toBeDefined()
  await anew.recordRun(place, aRunReport({ runKey: 'another', startedAt: testNow, log: 'x'.repeat(500_000) }))
  while ((await anew.retain({ now: testNow + days(60), runDays: 0, logDays: 31 })).hasMore);
  while (await anew.shrink());
  await anew.close()
  expect(statSync(file).size).toBeLessThan(after + 100_000)
  await remove()
})

test('a file that somebody uses is left as it is', async () => {
  const { store, database: file } = await openTestStore()
  await addTree(store)
  expect(() => compactSqlite(file)).toThrow(`${file} is in use: stop the server, then try again.`)
  expect(await store.findAccount('acme')).toBeDefined()
})

test('what is no database of ours is left as it is', () => {
  using folder = temporaryFolder()
  const file = path.join(folder.path, 'notes.txt')
  expect(() => compactSqlite(file)).toThrow('There is no database at')
  writeFileSync(file, 'Dear reader, '.repeat(100))
  expect(() => compactSqlite(file)).toThrow('is not an SQLite database')
  expect(statSync(file).size).toBe(1_300)
})
