import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { checkWholeDatabase } from '../../src/storage/check/check-database.ts'
import { migrations } from '../../src/storage/migrations/index.ts'
import { openStore } from '../../src/storage/store.ts'
import { startProcess } from '../support/lastgood-process.ts'
import { expectNothingLost } from '../support/nothing-lost.ts'
import { type PlainDatabase, readVersions, withPlain } from '../support/old-database.ts'
import { fillTables } from '../support/old-rows.ts'
import { readRows, readSchema } from '../support/schema.ts'
import { databaseKinds } from '../support/stores.ts'
import { aRunReport, runKey, statesOf, testNow } from '../support/tree.ts'

const versions = Object.keys(migrations).toSorted()
const latest = versions.at(-1) ?? ''
const olderVersions = versions.slice(0, -1)

/** Records a run of a set that is there and one of a set that is not, and has every set judged. */
async function expectItWorks(url: string): Promise<void> {
  const place = { accountId: 1, computerKey: 1, acceptsNewSets: true, isWatched: false }
  const store = await openStore(url)
  try {
    await store.keepPartitions(Date.now())
    const known = aRunReport({ runKey: runKey(1), backupsetName: 'name 1', bytes: 77 })
    expect(await store.recordRun(place, known)).toMatchObject({ outcome: 'created', run: { id: 3 } })
    const added = aRunReport({ runKey: runKey(2), backupsetName: 'Another' })
    expect(await store.recordRun(place, added)).toMatchObject({ outcome: 'created', run: { id: 4 } })
    const states = await statesOf(store, place)
    expect(states.map(({ setId, backupsetName, run }) => [setId, backupsetName, run?.startedAt])).toEqual([
      [3, 'Another', added.startedAt],
      [1, 'name 1', known.startedAt],
    ])
    let judged = 0
    for (let hasMore = true; hasMore;) {
      const done = await store.judge({ now: testNow, catchUpMs: 0 })
      judged += done.judged
      hasMore = done.hasMore
    }
    expect(judged).toBeGreaterThanOrEqual(3)
  } finally {
    await store.close()
  }
  expect(await checkWholeDatabase({ database: url, shown: 'the database', tell: () => undefined })).toEqual([])
}

describe.each(databaseKinds)('%s', (kind, make) => {
  let schema: string[]
  const removals: (() => Promise<void>)[] = []

  /** A new database that the program left which knew no later migration than `version`, with rows in every table. */
  async function makeOld(version?: string): Promise<string> {
    const { url, remove } = await make()
    removals.push(remove)
    if (version === undefined) return url
    await withPlain(url, async database => {
      await database.migrateTo(version)
      await fillTables(database)
    })
    return url
  }

  beforeAll(async () => {
    const url = await makeOld()
    await (await openStore(url)).close()
    schema = await withPlain(url, readSchema)
  })
  afterAll(async () => {
    for (const remove of removals) await remove()
  })

  test.each(olderVersions)('a database of %s becomes what a new one is, loses nothing, and works', async version => {
    const url = await makeOld(version)
    const before = await withPlain(url, readRows)
    expect(Object.entries(before).filter(([, rows]) => rows.length < 2)).toEqual([])
    await (await openStore(url)).close()
    await withPlain(url, async database => {
      expect(await readVersions(database)).toEqual(versions)
      expect(await readSchema(database)).toEqual(schema)
      expectNothingLost(before, await readRows(database), version)
    })
    await expectItWorks(url)
  })

  test('a database of a newer version is refused by the name of its migration, and left as it was', async () => {
    const url = await makeOld(olderVersions.at(-1))
    const inside = (database: PlainDatabase) =>
      Promise.all([readVersions(database), readSchema(database), readRows(database)])
    const before = await withPlain(url, async database => {
      await database.all(`insert into migrations (name, timestamp) values ('9999-from-tomorrow', '2030-01-01')`)
      return inside(database)
    })
    await expect(openStore(url)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(/newer Lastgood.*9999-from-tomorrow/) as string,
    })
    expect(await withPlain(url, inside)).toEqual(before)
  })

  /** What a database of a version looks like, as the next start of a program finds it. */
  async function schemaAt(version: string | undefined): Promise<string[]> {
    if (version === latest) return schema
    const url = await makeOld(version)
    return withPlain(url, readSchema)
  }

  /** Migrates in a process of its own, which is killed at a statement; answers whether it lived to its end. */
  async function migrateAndDie(url: string, at: string): Promise<boolean> {
    const env = { ...process.env, DIE_AT_STATEMENT: at }
    const { ended } = startProcess([process.execPath, '--import', dying, opening, url], { env })
    const { status, signal, stderr } = await ended
    expect([status, signal], stderr).toBeOneOf([
      [0, null],
      [null, 'SIGKILL'],
    ])
    if (kind === 'PostgreSQL') await whenAlone(url)
    return status === 0
  }

  test.each([
    ['an empty database', undefined],
    ['0001-first', '0001-first'],
  ])(
    'a migration of %s that is killed leaves one version or the next, and the next start goes on',
    async (_, version) => {
      const url = await makeOld(version)
      const before = version === undefined ? {} : await withPlain(url, readRows)
      // Each start finds what the one before it left, and comes much further.
      for (let at = 4; !(await migrateAndDie(url, String(at))); at *= 5) {
        const found = await withPlain(url, async database => {
          const seen = await readVersions(database)
          expect(seen).toEqual(versions.slice(0, seen.length))
          return { last: seen.at(-1), schema: await readSchema(database) }
        })
        expect(found.schema).toEqual(await schemaAt(found.last))
      }
      await withPlain(url, async database => {
        expect(await readVersions(database)).toEqual(versions)
        expect(await readSchema(database)).toEqual(schema)
        if (version !== undefined) expectNothingLost(before, await readRows(database), version)
      })
    },
  )

  test('a migration that is killed when it has been committed is whole', async () => {
    const url = await makeOld('0009-notifications')
    const before = await withPlain(url, readRows)
    expect(await migrateAndDie(url, 'committed')).toBe(false)
    await withPlain(url, async database => {
      expect(await readVersions(database)).toEqual(versions)
      expect(await readSchema(database)).toEqual(schema)
      expectNothingLost(before, await readRows(database), '0009-notifications')
    })
    await expectItWorks(url)
  })

  test.runIf(kind === 'PostgreSQL').each([
    ['an empty database', undefined],
    ['one of 0001-first', '0001-first'],
    ['one of 0009-notifications', '0009-notifications'],
  ])('of four that start at once on %s one migrates, and the others wait for it', async (_, version) => {
    const url = await makeOld(version)
    const before = version === undefined ? {} : await withPlain(url, readRows)
    const opened = await Promise.allSettled(Array.from({ length: 4 }, () => openStore(url)))
    for (const one of opened) if (one.status === 'fulfilled') await one.value.close()
    expect(opened.filter(one => one.status === 'rejected')).toEqual([])
    await withPlain(url, async database => {
      expect(await readVersions(database)).toEqual(versions)
      expect(await readSchema(database)).toEqual(schema)
      if (version !== undefined) expectNothingLost(before, await readRows(database), version)
    })
    if (version !== undefined) await expectItWorks(url)
  })
})

const dying = fileURLToPath(new URL('../support/die-at-statement.ts', import.meta.url))
const opening = fileURLToPath(new URL('../support/open-database.ts', import.meta.url))

/** Waits until the server has noticed that a process which had the database open is gone. */
async function whenAlone(url: string): Promise<void> {
  await withPlain(url, ({ all }) =>
    vi.waitFor(async () => {
      const others = await all(`select pid from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`)
      expect(others).toEqual([])
    }, 20_000),
  )
}
