import type { ServerResponse } from 'node:http'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/storage/store.ts'
import { lastgoodProgram, someKey, startProcess } from '../support/lastgood-process.ts'
import { addComputer, json, lastgood, newDatabase, startServer, stop } from '../support/lastgood-server.ts'
import { type Answering, openReportReceiver } from '../support/report-receiver.ts'

describe.concurrent('lastgood heartbeat', () => {
  test('tells a server that this computer is there, and the server notes it', async () => {
    using database = newDatabase()
    const { file, folder } = database
    await using server = await startServer(file)
    const key = await addComputer(file)
    await json(file, 'set', 'add', 'acme', '0000', 'Documents', '--presence', 'required')
    const before = Date.now()
    const said = await lastgood(file, ['heartbeat'], { LASTGOOD_URL: server.url, LASTGOOD_KEY: key })
    expect(said).toMatchObject({ status: 0, stdout: `${server.url} knows that this computer is there.\n`, stderr: '' })
    writeFileSync(join(folder, 'key'), `${key}\n`)
    const byFile = { LASTGOOD_URL: `${server.url}/`, LASTGOOD_KEY_FILE: join(folder, 'key') }
    expect(await lastgood(file, ['heartbeat', '--quiet'], byFile)).toMatchObject({ status: 0, stdout: '', stderr: '' })
    await stop(server)
    expect(await sightings(file)).toEqual([
      { from: expect.toSatisfy((from: number) => from >= before) as number, until: expect.any(Number) as number },
    ])
  })

  test('a server that does not know the key is told in one line, without the key', async () => {
    using database = newDatabase()
    const { file } = database
    await using server = await startServer(file)
    const ended = await lastgood(file, ['heartbeat'], { LASTGOOD_URL: server.url, LASTGOOD_KEY: someKey })
    expect(ended).toMatchObject({ status: 1, stdout: '' })
    expect(ended.stderr).toBe(`lastgood: ${server.url} does not know the agent key: check LASTGOOD_KEY.\n`)
  })

  test.each<[string, Answering, RegExp]>([
    ['answers 500', status(500), /answered 500: see the log of the server\.\n$/],
    ['has no such path', status(404), /has no \/v1\/heartbeat: check LASTGOOD_URL\.\n$/],
    ['is bound to nothing', status(404, 'Not\nbound.'), /answered 404: Not bound\.\n$/],
    ['is another one', status(200), /is no Lastgood server: check LASTGOOD_URL\.\n$/],
    ['answers garbage', response => response.socket?.end('SSH-2.0-x\r\n'), /does not speak HTTP: check the address/],
  ])('a server that %s ends it with 1 and the reason', async (_, answer, reason) => {
    await using server = await openReportReceiver(answer)
    const { status, stderr } = await beat(server.url, ['--quiet'])
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^lastgood: http:\/\/127\.0\.0\.1:\d+ /)])
    expect(stderr).toMatch(reason)
    expect(stderr).not.toContain('s3cret')
  })

  test('a server that is busy is asked again', async () => {
    await using server = await openReportReceiver((response, _, number) =>
      response.writeHead(number < 3 ? 503 : 204, { 'retry-after': '0' }).end(),
    )
    expect(await beat(server.url)).toMatchObject({ status: 0, stderr: '' })
    const [request] = server.reports
    expect(server.reports).toHaveLength(3)
    expect(request).toMatchObject({ method: 'POST', path: '/v1/heartbeat', query: {}, body: Buffer.alloc(0) })
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${someKey}`, 'content-length': '0' })
  })

  test('a server that is not there ends it with 1', async () => {
    const { url, [Symbol.asyncDispose]: close } = await openReportReceiver()
    await close()
    expect(await beat(url)).toMatchObject({ status: 1, stderr: expect.stringContaining('refused the connection') })
  })

  test('without settings every problem is told at once', async () => {
    const { status, stderr } = await beat('', [], { LASTGOOD_KEY: 'lgk_short' })
    expect([status, stderr]).toEqual([
      1,
      'lastgood: LASTGOOD_URL is not set: set it to the address of the server. LASTGOOD_KEY holds no agent key: one is lgk_ and 43 letters, digits, "_" or "-".\n',
    ])
  })

  test('anything else on its command line is wrong usage', async () => {
    expect((await beat('', ['now'])).status).toBe(2)
    expect((await beat('', ['--set', 'Documents'])).status).toBe(2)
  })
})

async function sightings(file: string) {
  const store = await openStore(file)
  try {
    const computer = await store.findComputer('acme', '0000')
    return await store.sightings(computer?.accountId ?? 0, computer?.key ?? 0)
  } finally {
    await store.close()
  }
}

async function beat(url: string, args: readonly string[] = [], more: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, LASTGOOD_URL: url, LASTGOOD_KEY: someKey, LASTGOOD_KEY_FILE: '', ...more }
  const started = startProcess([lastgoodProgram, 'heartbeat', ...args], { env })
  started.child.stdin?.end()
  return started.ended
}

function status(code: number, description?: string) {
  const body = description === undefined ? '<html>' : JSON.stringify({ error_description: description })
  return (response: ServerResponse) => response.writeHead(code).end(body)
}
