import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import { openStore } from '../../src/storage/store.ts'
import { databaseKinds, openNewStore, type TestDatabase } from '../support/stores.ts'
import { addTree, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('changes of the tree on %s', (_, make) => {
  let store: Store
  let database: TestDatabase
  let remove: () => Promise<void>

  beforeEach(async () => {
    ;({ store, database, remove } = await openNewStore(make))
  })
  afterEach(() => remove())

  const anEntry = (partnerId: number) => ({
    at: testNow,
    actor: 'client Connector',
    action: 'change computer',
    partnerId,
    accountId: null,
    before: { name: 'File server' },
    after: { name: 'Files' },
  })

  test('what is written down of a change is there when the change is', async () => {
    const { partner, computer } = await addTree(store)
    const audit = anEntry(partner.id)
    await store.changing({ audit }).changeComputer(computer.key, { name: 'Files' })
    expect(await store.listAuditLog(partner.id, 10)).toEqual([audit])
  })

  test('nothing is written down of a change that fails', async () => {
    const { partner, account } = await addTree(store)
    const change = store.changing({ audit: anEntry(partner.id) }).removeAccount(account.id)
    await expect(change).rejects.toMatchObject({ kind: 'conflict' })
    expect(await store.listAuditLog(partner.id, 10)).toEqual([])
  })

  test('a change that builds on an older tree is refused, and changes nothing', async () => {
    const { account, computer } = await addTree(store)
    const ifVersion = await store.treeVersion()
    await store.changing({ ifVersion }).changeComputer(computer.key, { email: 'one@example.net' })
    const late = store.changing({ ifVersion }).changeComputer(computer.key, { email: 'two@example.net' })
    await expect(late).rejects.toMatchObject({ kind: 'changed' })
    expect(await store.listComputers(account.id)).toMatchObject([{ email: 'one@example.net' }])
    expect(await store.treeVersion()).toBe(ifVersion + 1)
  })

  test('of many that build on the same tree one succeeds, in whichever process', async () => {
    const { computer } = await addTree(store)
    const other = await openStore(database.url)
    const ifVersion = await store.treeVersion()
    const changes = Array.from({ length: 8 }, (_, index) =>
      (index % 2 === 0 ? store : other).changing({ ifVersion }).changeComputer(computer.key, { name: `Name ${index}` }),
    )
    const results = await Promise.allSettled(changes)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await other.close()
  })

  test('contacts, references and standing of an account are kept', async () => {
    const { partner, account } = await addTree(store)
    const contact = { company: 'Acme Ltd', email: 'it@example.net', phone: '+1 555 0100', referenceCode: 'A-7' }
    const added = await store.addAccount(
      { partnerId: partner.id, username: 'other', name: 'Other', timeZone: 'UTC', acceptsNewSets: true, ...contact },
      testNow,
    )
    expect(added).toMatchObject({ ...contact, status: 'active' })
    expect(account).toMatchObject({ company: '', email: '', phone: '', referenceCode: '', status: 'active' })
    await store.changeAccount(account.id, { ...contact, status: 'canceled', cancellationNote: 'moved away' })
    expect(await store.findAccount('acme')).toEqual({ ...account, ...contact, status: 'canceled' })
    expect(await store.findComputer('acme', '0000')).toMatchObject({ accountStatus: 'canceled' })
  })
})
