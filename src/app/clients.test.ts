import { expect, test } from 'vitest'
import { openTestStore } from '../../test/support/test-store.ts'
import { addAccount } from './accounts.ts'
import { addClient, changeClient, getClient, removeClient, renewClientSecret } from './clients.ts'
import { addComputer, removeComputer } from './computers.ts'
import { grantToken, longestTokenMinutes, revokeToken } from './grant-token.ts'
import { issueToken } from './issue-token.ts'
import { ensureRootPartner } from './partners.ts'
import { getPlace, namePlaces } from './places.ts'
import { hashSecret } from './secrets.ts'

async function openStoreWithPlaces() {
  const { store } = await openTestStore()
  await ensureRootPartner(store, 0)
  await addAccount(store, { username: 'acme', timeZone: 'UTC', partner: 'root', acceptsNewSets: true }, 0)
  const { computer, agentKey } = await addComputer(store, { username: 'acme', name: 'File server' }, 0)
  return { store, computer, agentKey, place: await getPlace(store, {}) }
}

const reader = { name: 'Connector', scopes: ['computers_read'] as const }

test('a client has an id and a secret of 32 hexadecimal digits, and gets tokens by them', async () => {
  const { store, place } = await openStoreWithPlaces()
  const { client, clientSecret } = await addClient(store, { ...reader, place }, 0)
  expect([client.clientId, clientSecret].every(text => /^[0-9a-f]{32}$/.test(text))).toBe(true)
  const issued = await issueToken(store, { clientId: client.clientId, clientSecret, scopes: [] }, 0)
  expect(issued.scopes).toEqual(['computers_read'])
})

test('a client without a scope, or without a name, is refused', async () => {
  const { store, place } = await openStoreWithPlaces()
  await expect(addClient(store, { ...reader, scopes: [], place }, 0)).rejects.toThrow('scope must name at least one of')
  await expect(addClient(store, { ...reader, name: '', place }, 0)).rejects.toMatchObject({ kind: 'invalid' })
})

test('a client changes what is given, and nothing else', async () => {
  const { store, place } = await openStoreWithPlaces()
  const { client } = await addClient(store, { ...reader, place }, 0)
  expect(await changeClient(store, client.clientId, { name: 'PSA' })).toMatchObject({ ...reader, name: 'PSA' })
  const changed = await changeClient(store, client.clientId, { scopes: ['accounts_read'] })
  expect(changed).toMatchObject({ name: 'PSA', scopes: ['accounts_read'] })
})

test('a new secret ends the old one and the tokens that it got', async () => {
  const { store, place } = await openStoreWithPlaces()
  const { client, clientSecret } = await addClient(store, { ...reader, place }, 0)
  const { clientId } = client
  const { token } = await issueToken(store, { clientId, clientSecret, scopes: [] }, 0)
  const renewed = await renewClientSecret(store, clientId)
  expect(await store.findBearer(hashSecret(token))).toBeUndefined()
  const byOld = issueToken(store, { clientId, clientSecret, scopes: [] }, 0)
  await expect(byOld).rejects.toMatchObject({ kind: 'unauthenticated' })
  expect(await issueToken(store, { clientId, clientSecret: renewed, scopes: [] }, 0)).toBeDefined()
})

test('a removed client is gone', async () => {
  const { store, place } = await openStoreWithPlaces()
  const { client } = await addClient(store, { ...reader, place }, 0)
  await removeClient(store, client.clientId)
  await expect(getClient(store, client.clientId)).rejects.toMatchObject({ kind: 'not-found' })
  await expect(removeClient(store, client.clientId)).rejects.toMatchObject({ kind: 'not-found' })
})

test('a place is named by partner, account or computer, and found again by its names', async () => {
  const { store, computer } = await openStoreWithPlaces()
  const places = await Promise.all([
    getPlace(store, {}),
    getPlace(store, { partner: 'root' }),
    getPlace(store, { account: 'acme' }),
    getPlace(store, { computer: { username: 'acme', computerId: '0000' } }),
  ])
  await removeComputer(store, computer, 0)
  expect(await namePlaces(store, places)).toEqual([
    { partner: 'root', username: null, computerId: null },
    { partner: 'root', username: null, computerId: null },
    { partner: 'root', username: 'acme', computerId: null },
    { partner: 'root', username: 'acme', computerId: '0000' },
  ])
})

test.each([[{ partner: 'north' }], [{ account: 'nobody' }], [{ computer: { username: 'acme', computerId: '0001' } }]])(
  'there is no place %j',
  async place => {
    const { store } = await openStoreWithPlaces()
    await expect(getPlace(store, place)).rejects.toMatchObject({ kind: 'not-found' })
  },
)

test.each([1, longestTokenMinutes])('a token may be granted for %i minutes', async lifetimeMinutes => {
  const { store, place } = await openStoreWithPlaces()
  const { token } = await grantToken(store, { scopes: reader.scopes, place, lifetimeMinutes }, 1_000)
  const expiresAt = 1_000 + lifetimeMinutes * 60_000
  expect(await store.findBearer(hashSecret(token))).toMatchObject({ expiresAt, scopes: ['computers_read'] })
})

test.each([0, longestTokenMinutes + 1, 0.5])('a token is not granted for %d minutes', async lifetimeMinutes => {
  const { store, place } = await openStoreWithPlaces()
  const granting = grantToken(store, { scopes: reader.scopes, place, lifetimeMinutes }, 0)
  await expect(granting).rejects.toMatchObject({ kind: 'invalid' })
})

test('a token ends when it is revoked; an agent key is not taken for one', async () => {
  const { store, place, agentKey } = await openStoreWithPlaces()
  const { token } = await grantToken(store, { scopes: reader.scopes, place, lifetimeMinutes: 60 }, 0)
  await revokeToken(store, token)
  await expect(revokeToken(store, token)).rejects.toMatchObject({ kind: 'not-found' })
  await expect(revokeToken(store, agentKey)).rejects.toMatchObject({ kind: 'invalid' })
  expect(await store.findBearer(hashSecret(agentKey))).toBeDefined()
})
