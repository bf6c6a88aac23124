import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { makeSqliteDatabase } from '../../../test/support/stores.ts'
import { addTree, aNewSet, testNow } from '../../../test/support/tree.ts'
import { openStore } from '../store.ts'

test('sets of an older database get the slugs of their names', async () => {
  const { url, remove } = await makeSqliteDatabase()
  const before = await openStore(url)
  const { computer } = await addTree(before)
  for (const name of ['Mail & Calendar', '図書室', 'documents', 'Documents']) {
    await before.addBackupSet(aNewSet(computer, { name }), testNow)
  }
  await before.close()

  const file = new DatabaseSync(url)
  for (const column of ['slug', 'tool']) file.exec(`alter table backup_sets drop column ${column}`)
  const tables = [
    'ping_keys',
    'set_ping_ids',
    'pings',
    'pinged_runs',
    'api_keys',
    'server_secrets',
    'mails',
    'mail_rules',
  ]
  for (const table of tables) file.exec(`drop table ${table}`)
  file.exec("delete from migrations where name >= '0003'")
  file.close()

  const after = await openStore(url)
  const sets = await after.listBackupSets(computer.accountId, computer.key)
  expect(sets.map(({ name, slug, tool }) => [name, slug, tool])).toEqual([
    ['Documents', 'documents', null],
    ['Mail & Calendar', 'mail-calendar', null],
    ['documents', 'documents', null],
    ['図書室', '', null],
  ])
  await after.close()
  await remove()
})
