import { expect, test } from 'vitest'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { addPartner, testNow } from '../support/tree.ts'

test.each(databaseKinds)('the people of partners are kept on %s', async (_, make) => {
  const { store, remove } = await openNewStore(make)
  try {
    const root = await addPartner(store, 'root')
    const north = await store.addPartner({ parentId: root.id, username: 'north', name: 'North' }, testNow)
    const by = { actor: 'somebody', at: testNow }
    const changes = store.changing({ by })
    const office = { username: 'Office', partnerId: root.id, name: 'Office', role: 'ADMIN' as const }
    const added = await changes.addUser({ ...office, email: 'office@example.net' }, testNow)
    expect(added).toEqual({ ...office, email: 'office@example.net', phone: '', createdAt: testNow })
    expect(await store.findUser('Office')).toEqual(added)
    expect(await store.findUser('office')).toBeUndefined()
    const twin = { ...office, username: 'oFFICE', partnerId: north.id }
    await expect(store.addUser(twin, testNow)).rejects.toMatchObject({ kind: 'conflict' })
    await Promise.allSettled([1, 2, 3].map(() => store.addUser({ ...twin, username: 'onsite' }, testNow)))

    await changes.changeUser('Office', { role: 'TECH', phone: '0100' })
    await store.changeUser('Office', {})
    const order = { column: 'role', isDescending: false } as const
    const page = { skip: 0, most: 9 }
    const changed = { ...added, role: 'TECH', phone: '0100' }
    expect(await store.listUsers(root.id, order, page)).toEqual({ users: [changed], count: 1 })
    expect(await store.listUsers(north.id, order, { skip: 1, most: 9 })).toEqual({ users: [], count: 1 })

    await changes.removeUser('Office')
    expect(await store.findUser('Office')).toBeUndefined()
    const { entries } = await store.listAuditLog(root.path, page)
    expect(entries).toMatchObject([
      { action: 'remove user', subject: 'user Office', before: { role: 'TECH' }, after: null },
      { action: 'change user', before: { role: 'ADMIN', phone: '' }, after: { role: 'TECH', phone: '0100' } },
      { action: 'add user', partnerPath: root.path, before: null },
    ])
    await store.removePartner(north.id)
    expect(await store.findUser('onsite')).toBeUndefined()
  } finally {
    await remove()
  }
})
