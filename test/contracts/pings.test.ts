import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunPlace, Store } from '../../src/app/ports.ts'
import { hashSecret } from '../../src/app/secrets.ts'
import { hours, minutes, seconds } from '../../src/domain/instant.ts'
import type { Ping } from '../../src/domain/ping.ts'
import type { BackupSet, Computer } from '../../src/domain/tree.ts'
import { aPing, aRid, aSource } from '../support/pings.ts'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { addTree, aNewSet, aRunReport, placeOf, runKey, statesOf, testNow } from '../support/tree.ts'

describe.each(databaseKinds)('pings on %s', (_, make) => {
  let store: Store
  let remove: () => Promise<void>
  let computer: Computer
  let place: RunPlace
  let set: BackupSet

  beforeEach(async () => {
    ;({ store, remove } = await openNewStore(make))
    ;({ computer, place } = await addTree(store))
    set = await store.addBackupSet(aNewSet(computer), testNow)
  })
  afterEach(() => remove())

  const send = (ping: Ping) => store.recordPing(place, set.id, ping, aSource)
  const runs = () => store.listBackupRuns(place.accountId, set.id, 0, 100)
  const logOf = async (id: number) => (await store.findRunLog(place.accountId, place.computerKey, id))?.log

  test('a start and its end without a rid are one run', async () => {
    expect(await send(aPing('start', { at: testNow }))).toEqual({ outcome: 'recorded', n: 1, runId: 1 })
    expect(await runs()).toMatchObject([{ state: 'running', startedAt: testNow }])
    const end = aPing('success', { at: testNow + minutes(5), body: 'all went well' })
    expect(await send(end)).toEqual({ outcome: 'recorded', n: 2, runId: 1 })
    expect(await runs()).toMatchObject([
      { state: 'finished', startedAt: testNow, updatedAt: testNow + minutes(5), backupsetName: 'Documents' },
    ])
    expect(await logOf(1)).toBe('all went well')
    expect(await statesOf(store, place)).toMatchObject([{ newestRun: { state: 'finished' }, failedRuns: 0 }])
  })

  test('an end without a start is a run of no length', async () => {
    await send(aPing('fail', { at: testNow, body: 'no space left' }))
    await send(aPing('success', { at: testNow + 1 }))
    expect(await runs()).toMatchObject([
      { state: 'failed', errors: 1, startedAt: testNow, updatedAt: testNow },
      { state: 'finished', startedAt: testNow + 1 },
    ])
  })

  test('a rid joins start and end in whatever order they arrive, repeated or not', async () => {
    for (const kind of ['success', 'start', 'success', 'start'] as const) {
      await send(aPing(kind, { rid: 1, at: testNow }))
    }
    await send(aPing('start', { rid: 2, at: testNow + 1 }))
    await send(aPing('fail', { rid: 2, at: testNow + 2 }))
    await send(aPing('success', { rid: 2, at: testNow + 3 }))
    expect(await runs()).toMatchObject([
      { runKey: runKey(1), state: 'finished' },
      { runKey: runKey(2), state: 'failed', updatedAt: testNow + 2 },
    ])
  })

  test('a failure ends a run of another rid as well, until that tells its own end', async () => {
    await send(aPing('start', { rid: 1, at: testNow }))
    await send(aPing('success', { rid: 2, at: testNow + 1 }))
    expect(await runs()).toMatchObject([{ state: 'running' }, { state: 'finished' }])
    await send(aPing('fail', { rid: 3, at: testNow + 2 }))
    expect(await runs()).toMatchObject([{ state: 'failed' }, { state: 'finished' }, { state: 'failed' }])
    await send(aPing('success', { rid: 1, at: testNow + 2 }))
    expect(await runs()).toMatchObject([{ state: 'finished' }, { state: 'finished' }, { state: 'failed' }])
  })

  test('only runs that a ping started are ended by a ping without a rid', async () => {
    const started = { state: 'running', startedAt: testNow, updatedAt: testNow } as const
    await store.recordRun(place, aRunReport({ ...started, runKey: runKey(77) }))
    await send(aPing('success', { at: testNow + 1 }))
    expect(await runs()).toMatchObject([{ state: 'running' }, { state: 'finished', startedAt: testNow + 1 }])
  })

  test('a log is added to the running run, else to the newest, and changes no state', async () => {
    expect(await send(aPing('log', { body: 'nobody there' }))).toEqual({ outcome: 'recorded', n: 1, runId: null })
    await send(aPing('start', { at: testNow, body: 'begin' }))
    await send(aPing('log', { at: testNow + 1, body: 'half' }))
    await send(aPing('log', { at: testNow + 2, body: 'half' }))
    await send(aPing('success', { at: testNow + 3, body: 'end' }))
    expect(await send(aPing('log', { at: testNow + 4, body: 'later' }))).toMatchObject({ runId: 1 })
    expect(await runs()).toMatchObject([{ state: 'finished', updatedAt: testNow + 3 }])
    expect(await logOf(1)).toBe('begin\nhalf\nhalf\nend\nlater')
  })

  test('pings are kept with what they said and where they came from, newest first', async () => {
    await send(aPing('start', { rid: 1, at: testNow }))
    await send(aPing('fail', { rid: 1, at: testNow + 1, exitStatus: 3 }))
    const common = { ...aSource, rid: aRid(1), runId: 1 }
    expect(await store.listPings(place.accountId, set.id, 10)).toEqual([
      { ...common, n: 2, at: testNow + 1, kind: 'fail', exitStatus: 3 },
      { ...common, n: 1, at: testNow, kind: 'start', exitStatus: null },
    ])
    expect(await store.listPings(place.accountId, set.id, 1)).toHaveLength(1)
  })

  test('the newest thousand pings of a set are kept, and are counted on', async () => {
    const other = await store.addBackupSet(aNewSet(computer, { name: 'Mail' }), testNow)
    await store.recordPing(place, other.id, aPing('success', { at: testNow }), aSource)
    await Promise.all(Array.from({ length: 1_005 }, () => send(aPing('log', { at: testNow }))))
    const kept = await store.listPings(place.accountId, set.id, 2_000)
    expect(kept.map(({ n }) => n)).toEqual(Array.from({ length: 1_000 }, (_, index) => 1_005 - index))
    expect(await store.listPings(place.accountId, other.id, 10)).toHaveLength(1)
  })

  test('many pings at once are all recorded, each set by itself', async () => {
    const others = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.addBackupSet(aNewSet(computer, { name: `Set ${index}` }), testNow),
      ),
    )
    const sent = await Promise.all(
      others.flatMap(({ id }, index) =>
        (['start', 'log', 'success'] as const).map(kind =>
          store.recordPing(place, id, aPing(kind, { rid: index, at: testNow, body: kind }), aSource),
        ),
      ),
    )
    expect(sent.map(result => 'n' in result && result.n)).toEqual(others.flatMap(() => [1, 2, 3]))
    const states = await statesOf(store, place)
    expect(states.map(({ newestRun }) => newestRun?.state)).toEqual(others.map(() => 'finished'))
  })

  test('a ping of a set that is gone is refused, and its pings go with a set', async () => {
    await send(aPing('start', { at: testNow }))
    await store.addPingId({ setId: set.id, hash: hashSecret('u'), othersEndAt: testNow }, testNow)
    await store.removeBackupSet(set.id)
    expect(await send(aPing('success', { at: testNow }))).toEqual({ outcome: 'unknown-set' })
    expect(await store.listPings(place.accountId, set.id, 10)).toEqual([])
    expect(await store.findPingId(hashSecret('u'))).toBeUndefined()
  })

  test('a ping is a sign of life of a computer whose presence matters, also one that only logs', async () => {
    const presence = { kind: 'required', notSeenMs: minutes(60) } as const
    await store.addBackupSet(aNewSet(computer, { name: 'Laptop', presence }), testNow)
    place = placeOf({ ...computer, isWatched: true })
    await send(aPing('log', { at: testNow }))
    await send(aPing('success', { at: testNow + seconds(30) }))
    expect(await store.sightings(place.accountId, place.computerKey)).toEqual([
      { from: testNow, until: testNow + seconds(30) },
    ])
  })

  test('a run that pings started long ago is not waited for', async () => {
    await send(aPing('start', { rid: 1, at: testNow }))
    await send(aPing('start', { rid: 2, at: testNow + hours(24 * 31) }))
    await send(aPing('fail', { rid: 2, at: testNow + hours(24 * 31) + 1 }))
    await send(aPing('fail', { at: testNow + hours(24 * 31) + 2 }))
    expect((await runs()).map(({ state }) => state)).toEqual(['running', 'failed', 'failed'])
  })

  test('a ping raises the version of its account', async () => {
    const before = await store.accountVersion(place.accountId)
    await send(aPing('start', { at: testNow }))
    expect(await store.accountVersion(place.accountId)).not.toBe(before)
  })

  describe('what ping URLs name', () => {
    test('the slug of a set is made from its name and stays when that changes; a new set may have its own', async () => {
      expect(set).toMatchObject({ slug: 'documents', tool: null })
      await store.changeBackupSet(set.id, { name: 'Papers', tool: 'restic' })
      expect(await store.findBackupSet(computer.accountId, computer.key, 'Papers')).toEqual({
        ...set,
        name: 'Papers',
        tool: 'restic',
      })
      const own = await store.addBackupSet(aNewSet(computer, { name: 'a--b', slug: 'a--b', tool: 'borg' }), testNow)
      expect(await store.findBackupSet(computer.accountId, computer.key, 'a--b')).toEqual(own)
      expect(own).toMatchObject({ slug: 'a--b', tool: 'borg' })
      await store.recordRun(place, aRunReport({ backupsetName: 'Mail & Calendar' }))
      expect(await store.findBackupSet(computer.accountId, computer.key, 'Mail & Calendar')).toMatchObject({
        slug: 'mail-calendar',
        tool: null,
      })
    })

    test('a ping key is that of its computer, and ends when another takes its place', async () => {
      await store.setPingKey(computer.key, hashSecret('k1'), testNow)
      expect(await store.findPingKey(hashSecret('k1'))).toEqual({ hash: hashSecret('k1'), computerKey: computer.key })
      await store.setPingKey(computer.key, hashSecret('k2'), testNow)
      expect(await store.findPingKey(hashSecret('k1'))).toBeUndefined()
      expect(await store.findPingKey(hashSecret('k2'))).toBeDefined()
    })

    test('a UUID is that of its set; with a new one the old is told its end, which never moves away', async () => {
      const find = (secret: string) => store.findPingId(hashSecret(secret))
      const add = (secret: string, othersEndAt: number, now: number) =>
        store.addPingId({ setId: set.id, hash: hashSecret(secret), othersEndAt }, now)
      await add('u1', testNow, testNow)
      const found = { hash: hashSecret('u1'), setId: set.id, computerKey: computer.key, expiresAt: null }
      expect(await find('u1')).toEqual(found)
      await add('u2', testNow + hours(24), testNow)
      expect(await find('u1')).toEqual({ ...found, expiresAt: testNow + hours(24) })
      await add('u3', testNow + hours(48), testNow + hours(1))
      expect([await find('u1'), await find('u2'), await find('u3')]).toMatchObject([
        { expiresAt: testNow + hours(24) },
        { expiresAt: testNow + hours(48) },
        { expiresAt: null },
      ])
      await add('u4', testNow + hours(24), testNow + hours(24))
      expect([await find('u1'), await find('u2'), await find('u3')]).toEqual([undefined, undefined, undefined])
      expect(await find('u4')).toMatchObject({ expiresAt: null })
    })

    test('they end with their computer, and every change raises the version of the tree', async () => {
      const versions = [await store.treeVersion()]
      await store.setPingKey(computer.key, hashSecret('k'), testNow)
      versions.push(await store.treeVersion())
      await store.addPingId({ setId: set.id, hash: hashSecret('u'), othersEndAt: testNow }, testNow)
      versions.push(await store.treeVersion())
      await store.changeComputer(computer.key, { status: 'deleted' })
      expect(new Set(versions).size).toBe(3)
      expect(await store.findPingKey(hashSecret('k'))).toBeUndefined()
      expect(await store.findPingId(hashSecret('u'))).toBeUndefined()
    })
  })
})
