import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import compress from '@fastify/compress'
import fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { sendParts } from './send.ts'

/** A server that sends parts without end, and tells how many were written and when it was stopped. */
async function anEndlessServer() {
  const stopped = Promise.withResolvers<void>()
  const state = { written: 0, stopped: stopped.promise, failures: [] as unknown[] }
  const app = fastify()
  await app.register(compress, { globalCompression: false })
  app.get('/', (_request, reply) => sendParts(reply, { contentType: 'text/plain', parts: endless() }))
  app.addHook('onError', async (_request, _reply, failure) => void state.failures.push(failure))
  async function* endless() {
    try {
      for (;;) {
        state.written += 1
        yield 'x'.repeat(100_000)
        await new Promise(resolve => setImmediate(resolve))
      }
    } finally {
      stopped.resolve()
    }
  }
  onTestFinished(() => app.close())
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { state, port: (app.server.address() as AddressInfo).port }
}

test.each<[string, Record<string, string>]>([
  ['as they are', {}],
  ['compressed', { 'accept-encoding': 'gzip' }],
])('parts are written no faster than the caller takes them, and none once it has gone: %s', async (_, headers) => {
  const { state, port } = await anEndlessServer()
  const asking = request({ host: '127.0.0.1', port, headers })
  asking.on('error', () => undefined)
  asking.end()
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  answer.on('error', () => undefined)
  expect(answer.statusCode).toBe(200)
  await once(answer, 'readable')
  asking.destroy()
  await state.stopped
  const { written } = state
  await new Promise(resolve => setImmediate(resolve))
  expect(state.written).toBe(written)
  expect(state.failures).toEqual([])
})

test('a caller that does not read holds the writing up', async () => {
  const { state, port } = await anEndlessServer()
  const asking = request({ host: '127.0.0.1', port })
  asking.on('error', () => undefined)
  asking.end()
  await once(asking, 'response')
  let before = -1
  // The buffers of both ends fill up, and then nothing more is written.
  while (state.written !== before) {
    before = state.written
    for (let turn = 0; turn < 200; turn += 1) await new Promise(resolve => setImmediate(resolve))
  }
  expect(state.written).toBeLessThan(1_000)
  asking.destroy()
  await state.stopped
})

test('whoever asks for the headers alone causes no work', async () => {
  const { state, port } = await anEndlessServer()
  const asking = request({ host: '127.0.0.1', port, method: 'HEAD' })
  asking.end()
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  answer.resume()
  await once(answer, 'end')
  expect([answer.statusCode, state.written]).toEqual([200, 0])
})
