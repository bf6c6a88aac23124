import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { makePostgresDatabase } from '../../../test/support/stores.ts'
import { addTree, aRunReport, runKey, testNow } from '../../../test/support/tree.ts'
import { days } from '../../domain/instant.ts'
import { buildMigrator } from '../migrate.ts'
import { postgresDialect } from '../postgres-dialect.ts'
import { openStore } from '../store.ts'
import type { Tables } from '../tables.ts'

test.skipIf(inject('postgresUrl') === '')(
  'the runs of an older PostgreSQL database keep their numbers and names, and the next ones come behind them',
  async () => {
    const { url, remove } = await makePostgresDatabase()
    const pool = new pg.Pool({ connectionString: url })
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
    expect((await buildMigrator(db, postgresDialect).migrateTo('0009-notifications')).error).toBeUndefined()
    const far = testNow + days(9_000)
    await pool.query(`
      insert into runs (account_id, computer_key, run_key, type, plugin, state, started_at, updated_at, errors, warnings,
        received_at)
      select 1, 1, key, 'restore', 'file', 'finished', start, start, 0, 0, start
      from (values ('${runKey(1)}', ${testNow}), ('${runKey(2)}', ${far}), ('${runKey(3)}', 5)) as old (key, start)`)
    await pool.query('delete from runs where started_at = 5')
    await db.destroy()

    const store = await openStore(url)
    const { place } = await addTree(store)
    const report = (index: number, startedAt: number) =>
      aRunReport({ runKey: runKey(index), type: 'restore', startedAt, updatedAt: startedAt, backupsetName: null })
    await store.keepPartitions(Date.now())
    expect(await store.recordRun(place, report(1, testNow))).toMatchObject({ outcome: 'repeated', run: { id: 1 } })
    expect(await store.recordRun(place, report(2, far))).toMatchObject({ outcome: 'repeated', run: { id: 2 } })
    expect(await store.recordRun(place, report(3, testNow))).toMatchObject({ outcome: 'created', run: { id: 4 } })
    await store.close()
    await remove()
  },
)
