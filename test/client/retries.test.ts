import { describe, expect, test } from 'vitest'
import { type ClientOptions, createClient } from '../../src/client/client.ts'
import { impatient, rejection } from '../support/a-client.ts'
import { aServer, listen } from '../support/a-server.ts'
import { aComputer, aReport } from '../support/builders.ts'
import { openReportReceiver } from '../support/report-receiver.ts'
import { runKey } from '../support/tree.ts'
import { type Fault, openUnreliableFront } from '../support/unreliable-front.ts'

/** A client of a server behind something to whose requests faults happen. */
async function aClientBehind(faults: readonly Fault[], options: Partial<ClientOptions> = {}) {
  const server = await aServer()
  const { username, computerId: computer_id } = await aComputer(server)
  const front = await openUnreliableFront((await listen(server)).url, faults)
  const client = createClient({ url: front.url, ...(await impatient(server)), ...options })
  return { client, computer: { username, computer_id }, [Symbol.asyncDispose]: () => front[Symbol.asyncDispose]() }
}

const previewed = { schedule: 'every 6h', time_zone: 'UTC', description: 'every 6 hours', due: expect.any(Array) }
const asked = { schedule: 'every 6h' }

describe('a request that may be repeated', () => {
  test.each<[string, Fault[]]>([
    ['a lost connection', ['reset']],
    ['an answer that is lost', ['reset after it was stored']],
    ['an answer that does not come', ['hang']],
    ['429', [{ status: 429, retryAfter: '0' }]],
    ['502', [{ status: 502 }]],
    ['503', [{ status: 503 }, { status: 503, retryAfter: 'Thu, 05 Mar 2026 14:59:00 GMT' }]],
    ['504', [{ status: 504, retryAfter: 'soon' }, 'reset', { status: 429 }]],
  ])('is sent again after %s', async (_, faults) => {
    await using behind = await aClientBehind(faults, { attemptTimeoutMs: 1_000 })
    expect(await behind.client.previewSchedule(asked)).toMatchObject({ due: previewed.due })
  })

  test('is a report of a run with a run_key, a batch of those, and output with one', async () => {
    await using behind = await aClientBehind(Array.from({ length: 6 }, (_, index) => (index % 2 ? 'none' : lost)))
    const { client, computer } = behind
    const body = aReport({ run_key: runKey(1) })
    expect(await client.recordRun.answer({ ...computer, body })).toMatchObject({ status: 200, value: { action_id: 1 } })
    const list = [aReport({ run_key: runKey(2) }), aReport({ run_key: runKey(3) })]
    expect(await client.recordRun({ ...computer, body: { list } })).toMatchObject({ list: [{ status: 200 }, {}] })
    const raw = { type: 'text/plain', content: 'done' } as const
    const output = { ...computer, raw, run_key: runKey(4), backupset: 'Documents', exit_status: '0' }
    expect(await client.recordRun.answer(output)).toMatchObject({ status: 200 })
  })
})

const lost = 'reset after it was stored'

describe('a report without a run_key', () => {
  test.each<Fault>(['reset', lost, { status: 502 }, { status: 504 }])(
    'is not sent again after %j: it could be stored twice',
    async fault => {
      await using behind = await aClientBehind([fault])
      const { client, computer } = behind
      const failure = await rejection(client.recordRun({ ...computer, body: aReport() }))
      const lostAnswer = { status: 0, error: 'connection_lost' }
      expect(failure).toMatchObject(typeof fault === 'object' ? fault : lostAnswer)
      const batch = { list: [aReport({ run_key: runKey(1) }), aReport()] }
      expect(await client.recordRun({ ...computer, body: batch })).toMatchObject({ list: [{ status: 201 }, {}] })
    },
  )

  test('is sent again after 429 and 503, which say that nothing was stored, and where the caller says so', async () => {
    await using behind = await aClientBehind([{ status: 429 }, { status: 503 }, 'none', 'reset'])
    const { client, computer } = behind
    expect(await client.recordRun({ ...computer, body: aReport() })).toMatchObject({ action_id: 1 })
    expect(await client.noteHeartbeat(computer, { isRepeatable: true })).toBeUndefined()
  })
})

describe('an attempt too many', () => {
  test('is not made: the last refusal is told', async () => {
    await using server = await openReportReceiver(response => response.writeHead(503).end('<html>'))
    const client = createClient({ url: server.url, credentials: { token: 'x' }, attempts: 3, firstPauseMs: 1 })
    expect(await rejection(client.previewSchedule(asked))).toMatchObject({ status: 503, error: 'unexpected_answer' })
    expect(server.reports).toHaveLength(3)
  })

  test.each(['30', new Date(Date.now() + 30_000).toUTCString()])(
    'is not waited for when Retry-After (%s) is past the end of the call',
    async retryAfter => {
      await using server = await openReportReceiver(response =>
        response.writeHead(429, { 'retry-after': retryAfter }).end(),
      )
      const client = createClient({ url: server.url, credentials: { token: 'x' }, timeoutMs: 5_000 })
      expect(await rejection(client.previewSchedule(asked))).toMatchObject({ status: 429 })
      expect(server.reports).toHaveLength(1)
    },
  )
})

describe('a call ends', () => {
  test('when its time is over, whatever the server does', async () => {
    await using server = await openReportReceiver(() => undefined)
    const client = createClient({ url: server.url, credentials: { token: 'x' }, timeoutMs: 100 })
    const failure = await rejection(client.previewSchedule(asked))
    expect(failure).toMatchObject({ status: 0, error: 'timeout', message: expect.stringMatching(/within 0.1 seconds/) })
  })

  test('when its caller says so, also in a pause, with the reason of the caller', async () => {
    await using server = await openReportReceiver(response => response.writeHead(503, { 'retry-after': '9' }).end())
    const client = createClient({ url: server.url, credentials: { token: 'x' } })
    const caller = new AbortController()
    const call = rejection(client.previewSchedule(asked, { signal: caller.signal }))
    await server.received(1)
    caller.abort(new Error('Enough.'))
    expect(await call).toMatchObject({ message: 'Enough.' })
  })

  test('when the whole client is stopped', async () => {
    await using server = await openReportReceiver(() => undefined)
    const client = createClient({ url: server.url, credentials: { token: 'x' }, signal: AbortSignal.abort('over') })
    expect(await rejection(client.previewSchedule(asked))).toBe('over')
    expect(server.reports).toEqual([])
  })
})

test('what answers as something else is no Lastgood server', async () => {
  const answers = ['{"a":', '<html>', '']
  await using server = await openReportReceiver((response, _, number) =>
    response.writeHead(200, { 'content-type': number === 1 ? 'application/json' : 'text/html' }).end(answers[number]),
  )
  for (const format of ['json', 'xml', 'json'] as const) {
    const client = createClient({ url: server.url, credentials: { token: 'x' }, format })
    expect(await rejection(client.previewSchedule(asked))).toMatchObject({ status: 200, error: 'unexpected_answer' })
  }
})

test('an answer that points elsewhere is not followed: a token is sent to nobody else', async () => {
  await using other = await openReportReceiver()
  await using server = await openReportReceiver(response => response.writeHead(307, { location: other.url }).end())
  const client = createClient({ url: server.url, credentials: { token: 'x' } })
  expect(await rejection(client.previewSchedule(asked))).toMatchObject({ status: 307, location: other.url })
  expect(other.reports).toEqual([])
})
