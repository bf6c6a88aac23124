import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import { openStore } from '../../src/storage/store.ts'
import { databaseKinds, openNewStore, type TestDatabase } from '../support/stores.ts'
import { addTree, aNewSet, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('changes of the tree on %s', (_, make) => {
  let store: Store
  let database: TestDatabase
  let remove: () => Promise<void>

  beforeEach(async () => {
    ;({ store, database, remove } = await openNewStore(make))
  })
  afterEach(() => remove())

  const author = { actor: 'client Connector', at: testNow }
  const read = async (path: string) => (await store.listAuditLog(path, { skip: 0, most: 50 })).entries

  test('what is written down of a change is there when the change is: what was different, before and after', async () => {
    const { partner, account, computer } = await addTree(store)
    await store.changing({ by: author }).changeComputer(computer.key, { name: 'Files', email: '' })
    expect(await read(partner.path)).toEqual([
      {
        id: expect.any(Number),
        ...author,
        action: 'change computer',
        subject: 'computer 0000 of acme',
        partnerPath: partner.path,
        accountId: account.id,
        username: 'acme',
        before: { name: 'File server' },
        after: { name: 'Files' },
      },
    ])
  })

  test('of what is added and removed everything is written down but its secrets', async () => {
    const { partner, computer } = await addTree(store)
    const changes = store.changing({ by: author })
    const place = { partnerId: partner.id, accountId: null, computerKey: null }
    const client = { clientId: '0'.repeat(32), secretHash: 'secret', name: 'Connector', scopes: [], place }
    const { id } = await changes.addClient(client, testNow)
    await changes.changeClient(id, { secretHash: 'another secret' })
    await changes.removeClient(id)
    await changes.setAgentKey(computer.key, 'secret', testNow)
    const set = await changes.addBackupSet(aNewSet(computer), testNow)
    await changes.removeBackupSet(set.id)
    const entries = await read(partner.path)
    const shown = { client_id: '0'.repeat(32), name: 'Connector', scopes: [], created_at: testNow }
    expect(entries.map(({ action, subject }) => `${action}: ${subject}`)).toEqual([
      'remove backup set: backup set Documents of computer 0000 of acme',
      'add backup set: backup set Documents of computer 0000 of acme',
      'renew agent key: computer 0000 of acme',
      `remove client: client Connector (${'0'.repeat(32)})`,
      `change client: client Connector (${'0'.repeat(32)})`,
      `add client: client Connector (${'0'.repeat(32)})`,
    ])
    expect(entries.slice(2).map(({ before, after }) => [before, after])).toEqual([
      [{}, {}],
      [shown, null],
      [{}, {}],
      [null, shown],
    ])
    expect(JSON.stringify(entries)).not.toContain('secret')
  })

  test('what was changed is read by whoever is at or above it, page by page, also of what is gone', async () => {
    const { partner: root } = await addTree(store)
    const changes = store.changing({ by: author })
    const below = (username: string) => changes.addPartner({ parentId: root.id, username, name: username }, testNow)
    const [north, south] = [await below('north'), await below('south')]
    await changes.changePartner(north.id, { name: 'The North', policy: { WARNINGS: 'FAILURE' } })
    await changes.removePartner(south.id)
    expect((await read(root.path)).map(({ action }) => action)).toEqual([
      'remove partner',
      'change partner',
      'add partner',
      'add partner',
    ])
    expect(await read(north.path)).toMatchObject([
      { before: { name: 'north', policy: {} }, after: { name: 'The North', policy: { WARNINGS: 'FAILURE' } } },
      { action: 'add partner', before: null },
    ])
    const page = await store.listAuditLog(root.path, { skip: 1, most: 2 })
    expect([page.count, page.entries.map(({ action }) => action)]).toEqual([4, ['change partner', 'add partner']])
  })

  test('what was changed is selected by who did it, and since when', async () => {
    const { partner, account } = await addTree(store)
    const change = (actor: string, at: number) =>
      store.changing({ by: { actor, at } }).changeAccount(account.id, { phone: String(at) })
    await change('office', 1)
    await change('onsite', 2)
    await change('office', 3)
    const page = { skip: 0, most: 9 }
    const times = async (selection: object) =>
      (await store.listAuditLog(partner.path, page, selection)).entries.map(({ at }) => at)
    expect(await times({ actor: 'office' })).toEqual([3, 1])
    expect(await times({ since: 2 })).toEqual([3, 2])
    expect(await times({ since: 2, actor: 'onsite' })).toEqual([2])
    expect(await store.listAuditLog(partner.path, page, { actor: 'nobody' })).toEqual({ entries: [], count: 0 })
  })

  test('rules for mails are written down when they are added and removed', async () => {
    const { partner, account, computer } = await addTree(store)
    const set = await store.addBackupSet(aNewSet(computer), testNow)
    const changes = store.changing({ by: author })
    const words = { success: ['done'], failure: ['error'], otherwise: 'inbox' } as const
    const place = { accountId: account.id, computerKey: computer.key, setId: set.id }
    const rule = { ...place, from: 'nas@', subject: null, body: null, tool: null, ...words }
    const { id } = await changes.addMailRule(rule, testNow)
    expect(await changes.removeMailRule(account.id, computer.key, id)).toBe(true)
    expect(await changes.removeMailRule(account.id, computer.key, id)).toBe(false)
    const { from: sender, accountId: _, computerKey: __, setId: ___, ...shown } = rule
    const columns = { sender, ...shown, created_at: testNow }
    const subject = 'mail rule of backup set Documents of computer 0000 of acme'
    expect(await read(partner.path)).toMatchObject([
      { action: 'remove mail rule', subject, username: 'acme', before: columns, after: null },
      { action: 'add mail rule', subject, username: 'acme', before: null, after: columns },
    ])
  })

  test('what changes nothing is not written down, nor what nobody does, nor what fails', async () => {
    const { partner, account, computer } = await addTree(store)
    const changes = store.changing({ by: author })
    await changes.changeComputer(computer.key, { name: 'File server' })
    await store.changeComputer(computer.key, { name: 'Files' })
    await expect(changes.removeAccount(account.id)).rejects.toMatchObject({ kind: 'conflict' })
    expect(await read(partner.path)).toEqual([])
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
