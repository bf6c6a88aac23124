import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { OutgoingMessage, SigningChannel } from '../app/channel-ports.ts'
import { openReportReceiver } from '../../test/support/report-receiver.ts'
import { deliver } from './index.ts'
import { sign } from './webhook.ts'

const key = Buffer.from('a key of some bytes')
const channel: SigningChannel = {
  id: 1,
  name: 'On call',
  kind: 'webhook',
  url: '',
  secret: `whsec_${key.toString('base64')}`,
  partnerId: 1,
  accountId: null,
  createdAt: 0,
}
const message: OutgoingMessage = {
  id: 'change-7',
  at: Date.UTC(2026, 2, 5, 16, 1),
  change: {
    username: 'acme',
    computerId: '0000',
    computerName: 'File server',
    backupsetName: 'Ünïted 🗄 "documents"',
    zone: 'America/New_York',
    status: 'FAILURE',
    previousStatus: 'COMPLETED',
    rules: ['ERRORS'],
    at: Date.UTC(2026, 2, 5, 15),
    foundAt: Date.UTC(2026, 2, 5, 16),
  },
}

test('a change is posted as JSON, under its id, signed over id, time and body', async () => {
  await using receiver = await openReportReceiver()
  await deliver({ ...channel, url: `${receiver.url}/hooks/backup?a=b` }, message)
  const [{ method, path, query, headers, body } = { headers: {}, body: Buffer.alloc(0) }] = receiver.reports
  expect([method, path, query]).toEqual(['POST', '/hooks/backup', { a: 'b' }])
  const signature = createHmac('sha256', key).update(`change-7.1772726460.${body.toString()}`).digest('base64')
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'webhook-id': 'change-7',
    'webhook-timestamp': '1772726460',
    'webhook-signature': `v1,${signature}`,
  })
  expect(JSON.parse(body.toString())).toEqual({
    type: 'condition.changed',
    timestamp: '2026-03-05T16:00:00+00:00',
    data: {
      username: 'acme',
      computer_id: '0000',
      computer_name: 'File server',
      backupset_name: 'Ünïted 🗄 "documents"',
      condition_status: 'FAILURE',
      condition_types: ['ERRORS'],
      previous_status: 'COMPLETED',
      local_since: '2026-03-05T10:00:00-05:00',
      message:
        'Ünïted 🗄 "documents" on File server (acme 0000) is FAILURE (ERRORS) since 2026-03-05T10:00:00-05:00; it was COMPLETED.',
    },
  })
})

test('a signature is that of the example of Standard Webhooks', () => {
  const text = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
  expect(sign('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', text)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test.each([
  [500, 'It answered 500 Internal Server Error.'],
  [404, 'It answered 404 Not Found.'],
  [302, 'It answered 302 Found.'],
])('an answer %i is a failure', async (status, failure) => {
  await using receiver = await openReportReceiver(response => {
    response.writeHead(status, { location: '/elsewhere' }).end('x'.repeat(100_000))
  })
  await expect(deliver({ ...channel, url: receiver.url }, message)).rejects.toMatchObject({
    kind: 'unavailable',
    message: failure,
  })
  expect(receiver.reports).toHaveLength(1)
})

test('a receiver that resets, or that nobody is, is a failure', async () => {
  await using receiver = await openReportReceiver(response => response.destroy())
  const failed = { kind: 'unavailable', message: expect.stringMatching(/^It cannot be reached \(\w+\)\.$/) as string }
  await expect(deliver({ ...channel, url: receiver.url }, message)).rejects.toMatchObject(failed)
  const nobody = createServer().listen(0, '127.0.0.1')
  await once(nobody, 'listening')
  const { port } = nobody.address() as AddressInfo
  nobody.close()
  await once(nobody, 'close')
  await expect(deliver({ ...channel, url: `http://127.0.0.1:${port}/` }, message)).rejects.toMatchObject(failed)
})
