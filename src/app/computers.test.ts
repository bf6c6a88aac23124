import { expect, test } from 'vitest'
import { openTestStore } from '../../test/support/test-store.ts'
import { aNewSet, factsOf } from '../../test/support/tree.ts'
import { parseSchedule } from '../domain/schedule.ts'
import { addAccount } from './accounts.ts'
import { addComputer, changeComputer, getComputer, listComputers, removeComputer, renewAgentKey } from './computers.ts'
import { ensureRootPartner } from './partners.ts'
import { hashSecret } from './secrets.ts'

async function openStoreWithAccount() {
  const { store } = await openTestStore()
  await ensureRootPartner(store, 0)
  await addAccount(store, { username: 'acme', timeZone: 'Europe/Berlin', partner: 'root', acceptsNewSets: true }, 0)
  return store
}

test('a computer is numbered, has the zone of its account, and a key that is stored as a hash', async () => {
  const store = await openStoreWithAccount()
  const { computer, agentKey } = await addComputer(store, { username: 'acme', name: 'File server' }, 0)
  expect(computer).toMatchObject({ computerId: '0000', timeZone: 'Europe/Berlin', status: 'active' })
  expect(agentKey).toMatch(/^lgk_[\w-]{43}$/)
  expect(await store.findBearer(hashSecret(agentKey))).toMatchObject({ node: { computerKey: computer.key } })
  const next = await addComputer(store, { username: 'acme', name: 'Mail server', timeZone: 'UTC' }, 0)
  expect(next.computer).toMatchObject({ computerId: '0001', timeZone: 'UTC' })
})

test.each([
  ['an empty name', { username: 'acme', name: '' }, 'invalid'],
  ['a time zone that there is not', { username: 'acme', name: 'File server', timeZone: '+02:00' }, 'invalid'],
  ['an account that there is not', { username: 'nobody', name: 'File server' }, 'not-found'],
])('a computer is not added with %s', async (_, computer, kind) => {
  const store = await openStoreWithAccount()
  await expect(addComputer(store, computer, 0)).rejects.toMatchObject({ kind })
  expect(await listComputers(store, 'acme')).toEqual([])
})

test('a computer changes what is given, and nothing else', async () => {
  const store = await openStoreWithAccount()
  const { computer } = await addComputer(store, { username: 'acme', name: 'File server' }, 0)
  const facts = await factsOf(store)
  expect(await changeComputer(facts, computer, { enabled: false }, 0)).toMatchObject({ status: 'disabled' })
  const changed = await changeComputer(facts, computer, { name: 'Files', timeZone: 'UTC' }, 0)
  expect(changed).toMatchObject({ name: 'Files', timeZone: 'UTC', status: 'disabled' })
  expect(await changeComputer(facts, computer, { enabled: true }, 0)).toMatchObject({ status: 'active' })
})

test('a computer keeps whom to reach about it', async () => {
  const store = await openStoreWithAccount()
  const contact = { email: ' it@acme.example ', phone: '+49 30 123' }
  const { computer } = await addComputer(store, { username: 'acme', name: 'File server', ...contact }, 0)
  expect(computer).toMatchObject({ email: 'it@acme.example', phone: '+49 30 123' })
  const changed = await changeComputer(await factsOf(store), computer, { email: '' }, 0)
  expect(changed).toMatchObject({ email: '', phone: '+49 30 123' })
  const wrong = changeComputer(await factsOf(store), computer, { email: 'nobody' }, 0)
  await expect(wrong).rejects.toMatchObject({ kind: 'invalid' })
})

test('a computer that gives up its own time zone has that of its account, on whose clock it is due from then on', async () => {
  const store = await openStoreWithAccount()
  const adding = { username: 'acme', name: 'File server', timeZone: 'Asia/Tokyo' }
  const { computer } = await addComputer(store, adding, 0)
  await store.addBackupSet(aNewSet(computer, { schedule: parseSchedule('cron 0 23 * * *') }), 0)
  const expectedFrom = async () => (await store.listBackupSets(computer.accountId, computer.key))[0]?.expectedFrom
  const changed = await changeComputer(await factsOf(store), computer, { timeZone: null }, 5)
  expect([changed, await expectedFrom()]).toMatchObject([{ timeZone: 'Europe/Berlin', ownTimeZone: null }, 5])
  const same = await changeComputer(await factsOf(store), changed, { timeZone: 'Europe/Berlin' }, 6)
  expect([same.ownTimeZone, await expectedFrom()]).toEqual(['Europe/Berlin', 5])
  const back = await changeComputer(await factsOf(store), same, { timeZone: null }, 7)
  expect([back.ownTimeZone, await expectedFrom()]).toEqual([null, 5])
})

test('what is told to change nothing leaves the tree as it is', async () => {
  const store = await openStoreWithAccount()
  const { computer } = await addComputer(store, { username: 'acme', name: 'File server' }, 0)
  const version = await store.treeVersion()
  expect(await changeComputer(await factsOf(store), computer, { name: undefined }, 0)).toEqual(computer)
  expect(await store.treeVersion()).toBe(version)
})

test('a new agent key ends the old one', async () => {
  const store = await openStoreWithAccount()
  const { computer, agentKey } = await addComputer(store, { username: 'acme', name: 'File server' }, 0)
  const renewed = await renewAgentKey(store, computer, 1)
  expect(await store.findBearer(hashSecret(agentKey))).toBeUndefined()
  expect(await store.findBearer(hashSecret(renewed))).toBeDefined()
})

test('a removed computer is told from one that never was, loses its key and stays in the list', async () => {
  const store = await openStoreWithAccount()
  const { computer, agentKey } = await addComputer(store, { username: 'acme', name: 'File server' }, 0)
  await removeComputer(store, computer, 0)
  await expect(getComputer(store, 'acme', '0000')).rejects.toThrow('was deleted')
  await expect(getComputer(store, 'acme', '0001')).rejects.toThrow('The account acme has no computer 0001')
  await expect(getComputer(store, 'nobody', '0000')).rejects.toThrow('There is no account nobody')
  expect(await store.findBearer(hashSecret(agentKey))).toBeUndefined()
  expect(await listComputers(store, 'acme')).toMatchObject([{ computerId: '0000', status: 'deleted' }])
})
