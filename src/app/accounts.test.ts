import { expect, test } from 'vitest'
import { openTestStore } from '../../test/support/test-store.ts'
import { factsOf } from '../../test/support/tree.ts'
import { addAccount, changeAccount, getAccount, removeAccount } from './accounts.ts'
import { addComputer, getComputer, removeComputer } from './computers.ts'
import { ensureRootPartner } from './partners.ts'

const acme = { username: 'acme', timeZone: 'Europe/Berlin', partner: 'root', acceptsNewSets: true }

async function openStoreWithRoot() {
  const { store } = await openTestStore()
  await ensureRootPartner(store, 0)
  return store
}

test('an account without a name is called by its username', async () => {
  const store = await openStoreWithRoot()
  expect(await addAccount(store, acme, 0)).toMatchObject({ username: 'acme', name: 'acme', acceptsNewSets: true })
})

test.each([
  ['a username that cannot be in a URL', { username: '.acme' }, 'invalid'],
  ['a time zone that there is not', { timeZone: 'Europe/Atlantis' }, 'invalid'],
  ['a name of two lines', { name: 'Acme\nLtd' }, 'invalid'],
  ['an address that is none', { email: 'acme' }, 'invalid'],
  ['a reference code that is too long', { referenceCode: 'x'.repeat(256) }, 'invalid'],
  ['a partner that there is not', { partner: 'north' }, 'not-found'],
  ['the username of a partner', { username: 'Root' }, 'conflict'],
])('an account is not added with %s', async (_, wrong, kind) => {
  const store = await openStoreWithRoot()
  await expect(addAccount(store, { ...acme, ...wrong }, 0)).rejects.toMatchObject({ kind })
  expect(await store.listAccounts()).toEqual([])
})

test('an account changes what is given, and nothing else', async () => {
  const store = await openStoreWithRoot()
  await addAccount(store, { ...acme, name: 'Acme' }, 0)
  expect(await changeAccount(await factsOf(store), 'acme', { acceptsNewSets: false }, 0)).toMatchObject({
    acceptsNewSets: false,
  })
  const changed = await changeAccount(await factsOf(store), 'acme', { name: 'Acme Ltd', timeZone: 'UTC' }, 0)
  expect(changed).toMatchObject({ name: 'Acme Ltd', timeZone: 'UTC', acceptsNewSets: false })
  const wrong = changeAccount(await factsOf(store), 'acme', { timeZone: 'Mars' }, 0)
  await expect(wrong).rejects.toMatchObject({ kind: 'invalid' })
  const contact = { company: 'Acme Ltd', email: 'it@example.net', phone: '0100', referenceCode: 'A-7' }
  expect(await changeAccount(await factsOf(store), 'acme', contact, 0)).toEqual({ ...changed, ...contact })
  const frozen = await changeAccount(await factsOf(store), 'acme', { phone: '', status: 'frozen' }, 0)
  expect(frozen).toEqual({ ...changed, ...contact, phone: '', status: 'frozen' })
})

test('an account that there is not cannot be shown, changed or removed', async () => {
  const store = await openStoreWithRoot()
  const missing = { kind: 'not-found', message: 'There is no account acme; check the username.' }
  await expect(getAccount(store, 'acme')).rejects.toMatchObject(missing)
  await expect(changeAccount(await factsOf(store), 'acme', { name: 'Acme' }, 0)).rejects.toMatchObject(missing)
  await expect(removeAccount(store, 'acme')).rejects.toMatchObject(missing)
})

test('an account is removed only while it never had a computer', async () => {
  const store = await openStoreWithRoot()
  await addAccount(store, acme, 0)
  await removeAccount(store, 'acme')
  await addAccount(store, acme, 0)
  await addComputer(store, { username: 'acme', name: 'File server' }, 0)
  await removeComputer(store, await getComputer(store, 'acme', '0000'), 0)
  await expect(removeAccount(store, 'acme')).rejects.toMatchObject({ kind: 'conflict' })
  expect(await store.listAccounts()).toHaveLength(1)
})
