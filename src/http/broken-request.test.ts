import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { aServer } from '../../test/support/a-server.ts'

test.each([
  ['an unknown method', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n', '400 Bad Request', 'invalid_request'],
  ['no HTTP at all', '\u0016\u0003\u0001\r\n\r\n', '400 Bad Request', 'invalid_request'],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
    '400 Bad Request',
    'invalid_request',
  ],
  [
    'headers that are too large',
    `GET / HTTP/1.1\r\nHost: x\r\nX-Much: ${'x'.repeat(20_000)}\r\n\r\n`,
    '431 Request Header Fields Too Large',
    'headers_too_large',
  ],
])('%s is answered with an error object, and the connection ends', async (_, request, status, error) => {
  const { app } = await aServer()
  const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const socket = connect(Number(url.port), url.hostname)
  socket.write(request)
  const answer = await text(socket)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status}\r\n`))
  const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as Record<string, string>
  expect(Object.keys(body)).toEqual(['error', 'error_description', 'request_id'])
  expect(body['error']).toBe(error)
})
