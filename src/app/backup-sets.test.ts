import { expect, test } from 'vitest'
import { openTestStore } from '../../test/support/test-store.ts'
import { factsOf } from '../../test/support/tree.ts'
import { expectationBounds } from '../domain/expectation.ts'
import { hours, minutes } from '../domain/instant.ts'
import { addAccount } from './accounts.ts'
import { addBackupSet, changeBackupSet, getBackupSet, removeBackupSet } from './backup-sets.ts'
import { addComputer } from './computers.ts'
import { ensureRootPartner } from './partners.ts'

async function openStoreWithComputer() {
  const { store } = await openTestStore()
  await ensureRootPartner(store, 0)
  await addAccount(store, { username: 'acme', timeZone: 'UTC', partner: 'root', acceptsNewSets: true }, 0)
  const { computer } = await addComputer(store, { username: 'acme', name: 'File server' }, 0)
  return { store, computer, facts: await factsOf(store) }
}

test('a set holds files and may run for a day, unless told otherwise', async () => {
  const { store, computer } = await openStoreWithComputer()
  const usual = await addBackupSet(store, computer, { name: ' Documents ' }, 0)
  expect(usual).toMatchObject({ name: 'Documents', plugin: 'file', runLimitMs: hours(24), enabled: true })
  const other = await addBackupSet(store, computer, { name: 'Ledger', plugin: 'sql', runLimitMinutes: 30 }, 0)
  expect(other).toMatchObject({ plugin: 'sql', runLimitMs: minutes(30) })
})

test.each([1, expectationBounds.runLimitMinutes.most])('a run limit of %i minutes is taken', async runLimitMinutes => {
  const { store, computer } = await openStoreWithComputer()
  const set = await addBackupSet(store, computer, { name: 'Documents', runLimitMinutes }, 0)
  expect(set.runLimitMs).toBe(minutes(runLimitMinutes))
})

test.each([0, expectationBounds.runLimitMinutes.most + 1, 1.5, Number.NaN])(
  'a run limit of %d minutes is refused',
  async limit => {
    const { store, computer } = await openStoreWithComputer()
    const adding = addBackupSet(store, computer, { name: 'Documents', runLimitMinutes: limit }, 0)
    await expect(adding).rejects.toMatchObject({ kind: 'invalid' })
    expect(await store.listBackupSets(computer.accountId, computer.key)).toEqual([])
  },
)

test('a set changes what is given, and nothing else', async () => {
  const { store, computer, facts } = await openStoreWithComputer()
  await addBackupSet(store, computer, { name: 'Documents' }, 0)
  expect(await changeBackupSet(facts, computer, 'Documents', { enabled: false }, 0)).toMatchObject({ enabled: false })
  const changed = await changeBackupSet(facts, computer, 'Documents', { name: 'Papers', runLimitMinutes: 5 }, 0)
  expect(changed).toMatchObject({ name: 'Papers', runLimitMs: minutes(5), enabled: false, plugin: 'file' })
  await expect(getBackupSet(store, computer, 'Documents')).rejects.toMatchObject({ kind: 'not-found' })
})

test('the name of a set is its own within its computer', async () => {
  const { store, computer, facts } = await openStoreWithComputer()
  await addBackupSet(store, computer, { name: 'Caf\u00E9' }, 0)
  await addBackupSet(store, computer, { name: 'Mail' }, 0)
  const clash = { kind: 'conflict', message: expect.stringContaining('has a backup set "Caf\u00E9" already') as string }
  await expect(addBackupSet(store, computer, { name: 'Cafe\u0301' }, 0)).rejects.toMatchObject(clash)
  await expect(changeBackupSet(facts, computer, 'Mail', { name: 'Caf\u00E9' }, 0)).rejects.toMatchObject(clash)
})

test('a removed set is gone', async () => {
  const { store, computer } = await openStoreWithComputer()
  await addBackupSet(store, computer, { name: 'Documents' }, 0)
  await removeBackupSet(store, computer, 'Documents')
  await expect(removeBackupSet(store, computer, 'Documents')).rejects.toThrow('has no backup set "Documents"')
})
