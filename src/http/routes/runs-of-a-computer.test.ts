import { describe, expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import {
  aComputer,
  anAgentKey,
  aReport,
  at,
  aToken,
  recordReport,
  reportUrl,
  runsUrl,
} from '../../../test/support/builders.ts'
import { runKey } from '../../../test/support/tree.ts'
import { days, seconds } from '../../domain/instant.ts'

type Row = Record<string, unknown>
type Headers = Record<string, string>

/** A computer without runs, and what sends a report of one. */
async function aReporter() {
  const server = await aServer()
  const computer = await aComputer(server)
  const token = await aToken(server)
  return {
    server,
    computer,
    token,
    send: (body: object, headers: Headers = {}) => server.post(runsUrl(computer), body, { token, headers }),
  }
}

describe('a stored run', () => {
  test('is read as it was answered, and judged as of now', async () => {
    const { server, computer, send } = await aReporter()
    const token = await aToken(server, { lifetimeMs: days(3) })
    const answer = await send(aReport({ status: 'RUNNING', local_end: '' }))
    const url = `${runsUrl(computer)}/1`
    expect((await server.get(url, { token })).body).toBe(answer.body)
    expect(answer.json()).toMatchObject({ local_end: '', condition_types: ['RUNNING'] })
    server.now = at('2026-03-06T09:00:00-05:00') + seconds(1)
    expect((await server.get(url, { token })).json()).toMatchObject({
      status: 'RUNNING',
      condition_types: ['EXCEPTION'],
    })
  })

  test('has its log as plain text, with nothing escaped and nothing run', async () => {
    const { server, computer, token, send } = await aReporter()
    const log = '<script>alert(1)</script>\r\n\t& "quoted" \u{1F600}\u202E\n'
    await send(aReport({ log }))
    const answer = await server.get(`${runsUrl(computer)}/1/log`, { token })
    expect(answer.body).toBe(log)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
    })
  })

  test('has a log that says when it was received last, and is not sent again to whoever has it since', async () => {
    const { server, computer, token, send } = await aReporter()
    const run = { run_key: runKey(1) }
    await send(aReport({ ...run, status: 'RUNNING', local_end: '', log: 'begun\n' }))
    const ask = (headers: Headers) => server.get(`${runsUrl(computer)}/1/log`, { token, headers })
    // It could change once more within this second.
    expect((await ask({})).headers['last-modified']).toBeUndefined()
    server.now += seconds(1)
    const first = await ask({})
    const since = String(first.headers['last-modified'])
    expect(since).toBe('Thu, 05 Mar 2026 15:00:00 GMT')
    const again = await ask({ 'if-modified-since': since })
    expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', first.headers['etag']])
    const statusOf = async (headers: Headers) => (await ask(headers)).statusCode
    expect(await statusOf({ 'if-modified-since': 'Thu, 05 Mar 2026 14:59:59 GMT' })).toBe(200)
    expect(await statusOf({ 'if-modified-since': 'yesterday' })).toBe(200)
    // Tags are the better knowledge (RFC 9110, 13.1.3).
    expect(await statusOf({ 'if-modified-since': since, 'if-none-match': '"other"' })).toBe(200)

    await send(aReport({ ...run, log: 'begun\nended\n' }))
    expect(await statusOf({ 'if-modified-since': since })).toBe(200)
    server.now += seconds(1)
    const changed = await ask({ 'if-modified-since': since })
    expect([changed.body, changed.headers['last-modified']]).toEqual([
      'begun\nended\n',
      'Thu, 05 Mar 2026 15:00:01 GMT',
    ])
  })

  test.each(['text/plain', 'text/*', 'application/json', '*/*', 'image/png'])(
    'has a log for Accept: %s',
    async accept => {
      const { server, computer, token, send } = await aReporter()
      await send(aReport({ log: 'done' }))
      const answer = await server.get(`${runsUrl(computer)}/1/log`, { token, headers: { accept } })
      expect([answer.statusCode, answer.body]).toEqual([200, 'done'])
    },
  )

  test('without a log has an empty one', async () => {
    const { server, computer, token, send } = await aReporter()
    await send(aReport())
    const answer = await server.get(`${runsUrl(computer)}/1/log`, { token })
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
  })

  test('takes no parameters', async () => {
    const { server, computer, token, send } = await aReporter()
    await send(aReport())
    const answer = await server.get(`${runsUrl(computer)}/1?verbose=1`, { token })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { error_description: expect.stringContaining('"verbose" is not a parameter of this path') },
    ])
  })
})

describe('404', () => {
  test('a run of another computer is as missing as one that there is not', async () => {
    const { server, computer } = await aReporter()
    const other = await aComputer(server)
    const token = await aToken(server, { place: computer })
    const { action_id } = await recordReport(server, other)
    const wordsOf = async (path: string) => {
      const answer = await server.get(path, { token })
      return [answer.statusCode, answer.json<Row>()['error_description']]
    }
    for (const end of ['', '/log']) {
      const foreign = await wordsOf(`${runsUrl(computer)}/${String(action_id)}${end}`)
      expect(foreign).toEqual([404, 'There is no such run of this computer.'])
      expect(foreign).toEqual(await wordsOf(`${runsUrl(computer)}/999${end}`))
    }
  })

  test.each(['0', '-1', 'x', '1.0', '1e0', '99999999999999999999', '%00'])('there is no run %s', async id => {
    const { server, computer, token } = await aReporter()
    await recordReport(server, computer)
    const answer = await server.get(`${runsUrl(computer)}/${id}`, { token })
    expect([answer.statusCode, answer.json()]).toMatchObject([404, { error: 'not_found' }])
  })
})

describe('/v1/runs', () => {
  test('an agent key reports for its own computer', async () => {
    const { server, computer, token } = await aReporter()
    const key = await anAgentKey(server, computer)
    const headers = { authorization: `Bearer ${key}` }
    const answer = await server.post('/v1/runs', aReport(), { headers })
    expect(answer.statusCode).toBe(201)
    expect(answer.headers['location']).toBe(`https://backup.example.net${runsUrl(computer)}/1`)
    const report = await server.get(reportUrl(computer), { token })
    expect(report.json()).toMatchObject({ count: 1 })
  })

  test('an agent key does not expire, and ends when it is replaced', async () => {
    const { server, computer } = await aReporter()
    const headers = { authorization: `Bearer ${await anAgentKey(server, computer)}` }
    server.now += days(4_000)
    expect((await server.post('/v1/runs', aReport(), { headers })).statusCode).toBe(201)
    await anAgentKey(server, computer)
    expect((await server.post('/v1/runs', aReport(), { headers })).statusCode).toBe(401)
  })

  test('an agent key of another computer reports nothing here', async () => {
    const { server, computer } = await aReporter()
    const headers = { authorization: `Bearer ${await anAgentKey(server, await aComputer(server))}` }
    expect((await server.post(runsUrl(computer), aReport(), { headers })).statusCode).toBe(404)
  })

  test('a token that is bound to no computer has none', async () => {
    const { server, token } = await aReporter()
    const answer = await server.post('/v1/runs', aReport(), { token })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      404,
      { error_description: 'This token is not bound to one computer: name the computer in the path.' },
    ])
  })
})
