import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AskedSets, ComputerSelection, RowWindow, Store } from '../../src/app/ports.ts'
import { computerStatuses } from '../../src/domain/tree.ts'
import { openStore } from '../../src/storage/store.ts'
import { databaseKinds, openNewStore, type TestDatabase } from '../support/stores.ts'
import { addPartner, addTree, aNewSet, aRunReport, statesOf, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('the tree on %s', (_, make) => {
  let store: Store
  let database: TestDatabase
  let remove: () => Promise<void>

  beforeEach(async () => {
    ;({ store, database, remove } = await openNewStore(make))
  })
  afterEach(() => remove())

  test('a partner below another has a path that begins with that of the one above', async () => {
    const root = await addPartner(store, 'root')
    const below = await store.addPartner({ parentId: root.id, username: 'west', name: 'West' }, testNow)
    expect(below.path).toBe(`${root.path}${below.id}/`)
    expect(await store.findPartner('west')).toEqual(below)
    expect((await store.listPartners()).map(({ username }) => username)).toEqual(['root', 'west'])
  })

  test('a username is taken once, over partners and accounts and in any letter case', async () => {
    const { partner, account } = await addTree(store)
    const twin = { partnerId: partner.id, name: 'x', timeZone: 'UTC', acceptsNewSets: true }
    await expect(store.addAccount({ ...twin, username: 'ACME' }, testNow)).rejects.toMatchObject({ kind: 'conflict' })
    await expect(store.addAccount({ ...twin, username: 'Root' }, testNow)).rejects.toMatchObject({ kind: 'conflict' })
    await expect(addPartner(store, 'Acme')).rejects.toMatchObject({ kind: 'conflict' })
    expect(await store.listAccounts()).toEqual([account])
    expect(await store.findAccount('ACME')).toBeUndefined()
  })

  test('a failed change leaves nothing behind and raises no version', async () => {
    const { partner } = await addTree(store)
    const before = await store.treeVersion()
    const clash = { partnerId: partner.id, username: 'acme', name: 'x', timeZone: 'UTC', acceptsNewSets: true }
    await expect(store.addAccount(clash, testNow)).rejects.toMatchObject({ kind: 'conflict' })
    expect(await store.treeVersion()).toBe(before)
  })

  test('computers are numbered from 0000 within their account', async () => {
    const { account } = await addTree(store)
    const other = await addTree(store, { username: 'other' })
    const second = await store.addComputer({ accountId: account.id, name: 'Second', timeZone: 'Asia/Tokyo' }, testNow)
    expect(second).toMatchObject({ computerId: '0001', timeZone: 'Asia/Tokyo', ownTimeZone: 'Asia/Tokyo' })
    expect(other.computer).toMatchObject({ computerId: '0000', timeZone: 'America/New_York', ownTimeZone: null })
    expect(await store.findComputer('acme', '0001')).toEqual(second)
    expect(await store.findComputerByKey(second.key)).toEqual(second)
  })

  test('a deleted computer is not found any more, but still listed, and its number is not given again', async () => {
    const { account, computer } = await addTree(store)
    await store.changeComputer(computer.key, { status: 'deleted' })
    expect(await store.findComputer('acme', '0000')).toBeUndefined()
    expect(await store.findComputerByKey(computer.key)).toBeUndefined()
    expect((await store.listComputers(account.id)).map(({ status }) => status)).toEqual(['deleted'])
    expect(await store.findKnownComputer('acme', '0000')).toEqual({ ...computer, status: 'deleted' })
    expect(await store.findKnownComputer('acme', '0001')).toBeUndefined()
    const next = await store.addComputer({ accountId: account.id, name: 'Next', timeZone: null }, testNow)
    expect(next.computerId).toBe('0001')
  })

  test('a username is found in whatever letter case, and the owner of a place by where it is', async () => {
    const { partner, account, computer } = await addTree(store, { username: 'Acme.Ltd' })
    const node = { partnerPath: partner.path, accountId: null, computerKey: null }
    const named = { kind: 'account', username: 'Acme.Ltd', node: { ...node, accountId: account.id } }
    expect(await store.findNamedNode('aCME.lTD')).toEqual(named)
    expect(await store.findNamedNode('ROOT')).toEqual({ kind: 'partner', username: 'root', node })
    expect(await store.findNamedNode('acme_ltd')).toBeUndefined()
    const place = { partnerId: partner.id, accountId: account.id, computerKey: computer.key }
    expect(await store.nameNodeAt(place)).toEqual(named)
    expect(await store.nameNodeAt({ ...place, accountId: null, computerKey: null })).toMatchObject({ username: 'root' })
  })

  test('a deleted computer cannot be changed back by whoever has not heard of it', async () => {
    const { computer } = await addTree(store)
    await store.changeComputer(computer.key, { status: 'deleted' })
    const late = store.changeComputer(computer.key, { status: 'active' })
    await expect(late).rejects.toMatchObject({ kind: 'not-found' })
    await store.changeComputer(computer.key, { status: 'deleted' })
    expect(await store.findKnownComputer('acme', '0000')).toMatchObject({ status: 'deleted' })
  })

  test('some computers of an account are selected, in a total order, page by page', async () => {
    const { account, computer } = await addTree(store)
    const add = (name: string) => store.addComputer({ accountId: account.id, name, timeZone: null }, testNow)
    const [same, small, umlaut] = [await add('File server'), await add('file server'), await add('Äther')]
    await store.changeComputer(small.key, { status: 'deleted' })
    const all = { accountId: account.id, computerKey: null, statuses: computerStatuses, isDescending: false } as const
    const keysOf = async (selection: ComputerSelection, page: RowWindow) => {
      const { computers, count } = await store.selectComputers(selection, page)
      return [count, ...computers.map(({ key }) => key)]
    }
    const page = { skip: 0, most: 9 }
    const byName = { ...all, orderBy: 'name' } as const
    expect(await keysOf(byName, page)).toEqual([4, computer.key, same.key, small.key, umlaut.key])
    expect(await keysOf({ ...byName, isDescending: true }, { skip: 1, most: 2 })).toEqual([4, small.key, same.key])
    expect(await keysOf({ ...all, orderBy: 'status', statuses: ['deleted'] }, page)).toEqual([1, small.key])
    expect(await keysOf({ ...all, orderBy: 'computerId', computerKey: same.key }, page)).toEqual([1, same.key])
    expect(await keysOf(byName, { skip: Number.MAX_SAFE_INTEGER, most: 9 })).toEqual([4])
  })

  test('changes are there when they are answered, and each raises the version of the tree', async () => {
    const { partner, account, computer } = await addTree(store)
    const versions = [await store.treeVersion()]
    await store.changePartner(partner.id, { name: 'Renamed', policy: { WARNINGS: 'FAILURE' } })
    versions.push(await store.treeVersion())
    await store.changeAccount(account.id, { name: 'A', timeZone: 'UTC', acceptsNewSets: false })
    versions.push(await store.treeVersion())
    await store.changeComputer(computer.key, { name: 'C', ownTimeZone: 'Asia/Tokyo', status: 'disabled' })
    versions.push(await store.treeVersion())
    expect(new Set(versions).size).toBe(4)
    expect(await store.findPartner('root')).toMatchObject({ name: 'Renamed', policy: { WARNINGS: 'FAILURE' } })
    expect(await store.findAccount('acme')).toMatchObject({ name: 'A', timeZone: 'UTC', acceptsNewSets: false })
    expect(await store.findComputer('acme', '0000')).toMatchObject({
      name: 'C',
      timeZone: 'Asia/Tokyo',
      status: 'disabled',
      acceptsNewSets: false,
    })
  })

  test('a change of nothing changes nothing', async () => {
    const { partner, account, computer } = await addTree(store)
    const { id } = await store.addBackupSet(aNewSet(computer), testNow)
    await store.changePartner(partner.id, {})
    await store.changeAccount(account.id, {})
    await store.changeComputer(computer.key, {})
    await store.changeBackupSet(id, {})
    expect(await store.findAccount('acme')).toEqual(account)
    expect(await store.findComputer('acme', '0000')).toEqual(computer)
  })

  test('the policy of a partner is its own over those above it', async () => {
    const root = await addPartner(store, 'root')
    const below = await store.addPartner({ parentId: root.id, username: 'west', name: 'West' }, testNow)
    await store.changePartner(root.id, { policy: { CANCELED: 'FAILURE', WARNINGS: 'COMPLETED' } })
    await store.changePartner(below.id, { policy: { WARNINGS: 'FAILURE' } })
    expect(await store.policyOf(root.path)).toEqual({ CANCELED: 'FAILURE', WARNINGS: 'COMPLETED' })
    expect(await store.policyOf(below.path)).toEqual({ CANCELED: 'FAILURE', WARNINGS: 'FAILURE' })
  })

  test('what something hangs on cannot be removed, what nothing hangs on frees its username', async () => {
    const { partner, account, computer, place } = await addTree(store)
    await store.recordRun(place, aRunReport())
    await expect(store.removePartner(partner.id)).rejects.toMatchObject({ kind: 'conflict' })
    await expect(store.removeAccount(account.id)).rejects.toMatchObject({ kind: 'conflict' })
    expect(await store.findComputer('acme', '0000')).toEqual(computer)
    const empty = { partnerId: partner.id, username: 'empty', name: 'x', timeZone: 'UTC', acceptsNewSets: true }
    const removed = await store.addAccount(empty, testNow)
    await store.removeAccount(removed.id)
    expect(await store.findAccount('empty')).toBeUndefined()
    expect(await store.addAccount(empty, testNow)).toMatchObject({ username: 'empty' })
  })

  test('a backup set is named once on its computer, and goes with its runs', async () => {
    const { computer, place } = await addTree(store)
    const wanted = aNewSet(computer, { plugin: 'sql', runLimitMs: 5 })
    const set = await store.addBackupSet(wanted, testNow)
    await expect(store.addBackupSet(wanted, testNow)).rejects.toMatchObject({ kind: 'conflict' })
    await store.changeBackupSet(set.id, { name: 'Ledger', plugin: 'exchange', runLimitMs: 7, enabled: false })
    const changed = { ...set, name: 'Ledger', plugin: 'exchange', runLimitMs: 7, enabled: false }
    expect(await store.findBackupSet(computer.accountId, computer.key, 'Ledger')).toEqual(changed)
    await store.recordRun(place, aRunReport({ backupsetName: 'Ledger', log: 'text' }))
    await store.changeBackupSet(set.id, { name: 'Books', runLimitMs: 9 })
    const shown = await statesOf(store, place)
    expect(shown).toMatchObject([{ backupsetName: 'Books', runLimitMs: 9 }])
    await store.recordRun(place, aRunReport({ runKey: 'other', backupsetName: 'Another' }))
    await store.removeBackupSet(set.id)
    expect((await store.listBackupSets(computer.accountId, computer.key)).map(({ name }) => name)).toEqual(['Another'])
    const left = await statesOf(store, place)
    expect(left.map(({ backupsetName }) => backupsetName)).toEqual(['Another'])
  })

  test('the sets of a computer are selected, ordered and cut by code units', async () => {
    const { computer } = await addTree(store)
    const { computer: other } = await addTree(store, { username: 'other' })
    await store.addBackupSet(aNewSet(other, { name: 'b' }), testNow)
    for (const [name, plugin, enabled] of [
      ['b', 'sql', true],
      ['Z', 'file', true],
      ['ä', 'exchange', false],
      ['a', 'file', false],
    ] as const) {
      await store.addBackupSet(aNewSet(computer, { name, plugin, enabled }), testNow)
    }
    const namesOf = async (asked: Partial<AskedSets>) => {
      const all: AskedSets = { orderBy: 'name', isDescending: false, skip: 0, most: 9, ...asked }
      const { sets, count } = await store.findSetPage(computer, all)
      return [sets.map(({ name }) => name).join(''), count]
    }
    expect(await namesOf({})).toEqual(['Zabä', 4])
    expect(await namesOf({ isDescending: true })).toEqual(['äbaZ', 4])
    expect(await namesOf({ orderBy: 'plugin' })).toEqual(['äZab', 4])
    expect(await namesOf({ orderBy: 'enabled', isDescending: true })).toEqual(['bZäa', 4])
    expect(await namesOf({ skip: 1, most: 2 })).toEqual(['ab', 4])
    expect(await namesOf({ skip: 4 })).toEqual(['', 4])
    expect(await namesOf({ plugins: ['file', 'sql'], enabled: true })).toEqual(['Zb', 2])
  })

  test('what was stored is there for another process and after a restart', async () => {
    const { computer, place } = await addTree(store)
    await store.recordRun(place, aRunReport())
    const other = await openStore(database.url)
    try {
      expect(await other.findComputer('acme', '0000')).toEqual(computer)
      await other.changeComputer(computer.key, { name: 'Renamed elsewhere' })
      expect(await store.findComputer('acme', '0000')).toMatchObject({ name: 'Renamed elsewhere' })
      expect(await statesOf(other, place)).toHaveLength(1)
    } finally {
      await other.close()
    }
  })

  test('several processes may open one new database at once', async () => {
    const fresh = await make()
    const stores = await Promise.all([openStore(fresh.url), openStore(fresh.url), openStore(fresh.url)])
    const [first, second] = stores
    await addPartner(first, 'root')
    expect(await second.findPartner('root')).toMatchObject({ username: 'root' })
    await Promise.all(stores.map(opened => opened.close()))
    await fresh.remove()
  })
})
