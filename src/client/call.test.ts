import { describe, expect, test } from 'vitest'
import type { OperationEntry } from './answer.ts'
import { call, type CallTerms } from './call.ts'
import { formats } from './format.ts'
import type { FetchRequest } from './options.ts'
import type { CallInput } from './request.ts'

type Answering = { status?: number; body?: string; headers?: Record<string, string> }

/** Calls an operation of a server that answers so; the request that it was asked with comes along. */
async function callOf(entry: OperationEntry, input: CallInput, answering: Answering = {}, terms: CallTerms = {}) {
  const { status = 200, body, headers = {} } = answering
  const requests: (FetchRequest & { url: string })[] = []
  const sending = {
    fetch: (url: string, request: FetchRequest) => {
      requests.push({ url, ...request })
      return Promise.resolve(new Response(body ?? null, { status, headers }))
    },
    attempts: 1,
    firstPauseMs: 1,
    longestPauseMs: 1,
    attemptTimeoutMs: 1_000,
    clock: () => 0,
  }
  const tokens = { get: () => Promise.resolve('secret'), drop: () => false }
  const limits = { timeoutMs: 1_000, signals: [] }
  const connection = { url: 'https://here.example', format: formats.json, sending, tokens, limits }
  const answer = await call(connection, 'x', entry, input, terms)
  return { answer, request: requests[0] }
}

const path = '/v1/accounts/:username/things/:name'
const place = { username: 'acme', name: 'a/b c' }

describe('every kind of answer', () => {
  test('elsewhere: the place, which is not asked', async () => {
    const entry = { method: 'GET', path, answer: 'elsewhere' } as const
    const location = 'https://here.example/v1/accounts/acme'
    const { answer, request } = await callOf(entry, place, { status: 303, headers: { location } })
    expect(answer).toMatchObject({ value: location, location, status: 303 })
    expect(request).toMatchObject({ url: 'https://here.example/v1/accounts/acme/things/a%2Fb%20c', redirect: 'manual' })
    expect(request?.headers).toEqual({ accept: 'application/json', authorization: 'Bearer secret' })
    await expect(callOf(entry, place, { status: 200 })).rejects.toMatchObject({ error: 'unexpected_answer' })
  })

  test('nothing: of a change on terms', async () => {
    const entry = { method: 'PUT', path, answer: 'nothing' } as const
    const change = { ...place, body: { name: 'Büro' } }
    const { answer, request } = await callOf(entry, change, { status: 204 }, { ifMatch: '"1"' })
    expect(answer).toMatchObject({ value: undefined, status: 204 })
    expect(request).toMatchObject({ method: 'PUT', body: '{"name":"Büro"}' })
    expect(request?.headers).toMatchObject({ 'if-match': '"1"', 'content-type': 'application/json' })
    await expect(callOf(entry, change, { status: 200, body: 'OK' })).rejects.toMatchObject({
      error: 'unexpected_answer',
    })
    const changed = { status: 412, body: '{"error":"precondition_failed"}', headers: json }
    await expect(callOf(entry, change, changed)).rejects.toMatchObject({ status: 412, error: 'precondition_failed' })
  })

  test('nothing: of what is deleted', async () => {
    const { request } = await callOf({ method: 'DELETE', path, answer: 'nothing' }, place, { status: 204 })
    expect(request?.method).toBe('DELETE')
    expect(request).not.toHaveProperty('body')
  })

  test('a message: what was made, and where it is', async () => {
    const entry = { method: 'POST', path: '/v1/things', answer: 'message' } as const
    const headers = { ...json, location: 'https://here.example/v1/things/1', etag: '"7"' }
    const { answer, request } = await callOf(entry, { body: {} }, { status: 201, body: '{"id":1}', headers })
    expect(answer).toMatchObject({ value: { id: 1 }, status: 201, location: headers.location, etag: '"7"' })
    expect(request?.headers).toMatchObject({ date: 'Thu, 01 Jan 1970 00:00:00 GMT' })
  })
})

const json = { 'content-type': 'application/json; charset=utf-8' }

describe('a path', () => {
  const entry = { method: 'GET', path, answer: 'text' } as const

  test.each(['', '.', '..', undefined, {}])('cannot have the part %j', async name => {
    await expect(callOf(entry, { username: 'acme', name })).rejects.toThrow(TypeError)
  })

  test('encodes its parts and the query, where what is repeated is repeated', async () => {
    const input = { username: 'ä', name: 7, status: ['A', 'B'], text: 'a&b +', left: undefined }
    const { request } = await callOf(entry, input)
    expect(request?.url).toBe('https://here.example/v1/accounts/%C3%A4/things/7?status=A&status=B&text=a%26b+%2B')
  })
})
