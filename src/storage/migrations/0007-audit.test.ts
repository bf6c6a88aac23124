import { expect, test } from 'vitest'
import { openOldDatabase } from '../../../test/support/old-database.ts'
import { makeSqliteDatabase } from '../../../test/support/stores.ts'
import { openStore } from '../store.ts'

test('a policy that was changed before is still read as it was written down', async () => {
  const { url, remove } = await makeSqliteDatabase()
  const old = await openOldDatabase(url, '0006-family')
  old.exec(`
    insert into partners (id, path, username, name, policy, created_at) values (1, '/1/', 'root', 'Root', '{}', 0);
    insert into audit_log (at, actor, action, partner_id, before, after)
      values (5, 'somebody', 'change policy', 1, '{}', '{"WARNINGS":"FAILURE"}');`)
  old.close()
  const store = await openStore(url)
  expect(await store.listAuditLog('/1/', { skip: 0, most: 9 })).toMatchObject({
    count: 1,
    entries: [
      {
        at: 5,
        actor: 'somebody',
        action: 'change partner',
        subject: 'partner root',
        before: { policy: {} },
        after: { policy: { WARNINGS: 'FAILURE' } },
      },
    ],
  })
  await store.close()
  await remove()
})
