import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { hashSecret, mintAgentKey } from '../../src/app/secrets.ts'
import { openConnections } from '../../src/storage/postgres-pool.ts'
import { openStore } from '../../src/storage/store.ts'
import { openDatabaseProxy } from '../support/a-database-proxy.ts'
import { buildTestServer, type TestServer } from '../support/a-server.ts'
import { lastgoodProgram, startProcess } from '../support/lastgood-process.ts'
import { toEnv } from '../support/lastgood-server.ts'
import { makePostgresDatabase } from '../support/stores.ts'

/** A server with a reporting computer, a network between it and its database, and what the database holds. */
async function aServerBehindAProxy(timeoutMs = 30_000) {
  const database = await makePostgresDatabase()
  const proxy = await openDatabaseProxy(database.url)
  const store = await openStore(proxy.url, { timeoutMs })
  const server = await buildTestServer({ store, database: proxy.url })
  onTestFinished(async () => {
    await server.app.close()
    await store.close()
    await proxy[Symbol.asyncDispose]()
    await database.remove()
  })
  const account = { partnerId: server.root.id, username: 'acme', name: 'Acme', timeZone: 'UTC', acceptsNewSets: true }
  const { id: accountId } = await store.addAccount(account, 0)
  const computer = await store.addComputer({ accountId, name: 'File server', timeZone: null }, 0)
  const key = mintAgentKey()
  await store.setAgentKey(computer.key, hashSecret(key), 0)
  const report = (runKey: string = randomUUID()) =>
    server.post(
      '/v1/runs',
      { backupset_name: 'Documents', status: 'SUCCESS', run_key: runKey },
      { headers: { authorization: `Bearer ${key}` } },
    )
  return { proxy, server, report, stored: () => storedRuns(database.url) }
}

/** The keys of all runs that are stored, as the database itself says. */
async function storedRuns(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ run_key: string }>('select run_key from runs order by id')
    return rows.map(row => row.run_key)
  } finally {
    await client.end()
  }
}

async function statusOf(server: TestServer, path: string): Promise<number> {
  return (await server.get(path)).statusCode
}

const soon = { timeout: 30_000, interval: 100 }

describe.skipIf(inject('postgresUrl') === '')('while the database is away', () => {
  test('reports are answered with 503 and when to come again, and what was acknowledged is stored', async () => {
    const { proxy, server, report, stored } = await aServerBehindAProxy()
    const [first, last] = [randomUUID(), randomUUID()]
    expect((await report(first)).statusCode).toBe(201)
    proxy.now('refuse')
    const before = proxy.count()
    const answers = await Promise.all(Array.from({ length: 200 }, () => report()))
    for (const { statusCode, headers } of answers) expect([statusCode, headers['retry-after']]).toEqual([503, '5'])
    // The database that comes back is not met by all of them at once.
    expect(proxy.count() - before).toBeLessThan(20)
    expect([await statusOf(server, '/healthz'), await statusOf(server, '/readyz')]).toEqual([200, 503])
    proxy.now('none')
    await expect.poll(() => statusOf(server, '/readyz'), soon).toBe(200)
    expect((await report(last)).statusCode).toBe(201)
    expect(await stored()).toEqual([first, last])
  })

  test('a report whose commit was not answered is not acknowledged, and is stored once when it is told again', async () => {
    const { proxy, report, stored } = await aServerBehindAProxy()
    const [first, lost] = [randomUUID(), randomUUID()]
    await report(first)
    proxy.now('lose commit')
    expect((await report(lost)).statusCode).toBe(503)
    await expect.poll(async () => (await report(lost)).statusCode, soon).toBe(200)
    expect(await stored()).toEqual([first, lost])
  })

  test('a network that swallows everything ends requests at their time limit, and heals without a restart', async () => {
    const { proxy, server, report, stored } = await aServerBehindAProxy(500)
    const [first, swallowed] = [randomUUID(), randomUUID()]
    await report(first)
    proxy.now('swallow')
    expect((await report(swallowed)).statusCode).toBe(503)
    proxy.now('none')
    await expect.poll(() => statusOf(server, '/readyz'), soon).toBe(200)
    await expect.poll(async () => (await report(swallowed)).statusCode, soon).toBe(201)
    expect(await stored()).toEqual([first, swallowed])
  })
})

describe.skipIf(inject('postgresUrl') === '')('a server of PostgreSQL that cannot be written to', () => {
  test('is not used: its connections are left as soon as it says so', async () => {
    const database = await makePostgresDatabase()
    const connections = openConnections({ url: database.url, connections: 1 })
    onTestFinished(async () => {
      await connections.close()
      await database.remove()
    })
    const ask = async (text: string) => {
      const connection = await connections.connect()
      try {
        return (await connection.query(text, [])).rows
      } finally {
        connection.release()
      }
    }
    await ask('set default_transaction_read_only = on')
    await expect(ask('create table a ()')).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(ask('create table a ()')).resolves.toEqual([])
  })

  test('is not begun with either', async () => {
    const database = await makePostgresDatabase()
    onTestFinished(database.remove)
    const url = new URL(database.url)
    url.searchParams.set('options', '-c default_transaction_read_only=on')
    const connections = openConnections({ url: url.href })
    onTestFinished(connections.close)
    await expect(connections.connect()).rejects.toMatchObject({ kind: 'unavailable', message: /standby/ })
  })
})

describe.skipIf(inject('postgresUrl') === '')('a start of the server', () => {
  const serve = (url: string) =>
    startProcess([lastgoodProgram, 'serve', '--port', '0', '--database', url], { env: toEnv(url) })

  test('waits for a database that is away', async () => {
    const database = await makePostgresDatabase()
    const proxy = await openDatabaseProxy(database.url)
    proxy.now('refuse')
    const server = serve(proxy.url)
    onTestFinished(async () => {
      server.child.kill('SIGKILL')
      await server.ended
      await proxy[Symbol.asyncDispose]()
      await database.remove()
    })
    server.child.stderr?.once('data', () => proxy.now('none'))
    await server.says('listens on')
    server.child.kill('SIGTERM')
    expect(await server.ended).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('the database is away') as string,
    })
  })

  test('does not wait for a database that there is not', async () => {
    const url = new URL(inject('postgresUrl'))
    url.pathname = '/nowhere'
    const { status, stderr } = await serve(url.href).ended
    expect([status, stderr]).toEqual([
      1,
      'lastgood: The database cannot answer now (database "nowhere" does not exist).\n',
    ])
  })
})

describe.skipIf(inject('postgresUrl') === '')('connections', () => {
  test('that are all in use are waited for in turn, and given to everybody who asks', async () => {
    const database = await makePostgresDatabase()
    const connections = openConnections({ url: database.url, connections: 2 })
    onTestFinished(async () => {
      await connections.close()
      await database.remove()
    })
    const pids = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const connection = await connections.connect()
        const { rows } = await connection.query('select pg_backend_pid() as pid', [])
        connection.release()
        return (rows as { pid: number }[])[0]?.pid
      }),
    )
    expect([pids.length, new Set(pids).size]).toEqual([50, 2])
  })
})
