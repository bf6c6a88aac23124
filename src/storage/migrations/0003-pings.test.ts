import { expect, test } from 'vitest'
import { openOldDatabase } from '../../../test/support/old-database.ts'
import { makeSqliteDatabase } from '../../../test/support/stores.ts'
import { testNow } from '../../../test/support/tree.ts'
import { openStore } from '../store.ts'

test('sets of an older database get the slugs of their names', async () => {
  const { url, remove } = await makeSqliteDatabase()
  const old = await openOldDatabase(url, '0002-judgement')
  old.exec(`
    insert into partners (id, path, username, name, policy, created_at) values (1, '/1/', 'root', 'root', '{}', 0);
    insert into accounts (id, partner_id, username, name, time_zone, accepts_new_sets, created_at)
      values (1, 1, 'acme', 'Acme', 'UTC', 1, 0);
    insert into computers (key, account_id, computer_id, name, status, created_at)
      values (1, 1, '0000', 'File server', 'active', 0);`)
  const add =
    old.prepare(`insert into backup_sets (account_id, computer_key, name, plugin, run_limit_ms, enabled, created_at)
    values (1, 1, ?, 'file', 0, 1, ?)`)
  for (const name of ['Mail & Calendar', '図書室', 'documents', 'Documents']) add.run(name, testNow)
  old.close()

  const store = await openStore(url)
  const sets = await store.listBackupSets(1, 1)
  expect(sets.map(({ name, slug, tool }) => [name, slug, tool])).toEqual([
    ['Documents', 'documents', null],
    ['Mail & Calendar', 'mail-calendar', null],
    ['documents', 'documents', null],
    ['図書室', '', null],
  ])
  await store.close()
  await remove()
})
