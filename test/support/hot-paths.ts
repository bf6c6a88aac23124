import { renewPingId } from '../../src/app/backup-sets.ts'
import { deliverDue } from '../../src/app/deliver.ts'
import { hours } from '../../src/domain/instant.ts'
import { parseSchedule } from '../../src/domain/schedule.ts'
import type { TestServer } from './a-server.ts'
import { aClient, aComputer, anAccount, anAgentKey, anApiKey, aPartner, aReport, aToken } from './builders.ts'
import { aNewSet, runKey, testNow } from './tree.ts'

/** What is done again and again while a server is in use, by name; each must answer well. */
export type HotPaths = Record<string, () => Promise<unknown>>

/**
 * A tree whose keys of accounts, computers and sets all differ, so that none can be taken for another, and what is done to
 * it, in this order.
 */
export async function buildHotPaths(server: TestServer): Promise<HotPaths> {
  const { store } = server
  const partner = await aPartner(server)
  for (const username of ['one', 'two', 'three', 'four', 'five', 'six', 'seven']) await anAccount(server, { username })
  await anAccount(server, { username: 'acme', partner })
  const computer = await aComputer(server, { username: 'acme' })
  const other = await aComputer(server, { username: 'acme', name: 'Laptop' })
  const presence = { kind: 'required', notSeenMs: hours(1) } as const
  const set = await store.addBackupSet(aNewSet(computer, { presence, schedule: parseSchedule('every 6h') }), testNow)
  await store.addBackupSet(aNewSet(other), testNow)
  const [token, agent, apiKey] = [await aToken(server), await anAgentKey(server, computer), await anApiKey(server)]
  const path = `/v1/accounts/acme/computers/${computer.computerId}`
  const pingId = await renewPingId(store, set, 0, testNow)
  const ping = `/ping/${pingId}`
  const { clientId, clientSecret } = await aClient(server)
  const channel = await store.addChannel(
    { name: 'On call', kind: 'webhook', url: 'https://a.example/', secret: '', partnerId: partner.id, accountId: null },
    testNow,
  )
  let count = 0
  const report = (members = {}) => aReport({ run_key: runKey((count += 1)), ...members })
  const record = (members = {}) => expectOk(server.post('/v1/runs', report(members), { token: agent }))
  const get = (url: string) => expectOk(server.get(url, { token }))
  const judge = (at: number) => store.judge({ now: at, catchUpMs: 0 })
  const { action_id: id } = await record({ log: 'all is well' })

  return {
    'record a run': () => record(),
    'record the start of a run and its end': async () => {
      await record({ run_key: runKey(900), status: 'RUNNING', local_end: undefined })
      await record({ run_key: runKey(900) })
    },
    'record a failed run with a log': () => record({ status: 'ERROR', errors: 2, log: 'disk full' }),
    'record a batch with a new set': () =>
      expectOk(server.post(`${path}/runs`, { list: [report(), report({ backupset_name: 'Mail' })] }, { token })),
    'move a run back': () => record({ run_key: runKey(2), local_start: '2026-03-04T09:00:00-05:00' }),
    'take a ping': () => expectOk(server.get(ping)),
    'take the start, the log and the end of a run': async () => {
      const rid = '11111111-1111-4111-8111-111111111111'
      for (const kind of ['start', 'log', '0']) await expectOk(server.post(`${ping}/${kind}?rid=${rid}`, 'some words'))
      await expectOk(server.get(`${ping}/start`))
      await expectOk(server.get(`${ping}/fail`))
    },
    'take a heartbeat': () => expectOk(server.post('/v1/heartbeat', undefined, { token: agent })),
    'judge what was reported': () => judge(server.now),
    'judge what is due': async () => {
      await judge(testNow + hours(48))
      await record({ local_start: '2026-03-05T19:00:00-05:00', local_end: '2026-03-05T19:10:00-05:00' })
      await judge(testNow + hours(48))
    },
    'tell what changed': async () => {
      const told = { deliver: () => Promise.resolve(), clock: () => testNow + hours(72) }
      await store.findDueChannels(told.clock())
      if ((await deliverDue(store, told.deliver, { id: channel.id, clock: told.clock })) === 0) {
        throw new Error('Nothing was told.')
      }
    },
    'remove what is kept no longer': () => store.retain({ now: server.now, runDays: 400, logDays: 400 }),
    'report a computer': () => get(`${path}/reports/backup_status`),
    'report an account': () => get('/v1/accounts/acme/reports/backup_status'),
    'report a partner': () => get('/v1/partners/north/reports/backup_status'),
    'show what needs a person in an account': () => get('/v1/accounts/acme/triage'),
    'show what needs a person below a partner': () => get('/v1/partners/north/triage'),
    'look whether anything has changed': () => server.store.newestConditionChange(),
    'list the runs of a computer': () => get(`${path}/action_history?page_size=1`),
    'list the runs of an account': () => get('/v1/accounts/acme/action_history?page_size=1'),
    'show a run and its log': async () => {
      await get(`${path}/runs/${String(id)}`)
      await get(`${path}/runs/${String(id)}/log`)
    },
    'explain a set': () => get(`${path}/backupsets/${set.name}/explain`),
    'list the changes of a set': () => get(`${path}/backupsets/${set.name}/condition_changes`),
    'show the days of a set': () => get(`${path}/backupsets/${set.name}/days`),
    'show the usage of an account': () => get('/v1/accounts/acme/usage_history'),
    'show computers, sets and accounts': async () => {
      for (const url of [path, `${path}/info`, `${path}/backupsets`]) await get(url)
      for (const url of ['/info', '/computers']) await get(`/v1/accounts/acme${url}`)
    },
    'list checks': () => expectOk(server.get('/api/v3/checks/', { headers: { 'x-api-key': apiKey } })),
    'ask for a token': () =>
      expectOk(
        server.send({
          method: 'POST',
          url: '/oauth2/token',
          payload: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
        }),
      ),
  }
}

async function expectOk(answer: Promise<{ statusCode: number; body: string }>): Promise<Record<string, unknown>> {
  const { statusCode, body } = await answer
  if (statusCode > 299) throw new Error(`This was answered with ${statusCode}: ${body}`)
  return body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>) : {}
}
