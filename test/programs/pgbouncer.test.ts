import pg from 'pg'
import { expect, test } from 'vitest'
import { openPgbouncer } from '../support/a-pgbouncer.ts'
import { addComputer, json, reportRun, startServer, stop } from '../support/lastgood-server.ts'
import { startPostgres } from '../support/postgres-server.ts'
import { describeTool } from './support/describe-tool.ts'

describeTool(
  'pgbouncer',
  () => {
    test('two servers and their commands work on two connections in transaction mode', async () => {
      const postgres = await startPostgres()
      try {
        await using pooler = await openPgbouncer(postgres.url)
        const key = await addComputer(pooler.url)
        await using first = await startServer(pooler.url)
        await using second = await startServer(pooler.url)
        const reportInTurn = async ({ url }: { url: string }) => {
          for (let count = 0; count < 10; count += 1) expect((await reportRun(url, key)).status).toBe(201)
        }
        await Promise.all([first, second, first, second, first, second, first, second].map(reportInTurn))
        expect(await json(pooler.url, 'report', 'acme', '0000')).toMatchObject([{ condition_status: 'COMPLETED' }])
        // The servers judge by themselves what was reported.
        await expect.poll(() => countRows(postgres.url, 'condition_changes'), { timeout: 30_000 }).toBe(1)
        for (const server of [first, second]) {
          await stop(server)
          expect((await server.ended).stderr).not.toMatch(/failed|prepared statement/)
        }
        expect(await countRows(postgres.url, 'runs')).toBe(80)
      } finally {
        await postgres.stop()
      }
    })
  },
  ['pgbouncer'],
)

async function countRows(url: string, table: 'runs' | 'condition_changes'): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ count: string }>(`select count(*) from ${table}`)
    return Number(rows[0]?.count)
  } finally {
    await client.end()
  }
}
