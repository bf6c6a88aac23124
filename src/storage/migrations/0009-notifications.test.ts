import { expect, test } from 'vitest'
import { openOldDatabase } from '../../../test/support/old-database.ts'
import { makeSqliteDatabase } from '../../../test/support/stores.ts'
import { usualKinds } from '../../domain/notification.ts'
import { openStore } from '../store.ts'

test('addresses of an older database keep their numbers, and the next ones come behind them', async () => {
  const { url, remove } = await makeSqliteDatabase()
  const old = await openOldDatabase(url, '0008-usage')
  old.exec(`
    insert into partners (id, path, username, name, policy, created_at) values (1, '/1/', 'root', 'Root', '{}', 0);
    insert into accounts (id, partner_id, username, name, time_zone, accepts_new_sets, created_at)
      values (1, 1, 'acme', 'Acme', 'UTC', 1, 0);
    insert into computers (key, account_id, computer_id, name, status, created_at)
      values (1, 1, '0000', 'File server', 'active', 0);
    insert into notification_emails values (1, 1, 4, 'it@acme.example', 0, 1, 1, 1, 1);`)
  old.close()
  const store = await openStore(url)
  const computer = { accountId: 1, key: 1 }
  expect(await store.findNotificationEmail(computer, 4)).toMatchObject({ email: 'it@acme.example' })
  expect(await store.addNotificationEmail(computer, { ...usualKinds, email: 'a@b.c' })).toMatchObject({ id: 5 })
  await store.close()
  await remove()
})
