import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ClaimedMessage } from '../../src/app/channel-ports.ts'
import type { RunPlace, Store } from '../../src/app/ports.ts'
import { type Instant, minutes } from '../../src/domain/instant.ts'
import type { Account, Computer, Partner } from '../../src/domain/tree.ts'
import type { RunState } from '../../src/domain/run.ts'
import { openStore } from '../../src/storage/store.ts'
import { databaseKinds, openNewStore, type TestDatabase } from '../support/stores.ts'
import { addTree, aRunReport, runKey, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('the outbox on %s', (_, make) => {
  let store: Store
  let database: TestDatabase
  let remove: () => Promise<void>
  let partner: Partner
  let account: Account
  let computer: Computer
  let place: RunPlace
  let night: number

  beforeEach(async () => {
    ;({ store, database, remove } = await openNewStore(make))
    ;({ partner, account, computer, place } = await addTree(store))
    night = 0
  })
  afterEach(() => remove())

  const addChannel = (accountId: number | null = null, partnerId = partner.id) =>
    store.addChannel(
      { name: 'On call', kind: 'webhook', url: 'https://chat.example.net/', secret: 'whsec_', partnerId, accountId },
      testNow,
    )
  const timeOf = (index: number): Instant => testNow + minutes(10) * index

  /** Records a run of a night, judges, and says when that was. */
  async function record(state: RunState, { at = place, index = (night += 1) } = {}): Promise<Instant> {
    const now = timeOf(index)
    const report = { startedAt: now - minutes(2), updatedAt: now - minutes(1), receivedAt: now }
    await store.recordRun(at, aRunReport({ ...report, runKey: runKey(index), state, errors: 0 }))
    await judge(now)
    return now
  }
  async function judge(now: Instant): Promise<void> {
    while ((await store.judge({ now, catchUpMs: 0 })).hasMore);
  }
  const claim = (channelId: number, now: Instant, by = store): Promise<ClaimedMessage[]> =>
    by.claimMessages({ channelId, now, until: now + minutes(3) })
  const toldOn = async (channelId: number) =>
    (await claim(channelId, timeOf(1_000))).map(({ change }) => [change?.previousStatus, change?.status])
  const settle = (
    channelId: number,
    message: ClaimedMessage,
    outcome: { failure: string | null; nextAt: Instant | null },
  ) => store.settleMessages(channelId, [{ ...message, ...outcome }], testNow)

  test('without a channel nothing is put into it', async () => {
    await record('failed')
    const { id } = await addChannel()
    expect(await store.findDueChannels(timeOf(1_000))).toEqual([])
    expect(await claim(id, timeOf(1_000))).toEqual([])
  })

  test('a set that fails is told once, and once that it is all right again; runs on the way are not', async () => {
    const { id } = await addChannel()
    for (const state of ['finished', 'running', 'finished', 'failed', 'running', 'failed', 'finished'] as const) {
      await record(state)
    }
    expect(await toldOn(id)).toEqual([
      ['COMPLETED', 'FAILURE'],
      ['FAILURE', 'COMPLETED'],
    ])
  })

  test('a set whose first run fails is told; one whose first run is all right is not', async () => {
    const { id } = await addChannel()
    await record('failed')
    await store.recordRun(place, aRunReport({ runKey: runKey(50), backupsetName: 'Mail' }))
    await judge(timeOf(2))
    expect(await toldOn(id)).toEqual([[null, 'FAILURE']])
  })

  test('a message tells the names and times of what it is about', async () => {
    const { id } = await addChannel()
    const now = await record('failed')
    expect(await store.findDueChannels(now - 1)).toEqual([])
    expect(await store.findDueChannels(now)).toEqual([id])
    expect(await claim(id, now)).toEqual([
      {
        accountId: account.id,
        id: expect.any(Number) as number,
        attempts: 1,
        createdAt: now,
        change: {
          username: 'acme',
          computerId: '0000',
          computerName: 'File server',
          backupsetName: 'Documents',
          zone: 'America/New_York',
          status: 'FAILURE',
          previousStatus: null,
          rules: ['ERRORS'],
          at: now - minutes(1),
          foundAt: now,
        },
      },
    ])
  })

  test('a channel of an account, of its partner or of one above tells it; those of others do not', async () => {
    const below = await store.addPartner({ parentId: partner.id, username: 'below', name: 'Below' }, testNow)
    const { place: other } = await addTree(store, { username: 'other', partner: 'below' })
    const channels = [await addChannel(), await addChannel(null, below.id), await addChannel(account.id)]
    await record('failed', { at: other })
    const told = await Promise.all(channels.map(({ id }) => toldOn(id)))
    expect(told.map(({ length }) => length)).toEqual([1, 1, 0])
  })

  test('what one has claimed nobody else is given, until the claim ends', async () => {
    const { id } = await addChannel()
    const now = await record('failed')
    const other = await openStore(database.url)
    const both = (await Promise.all([claim(id, now), claim(id, now, other)])).flat()
    expect(both).toHaveLength(1)
    expect(await claim(id, now + minutes(3) - 1, other)).toEqual([])
    expect(await claim(id, now + minutes(3), other)).toMatchObject([{ id: both[0]?.id, attempts: 2 }])
    await other.close()
  })

  test('whose claim has ended does not settle the message of the next', async () => {
    const { id } = await addChannel()
    const now = await record('failed')
    const [late] = await claim(id, now)
    const [current] = await claim(id, now + minutes(3))
    if (!late || !current) throw new Error('Nothing was claimed.')
    await settle(id, late, { failure: null, nextAt: null })
    expect(await store.listChannels()).toMatchObject([{ waiting: 1 }])
    await settle(id, current, { failure: null, nextAt: null })
    expect(await store.listChannels()).toMatchObject([{ waiting: 0, deliveredAt: testNow }])
  })

  test('what failed is due again when that is said, and what was given up when somebody asks for it', async () => {
    const { id } = await addChannel()
    const now = await record('failed')
    const [first] = await claim(id, now)
    if (!first) throw new Error('Nothing was claimed.')
    await settle(id, first, { failure: 'It answered 500.', nextAt: now + 5 })
    expect(await store.listChannels()).toMatchObject([{ waiting: 1, givenUp: 0, failure: 'It answered 500.' }])
    expect(await claim(id, now + 4)).toEqual([])
    const [second] = await claim(id, now + 5)
    if (!second) throw new Error('Nothing was claimed.')
    await settle(id, second, { failure: 'It answered 500.', nextAt: null })
    expect(await store.listChannels()).toMatchObject([{ waiting: 0, givenUp: 1 }])
    expect(await claim(id, timeOf(1_000))).toEqual([])
    expect(await store.retryMessages(id, now)).toBe(1)
    expect(await claim(id, now)).toMatchObject([{ id: first.id, attempts: 1 }])
  })

  test('of a set that was removed nothing is told any more', async () => {
    const { id } = await addChannel()
    await record('failed')
    const set = await store.findBackupSet(account.id, computer.key, 'Documents')
    await store.removeBackupSet(set?.id ?? 0)
    expect(await toldOn(id)).toEqual([])
  })

  test('a channel that is removed takes what it was to tell along', async () => {
    const { id } = await addChannel()
    await record('failed')
    await store.removeChannel(id)
    expect([await store.findChannel(id), await store.listChannels(), await toldOn(id)]).toEqual([undefined, [], []])
  })
})
