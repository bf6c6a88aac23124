import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import type { Computer } from '../../src/domain/tree.ts'
import { openStore } from '../../src/storage/store.ts'
import { buildTestServer, type TestServer } from '../support/a-server.ts'
import { aComputer, aReport, aToken, recordReport, reportUrl } from '../support/builders.ts'
import { type ReplicatedPostgres, startReplicated } from '../support/postgres-standby.ts'
import { execute } from '../support/postgres-template.ts'
import { openStatementLog, type StatementLog } from '../support/statement-log.ts'

const reads = (log: StatementLog) => log.take().filter(({ sql }) => /^select[^]*from "set_states"/.test(sql)).length

/** A server whose reports may be read from a standby, with all that it sends to both. */
async function openReplicatedServer() {
  const postgres = await startReplicated()
  const [primary, standby] = [await openStatementLog(postgres.primary), await openStatementLog(postgres.standby)]
  const told: unknown[] = []
  const options = { readUrl: standby.url, onReplica: (failure: unknown) => void told.push(failure) }
  const store = await openStore(primary.url, options)
  const server = await buildTestServer({ store, database: postgres.primary })
  await store.pulse(server.now, {})
  const close = async () => {
    await server.app.close()
    await store.close()
    await primary.close()
    await standby.close()
    await postgres[Symbol.asyncDispose]()
  }
  return { server, postgres, primary, standby, told, close }
}

describe.skipIf(inject('postgresUrl') === '')('a standby for reports', () => {
  let opened: Awaited<ReturnType<typeof openReplicatedServer>>
  let postgres: ReplicatedPostgres
  let server: TestServer
  let computer: Computer
  let token: string

  beforeAll(async () => {
    opened = await openReplicatedServer()
    ;({ postgres, server } = opened)
    computer = await aComputer(server)
    token = await aToken(server)
    await recordReport(server, computer)
  })
  afterAll(() => opened.close())

  const urls = () => [
    reportUrl(computer),
    '/v1/accounts/acme/reports/backup_status',
    '/v1/partners/root/reports/backup_status',
  ]

  /** The statuses that the reports over the computer, its account and its partner tell of the set. */
  async function statuses(set = 'Documents'): Promise<unknown[]> {
    // No answer that was kept is asked for again.
    server.now += 1_000
    const answers = await Promise.all(urls().map(url => server.get(url, { token })))
    return answers.map(answer => {
      expect(answer.statusCode).toBe(200)
      const { list } = answer.json<{ list: Record<string, unknown>[] }>()
      return list.find(row => row['backupset_name'] === set)?.['condition_status']
    })
  }

  /** Which of the two the states of the sets come from, of three reports. */
  async function readers(): Promise<{ fromPrimary: number; fromStandby: number }> {
    reads(opened.primary)
    reads(opened.standby)
    await statuses()
    return { fromPrimary: reads(opened.primary), fromStandby: reads(opened.standby) }
  }

  const isUsed = () => vi.waitFor(async () => expect((await readers()).fromPrimary).toBe(0), { timeout: 20_000 })

  test('answers them while it is new enough', async () => {
    await isUsed()
    expect(await readers()).toEqual({ fromPrimary: 0, fromStandby: 3 })
    expect(await statuses()).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED'])
  })

  test('that is behind answers none of them: who reported a run finds it', async () => {
    await isUsed()
    await postgres.pause()
    await recordReport(
      server,
      computer,
      aReport({ status: 'ERROR', local_start: '2026-03-05T09:30:00-05:00', local_end: '2026-03-05T09:31:00-05:00' }),
    )
    expect(await statuses()).toEqual(['FAILURE', 'FAILURE', 'FAILURE'])
    expect((await readers()).fromPrimary).toBe(3)
    await postgres.resume()
    await isUsed()
    expect(await statuses()).toEqual(['FAILURE', 'FAILURE', 'FAILURE'])
  })

  test('that follows another primary, as one does that was cut off from a fail-over, answers none', async () => {
    await isUsed()
    await execute(postgres.primary, 'update server_pulses set timeline = timeline + 1')
    await vi.waitFor(async () => expect((await readers()).fromPrimary).toBe(3), { timeout: 20_000 })
    await server.store.pulse(server.now, { pulsedAt: server.now })
    await isUsed()
  })

  test('that is gone costs nothing but its help, and is used again when it is back', async () => {
    await isUsed()
    opened.told.length = 0
    await postgres.kill()
    expect(await statuses()).toEqual(['FAILURE', 'FAILURE', 'FAILURE'])
    expect(opened.told[0]).toMatchObject({ kind: 'unavailable' })
    await recordReport(
      server,
      computer,
      aReport({ local_start: '2026-03-05T09:40:00-05:00', local_end: '2026-03-05T09:41:00-05:00' }),
    )
    expect(await statuses()).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED'])
    await postgres.restart()
    await isUsed()
    expect(opened.told.at(-1)).toBeUndefined()
  })

  test('holds nobody who reports, whatever it does meanwhile', async () => {
    let runs = 0
    const step = fc.constantFrom('success', 'failure', 'pause', 'resume', 'read')
    const steps = fc.array(step, { minLength: 4, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(steps, async given => {
        for (const step of given) {
          if (step === 'pause' || step === 'resume') await postgres[step]()
          else if (step === 'read') await statuses()
          else {
            runs += 1
            const local_start = new Date(server.now + runs * 1_000).toISOString()
            const status = step === 'success' ? 'SUCCESS' : 'ERROR'
            await recordReport(server, computer, aReport({ status, local_start, local_end: local_start }))
            const expected = step === 'success' ? 'COMPLETED' : 'FAILURE'
            expect(await statuses()).toEqual([expected, expected, expected])
          }
        }
      }),
      { numRuns: 8 },
    )
    await postgres.resume()
  })

  test('that was promoted answers none of them any more', async () => {
    await isUsed()
    await postgres.promote()
    await vi.waitFor(async () => expect((await readers()).fromPrimary).toBe(3), { timeout: 20_000 })
  })
})

test.skipIf(inject('postgresUrl') === '')(
  'a server that is no standby of the database is told, and not read',
  async () => {
    await using postgres = await startReplicated()
    const told: unknown[] = []
    const onReplica = (failure: unknown) => void told.push(failure)
    const store = await openStore(postgres.primary, { readUrl: inject('postgresUrl'), onReplica })
    const server = await buildTestServer({ store, database: postgres.primary })
    await store.pulse(server.now, {})
    const computer = await aComputer(server)
    await recordReport(server, computer)
    const { list } = (await server.get(reportUrl(computer), { token: await aToken(server) })).json<{
      list: unknown[]
    }>()
    expect(list).toMatchObject([{ condition_status: 'COMPLETED' }])
    expect(told[0]).toMatchObject({
      message: expect.stringMatching(/LASTGOOD_DATABASE_READ_URL names a server that is no/),
    })
    await server.app.close()
    await store.close()
  },
)
