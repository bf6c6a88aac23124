import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Place, Store } from '../../src/app/ports.ts'
import { hashSecret } from '../../src/app/secrets.ts'
import { hours } from '../../src/domain/instant.ts'
import type { Computer, Partner } from '../../src/domain/tree.ts'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { addTree, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('clients, tokens and agent keys on %s', (_, make) => {
  let store: Store
  let remove: () => Promise<void>
  let partner: Partner
  let computer: Computer
  let ofPartner: Place
  let ofComputer: Place

  beforeEach(async () => {
    ;({ store, remove } = await openNewStore(make))
    ;({ partner, computer } = await addTree(store))
    ofPartner = { partnerId: partner.id, accountId: null, computerKey: null }
    ofComputer = { partnerId: partner.id, accountId: computer.accountId, computerKey: computer.key }
  })
  afterEach(() => remove())

  const addClient = (clientId: string, place = ofPartner) =>
    store.addClient(
      { clientId, secretHash: hashSecret('secret'), name: 'A connector', scopes: ['computers_read'], place },
      testNow,
    )
  const addToken = (name: string, clientId: number | null, place = ofPartner, expiresAt = testNow + hours(1)) =>
    store.addToken({ hash: hashSecret(name), scopes: ['computers_read'], clientId, place, expiresAt }, testNow)

  test('a client is found by its id with the hash of its secret, and listed without', async () => {
    const client = await addClient('aa')
    expect(await store.findClient('aa')).toEqual({ ...client, secretHash: hashSecret('secret'), place: ofPartner })
    expect(await store.listClients()).toEqual([client])
    await expect(addClient('aa')).rejects.toMatchObject({ kind: 'conflict' })
  })

  test('a token says what its bearer may do and where', async () => {
    await addToken('t', null, ofComputer)
    expect(await store.findBearer(hashSecret('t'))).toEqual({
      hash: hashSecret('t'),
      scopes: ['computers_read'],
      node: { partnerPath: partner.path, accountId: computer.accountId, computerKey: computer.key },
      place: ofComputer,
      expiresAt: testNow + hours(1),
      actor: 'a token of the command line',
      clientId: null,
      person: null,
    })
    expect(await store.findBearer(hashSecret('u'))).toBeUndefined()
  })

  test('a token says which client it was given to', async () => {
    const { id } = await addClient('aa')
    await addToken('t', id)
    expect(await store.findBearer(hashSecret('t'))).toMatchObject({ clientId: id })
  })

  test('a revoked token is not found, and its end raises the version of the tree', async () => {
    await addToken('t', null)
    const before = await store.treeVersion()
    await store.revokeToken(hashSecret('t'))
    expect(await store.findBearer(hashSecret('t'))).toBeUndefined()
    expect(await store.treeVersion()).not.toBe(before)
  })

  test.each([
    ['is removed', (id: number) => store.removeClient(id)],
    ['gets a new secret', (id: number) => store.changeClient(id, { secretHash: hashSecret('new') })],
    ['gets other scopes', (id: number) => store.changeClient(id, { scopes: ['accounts_read'] })],
  ])('the tokens of a client end when it %s, and those of others do not', async (__, change) => {
    const client = await addClient('aa')
    await addToken('mine', client.id)
    await addToken('theirs', (await addClient('bb')).id)
    await change(client.id)
    expect(await store.findBearer(hashSecret('mine'))).toBeUndefined()
    expect(await store.findBearer(hashSecret('theirs'))).toBeDefined()
  })

  test('tokens that ended long ago are forgotten, others are not', async () => {
    await addToken('old', null, ofPartner, testNow - hours(2))
    await addToken('new', null, ofPartner, testNow + hours(1))
    expect(await store.removeExpiredSecrets(testNow - hours(1))).toBe(1)
    expect(await store.findBearer(hashSecret('old'))).toBeUndefined()
    expect(await store.findBearer(hashSecret('new'))).toBeDefined()
  })

  test('an agent key is bound to its computer, does not expire, and ends when another takes its place', async () => {
    await store.setAgentKey(computer.key, hashSecret('k1'), testNow)
    expect(await store.findBearer(hashSecret('k1'))).toEqual({
      hash: hashSecret('k1'),
      scopes: ['computers_read', 'computers_write'],
      node: { partnerPath: partner.path, accountId: computer.accountId, computerKey: computer.key },
      place: ofComputer,
      expiresAt: null,
      actor: 'the agent key of computer 0000 of acme',
      clientId: null,
      person: null,
    })
    await store.setAgentKey(computer.key, hashSecret('k2'), testNow)
    expect(await store.findBearer(hashSecret('k1'))).toBeUndefined()
    expect(await store.findBearer(hashSecret('k2'))).toBeDefined()
  })

  test('the agent key of a deleted computer is not found', async () => {
    await store.setAgentKey(computer.key, hashSecret('k1'), testNow)
    await store.changeComputer(computer.key, { status: 'deleted' })
    expect(await store.findBearer(hashSecret('k1'))).toBeUndefined()
  })
})
