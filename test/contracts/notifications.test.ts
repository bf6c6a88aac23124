import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import { mostNotificationEmails, usualKinds, usualNotificationOptions } from '../../src/domain/notification.ts'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { addTree, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('notifications on %s', (_, make) => {
  let store: Store
  let remove: () => Promise<void>

  beforeEach(async () => {
    ;({ store, remove } = await openNewStore(make))
  })
  afterEach(() => remove())

  const author = { actor: 'client Connector', at: testNow }
  const anEmail = (email: string) => ({ ...usualKinds, email })
  const page = { skip: 0, most: 50 }

  test('addresses are numbered within their computer, and no number is given twice', async () => {
    const { computer } = await addTree(store)
    const { computer: other } = await addTree(store, { username: 'other' })
    const add = async (email: string) => (await store.addNotificationEmail(computer, anEmail(email))).id
    expect([await add('a@b.c'), await add('d@e.f')]).toEqual([1, 2])
    expect(await store.addNotificationEmail(other, anEmail('a@b.c'))).toEqual({ id: 1, ...anEmail('a@b.c') })
    await store.removeNotificationEmail(computer, 2)
    expect([await store.findNotificationEmail(computer, 2), await add('d@e.f')]).toEqual([undefined, 3])
    await expect(store.removeNotificationEmail(computer, 2)).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('an address is there once, in whatever letter case, also when several add it at once', async () => {
    const { computer } = await addTree(store)
    const added = ['It@acme.example', 'it@acme.example', 'IT@ACME.EXAMPLE'].map(email =>
      store.addNotificationEmail(computer, anEmail(email)),
    )
    const results = await Promise.allSettled(added)
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
    const { id } = await store.addNotificationEmail(computer, anEmail('b@acme.example'))
    const clash = store.changeNotificationEmail(computer, id, { email: 'iT@acme.example' })
    await expect(clash).rejects.toMatchObject({ kind: 'conflict' })
    await store.changeNotificationEmail(computer, id, { email: 'B@acme.example', backupFailed: false })
    const changed = { id, ...anEmail('B@acme.example'), backupFailed: false }
    expect(await store.findNotificationEmail(computer, id)).toEqual(changed)
  })

  test('addresses are listed in order, page by page, up to so many of them', async () => {
    const { computer } = await addTree(store)
    for (let index = mostNotificationEmails; index > 0; index -= 1) {
      await store.addNotificationEmail(computer, anEmail(`${String(index).padStart(3, '0')}@acme.example`))
    }
    const more = store.addNotificationEmail(computer, anEmail('more@acme.example'))
    await expect(more).rejects.toMatchObject({ kind: 'conflict' })
    const list = (orderBy: 'id' | 'email', isDescending: boolean, skip: number) =>
      store.listNotificationEmails(computer, { orderBy, isDescending }, { skip, most: 2 })
    const numbersOf = async (listed: ReturnType<typeof list>) => (await listed).emails.map(({ id }) => id)
    expect((await list('id', false, 0)).count).toBe(mostNotificationEmails)
    expect(await numbersOf(list('id', false, 98))).toEqual([99, 100])
    expect(await numbersOf(list('email', false, 0))).toEqual([100, 99])
    expect(await numbersOf(list('email', true, 1))).toEqual([2, 3])
    expect(await numbersOf(list('email', true, 100))).toEqual([])
  })

  test('options are as usual until they are changed, each by itself', async () => {
    const { computer } = await addTree(store)
    expect(await store.readNotificationOptions(computer.key)).toEqual(usualNotificationOptions)
    await Promise.all([
      store.changeNotificationOptions(computer.key, { backupFinished: { includeTotalUsage: true } }),
      store.changeNotificationOptions(computer.key, { noRecentBackup: { timeBetweenBackups: { value: 5 } } }),
    ])
    const { backupFinished, noRecentBackup } = usualNotificationOptions
    expect(await store.readNotificationOptions(computer.key)).toEqual({
      backupFinished: { ...backupFinished, includeTotalUsage: true },
      noRecentBackup: { ...noRecentBackup, timeBetweenBackups: { value: 5, factor: 'DAY' } },
    })
    const wrong = store.changeNotificationOptions(computer.key, {
      noRecentBackup: { timeBetweenBackups: { value: 0 } },
    })
    await expect(wrong).rejects.toMatchObject({ kind: 'invalid' })
  })

  test('who changed them is written down, what was before and what after', async () => {
    const { partner, computer } = await addTree(store)
    const changes = store.changing({ by: author })
    const { id } = await changes.addNotificationEmail(computer, anEmail('a@b.c'))
    await changes.changeNotificationEmail(computer, id, { backupWarning: false })
    await changes.changeNotificationEmail(computer, id, { backupWarning: false })
    await changes.removeNotificationEmail(computer, id)
    await changes.changeNotificationOptions(computer.key, { backupFinished: { includeTotalUsage: true } })
    const { entries } = await store.listAuditLog(partner.path, page)
    const subject = 'notification address 1 of computer 0000 of acme'
    expect(entries).toMatchObject([
      { action: 'change computer', subject: 'computer 0000 of acme' },
      { action: 'remove notification address', subject, after: null },
      { action: 'change notification address', subject, before: { backup_warning: 1 }, after: { backup_warning: 0 } },
      { action: 'add notification address', subject, before: null, after: { email_id: 1, email: 'a@b.c' } },
    ])
    expect(Object.keys(entries[0]?.after ?? {})).toEqual(['notification_options'])
  })
})
