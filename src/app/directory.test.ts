import { expect, test } from 'vitest'
import type { Principal, TreeNode } from '../domain/principal.ts'
import { openTestStore } from '../../test/support/test-store.ts'
import { addTree, testNow } from '../../test/support/tree.ts'
import type { Store } from './ports.ts'
import { buildDirectory, toAccountNode, toNode, toPartnerNode } from './directory.ts'

/** Two partners side by side below the root, each with an account of one computer. */
async function twoPartners() {
  const { store } = await openTestStore()
  const root = await store.addPartner({ parentId: null, username: 'root', name: 'Root' }, testNow)
  await store.addPartner({ parentId: root.id, username: 'north', name: 'North' }, testNow)
  await store.addPartner({ parentId: root.id, username: 'south', name: 'South' }, testNow)
  const north = await addTree(store, { partner: 'north', username: 'acme' })
  const south = await addTree(store, { partner: 'south', username: 'bakery' })
  const [directory, version] = [buildDirectory(store), await store.treeVersion()]
  return { store, root, north, south, directory, version }
}

function seen(node: TreeNode): Principal {
  return { scopes: [], node }
}

test('a caller finds the partners and accounts at and below its own node, and no others', async () => {
  const { root, north, directory, version } = await twoPartners()
  const found = async (top: TreeNode) => {
    const partners = ['root', 'north', 'south'].map(name => directory.getPartner(version, seen(top), name))
    const accounts = ['acme', 'bakery'].map(name => directory.getAccount(version, seen(top), name))
    const all = await Promise.allSettled([...partners, ...accounts])
    return all.flatMap(one => (one.status === 'fulfilled' ? [one.value.username] : []))
  }
  expect(await found(toPartnerNode(root))).toEqual(['root', 'north', 'south', 'acme', 'bakery'])
  expect(await found(toPartnerNode(north.partner))).toEqual(['north', 'acme'])
  expect(await found(toAccountNode(north.account))).toEqual(['acme'])
  expect(await found(toNode(north.computer))).toEqual([])
})

test.each([
  ['partner', 'There is no partner south.'],
  ['account', 'There is no account south.'],
] as const)('a foreign %s and a missing one are refused alike', async (kind, message) => {
  const { north, directory, version } = await twoPartners()
  const caller = seen(toPartnerNode(north.partner))
  const find = (name: string) =>
    kind === 'partner' ? directory.getPartner(version, caller, name) : directory.getAccount(version, caller, name)
  await expect(find('south')).rejects.toThrow(message)
  await expect(find('missing')).rejects.toThrow(message.replace('south', 'missing'))
  await expect(find('so\0uth')).rejects.toThrow('There is no')
})

test('a foreign name, a missing one and one that others use cost their caller the same look-ups', async () => {
  const { store, north, south } = await twoPartners()
  await addTree(store, { partner: 'south', username: 'unused' })
  let count = 0
  const counting: Store = {
    ...store,
    findPartner: username => ((count += 1), store.findPartner(username)),
    findAccount: username => ((count += 1), store.findAccount(username)),
    findComputer: (username, computerId) => ((count += 1), store.findComputer(username, computerId)),
  }
  const [directory, version] = [buildDirectory(counting), await store.treeVersion()]
  const user = seen(toPartnerNode(south.partner))
  await directory.getPartner(version, user, 'south')
  await directory.getAccount(version, user, 'bakery')
  await directory.getComputer(version, user, 'bakery', '0000')
  const caller = seen(toAccountNode(north.account))
  for (const name of ['south', 'bakery', 'unused', 'missing']) {
    for (const look of [
      () => directory.getPartner(version, caller, name),
      () => directory.getAccount(version, caller, name),
      () => directory.getAccountAround(version, caller, name),
      () => directory.getComputer(version, caller, name, '0000'),
    ]) {
      count = 0
      await expect(look()).rejects.toMatchObject({ kind: 'not-found' })
      await expect(look()).rejects.toMatchObject({ kind: 'not-found' })
      expect([name, count]).toEqual([name, 2])
    }
  }
})

test('what was missing is found once it is there', async () => {
  const { north, directory, version, store } = await twoPartners()
  const caller = seen(toPartnerNode(north.partner))
  await expect(directory.getAccount(version, caller, 'late')).rejects.toThrow('There is no account late.')
  await addTree(store, { partner: 'north', username: 'late' })
  expect(await directory.getAccount(await store.treeVersion(), caller, 'late')).toMatchObject({ username: 'late' })
})
