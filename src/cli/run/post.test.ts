import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { post, type PostLimits } from './post.ts'

const patient = { timeoutMs: 60_000, pausesMs: [0, 0] }

describe.concurrent('post', () => {
  test('gives up a server that never answers when its time is over', async () => {
    await using server = await openServer(() => undefined)
    const answer = server.post({ timeoutMs: 20, pausesMs: [] })
    await expect(answer).rejects.toMatchObject({
      kind: 'unavailable',
      message: `${server.url.origin} did not answer within 0.02 seconds: check that the server runs.`,
    })
  })

  test('gives up a server that begins an answer and never ends it', async () => {
    await using server = await openServer((_, response) => response.writeHead(200).write('{'))
    await expect(server.post({ timeoutMs: 50, pausesMs: [] })).rejects.toThrow('did not answer within 0.05 seconds')
  })

  test('gives up when it is aborted', async () => {
    const controller = new AbortController()
    await using server = await openServer(() => controller.abort())
    await expect(server.post({ ...patient, abort: controller.signal })).rejects.toThrow('it was interrupted.')
    expect(server.asked()).toBe(1)
  })

  test('gives up when it is aborted between two attempts', async () => {
    const controller = new AbortController()
    await using server = await openServer(request => {
      request.socket.destroy()
      setImmediate(() => controller.abort())
    })
    const answer = server.post({ timeoutMs: 60_000, pausesMs: [50_000], abort: controller.signal })
    await expect(answer).rejects.toThrow('it was interrupted.')
  })

  test('tries a lost connection again as often as there are pauses', async () => {
    await using server = await openServer(request => request.socket.destroy())
    await expect(server.post(patient)).rejects.toMatchObject({ kind: 'unavailable' })
    expect(server.asked()).toBe(3)
  })

  test.each([429, 502, 503, 504])('tries status %i again', async status => {
    await using server = await openServer((_, response, number) => response.writeHead(number < 3 ? status : 201).end())
    expect((await server.post(patient)).status).toBe(201)
  })

  test.each([400, 401, 404, 409, 413, 500])('takes status %i for the last word', async status => {
    await using server = await openServer((_, response) => response.writeHead(status).end('why'))
    expect(await server.post(patient)).toMatchObject({ status, body: 'why' })
    expect(server.asked()).toBe(1)
  })

  test('waits as long as a server asks that answers 429', async () => {
    await using server = await openServer((_, response, number) =>
      number === 1 ? response.writeHead(429, { 'retry-after': '1' }).end() : response.writeHead(201).end(),
    )
    const start = performance.now()
    expect((await server.post({ timeoutMs: 60_000, pausesMs: [0] })).status).toBe(201)
    expect(performance.now() - start).toBeGreaterThan(900)
  })

  test('does not wait for a server that asks for more time than there is', async () => {
    await using server = await openServer((_, response) => response.writeHead(503, { 'retry-after': '3600' }).end())
    expect((await server.post(patient)).status).toBe(503)
    expect(server.asked()).toBe(1)
  })

  test('keeps no more than 64 KiB of an answer', async () => {
    await using server = await openServer((_, response) => response.end('x'.repeat(1_000_000)))
    expect((await server.post(patient)).body).toHaveLength(64 * 1024)
  })

  test('an untrusted or missing TLS server is an explained failure', async () => {
    await using server = await openServer((_, response) => response.end())
    const url = new URL(server.url.href.replace('http:', 'https:'))
    const request = { url, headers: {}, body: Buffer.alloc(0) }
    const answer = post(request, { timeoutMs: 60_000, pausesMs: [], abort: new AbortController().signal })
    await expect(answer).rejects.toThrow(/does not speak TLS: check whether LASTGOOD_URL must begin with http:\.$/)
  })
})

type Answering = (...args: [...Parameters<RequestListener>, number: number]) => void

async function openServer(answer: Answering) {
  let asked = 0
  const server = createServer((request, response) => answer(request.resume(), response, ++asked))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on a host has an address with a port.
  const { port } = server.address() as AddressInfo
  const url = new URL(`http://127.0.0.1:${port}/`)
  return {
    url,
    asked: () => asked,
    post: (limits: Omit<PostLimits, 'abort'> & Partial<PostLimits>) =>
      post({ url, headers: {}, body: Buffer.from('{}') }, { abort: new AbortController().signal, ...limits }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
