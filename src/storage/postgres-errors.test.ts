import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { toPostgresError } from './postgres-errors.ts'

async function failureOf(options: pg.ClientConfig): Promise<unknown> {
  const client = new pg.Client({ ...options, connectionString: inject('postgresUrl') })
  await client.connect()
  try {
    return await client.query('select pg_sleep(60)').catch(toPostgresError)
  } finally {
    await client.end()
  }
}

test.skipIf(inject('postgresUrl') === '').each<[string, pg.ClientConfig]>([
  ['the server ends', { statement_timeout: 50 }],
  ['is not waited for any longer', { query_timeout: 50 }],
])('a statement that %s is unavailable, so that nothing in its batch is tried again', async (_, options) => {
  expect(await failureOf(options)).toMatchObject({ kind: 'unavailable' })
})
