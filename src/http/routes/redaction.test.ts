import { expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import { aComputer, aReport, aToken, runsUrl } from '../../../test/support/builders.ts'
import { everythingStored } from '../../../test/support/stored.ts'
import { hashSecret } from '../../app/secrets.ts'
import { buildRedaction } from '../../domain/redaction.ts'

const secret = 'Zq7-hunter2-9xW'
const log = `backing up to rest:https://user:${secret}@backup.example.net/\nRESTIC_PASSWORD=${secret}\nsnapshot 1a2b3c4d saved\n`

test('no secret of a structured report, of a batch or of raw output is stored', async () => {
  const server = await aServer()
  const computer = await aComputer(server)
  const token = await aToken(server)
  const report = aReport({ log, messages: [{ level: 'WARNING', text: `--password=${secret} is deprecated` }] })
  const answers = [
    await server.post(runsUrl(computer), report, { token }),
    await server.post(runsUrl(computer), { list: [report, report] }, { token }),
    await server.post(`${runsUrl(computer)}?backupset=Documents&exit_status=1`, log, {
      token,
      headers: { 'content-type': 'text/plain' },
    }),
  ]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 200, 201])
  const stored = await everythingStored(server.database)
  expect(stored).toContain('snapshot 1a2b3c4d saved')
  expect(stored).toContain('user:[redacted]@backup.example.net')
  expect(stored).not.toContain(secret)
})

test('no secret of a ping is stored', async () => {
  const server = await aServer()
  const pingKey = 'a1B2c3D4e5F6g7H8i9J0k-'
  await server.store.setPingKey((await aComputer(server)).key, hashSecret(pingKey), server.now)
  for (const path of ['nightly/start?create=1', 'nightly/log', 'nightly/fail', 'nightly']) {
    const { statusCode } = await server.post(`/ping/${pingKey}/${path}`, `Password: ${secret}\n${log}`)
    expect(statusCode).toBeLessThan(300)
  }
  const stored = await everythingStored(server.database)
  expect(stored).toContain('snapshot 1a2b3c4d saved')
  expect(stored).not.toContain(secret)
})

test('what the patterns of a server match is stored as little', async () => {
  const server = await aServer({}, buildRedaction(['customer (?P<secret>\\d+)']))
  const token = await aToken(server)
  const url = runsUrl(await aComputer(server))
  await server.post(url, aReport({ log: 'saved customer 471147114711 of the list' }), { token })
  const stored = await everythingStored(server.database)
  expect(stored).toContain('saved customer [redacted] of the list')
  expect(stored).not.toContain('471147114711')
})

test('a secret across the place where a log or a body is cut is stored in no part', async () => {
  const server = await aServer()
  const computer = await aComputer(server)
  const token = await aToken(server)
  const pingKey = 'a1B2c3D4e5F6g7H8i9J0k-'
  await server.store.setPingKey(computer.key, hashSecret(pingKey), server.now)
  // One line without an end, so that it is cut within; the head that is kept has 65,536 characters.
  const before = 'backing up /srv/data '.repeat(4_000).slice(0, 65_536 - 30)
  const long = `${before}https://user:${secret}@host/ ${'and on '.repeat(300_000)}`
  const headers = { 'content-type': 'text/plain' }
  await server.post(`${runsUrl(computer)}?backupset=Documents&exit_status=0`, long, { token, headers })
  await server.post(`/ping/${pingKey}/nightly?create=1`, long)
  const stored = await everythingStored(server.database)
  expect(stored).toContain('left out')
  for (let length = 8; length < secret.length; length += 1) {
    expect(stored).not.toContain(secret.slice(0, length))
    expect(stored).not.toContain(secret.slice(-length))
  }
})
