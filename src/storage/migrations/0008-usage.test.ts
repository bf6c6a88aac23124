import { expect, test } from 'vitest'
import { openOldDatabase } from '../../../test/support/old-database.ts'
import { makeSqliteDatabase } from '../../../test/support/stores.ts'
import { openStore } from '../store.ts'

test('sets of an older database take up the bytes of their newest good backup of which they are known', async () => {
  const { url, remove } = await makeSqliteDatabase()
  const old = await openOldDatabase(url, '0007-audit')
  old.exec(`
    insert into partners (id, path, username, name, policy, created_at) values (1, '/1/', 'root', 'Root', '{}', 0);
    insert into accounts (id, partner_id, username, name, time_zone, accepts_new_sets, created_at)
      values (1, 1, 'acme', 'Acme', 'UTC', 1, 0);
    insert into computers (key, account_id, computer_id, name, status, created_at)
      values (1, 1, '0000', 'File server', 'active', 0);`)
  const addState = old.prepare(`insert into set_states
    (account_id, computer_key, set_id, run_id, run_key, type, plugin, state, started_at, updated_at, errors, warnings)
    values (1, 1, ?, 1, 'key', 'backup', 'file', 'finished', 1, 2, 0, 0)`)
  const addRun = old.prepare(`insert into runs (account_id, computer_key, set_id, run_key, type, plugin, state,
      started_at, updated_at, errors, warnings, received_at, bytes, outcome)
    values (1, 1, ?, ?, 'backup', 'file', 'finished', ?, 9, 0, 0, 9, ?, ?)`)
  for (const set of [1, 2]) addState.run(set)
  addRun.run(1, 'old', 1, 5, 1)
  addRun.run(1, 'good', 2, 7, 1)
  addRun.run(1, 'untold', 3, null, 1)
  addRun.run(1, 'bad', 4, 11, 2)
  addRun.run(2, 'untold elsewhere', 1, null, 1)
  old.close()

  const store = await openStore(url)
  expect(await store.usageOf([{ partnerPath: '/1/', accountId: null, computerKey: null }])).toEqual([7])
  await store.close()
  await remove()
})
