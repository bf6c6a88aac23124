import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { lastgoodProgram, startProcess } from '../support/lastgood-process.ts'
import {
  addComputer,
  json,
  lastgood,
  newDatabase,
  reportRun,
  startServer,
  stop,
  toEnv,
} from '../support/lastgood-server.ts'
import { makePostgresDatabase } from '../support/stores.ts'

describe.concurrent('lastgood serve', () => {
  test('prints an administration client on the first start only, which gets a token of every scope', async () => {
    using database = newDatabase()
    const { file } = database
    await using first = await startServer(file)
    const [, id = '', secret = ''] =
      /client_id +([0-9a-f]{32})\n +client_secret +([0-9a-f]{32})\n/.exec(first.greeting) ?? []
    const answer = await fetch(`${first.url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret }),
    })
    expect(await answer.json()).toMatchObject({
      scope: 'partners_read partners_write accounts_read accounts_write computers_read computers_write',
    })
    await stop(first)
    await using second = await startServer(file)
    expect(second.greeting).not.toContain('client_')
    expect(second.greeting).toContain(`\nLastgood listens on ${second.url} (database ${file})\n`)
    await stop(second)
  })

  test('prints a link for the first person until somebody can sign in', async () => {
    using database = newDatabase()
    const { file } = database
    const read = ({ greeting, url }: { greeting: string; url: string }) =>
      new RegExp(`within 24 hours becomes its administrator:\n  ${url}/welcome#([\\w-]{43})\n`).exec(greeting)?.[1]
    await using first = await startServer(file)
    const old = read(first)
    await stop(first)
    await using second = await startServer(file)
    const secret = read(second)
    const take = (given: string | undefined) =>
      fetch(`${second.url}/session/link`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify({ secret: given, username: 'office', password: 'correct horse battery' }),
      })
    // A link that was printed before is none any more.
    expect([(await take(old)).status, (await take(secret)).status]).toEqual([404, 204])
    expect((await fetch(second.url)).headers.get('content-type')).toBe('text/html; charset=utf-8')
    await stop(second)
    await using third = await startServer(file)
    expect(third.greeting).toBe(`Lastgood listens on ${third.url} (database ${file})\n`)
    await stop(third)
    const linked = await lastgood(file, ['user', 'link', 'office'])
    expect([linked.status, linked.stdout]).toEqual([
      0,
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:8480\/welcome#[\w-]{43}\n$/),
    ])
  })

  test('with --json prints one object, on the first start with the client', async () => {
    using database = newDatabase()
    const { file } = database
    const server = startProcess([lastgoodProgram, 'serve', '--port', '0', '--json'], { env: toEnv(file) })
    await server.says('}\n')
    server.child.kill('SIGINT')
    const { status, stdout } = await server.ended
    const secret = expect.stringMatching(/^[0-9a-f]{32}$/) as string
    expect([status, JSON.parse(stdout.toString())]).toEqual([
      0,
      {
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
        database: file,
        client_id: secret,
        client_secret: secret,
        welcome_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/welcome#[\w-]{43}$/) as string,
      },
    ])
  })

  test('says in one sentence that its port is taken, and leaves the next start the first', async () => {
    using database = newDatabase()
    const { file } = database
    await using taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { status, stdout, stderr } = await lastgood(file, ['serve', '--port', String(port)])
    expect([status, stdout, stderr]).toEqual([
      1,
      '',
      `lastgood: Port ${port} of 127.0.0.1 is taken: end the program that listens there, or choose another with --port.\n`,
    ])
    await using next = await startServer(file)
    expect(next.greeting).toContain('client_secret')
    await stop(next)
  })

  test('says in one sentence that its host is not of this machine', async () => {
    using database = newDatabase()
    const { file } = database
    const { status, stderr } = await lastgood(file, ['serve', '--host', '192.0.2.1', '--port', '0'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^lastgood: 192\.0\.2\.1 is not an address of this machine: .*\n$/)
  })

  test('tells every wrong setting at once', async () => {
    using database = newDatabase()
    const { file } = database
    const { status, stderr } = await lastgood(file, ['serve'], { LASTGOOD_PORT: '65536', LASTGOOD_LOG_LEVEL: 'loud' })
    expect([status, stderr.match(/LASTGOOD_\w+: must be/g)]).toEqual([
      1,
      ['LASTGOOD_PORT: must be', 'LASTGOOD_LOG_LEVEL: must be'],
    ])
  })

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'after %s finishes the request under way, then ends with 0',
    async signal => {
      using database = newDatabase()
      const { file } = database
      const key = await addComputer(file)
      await using server = await startServer(file)
      const report = JSON.stringify({ backupset_name: 'Documents', status: 'SUCCESS' })
      const underWay = await beginReport(server.url, key, report.length)
      const stopping = server.logs('stopping')
      server.child.kill(signal)
      await stopping
      const answer = once(underWay, 'response') as Promise<[IncomingMessage]>
      underWay.end(report)
      const [response] = await answer
      expect(response.statusCode).toBe(201)
      response.resume()
      expect((await server.ended).status).toBe(0)
      expect(await json<unknown[]>(file, 'report', 'acme')).toHaveLength(1)
    },
  )

  test('ends at once at a second signal, whatever is under way', async () => {
    using database = newDatabase()
    const { file } = database
    const key = await addComputer(file)
    await using server = await startServer(file)
    const underWay = await beginReport(server.url, key, 100)
    const broken = once(underWay, 'error')
    const stopping = server.logs('stopping')
    server.child.kill('SIGTERM')
    await stopping
    server.child.kill('SIGTERM')
    expect((await server.ended).status).toBe(143)
    await broken
  })
})

/** Begins to send a report on a connection that is kept alive, and resolves when the server waits for its body. */
async function beginReport(url: string, key: string, bytes: number): Promise<ClientRequest> {
  const agent = new Agent({ keepAlive: true })
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': bytes }
  const started = request(`${url}/v1/runs`, { method: 'POST', agent, headers: { ...headers, expect: '100-continue' } })
  started.flushHeaders()
  await once(started, 'continue')
  return started
}

describe.concurrent('a database that cannot be used ends every command with one sentence, and stays as it is:', () => {
  test.each(['serve', 'account list', 'report acme'])('lastgood %s', async command => {
    using database = newDatabase()
    const { folder, file } = database
    await json(file, 'account', 'add', 'somebody')
    const own = readFileSync(file)
    const cases: [string, Buffer, RegExp][] = [
      ['foreign.sqlite', foreignDatabase(join(folder, 'foreign.sqlite')), /is a database of another program/],
      ['text.sqlite', Buffer.from('No database. '.repeat(100)), /is not an SQLite database/],
      ['short.sqlite', own.subarray(0, own.length - 5_000), /is damaged/],
      ['damaged.sqlite', damage(own), /is damaged/],
      ['newer.sqlite', newerDatabase(join(folder, 'newer.sqlite'), own), /was written by a newer Lastgood/],
    ]
    for (const [name, bytes, message] of cases) {
      const path = join(folder, name)
      writeFileSync(path, bytes)
      const { status, stdout, stderr } = await lastgood(path, command.split(' '))
      expect([name, status, stdout]).toEqual([name, 1, ''])
      expect(stderr).toMatch(message)
      expect(stderr).toMatch(/^lastgood: [^\n]+\.\n$/)
      expect(readFileSync(path).equals(bytes)).toBe(true)
    }
  })
})

function foreignDatabase(file: string): Buffer {
  const db = new DatabaseSync(file)
  db.exec('create table notes (text text)')
  db.close()
  return readFileSync(file)
}

function newerDatabase(file: string, own: Buffer): Buffer {
  writeFileSync(file, own)
  const db = new DatabaseSync(file)
  db.exec("insert into migrations (name, timestamp) values ('9999-future', '2030-01-01')")
  db.exec('pragma wal_checkpoint(truncate)')
  db.close()
  return readFileSync(file)
}

/** Keeps the header and overwrites the pages behind the first. */
function damage(own: Buffer): Buffer {
  const bytes = Buffer.from(own)
  bytes.fill(0xff, 4_096)
  return bytes
}

test('server and administration work on PostgreSQL, and never show its password', async () => {
  const database = await makePostgresDatabase()
  const url = new URL(database.url)
  // The server of the tests trusts whoever comes.
  url.password = 'hush'
  {
    await using server = await startServer(url.href)
    url.password = ''
    expect(server.greeting).toMatch(/client_secret {2}[0-9a-f]{32}\n/)
    expect(server.greeting).toContain(`(database ${url.href})\n`)
    const key = await addComputer(url.href)
    expect((await reportRun(server.url, key)).status).toBe(201)
    expect(await json(url.href, 'report', 'acme')).toMatchObject([{ condition_status: 'COMPLETED' }])
    expect((await lastgood(url.href, ['doctor'])).status).toBe(0)
    await stop(server)
  }
  await database.remove()
})

test('a PostgreSQL server that is not there is told in one sentence', async () => {
  const { status, stdout, stderr } = await lastgood('postgres://me:hush@127.0.0.1:1/lastgood', ['account', 'list'])
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^lastgood: The database cannot answer now .*ECONNREFUSED.*\.\n$/)
  expect(stderr).not.toContain('hush')
})
