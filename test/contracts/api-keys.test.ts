import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Place, Store } from '../../src/app/ports.ts'
import { hashSecret } from '../../src/app/secrets.ts'
import type { Computer, Partner } from '../../src/domain/tree.ts'
import { openStore } from '../../src/storage/store.ts'
import { databaseKinds, openNewStore, type TestDatabase } from '../support/stores.ts'
import { addTree, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('API keys on %s', (_, make) => {
  let store: Store
  let database: TestDatabase
  let remove: () => Promise<void>
  let partner: Partner
  let computer: Computer
  let ofPartner: Place
  let ofComputer: Place

  beforeEach(async () => {
    ;({ store, database, remove } = await openNewStore(make))
    ;({ partner, computer } = await addTree(store))
    ofPartner = { partnerId: partner.id, accountId: null, computerKey: null }
    ofComputer = { partnerId: partner.id, accountId: computer.accountId, computerKey: computer.key }
  })
  afterEach(() => remove())

  const addKey = (secret: string, place: Place) =>
    store.addApiKey({ hash: hashSecret(secret), name: 'Wall dashboard', place }, testNow)

  test('a key is found by its hash and by its number, with the node that it is bound to', async () => {
    const key = await addKey('a', ofComputer)
    const { accountId, key: computerKey } = computer
    const found = { ...key, hash: hashSecret('a'), node: { partnerPath: partner.path, accountId, computerKey } }
    expect(key).toEqual({ id: 1, name: 'Wall dashboard', ...ofComputer, createdAt: testNow })
    expect(await store.findApiKey(hashSecret('a'))).toEqual(found)
    expect(await store.findApiKeyById(key.id)).toEqual(found)
    expect(await store.findApiKey(hashSecret('b'))).toBeUndefined()
    expect(await store.findApiKeyById(7)).toBeUndefined()
  })

  test('keys are listed in the order in which they were added, without their hashes', async () => {
    const keys = [await addKey('b', ofPartner), await addKey('a', ofComputer)]
    expect(await store.listApiKeys()).toEqual(keys)
    await expect(addKey('a', ofPartner)).rejects.toMatchObject({ kind: 'conflict' })
  })

  test('a removed key is not found, its number is not given again, and the tree has another version', async () => {
    const { id } = await addKey('a', ofPartner)
    const before = await store.treeVersion()
    await store.removeApiKey(id)
    expect(await store.findApiKey(hashSecret('a'))).toBeUndefined()
    expect(await store.listApiKeys()).toEqual([])
    expect(await store.treeVersion()).not.toBe(before)
    expect((await addKey('b', ofPartner)).id).toBeGreaterThan(id)
  })

  test('the key of a deleted computer is not found', async () => {
    const { id } = await addKey('a', ofComputer)
    await store.changeComputer(computer.key, { status: 'disabled' })
    expect(await store.findApiKeyById(id)).toBeDefined()
    await store.changeComputer(computer.key, { status: 'deleted' })
    expect(await store.findApiKeyById(id)).toBeUndefined()
    expect(await store.findApiKey(hashSecret('a'))).toBeUndefined()
  })

  test('the keys of a removed account and of a removed partner end with them', async () => {
    const north = await store.addPartner({ parentId: partner.id, username: 'north', name: 'North' }, testNow)
    const account = await store.addAccount(
      { partnerId: north.id, username: 'empty', name: 'Empty', timeZone: 'UTC', acceptsNewSets: true },
      testNow,
    )
    await addKey('account', { partnerId: north.id, accountId: account.id, computerKey: null })
    await addKey('partner', { partnerId: north.id, accountId: null, computerKey: null })
    const stays = await addKey('root', ofPartner)
    await store.removeAccount(account.id)
    expect(await store.findApiKey(hashSecret('account'))).toBeUndefined()
    await store.removePartner(north.id)
    expect(await store.listApiKeys()).toEqual([stays])
  })

  test('the secret of the checks is random, and stays', async () => {
    const secret = await store.checkSecret()
    expect(secret).toMatch(/^[0-9a-f]{64}$/)
    const again = await openStore(database.url)
    expect(await again.checkSecret()).toBe(secret)
    await again.close()
    const other = await openNewStore(make)
    expect(await other.store.checkSecret()).not.toBe(secret)
    await other.remove()
  })
})
