import { expect, test } from 'vitest'
import { openTestStore } from '../../test/support/test-store.ts'
import { addTree, aNewSet, aRun, aRunReport, factsOf, testNow } from '../../test/support/tree.ts'
import { days, hours } from '../domain/instant.ts'
import { parseSchedule } from '../domain/schedule.ts'
import { changeAccount } from './accounts.ts'
import { cancelAccount } from './cancel-account.ts'
import { getComputer } from './computers.ts'
import { currentConditions } from './current-conditions.ts'

/** An account with a set that is due every night and ran three days ago for the last time. */
async function aLateAccount() {
  const { store } = await openTestStore()
  const { partner, computer, place } = await addTree(store)
  const set = aNewSet(computer, { schedule: parseSchedule('cron 0 23 * * *') })
  await store.addBackupSet(set, testNow - days(4))
  const startedAt = testNow - days(3) + hours(13)
  await store.recordRun(place, aRunReport({ ...aRun({ startedAt, updatedAt: startedAt + hours(1) }) }))
  const typesAt = async (now: number) => {
    const found = await currentConditions(await factsOf(store), await getComputer(store, 'acme', '0000'), now)
    return found.map(({ condition }) => condition?.types)
  }
  return { store, partner, place, typesAt }
}

test('nothing is expected of the sets of an account that is canceled', async () => {
  const { store, typesAt } = await aLateAccount()
  expect(await typesAt(testNow)).toEqual([['MISSED']])
  expect(await cancelAccount(store, 'acme', 'moved away')).toMatchObject({ status: 'canceled' })
  expect(await typesAt(testNow)).toEqual([['COMPLETED']])
})

test('what the computers of a canceled account report is recorded', async () => {
  const { store, place, typesAt } = await aLateAccount()
  await cancelAccount(store, 'acme', '')
  const report = aRunReport({ runKey: '00000000-0000-4000-8000-000000000002', errors: 1 })
  expect(await store.recordRun(place, report)).toMatchObject({ outcome: 'created' })
  expect(await typesAt(testNow)).toEqual([['ERRORS']])
})

test('an account that is in use again is not red for what it missed meanwhile, but for what it misses then', async () => {
  const { store, typesAt } = await aLateAccount()
  await cancelAccount(store, 'acme', 'moved away')
  await changeAccount(await factsOf(store), 'acme', { status: 'test' }, testNow)
  expect(await typesAt(testNow)).toEqual([['COMPLETED']])
  expect(await typesAt(testNow + days(1))).toEqual([['MISSED']])
})

test('an account keeps the note of its first cancellation, until it is in use again', async () => {
  const { store, partner } = await aLateAccount()
  const by = { actor: 'somebody', at: testNow }
  const audited = { ...store, ...store.changing({ by }) }
  await cancelAccount(audited, 'acme', 'moved away')
  await cancelAccount(audited, 'acme', 'another reason')
  await changeAccount(await factsOf(audited), 'acme', { status: 'active' }, testNow)
  const { entries } = await store.listAuditLog(partner.path, { skip: 0, most: 9 })
  expect(entries.map(({ after }) => after)).toEqual([
    { status: 'active', cancellation_note: null },
    { status: 'canceled', cancellation_note: 'moved away' },
  ])
})

test('an account is canceled with a note that can be kept, and by nothing but its cancellation', async () => {
  const { store } = await aLateAccount()
  await expect(cancelAccount(store, 'acme', 'x'.repeat(1_001))).rejects.toThrow('reason_note must have at most 1000')
  await expect(cancelAccount(store, 'nobody', '')).rejects.toMatchObject({ kind: 'not-found' })
  const change = async () => changeAccount(await factsOf(store), 'acme', { status: 'canceled' }, testNow)
  await expect(change()).rejects.toMatchObject({ kind: 'invalid' })
  await cancelAccount(store, 'acme', '')
  expect(await change()).toMatchObject({ status: 'canceled' })
})
