import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renewPingId } from '../../src/app/backup-sets.ts'
import { days, minutes } from '../../src/domain/instant.ts'
import { parseSchedule } from '../../src/domain/schedule.ts'
import type { Computer } from '../../src/domain/tree.ts'
import type { RunReport } from '../../src/wire/run-report.ts'
import { xmlArrayStyles } from '../../src/wire/xml.ts'
import { aServer, type TestServer } from '../support/a-server.ts'
import { aClient, aComputer, anApiKey, aReport, at, aToken, recordReport, reportUrl, runsUrl } from '../support/builders.ts'
import { aNewSet, testNow } from '../support/tree.ts'

/**
 * The messages of the API, byte for byte. A changed file is a changed API and is reviewed as one. To rewrite the files on
 * purpose: `UPDATE_GOLDEN=1 npx vitest run test/golden`.
 */
const folder = new URL('./', import.meta.url)
const isUpdating = process.env['UPDATE_GOLDEN'] === '1'

const formats = [
  ['json', 'application/json'],
  ['xml', 'application/xml'],
] as const

const compared = new Set<string>()

function expectGolden(name: string, text: string): void {
  compared.add(name)
  if (isUpdating) writeFileSync(new URL(name, folder), text)
  expect(text).toBe(readFileSync(new URL(name, folder), 'utf8'))
}

/** Tokens and request ids are random; what they stand for is not. */
function withoutChance(text: string): string {
  return text
    .replace(/"access_token":"[A-Za-z0-9_-]{43}"/, `"access_token":"${'t'.repeat(43)}"`)
    .replace(/(request_id(?:":"|>))[0-9a-z]{10}-[0-9a-z]+/, '$1request-1')
}

/** The computer of the examples in the documentation. */
async function anExample(reports: RunReport[], settings: Parameters<typeof aServer>[0] = {}) {
  const server = await aServer(settings)
  const computer = await aComputer(server)
  for (const report of reports) await recordReport(server, computer, report)
  return { server, computer, token: await aToken(server) }
}

function aRunAt(start: string, end: string, report: RunReport): RunReport {
  return aReport({ local_start: `2026-03-05T${start}:00-05:00`, local_end: `2026-03-05T${end}:00-05:00`, ...report })
}

const documents = aRunAt('01:00', '02:00', { backupset_name: 'Documents' })
const mail = aRunAt('03:00', '03:10', { backupset_name: 'Mail', status: 'CANCELED', plugin: 'EXCHANGE', warnings: 2 })

/** A set for every way to stand, with names that need care in XML. */
const everyRow: RunReport[] = [
  documents,
  mail,
  aRunAt('03:00', '03:05', { backupset_name: 'Errors', errors: 3, warnings: 1 }),
  aRunAt('04:00', '04:01', {
    backupset_name: 'Read nothing',
    total_files: 0,
    processed_files: 0,
    new_files: 0,
    bytes: 0,
  }),
  aRunAt('04:00', '04:01', { backupset_name: 'Nothing new', new_files: 0, bytes: 0 }),
  aRunAt('04:00', '04:01', { backupset_name: 'Ledger', plugin: 'SQL', bytes: 0 }),
  aRunAt('09:30', '09:55', { backupset_name: 'Running', status: 'RUNNING' }),
  aRunAt('05:00', '05:20', { backupset_name: 'Failed', status: 'ERROR' }),
  aRunAt('06:00', '06:30', { backupset_name: 'Outlasting its limit', status: 'RUNNING' }),
  aRunAt('07:00', '07:30', { backupset_name: '<R&D> "Ümläut" \u{1F4BE}' }),
  {
    ...aReport({ backupset_name: 'Elsewhere' }),
    local_start: '2026-03-05T07:00:00Z',
    local_end: '2026-03-05T19:45:00+05:45',
  },
]

/** Due every night at 23:00. */
const nightly = parseSchedule('cron 0 23 * * *')

async function limitRun({ store }: TestServer, computer: Computer): Promise<void> {
  const set = await store.findBackupSet(computer.accountId, computer.key, 'Outlasting its limit')
  await store.changeBackupSet(set?.id ?? 0, { runLimitMs: minutes(60) })
}

test.each(formats)('the report of the documentation, in %s', async (ending, accept) => {
  const { server, computer, token } = await anExample([documents, mail])
  const answer = await server.get(reportUrl(computer), { token, headers: { accept } })
  expectGolden(`report.${ending}`, answer.body)
})

test.each(formats)('a report with every kind of row, in %s', async (ending, accept) => {
  const { server, computer, token } = await anExample(everyRow)
  await limitRun(server, computer)
  await server.store.addBackupSet(aNewSet(computer, { name: 'Missed', schedule: nightly }), testNow - days(2))
  const answer = await server.get(reportUrl(computer), { token, headers: { accept } })
  expectGolden(`report-every-row.${ending}`, answer.body)
})

test.each(formats)('an explanation, in %s', async (ending, accept) => {
  const { server, computer, token } = await anExample([])
  await server.store.addBackupSet(aNewSet(computer, { schedule: nightly, rpoMs: days(3) }), testNow - days(4))
  const times = { local_start: '2026-03-03T23:05:00-05:00', local_end: '2026-03-03T23:50:00-05:00' }
  await recordReport(server, computer, aReport(times))
  const url = `/v1/accounts/acme/computers/${computer.computerId}/backupsets/Documents/explain`
  const answer = await server.get(url, { token, headers: { accept } })
  expectGolden(`explanation.${ending}`, answer.body)
})

test.each(formats)('a report that selects, in %s', async (ending, accept) => {
  const { server, computer, token } = await anExample([documents, mail])
  const query = '?condition_status=WARNING|FAILURE&order_dir=DESC'
  const answer = await server.get(reportUrl(computer, query), { token, headers: { accept } })
  expectGolden(`report-selection.${ending}`, answer.body)
})

test.each(formats)('a report without rows, in %s', async (ending, accept) => {
  const { server, computer, token } = await anExample([])
  const answer = await server.get(reportUrl(computer), { token, headers: { accept } })
  expectGolden(`report-empty.${ending}`, answer.body)
})

test.each([...formats, ['csv', 'text/csv']] as const)('the report of an account, in %s', async (ending, accept) => {
  const { server, computer, token } = await anExample([mail, documents])
  const laptop = await aComputer(server, { name: 'Laptop "R&D"', ownTimeZone: 'Asia/Kathmandu' })
  await server.store.addBackupSet(aNewSet(laptop, { name: 'Missed', schedule: nightly }), testNow - days(2))
  await recordReport(server, computer, aRunAt('05:00', '05:20', { backupset_name: 'Failed', status: 'ERROR', errors: 3 }))
  const url = '/v1/accounts/acme/reports/backup_status?order_by=CONDITION_STATUS&page_size=3'
  const answer = await server.get(url, { token, headers: { accept } })
  expectGolden(`account-report.${ending}`, answer.body)
})

test.each(formats)('the reports that there are, in %s', async (ending, accept) => {
  const { server, computer, token } = await anExample([])
  for (const [name, path] of [
    ['computer', `accounts/acme/computers/${computer.computerId}`],
    ['account', 'accounts/acme'],
    ['partner', 'partners/root'],
  ]) {
    const answer = await server.get(`/v1/${path}/reports`, { token, headers: { accept } })
    expectGolden(`reports-of-${name}.${ending}`, answer.body)
  }
})

test.each(xmlArrayStyles)('condition types in XML, read as %s', async style => {
  const { server, computer, token } = await anExample([documents, mail], { xmlConditionTypes: style })
  const answer = await server.get(reportUrl(computer), { token, headers: { accept: 'application/xml' } })
  expectGolden(`report-condition-types-${style}.xml`, answer.body)
})

test.each(formats)('an error, in %s', async (ending, accept) => {
  const { server, computer, token } = await anExample([])
  const answer = await server.get(reportUrl(computer, '?order_by=<NAME>'), { token, headers: { accept } })
  expectGolden(`error.${ending}`, withoutChance(answer.body))
})

test.each(formats)('a run, in %s', async (ending, accept) => {
  const { server, computer, token } = await anExample([{ ...mail, total_files: 9, processed_files: 8, bytes: 2 ** 40 }])
  const answer = await server.get(`${runsUrl(computer)}/1`, { token, headers: { accept } })
  expectGolden(`run.${ending}`, answer.body)
})

test.each(formats)('a run that is going on, in %s', async (ending, accept) => {
  const { server, computer, token } = await anExample([
    { backupset_name: 'Documents', status: 'RUNNING', local_start: '2026-03-05T09:30:00-05:00' },
  ])
  const answer = await server.get(`${runsUrl(computer)}/1`, { token, headers: { accept } })
  expectGolden(`run-running.${ending}`, answer.body)
})

test.each(formats)('the results of a batch, in %s', async (ending, accept) => {
  const { server, computer, token } = await anExample([])
  const list = [documents, { ...mail, bytes: -1 }, { ...mail, type: 'RESTORE' }]
  const answer = await server.post(runsUrl(computer), { list }, { token, headers: { accept } })
  expectGolden(`batch.${ending}`, answer.body)
})

test.each(formats)('a preview of a schedule, in %s', async (ending, accept) => {
  const { server, token } = await anExample([])
  const asked = { schedule: 'cron 30 2 * * mon-fri', time_zone: 'America/New_York', from: '2026-03-06', count: '2' }
  const url = `/v1/general/schedule_preview?${new URLSearchParams(asked).toString()}`
  const answer = await server.get(url, { token, headers: { accept } })
  expectGolden(`schedule-preview.${ending}`, answer.body)
})

test.each(formats)('a schedule that is never due, in %s', async (ending, accept) => {
  const { server, token } = await anExample([])
  const answer = await server.get('/v1/general/schedule_preview?schedule=manual', { token, headers: { accept } })
  expectGolden(`schedule-preview-manual.${ending}`, answer.body)
})

/** A set with a change of every kind: a run, a time without a server, a miss that was retracted, another policy. */
async function aHistory() {
  const { server, computer } = await anExample([])
  const { store } = server
  const judgeAt = (date: string) => {
    server.now = at(date)
    return store.judge({ now: server.now, catchUpMs: minutes(15) })
  }
  const set = { name: '<R&D> "Ümläut" \u{1F4BE}', schedule: parseSchedule('cron 0 11 * * *') }
  await store.addBackupSet(aNewSet(computer, set), at('2026-03-05T08:00:00-05:00'))
  await recordReport(server, computer, aRunAt('09:00', '09:10', { backupset_name: set.name, warnings: 1 }))
  await store.pulse(at('2026-03-05T09:59:00-05:00'), {})
  await judgeAt('2026-03-05T10:00:01-05:00')
  await store.pulse(at('2026-03-05T10:30:00-05:00'), {})
  await judgeAt('2026-03-05T12:00:01-05:00')
  await recordReport(server, computer, aRunAt('11:00', '11:50', { backupset_name: set.name, errors: 1 }))
  await judgeAt('2026-03-05T12:20:00-05:00')
  await store.changePartner(server.root.id, { policy: { WARNINGS: 'FAILURE' } })
  const url = `${runsUrl(computer).replace(/runs$/, 'backupsets')}/${encodeURIComponent(set.name)}`
  return { server, token: await aToken(server), url }
}

test.each(formats)('the history of a set, in %s', async (ending, accept) => {
  const { server, token, url } = await aHistory()
  const answer = await server.get(`${url}/condition_changes?page_size=3`, { token, headers: { accept } })
  expectGolden(`condition-changes.${ending}`, answer.body)
})

test.each(formats)('a history without changes, in %s', async (ending, accept) => {
  const { server, computer, token } = await anExample([documents])
  const url = `${runsUrl(computer).replace(/runs$/, 'backupsets')}/Documents/condition_changes`
  const answer = await server.get(url, { token, headers: { accept } })
  expectGolden(`condition-changes-empty.${ending}`, answer.body)
})

test.each(formats)('a backtest, in %s', async (ending, accept) => {
  const { server, token, url } = await aHistory()
  const asked = { schedule: 'cron 30 9,11 * * *', grace_minutes: 5, policy: { WARNINGS: 'WARNING' }, days: 1 }
  const answer = await server.post(`${url}/backtest`, asked, { token, headers: { accept } })
  expectGolden(`backtest.${ending}`, answer.body)
})

test.each(formats)('a backtest that changes nothing, in %s', async (ending, accept) => {
  const { server, token, url } = await aHistory()
  const answer = await server.post(`${url}/backtest`, {}, { token, headers: { accept } })
  expectGolden(`backtest-unchanged.${ending}`, answer.body)
})

/** The account of the documentation, whose computer has backed something up. */
async function aCustomer() {
  const { server, computer, token } = await anExample([documents])
  const given = { company: 'Acme & Sons', email: 'it@example.net', phone: '+1 555 0100', referenceCode: 'A-7' }
  await server.store.changeAccount(computer.accountId, given)
  return { server, computer, token }
}

test.each(formats)('an account, in %s', async (ending, accept) => {
  const { server, token } = await aCustomer()
  for (const [name, path] of [['account', ''], ['account-info', '/info']]) {
    const answer = await server.get(`/v1/accounts/acme${path}`, { token, headers: { accept } })
    expectGolden(`${name}.${ending}`, answer.body)
  }
})

test.each(formats)('a computer, what can be changed of it, and its list, in %s', async (ending, accept) => {
  const { server, computer, token } = await anExample([{ ...documents, bytes: 2 ** 40 }])
  await server.store.changeComputer(computer.key, { email: 'it@acme.example', phone: '+1 555 0100' })
  const url = `/v1/accounts/acme/computers`
  const get = async (path: string) => (await server.get(`${url}${path}`, { token, headers: { accept } })).body
  expectGolden(`computer.${ending}`, await get('/0000'))
  expectGolden(`computer-info.${ending}`, await get('/0000/info'))
  await aComputer(server, { name: '<R&D> "Ümläut" \u{1F4BE}', ownTimeZone: 'Asia/Kathmandu' })
  expectGolden(`computers.${ending}`, await get('?page_size=2'))
  await server.store.changeComputer(computer.key, { status: 'deleted' })
  expectGolden(`computer-deleted.${ending}`, await get('/0000'))
  const renewed = await server.post(`${url}/0001/password`, undefined, { token, headers: { accept } })
  expectGolden(`computer-password.${ending}`, renewed.body.replace(/lgk_[\w-]{43}/, `lgk_${'k'.repeat(43)}`))
})

test.each(formats)('the time of the server, in %s', async (ending, accept) => {
  const { server, token } = await anExample([])
  expectGolden(`time.${ending}`, (await server.get('/v1/general/time', { token, headers: { accept } })).body)
})

test.each(formats)('who is told of a computer, and of what, in %s', async (ending, accept) => {
  const { server, token } = await anExample([])
  const url = '/v1/accounts/acme/computers/0000/notifications'
  const headers = { accept }
  const added = await server.post(`${url}/emails`, { email: "o'hara&co@acme.example" }, { token, headers })
  expectGolden(`notification-email.${ending}`, added.body)
  const get = async (path: string) => (await server.get(`${url}${path}`, { token, headers })).body
  expectGolden(`notification-emails.${ending}`, await get('/emails'))
  expectGolden(`notification-options.${ending}`, await get('/options'))
})

test.each(formats)('a partner, what is below it and its people, in %s', async (ending, accept) => {
  const { server, token } = await aCustomer()
  await server.store.changePartner(server.root.id, { company: 'Root & Co', email: 'it@example.net', phone: '0100' })
  await server.store.addPartner({ parentId: server.root.id, username: 'north', name: 'Branch North' }, testNow)
  const office = { username: 'office', name: 'Office', role: 'ADMIN', email: 'office@example.net' } as const
  await server.store.addUser({ partnerId: server.root.id, ...office }, testNow)
  const paths = { partner: '', 'partner-info': '/info', signups: '/signups', users: '/users', user: '/users/office' }
  for (const [name, path] of Object.entries(paths)) {
    const answer = await server.get(`/v1/partners/root${path}`, { token, headers: { accept } })
    expectGolden(`${name}.${ending}`, answer.body)
  }
})

test.each([...formats, ['csv', 'text/csv'] as const])('an audit log, in %s', async (ending, accept) => {
  const { server, computer, token } = await aCustomer()
  const changes = server.store.changing({ by: { actor: 'client <Connector>', at: testNow } })
  const policy = { WARNINGS: 'FAILURE' } as const
  await changes.changePartner(server.root.id, { policy })
  await changes.changeAccount(computer.accountId, { company: 'Acme & "Daughters"', acceptsNewSets: false, phone: '' })
  await changes.setAgentKey(computer.key, 'secret', testNow)
  await changes.addPartner({ parentId: server.root.id, username: 'north', name: '=North' }, testNow)
  const answer = await server.get('/v1/partners/root/audit_log', { token, headers: { accept } })
  expectGolden(`audit-log.${ending}`, answer.body)
})

test.each(['none', 'client_credentials'])('a token, by grant %s', async grant_type => {
  const server = await aServer()
  const { clientId: client_id, clientSecret: client_secret } = await aClient(server, { scopes: ['computers_read'] })
  const answer = await server.post('/oauth2/token', { grant_type, client_id, client_secret })
  expectGolden(`token-${grant_type}.json`, withoutChance(answer.body))
})

test('a token that is refused', async () => {
  const server = await aServer()
  const answer = await server.post('/oauth2/token', { grant_type: 'none', client_id: 'x', client_secret: 'y' })
  expectGolden('token-refused.json', answer.body)
})

/** What is made with the secret of an installation is random. */
function withoutSecret(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{40}/g, 'c'.repeat(40))
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '00000000-0000-0000-0000-000000000000')
    .replaceAll(/(\/badge\/[0-9a-f-]{36}\/)[\w-]{8}(?=[-./])/g, '$1signatur')
}

/** The checks of the documentation, one of them pinged, and the API key that sees them. */
async function aDashboard() {
  const { server, computer } = await anExample([documents, mail])
  const set = await server.store.addBackupSet(aNewSet(computer, { name: 'Ledger', schedule: nightly }), testNow)
  const pingId = await renewPingId(server.store, set, 0, testNow)
  const ping = (path: string, payload?: string) =>
    server.send({ method: 'POST', url: `/ping/${pingId}${path}`, ...(payload !== undefined && { payload }) })
  await ping('/start')
  server.now += minutes(2)
  await ping('', 'all went well')
  await server.store.judge({ now: server.now, catchUpMs: minutes(15) })
  const key = await anApiKey(server, computer)
  const get = (path: string) => server.get(`/api/v3/${path}`, { headers: { 'x-api-key': key } })
  return { get, pingId }
}

test('what a dashboard made for Healthchecks reads', async () => {
  const { get, pingId } = await aDashboard()
  const answers = {
    checks: 'checks/',
    check: `checks/${pingId}`,
    'check-pings': `checks/${pingId}/pings/`,
    'check-flips': `checks/${pingId}/flips/`,
    'check-badges': 'badges/',
  }
  for (const [name, path] of Object.entries(answers)) {
    expectGolden(`${name}.json`, withoutSecret((await get(path)).body))
  }
})

/** A set of which everything is said, and one of which nothing is. */
async function someSets() {
  const { server, computer, token } = await anExample([])
  const schedule = parseSchedule('cron 0 23 * * *')
  const presence = { kind: 'required', notSeenMs: days(7) } as const
  const said = { plugin: 'sql', tool: 'restic', ownTimeZone: 'Asia/Tokyo', rpoMs: days(2), presence, schedule } as const
  await server.store.addBackupSet(aNewSet(computer, { ...said, name: '<R&D> "Ümläut" \u{1F4BE} / 100 %' }), testNow)
  await server.store.addBackupSet(aNewSet(computer), testNow)
  return { server, token, url: runsUrl(computer).replace(/runs$/, 'backupsets') }
}

test.each(formats)('the backup sets of a computer, in %s', async (ending, accept) => {
  const { server, token, url } = await someSets()
  const answer = await server.get(`${url}?page_size=2`, { token, headers: { accept } })
  expectGolden(`backup-sets.${ending}`, answer.body)
})

test.each(formats)('a backup set, in %s', async (ending, accept) => {
  const { server, token, url } = await someSets()
  const answer = await server.get(`${url}/Documents`, { token, headers: { accept } })
  expectGolden(`backup-set.${ending}`, answer.body)
})

test.each(formats)('a new ping URL, in %s', async (ending, accept) => {
  const { server, token, url } = await someSets()
  const answer = await server.post(`${url}/Documents/ping_url`, undefined, { token, headers: { accept } })
  expectGolden(`ping-url.${ending}`, withoutSecret(answer.body))
})

test.each(formats)('the action history, in %s', async (ending, accept) => {
  const running = aRunAt('09:30', '09:55', { backupset_name: 'Documents', status: 'RUNNING' })
  const { server, token } = await anExample([documents, mail, aRunAt('04:00', '04:01', { type: 'RESTORE' }), running])
  const url = '/v1/accounts/acme/action_history?since=2026-03-05&page_size=3'
  for (const page of [1, 2]) {
    const answer = await server.get(`${url}&page=${page}`, { token, headers: { accept } })
    expectGolden(`action-history-${page}.${ending}`, answer.body)
  }
})

test.each(formats)('the usage history, in %s', async (ending, accept) => {
  const { server, token } = await anExample([documents, { ...mail, status: 'SUCCESS', bytes: 2 ** 41 }])
  const answer = await server.get('/v1/accounts/acme/usage_history?resolution=MONTH&start_date=2026-02-28', {
    token,
    headers: { accept },
  })
  expectGolden(`usage-history.${ending}`, answer.body)
})

test('no golden file is left that nothing is compared with', () => {
  const files = readdirSync(folder).filter(name => !name.endsWith('.ts'))
  expect(files.toSorted()).toEqual([...compared].toSorted())
})
