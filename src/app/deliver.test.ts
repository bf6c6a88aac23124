import { expect, test } from 'vitest'
import { AppError } from '../domain/app-error.ts'
import { type Instant, minutes, seconds } from '../domain/instant.ts'
import { openTestStore } from '../../test/support/test-store.ts'
import { addTree, aRunReport, runKey, testNow } from '../../test/support/tree.ts'
import type { Deliver, OutgoingMessage } from './channel-ports.ts'
import { testChannel } from './channels.ts'
import { deliverDue, startDelivery } from './deliver.ts'

/** A store with a channel, and as many sets that fail as are asked for. */
async function aFullOutbox(sets: number) {
  const { store } = await openTestStore()
  const { partner, place } = await addTree(store)
  const addChannel = () =>
    store.addChannel(
      {
        name: 'On call',
        kind: 'webhook',
        url: 'https://a.example/',
        secret: '',
        partnerId: partner.id,
        accountId: null,
      },
      testNow,
    )
  const channels = [await addChannel(), await addChannel()]
  for (let index = 0; index < sets; index += 1) {
    const report = { runKey: runKey(index), backupsetName: `Set ${index}`, errors: 1, receivedAt: testNow }
    await store.recordRun(place, aRunReport(report))
  }
  while ((await store.judge({ now: testNow, catchUpMs: 0 })).hasMore);
  return { store, channel: channels[0]?.id ?? 0, other: channels[1]?.id ?? 0 }
}

const away: Deliver = () => Promise.reject(new AppError('unavailable', 'It answered 500.'))
const at = (now: Instant) => () => now

test('everything that is due is told, each under an id of its own', async () => {
  const { store, channel } = await aFullOutbox(25)
  const sent: OutgoingMessage[] = []
  const keep: Deliver = (_, message) => Promise.resolve(void sent.push(message))
  expect(await deliverDue(store, keep, { id: channel, clock: at(testNow) })).toBe(25)
  expect(new Set(sent.map(({ id }) => id)).size).toBe(25)
  expect(new Set(sent.map(({ change }) => change?.backupsetName)).size).toBe(25)
  expect(await store.listChannels()).toMatchObject([{ waiting: 0, deliveredAt: testNow }, { waiting: 25 }])
})

test('what does not arrive is sent again later, under the same id', async () => {
  const { store, channel } = await aFullOutbox(1)
  const ids: string[] = []
  const failing: Deliver = (to, message) => {
    ids.push(message.id)
    return away(to, message)
  }
  await deliverDue(store, failing, { id: channel, clock: at(testNow) })
  await deliverDue(store, failing, { id: channel, clock: at(testNow + seconds(10) - 1) })
  expect(ids).toHaveLength(1)
  await deliverDue(store, failing, { id: channel, clock: at(testNow + seconds(10)) })
  expect([ids.length, new Set(ids).size]).toEqual([2, 1])
  expect(await store.listChannels()).toMatchObject([{ waiting: 1, failure: 'It answered 500.' }, {}])
})

test('whoever dies with a message gives it back', async () => {
  const { store, channel } = await aFullOutbox(1)
  await store.claimMessages({ channelId: channel, now: testNow, until: testNow + minutes(3) })
  let count = 0
  const counted: Deliver = () => Promise.resolve(void (count += 1))
  await deliverDue(store, counted, { id: channel, clock: at(testNow + minutes(3) - 1) })
  expect(count).toBe(0)
  await deliverDue(store, counted, { id: channel, clock: at(testNow + minutes(3)) })
  expect(count).toBe(1)
})

test('a channel that hangs delays no other, and a stop waits for what is on its way', async () => {
  const { store, channel, other } = await aFullOutbox(3)
  const { promise: hanging, resolve: letGo } = Promise.withResolvers<void>()
  const { promise: told, resolve: tell } = Promise.withResolvers<void>()
  const arrived: number[] = []
  const delivery = startDelivery(
    store,
    async ({ id }) => {
      if (id === channel) await hanging
      arrived.push(id)
      if (arrived.length === 3) tell()
    },
    at(testNow),
  )
  await told
  expect(arrived).toEqual([other, other, other])
  const stopped = delivery.stop()
  letGo()
  await stopped
  expect(arrived).toEqual([other, other, other, channel])
})

test('a test of a channel answers why it did not arrive', async () => {
  const { store, channel } = await aFullOutbox(0)
  const sent: OutgoingMessage[] = []
  const keep: Deliver = (_, message) => Promise.resolve(void sent.push(message))
  expect(await testChannel(store, keep, { id: channel, now: testNow })).toBeUndefined()
  expect(sent).toEqual([{ id: `test-${testNow}`, at: testNow, change: null }])
  expect(await testChannel(store, away, { id: channel, now: testNow })).toBe('It answered 500.')
  await expect(testChannel(store, away, { id: 7, now: testNow })).rejects.toThrow('There is no channel 7')
})
