import { pino } from 'pino'
import { expect, test } from 'vitest'
import { addBackupSet, renewPingId } from '../app/backup-sets.ts'
import { renewPingKey } from '../app/computers.ts'
import { aServer, testRedact } from '../../test/support/a-server.ts'
import { aClient, aComputer, anAgentKey, anApiKey, aToken, reportUrl } from '../../test/support/builders.ts'
import { testNow } from '../../test/support/tree.ts'

/** A server that logs every request, with one of each secret. */
async function aLogged(level = 'debug') {
  const lines: string[] = []
  const logger = pino({ level }, { write: (line: string) => void lines.push(line) })
  const server = await aServer({ pingHost: 'ping.example.net' }, testRedact, logger)
  const computer = await aComputer(server)
  const set = await addBackupSet(server.store, computer, { name: 'Documents' }, testNow)
  const secrets = {
    pingId: await renewPingId(server.store, set, 0, testNow),
    pingKey: await renewPingKey(server.store, computer, testNow),
    agentKey: await anAgentKey(server, computer),
    apiKey: await anApiKey(server),
    token: await aToken(server),
    clientSecret: (await aClient(server)).clientSecret,
  }
  return { server, computer, secrets, log: () => lines.join('') }
}

test('a request is one line, with its path and without its query', async () => {
  const { server, computer, secrets, log } = await aLogged()
  await server.get(reportUrl(computer, '?order_by=USERNAME'), { token: secrets.token })
  expect(JSON.parse(log())).toMatchObject({
    method: 'GET',
    path: '/v1/accounts/acme/computers/0000/reports/backup_status',
    status: 200,
    msg: 'request',
  })
})

test('good requests are not written unless somebody wants them', async () => {
  const { server, log } = await aLogged('info')
  await server.get('/healthz')
  expect(log()).toBe('')
  await server.get('/nowhere')
  expect(log()).toContain('"path":"/nowhere"')
})

test.each(['OAuth', 'Bearer', 'Basic', 'Nonsense'])('no Authorization with %s is in the log', async scheme => {
  const { server, computer, secrets, log } = await aLogged()
  for (const secret of Object.values(secrets)) {
    await server.get(reportUrl(computer), { headers: { authorization: `${scheme} ${secret}`, 'x-api-key': secret } })
    expect(log()).not.toContain(secret)
  }
})

const places: [string, (secret: string) => string][] = [
  ['a query', secret => `/v1/runs?access_token=${secret}`],
  ['a query of the form of another path', secret => `/v1/runs?/ping/${secret}`],
  ['a path that there is not', secret => `/nowhere/${secret}`],
  ['a path that there is not, with more around it', secret => `/nowhere/key=${secret};x/more`],
  ['the path of a ping', secret => `/ping/${secret}/start`],
  ['the path of a ping by slug', secret => `/ping/${secret}/documents`],
  ['the path of a webhook', secret => `/hooks/duplicati/${secret}`],
  ['the path of a webhook that there is not', secret => `/hooks/${secret}`],
  ['the path of a webhook by slug', secret => `/hooks/gotify/${secret}/documents`],
  ['a path of Cronitor', secret => `/p/${secret}/documents`],
  ['a path of Uptime Kuma', secret => `/api/push/${secret}`],
  ['a path of Sentry', secret => `/api/1/cron/documents/${secret}/`],
  ['a path of badges', secret => `/badge/${secret}/${secret.slice(0, 8)}-2.svg`],
  ['a path of one badge', secret => `/b/2/${secret}.svg`],
]

test.each(places)('no secret is in the log that was sent in %s', async (_, toPath) => {
  const { server, secrets, log } = await aLogged()
  for (const secret of Object.values(secrets)) {
    for (const method of ['GET', 'POST', 'PUT'] as const) await server.send({ method, url: toPath(secret) })
    expect(log()).not.toContain(secret)
  }
})

test('no ping is in the log that was sent to the host of pings', async () => {
  const { server, secrets, log } = await aLogged()
  await server.get(`/${secrets.pingId}`, { headers: { host: 'ping.example.net' } })
  await server.get(`https://ping.example.net/${secrets.pingKey}/documents`, { headers: { host: 'ping.example.net' } })
  expect(log()).toContain('"path":"/ping/…"')
  expect(log()).not.toMatch(new RegExp(`${secrets.pingId}|${secrets.pingKey}`))
})

test('the addresses of checks and of badges that there are hold no secret in the log', async () => {
  const { server, secrets, log } = await aLogged()
  const headers = { 'x-api-key': secrets.apiKey }
  await server.get(`/api/v3/checks/${secrets.pingId}`, { headers })
  const { badges } = (await server.get('/api/v3/badges/', { headers })).json<{
    badges: Record<string, { svg: string }>
  }>()
  const { pathname } = new URL(badges['*']?.svg ?? '')
  expect((await server.get(pathname)).statusCode).toBe(200)
  expect(log()).toContain('"path":"/badge/…"')
  expect(log()).not.toContain(pathname.split('/')[2])
  expect(log()).not.toContain(secrets.pingId)
})

test.each(['application/x-www-form-urlencoded', 'application/json', 'text/plain'])(
  'no body of a request for a token is in the log: %s',
  async type => {
    const { server, secrets, log } = await aLogged()
    const body = `grant_type=none&client_id=${secrets.token}&client_secret=${secrets.clientSecret}`
    await server.post('/oauth2/token', body, { headers: { 'content-type': type } })
    expect(log()).not.toMatch(new RegExp(`${secrets.token}|${secrets.clientSecret}`))
  },
)
