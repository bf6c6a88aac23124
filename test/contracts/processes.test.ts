import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import { startWatch } from '../../src/app/watch.ts'
import { type Instant, minutes, seconds } from '../../src/domain/instant.ts'
import { openStore } from '../../src/storage/store.ts'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { addTree, aRunReport, runKey, testNow } from '../support/tree.ts'

async function countsIn(connectionString: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query('select key_hash, used::int from request_counts')).rows
  } finally {
    await client.end()
  }
}

/** How many accounts have reports that nobody has judged. */
async function reportedIn(connectionString: string): Promise<number> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const reported = 'select 1 from data_versions where account_id > 0 and version > judged_version'
    return (await client.query(reported)).rowCount ?? 0
  } finally {
    await client.end()
  }
}

describe.each(databaseKinds)('processes on one database, %s', (kind, make) => {
  let store: Store
  let another: Store
  let url: string
  let remove: () => Promise<void>

  beforeEach(async () => {
    const opened = await openNewStore(make)
    store = opened.store
    url = opened.database.url
    another = await openStore(opened.database.url)
    remove = async () => {
      await another.close()
      await opened.remove()
    }
  })
  afterEach(() => remove())

  /** Two servers that are awake for a minute, the other with a clock that is wrong by so much. */
  async function liveTogether(wrongBy: number): Promise<void> {
    await store.pulse(testNow, {})
    const found = await another.lastPulse()
    await store.pulse(testNow + seconds(5), { pulsedAt: testNow })
    await another.pulse(testNow + wrongBy, { found })
    for (let at: Instant = testNow + seconds(10); at <= testNow + minutes(1); at += seconds(5)) {
      await store.pulse(at, { pulsedAt: at - seconds(5) })
      await another.pulse(at + wrongBy, { pulsedAt: at + wrongBy - seconds(5) })
    }
  }

  test.each([0, 3, -3, 19, 45, -45, 3_600, -3_600])(
    'of which two are awake none invents an absence, with clocks that differ by %i seconds',
    async wrongBy => {
      await liveTogether(seconds(wrongBy))
      expect(await store.listAbsences()).toEqual([])
    },
  )

  test('that starts while another is awake stores no absence and leaves the version of the tree', async () => {
    await store.pulse(testNow, {})
    const version = await store.treeVersion()
    await store.pulse(testNow + seconds(5), { pulsedAt: testNow })
    expect(await another.pulse(testNow + seconds(6), { found: testNow })).toBeUndefined()
    expect(await store.treeVersion()).toBe(version)
  })

  test('that starts when the only other has ended stores the seconds in between, also after a wait', async () => {
    await store.pulse(testNow, {})
    expect(await another.pulse(testNow + seconds(2), { found: testNow })).toEqual({
      from: testNow,
      until: testNow + seconds(2),
    })
  })

  test('of which two start at once store one absence', async () => {
    await store.pulse(testNow, {})
    const starts = [store, another].map(one => one.pulse(testNow + minutes(1), { found: testNow }))
    expect((await Promise.all(starts)).filter(Boolean)).toHaveLength(1)
    expect(await store.listAbsences()).toEqual([{ from: testNow, until: testNow + minutes(1) }])
  })

  test('of which one has slept store nothing while another was awake, and the time since when none was', async () => {
    await store.pulse(testNow, {})
    await another.pulse(testNow + minutes(10), { pulsedAt: testNow + minutes(10) - seconds(5) })
    expect(await store.pulse(testNow + minutes(10) + seconds(3), { pulsedAt: testNow })).toBeUndefined()
    expect(await another.pulse(testNow + minutes(30), { pulsedAt: testNow + minutes(10) })).toEqual({
      from: testNow + minutes(10) + seconds(3),
      until: testNow + minutes(30),
    })
  })

  test('forget what a clock that was far ahead has stored when its process is gone', async () => {
    await liveTogether(minutes(60))
    await store.pulse(testNow + minutes(2), { pulsedAt: testNow + minutes(2) - seconds(5) })
    expect(await store.lastPulse()).toBe(testNow + minutes(2))
  })

  test.runIf(kind === 'SQLite')('of SQLite count requests by themselves', () => {
    expect(store.sharedCounts).toBeNull()
  })

  test.runIf(kind === 'PostgreSQL')('that count requests know what the others have, and tell no key', async () => {
    const exchange = store.sharedCounts
    const anotherExchange = another.sharedCounts
    if (!exchange || !anotherExchange) throw new Error('Processes on PostgreSQL count together.')
    const endsAt = testNow + minutes(1)
    expect(await exchange([{ key: 'a', used: 5, endsAt }], minutes(1), testNow)).toEqual([
      { key: 'a', used: 5, endsAt },
    ])
    const later = [
      { key: 'b', used: 1, endsAt: endsAt + 7 },
      { key: 'a', used: 3, endsAt: endsAt + 7 },
    ]
    expect(new Set(await anotherExchange(later, minutes(1), testNow + 7))).toEqual(
      new Set([
        { key: 'a', used: 8, endsAt },
        { key: 'b', used: 1, endsAt: endsAt + 7 },
      ]),
    )
    const next = [{ key: 'a', used: 2, endsAt: endsAt + minutes(1) }]
    expect(await anotherExchange(next, minutes(1), endsAt)).toEqual(next)
    // Two windows later those that ended are gone, and what is stored names nobody.
    await exchange([{ key: 'c', used: 1, endsAt: endsAt + minutes(9) }], minutes(1), endsAt + minutes(8))
    expect(await countsIn(url)).toEqual([{ key_hash: expect.stringMatching(/^[0-9a-f]{64}$/), used: 1 }])
  })

  /** Reports a run of some sets of some accounts each, and answers how many sets those are. */
  async function reportRuns(accounts: number, sets: number): Promise<number> {
    for (let index = 0; index < accounts; index += 1) {
      const { place } = await addTree(store, { username: `acme ${index}` })
      const reports = Array.from({ length: sets }, (_, set) =>
        aRunReport({ runKey: runKey(set), backupsetName: `Set ${set}`, startedAt: testNow }),
      )
      await Promise.all(reports.map(report => store.recordRun(place, report)))
    }
    return accounts * sets
  }

  async function judgeAll(by: Store): Promise<{ judged: number; changed: number }> {
    const sum = { judged: 0, changed: 0 }
    for (;;) {
      const { judged, changed, hasMore } = await by.judge({ now: testNow + minutes(30), catchUpMs: 0 })
      sum.judged += judged
      sum.changed += changed
      if (!hasMore) return sum
    }
  }

  test('of which two judge what was reported find every change once', async () => {
    const sets = await reportRuns(60, 4)
    const found = [...(await Promise.all([judgeAll(store), judgeAll(another)])), await judgeAll(store)]
    expect(found.reduce((sum, { changed }) => sum + changed, 0)).toBe(sets)
  })

  test.runIf(kind === 'PostgreSQL')('leave accounts that a stopped one is judging, and judge all others', async () => {
    await reportRuns(3, 2)
    const stopped = new pg.Client({ connectionString: url })
    await stopped.connect()
    try {
      await stopped.query('begin')
      const held = `select account_id from data_versions where account_id = (select max(account_id) from data_versions)
        and pg_try_advisory_xact_lock(19527, hashint8(account_id))`
      expect((await stopped.query(held)).rowCount).toBe(1)
      await judgeAll(store)
      expect(await reportedIn(url)).toBe(1)
    } finally {
      await stopped.end()
    }
    await vi.waitFor(async () => {
      await judgeAll(another)
      expect(await reportedIn(url)).toBe(0)
    })
  })

  test.runIf(kind === 'PostgreSQL')('that start wait whether another says that it is awake', async () => {
    await store.pulse(testNow, {})
    const onJudged = vi.fn(() => Promise.resolve({ judged: 0, changed: 0, hasMore: false }))
    const looks = vi.fn(() => another.lastPulse())
    const watch = startWatch({ ...another, judge: onJudged, lastPulse: looks }, () => testNow + seconds(3), minutes(15))
    await vi.waitFor(() => expect(looks.mock.calls.length).toBeGreaterThan(1), { timeout: 8_000 })
    expect(onJudged).not.toHaveBeenCalled()
    await store.pulse(testNow + seconds(5), { pulsedAt: testNow })
    await vi.waitFor(() => expect(onJudged).toHaveBeenCalled(), { timeout: 8_000 })
    await watch.stop()
    expect(await store.listAbsences()).toEqual([])
  })
})
