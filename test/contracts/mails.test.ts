import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { assignMail, readInbox } from '../../src/app/inbox.ts'
import { mostMails } from '../../src/app/mail-ports.ts'
import type { Store } from '../../src/app/ports.ts'
import { type MailTarget, receiveMail } from '../../src/app/receive-mail.ts'
import { days, minutes } from '../../src/domain/instant.ts'
import type { Mail } from '../../src/domain/mail.ts'
import type { BackupSet, Computer } from '../../src/domain/tree.ts'
import { readMail } from '../../src/smtp/read-mail.ts'
import { testRedact } from '../support/a-server.ts'
import { aMail, aNewRule } from '../support/mails.ts'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { addTree, aNewSet, placeOf, statesOf, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('mails on %s', (_, make) => {
  let store: Store
  let remove: () => Promise<void>
  let computer: Computer
  let set: BackupSet

  beforeEach(async () => {
    ;({ store, remove } = await openNewStore(make))
    ;({ computer } = await addTree(store))
    set = await store.addBackupSet(aNewSet(computer), testNow)
  })
  afterEach(() => remove())

  const toInbox = (): MailTarget => ({ computer, set: null, slug: null, reason: null })
  const receive = (mail: Mail, target: MailTarget = toInbox()) =>
    receiveMail({ store, redact: testRedact, read: readMail }, target, mail, testNow)
  const read = () => readInbox({ store, redact: testRedact, read: readMail }, computer, testNow)
  const waiting = () => store.listMails(computer.accountId, computer.key)
  const runs = () => store.listBackupRuns(computer.accountId, set.id, 0, 100)

  test('a mail that waits is found as it was kept, until it is removed', async () => {
    const mail = aMail(1, { sentAt: testNow - minutes(5), damage: 'It is cut.' })
    await store.addMail({ accountId: computer.accountId, computerKey: computer.key, mail, slug: 'x', reason: 'Why.' })
    const [{ id } = { id: 0 }] = await waiting()
    const kept = { ...mail, id, slug: 'x', reason: 'Why.' }
    expect(await store.findMail(computer.accountId, computer.key, id)).toEqual(kept)
    expect(await store.findMail(computer.accountId, computer.key + 1, id)).toBeUndefined()
    expect(await store.removeMail(computer.accountId, computer.key + 1, id)).toBe(false)
    expect(await store.removeMail(computer.accountId, computer.key, id)).toBe(true)
    expect(await store.removeMail(computer.accountId, computer.key, id)).toBe(false)
    expect(await waiting()).toEqual([])
  })

  test('a mail that is delivered twice waits once, also at the same moment', async () => {
    expect(await Promise.all([receive(aMail()), receive(aMail()), receive(aMail())])).toEqual(Array(3).fill('waiting'))
    expect(await waiting()).toHaveLength(1)
  })

  test('an inbox that is full takes no more, and says so', async () => {
    for (let index = 1; index <= mostMails; index += 1) expect(await receive(aMail(index))).toBe('waiting')
    expect(await receive(aMail(mostMails + 1))).toBe('full')
    expect(await receive(aMail(1))).toBe('waiting')
    expect(await waiting()).toHaveLength(mostMails)
  })

  test('mails go when they are old', async () => {
    await receive(aMail(1, { receivedAt: testNow - days(91) }))
    await receive(aMail(2))
    expect(await store.removeOldMails(testNow - days(90))).toBe(1)
    expect((await waiting()).map(({ key }) => key)).toEqual([aMail(2).key])
  })

  test('secrets are taken out before a mail is kept, and no success in the rest is believed', async () => {
    await receive(aMail(1, { subject: 'password=hunter22x', text: 'good, password=hunter22x' }))
    const [{ id, subject } = { id: 0, subject: '' }] = await waiting()
    const mail = await store.findMail(computer.accountId, computer.key, id)
    expect(subject + mail?.text).not.toContain('hunter22x')
    await store.addMailRule(aNewRule(set), testNow)
    expect(await read()).toEqual({ recorded: 1, waiting: 0 })
    expect(await runs()).toMatchObject([{ state: 'canceled', warnings: 1 }])
  })

  test('rules are listed in the order in which they were made, and go with their set', async () => {
    const other = await store.addBackupSet(aNewSet(computer, { name: 'Mail' }), testNow)
    const first = await store.addMailRule(aNewRule(set, { subject: 'PC', body: 'x', tool: 'veeam' }), testNow)
    const second = await store.addMailRule(aNewRule(other, { from: null, otherwise: 'failure' }), testNow)
    expect(first).toEqual({
      ...aNewRule(set, { subject: 'PC', body: 'x', tool: 'veeam' }),
      id: first.id,
      createdAt: testNow,
    })
    expect(await store.listMailRules(computer.accountId, computer.key)).toEqual([first, second])
    expect(await store.removeMailRule(computer.accountId, computer.key + 1, second.id)).toBe(false)
    expect(await store.removeMailRule(computer.accountId, computer.key, second.id)).toBe(true)
    await store.removeBackupSet(set.id)
    expect(await store.listMailRules(computer.accountId, computer.key)).toEqual([])
  })

  describe('a mail to the address of a set', () => {
    const receiveForSet = (mail: Mail) => receive(mail, { computer, set })

    test('is one run, however often it is delivered', async () => {
      await store.addMailRule(aNewRule(set, { from: null }), testNow)
      for (let times = 0; times < 3; times += 1)
        expect(await receiveForSet(aMail(1, { text: 'good' }))).toBe('recorded')
      expect(await runs()).toMatchObject([{ state: 'finished', warnings: 0, updatedAt: testNow }])
      expect(await statesOf(store, placeOf(computer))).toMatchObject([{ lastGoodEndedAt: testNow }])
    })

    test('is a warning and no good backup where nothing tells how it ended', async () => {
      expect(await receiveForSet(aMail())).toBe('recorded')
      expect(await runs()).toMatchObject([{ state: 'canceled', warnings: 1 }])
      expect(await statesOf(store, placeOf(computer))).toMatchObject([{ lastGoodEndedAt: null, failedRuns: 1 }])
      expect(await waiting()).toEqual([])
    })

    test('waits where it is no report', async () => {
      expect(await receiveForSet(aMail(1, { text: 'good', notReport: 'It is an automatic reply.' }))).toBe('waiting')
      expect(await runs()).toEqual([])
      expect(await waiting()).toMatchObject([{ slug: 'documents', reason: 'It is an automatic reply.' }])
    })

    test('is read by the tool of the set, and said to be another one where it is', async () => {
      const veeam = { ...set, tool: 'veeam' }
      await receive(aMail(1, { subject: '[Success] VMs', text: 'Everything' }), { computer, set: veeam })
      await receive(aMail(2, { subject: 'Hello', text: 'Everything' }), { computer, set: veeam })
      expect((await runs()).map(({ state, tool }) => [state, tool])).toContainEqual(['finished', 'veeam'])
      const doubtful = (await runs()).find(({ state }) => state === 'canceled')
      const log = await store.findRunLog(computer.accountId, computer.key, doubtful?.id ?? 0)
      expect(log?.messages).toEqual([{ level: 'warning', text: 'This is not the output of veeam.' }])
      expect(log?.log).toContain('Subject: Hello\n')
    })
  })

  describe('a mail to an inbox', () => {
    test('waits where no rule is for it', async () => {
      await store.addMailRule(aNewRule(set, { from: 'somebody@' }), testNow)
      await store.addMailRule(aNewRule(set, { from: null }), testNow)
      expect(await receive(aMail(1, { text: 'good' }))).toBe('waiting')
      expect(await waiting()).toMatchObject([{ reason: 'No rule is for it.' }])
    })

    test('says rather that its address names no set', async () => {
      await receive(aMail(), { computer, set: null, slug: 'x', reason: 'No backup set has the slug x.' })
      expect(await waiting()).toMatchObject([{ slug: 'x', reason: 'No backup set has the slug x.' }])
    })

    test('is a run by the first rule that is for it', async () => {
      const other = await store.addBackupSet(aNewSet(computer, { name: 'Mail' }), testNow)
      await store.addMailRule(aNewRule(set), testNow)
      await store.addMailRule(aNewRule(other), testNow)
      expect(await receive(aMail(1, { text: 'good' }))).toBe('recorded')
      expect(await runs()).toMatchObject([{ state: 'finished', backupsetName: 'Documents' }])
      expect(await store.listBackupRuns(computer.accountId, other.id, 0, 1)).toEqual([])
    })

    test('waits where its rule can tell nothing from it, unless that is a failure', async () => {
      const { id } = await store.addMailRule(aNewRule(set), testNow)
      expect(await receive(aMail(1))).toBe('waiting')
      await store.removeMailRule(computer.accountId, computer.key, id)
      await store.addMailRule(aNewRule(set, { otherwise: 'failure' }), testNow)
      expect(await receive(aMail(2))).toBe('recorded')
      expect(await runs()).toMatchObject([{ state: 'failed', errors: 1 }])
    })

    test('becomes a run when a rule is made for it, with the time at which it came', async () => {
      await receive(aMail(1, { receivedAt: testNow - days(2), text: 'good' }))
      await receive(aMail(2, { sender: 'other@example.net', text: 'good' }))
      await receive(aMail(3, { text: 'good', notReport: 'It is an automatic reply.' }))
      await store.addMailRule(aNewRule(set), testNow)
      expect(await read()).toEqual({ recorded: 1, waiting: 2 })
      expect(await runs()).toMatchObject([{ state: 'finished', updatedAt: testNow - days(2) }])
      expect(await read()).toEqual({ recorded: 0, waiting: 2 })
    })

    test('becomes a run when it is assigned, once', async () => {
      await receive(aMail())
      const [{ id } = { id: 0 }] = await waiting()
      const receiver = { store, redact: testRedact, read: readMail }
      expect(await assignMail(receiver, { computer, set, id }, testNow)).toMatchObject({ state: 'canceled' })
      await expect(assignMail(receiver, { computer, set, id }, testNow)).rejects.toMatchObject({ kind: 'not-found' })
      expect(await runs()).toHaveLength(1)
      expect(await waiting()).toEqual([])
    })
  })
})
