import { expect, test } from 'vitest'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { addTree, testNow } from '../support/tree.ts'

test.each(databaseKinds)('who hangs below a partner is selected, ordered and paged on %s', async (_, make) => {
  const { store, remove } = await openNewStore(make)
  try {
    const { partner: root, account } = await addTree(store)
    const below = (parentId: number, username: string) =>
      store.addPartner({ parentId, username, name: 'Same', company: 'Ltd' }, testNow + 1)
    const north = await below(root.id, 'north')
    const deep = await below(north.id, 'Deep')
    await addTree(store, { username: 'other', partner: 'elsewhere' })
    const page = { skip: 0, most: 9 }
    const up = { column: 'name', isDescending: false } as const
    const all = await store.listSignups(root.path, {}, up, page)
    expect(all).toEqual({
      count: 3,
      signups: [
        {
          type: 'partner',
          username: 'Deep',
          name: 'Same',
          company: 'Ltd',
          node: { partnerPath: deep.path, accountId: null, computerKey: null },
        },
        expect.objectContaining({ username: 'north' }),
        {
          type: 'account',
          username: 'acme',
          name: 'acme',
          company: '',
          node: { partnerPath: root.path, accountId: account.id, computerKey: null },
        },
      ],
    })
    const down = await store.listSignups(root.path, {}, { ...up, isDescending: true }, page)
    expect(down.signups).toEqual(all.signups.toReversed())
    expect(await store.listSignups(root.path, {}, up, { skip: 1, most: 1 })).toEqual({
      count: 3,
      signups: all.signups.slice(1, 2),
    })
    const byType = await store.listSignups(root.path, {}, { column: 'type', isDescending: false }, page)
    expect(byType.signups.map(({ username }) => username)).toEqual(['acme', 'Deep', 'north'])
    const selected = { since: testNow + 1, types: ['partner'], statuses: ['active'] } as const
    expect(await store.listSignups(north.path, selected, up, page)).toMatchObject({ count: 1 })
    expect(await store.listSignups(root.path, { statuses: ['frozen'] }, up, page)).toEqual({ count: 0, signups: [] })
    expect(await store.listSignups(deep.path, {}, up, page)).toEqual({ count: 0, signups: [] })
  } finally {
    await remove()
  }
})
