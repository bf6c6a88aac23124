import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { InjectOptions } from 'fastify'
import { describe, expect, test } from 'vitest'
import { hours, minutes, seconds } from '../../domain/instant.ts'
import { aHookedSet } from '../../../test/support/pinged.ts'
import { testNow } from '../../../test/support/tree.ts'

const fixtures = new URL('../../../test/fixtures/', import.meta.url)
const fixture = (name: string) => readFileSync(new URL(name, fixtures), 'utf8')
const backrest = (event: object) => JSON.stringify({ task: 'backup for plan "docs"', error: '', stats: null, ...event })
const summary = {
  message_type: 'summary',
  files_new: 2,
  files_changed: 1,
  total_files_processed: 40,
  data_added: 5_000,
}
const vzdump = (name: string, given: object = {}) =>
  JSON.stringify({
    title: 'vzdump backup status (pve1.example.net): backup successful',
    message: fixture(`vzdump/${name}`),
    severity: 'info',
    timestamp: testNow / 1_000,
    fields: { type: 'vzdump', hostname: 'pve1', 'job-id': 'backup-1' },
    ...given,
  })
const pbs = (type: string, title: string, severity: string) =>
  JSON.stringify({ title, message: 'Job ID: s-1', severity, timestamp: testNow / 1_000, fields: { type } })
const nothing = 'nothing'
const green = ['COMPLETED', 'COMPLETED']
const failed = ['FAILURE', 'ERRORS']
const warned = ['WARNING', 'WARNINGS']

/** What tools send, and the condition that it amounts to; `nothing`: none. The secret stands in the address. */
const sent: [name: string, address: string, request: InjectOptions, condition: unknown][] = [
  ...readdirSync(new URL('duplicati/', fixtures))
    .filter(name => /backup-(?:success|warning|error|fatal)-documented/.test(name))
    .map((name): [string, string, InjectOptions, unknown] => [
      name,
      'duplicati/ID',
      { payload: fixture(`duplicati/${name}`) },
      name.includes('success') ? green : name.includes('warning') ? warned : failed,
    ]),
  ...['success', 'failed'].map((word): [string, string, InjectOptions, unknown] => [
    `Duplicati, a form of a ${word}`,
    'duplicati/ID',
    {
      payload: fixture(`duplicati/duplicati-2.0.4.5-form-${word}-documented.stdout.txt`),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
    word === 'success' ? green : [...failed, 'WARNINGS'],
  ]),
  [
    'Duplicati, JSON in a form with fields of its own',
    'duplicati/ID',
    {
      payload: String(
        new URLSearchParams({
          site: 'a',
          text: fixture('duplicati/duplicati-2.1.0.5-backup-warning-documented.stdout.json'),
        }),
      ),
    },
    warned,
  ],
  [
    'Proxmox, a job that went well',
    'proxmox/ID',
    { payload: vzdump('vzdump-8.2-mail-ok-documented.stdout.txt') },
    green,
  ],
  [
    'Proxmox, a job of which one guest failed',
    'proxmox/ID',
    {
      payload: vzdump('vzdump-8.2-mail-one-failed-documented.stdout.txt', {
        title: 'vzdump backup status (pve1.example.net): backup failed',
        severity: 'error',
      }),
    },
    failed,
  ],
  [
    'Proxmox, a failure whose log tells none',
    'proxmox/ID',
    { payload: vzdump('vzdump-8.2-mail-ok-documented.stdout.txt', { severity: 'error' }) },
    failed,
  ],
  [
    'Proxmox, a job that never began',
    'proxmox/ID',
    {
      payload: JSON.stringify({
        title: "vzdump backup status (pve1.example.net): backup failed: storage 'nas' is not online",
        message: '',
        severity: 'error',
        fields: { type: 'vzdump' },
      }),
    },
    failed,
  ],
  [
    'Proxmox, a sync',
    'proxmox/ID',
    { payload: pbs('sync', "Sync remote 'b' datastore 'a' successful", 'info') },
    green,
  ],
  ['Proxmox, a failed sync', 'proxmox/ID', { payload: pbs('sync', "Sync remote 'b' failed", 'error') }, failed],
  ['Proxmox, an unknown severity', 'proxmox/ID', { payload: pbs('sync', 'Sync of something', 'odd') }, warned],
  ['Proxmox, a prune', 'proxmox/ID', { payload: pbs('prune', "Pruning datastore 'a' successful", 'info') }, nothing],
  [
    'Proxmox, a failed prune',
    'proxmox/ID',
    { payload: pbs('prune', "Pruning datastore 'a' failed", 'error') },
    nothing,
  ],
  [
    'Proxmox, a verification',
    'proxmox/ID',
    { payload: pbs('verification', "Verify Datastore 'a' successful", 'info') },
    nothing,
  ],
  [
    'Proxmox, a failed verification',
    'proxmox/ID',
    { payload: pbs('verification', "Verify Datastore 'a' failed", 'error') },
    failed,
  ],
  [
    'Proxmox, updates',
    'proxmox/ID',
    { payload: pbs('package-updates', 'New software packages available', 'info') },
    nothing,
  ],
  [
    'Proxmox, a Gotify target of this address',
    'proxmox/ID/message',
    {
      payload: JSON.stringify({
        title: 'vzdump backup status (pve1): backup successful',
        message: fixture('vzdump/vzdump-8.2-mail-ok-documented.stdout.txt'),
        priority: 1,
        extras: { 'client::display': { contentType: 'text/plain' } },
      }),
    },
    green,
  ],
  [
    'Backrest, a start',
    'backrest/ID/start',
    { payload: backrest({ event: 'snapshot start' }) },
    ['RUNNING', 'RUNNING'],
  ],
  ['Backrest, a success', 'backrest/ID', { payload: backrest({ event: 'snapshot success', stats: summary }) }, green],
  [
    'Backrest, a snapshot of nothing',
    'backrest/ID',
    {
      payload: backrest({
        event: 'snapshot success',
        stats: { ...summary, total_files_processed: 0, files_new: 0, files_changed: 0 },
      }),
    },
    ['WARNING', 'NO_FILE_DATA_BACKED_UP'],
  ],
  [
    'Backrest, a skipped snapshot',
    'backrest/ID',
    { payload: backrest({ event: 'snapshot skipped' }) },
    ['COMPLETED', 'NO_FILE_DATA_BACKED_UP'],
  ],
  [
    'Backrest, a warning',
    'backrest/ID',
    {
      payload: backrest({
        event: 'snapshot warning',
        error: 'partial backup, 3 files may not have been read completely.',
        stats: summary,
      }),
    },
    warned,
  ],
  [
    'Backrest, an error',
    'backrest/ID/fail',
    { payload: backrest({ event: 'snapshot error', error: 'locked' }) },
    failed,
  ],
  ['Backrest, a prune', 'backrest/ID', { payload: backrest({ event: 'prune success' }) }, nothing],
  [
    'Backrest, a failed prune',
    'backrest/ID/fail',
    { payload: backrest({ event: 'prune error', error: 'x' }) },
    nothing,
  ],
  ['Backrest, a check', 'backrest/ID', { payload: backrest({ event: 'check success' }) }, nothing],
  ['Backrest, a failed check', 'backrest/ID/fail', { payload: backrest({ event: 'check error', error: 'x' }) }, failed],
  [
    'Backrest, an address that says failure and a body that does not',
    'backrest/ID/fail',
    { payload: backrest({ event: 'snapshot success', stats: summary }) },
    failed,
  ],
  ...['content', 'text', 'message'].map((member): [string, string, InjectOptions, unknown] => [
    `Backrest, its own words as ${member}`,
    'backrest/ID',
    {
      payload: JSON.stringify({
        [member]: `Backrest Notification\n${fixture('webhooks/backrest-1.8-snapshot-success-documented.txt')}`,
      }),
    },
    green,
  ]),
  [
    'Backrest, its own words of an error',
    'backrest/ID',
    { payload: fixture('webhooks/backrest-1.8-snapshot-error-documented.txt') },
    failed,
  ],
  ...(['success', 'warnings', 'incomplete', 'fatal'] as const).map((word): [string, string, InjectOptions, unknown] => [
    `Kopia, ${word}`,
    'kopia/ID',
    {
      payload: fixture(`kopia/kopia-0.23.0-notification-${word}-documented.stdout.txt`),
      headers: { subject: 'Successfully created a snapshot of /srv/data on nas01' },
    },
    { success: green, warnings: warned, incomplete: ['WARNING', 'CANCELED'], fatal: failed }[word],
  ]),
  [
    'Kopia, JSON',
    'kopia/ID',
    { payload: fixture('kopia/kopia-0.24.0-notification-json-one-fatal-documented.stdout.json') },
    failed,
  ],
  [
    'Kopia, a subject that tells a failure',
    'kopia/ID',
    {
      payload: fixture('kopia/kopia-0.23.0-notification-success-documented.stdout.txt'),
      headers: { subject: 'Failed to create 1 of 2 snapshots on nas01' },
    },
    failed,
  ],
  ['Kopia, an error', 'kopia/ID', { payload: fixture('webhooks/kopia-0.23-generic-error-documented.txt') }, failed],
  [
    'Kopia, an error of maintenance',
    'kopia/ID',
    { payload: fixture('webhooks/kopia-0.23-generic-error-documented.txt').replace('Snapshot', 'Maintenance') },
    nothing,
  ],
  [
    'Kopia, a test',
    'kopia/ID',
    { payload: 'Hello', headers: { subject: 'Test notification from Kopia at now' } },
    nothing,
  ],
  ['Uptime Kuma, up', 'uptime-kuma/ID?status=up&msg=OK&ping=', {}, green],
  ['Uptime Kuma, down', 'uptime-kuma/ID?status=down&msg=disk%20full', {}, failed],
  ['Uptime Kuma, an unknown word', 'uptime-kuma/ID?status=fine', {}, failed],
  ['Cronitor, run', 'cronitor/ID?state=run', {}, ['RUNNING', 'RUNNING']],
  ['Cronitor, complete', 'cronitor/ID/complete', {}, green],
  ['Cronitor, complete with a status', 'cronitor/ID?state=complete&status_code=3', {}, failed],
  ['Cronitor, complete with errors', 'cronitor/ID?state=complete&metric=count:9&metric=error_count:2', {}, warned],
  ['Cronitor, ok', 'cronitor/ID?state=ok', {}, nothing],
  ['Gatus, success', 'gatus/ID?success=true&duration=10s', {}, green],
  ['Gatus, failure', 'gatus/ID?success=false', { payload: '{"error":"disk full"}' }, failed],
  ['Sentry, in progress', 'sentry/ID?status=in_progress', {}, ['RUNNING', 'RUNNING']],
  ['Sentry, ok', 'sentry/ID', { payload: '{"status":"ok"}' }, green],
  ['Sentry, error', 'sentry/ID?status=error', {}, failed],
  [
    'resticprofile, a success',
    'pushgateway/ID/metrics/job/root.backup',
    { payload: fixture('webhooks/resticprofile-0.31-success-documented.txt') },
    green,
  ],
  [
    'resticprofile, a warning',
    'pushgateway/ID/metrics/job/root.backup',
    {
      payload: fixture('webhooks/resticprofile-0.31-success-documented.txt').replace(
        'status{profile="prom"} 2',
        'status{profile="prom"} 1',
      ),
    },
    warned,
  ],
  [
    'resticprofile, a failure',
    'pushgateway/ID/metrics/job@base64/cm9vdA',
    {
      payload: fixture('webhooks/resticprofile-0.31-success-documented.txt').replace(
        'status{profile="prom"} 2',
        'status{profile="prom"} 0',
      ),
    },
    failed,
  ],
  ['other metrics', 'pushgateway/ID/metrics/job/a', { payload: 'backup_ok 1\n' }, nothing],
  [
    'Gotify, a message that tells a failure',
    'gotify/ID/message',
    { payload: '{"title":"Backup failed","message":"x"}' },
    failed,
  ],
  [
    'Gotify, a message that tells a success',
    'gotify/ID/message',
    { payload: '{"title":"Backup done","message":"x"}' },
    nothing,
  ],
]

const post = (url: string, request: InjectOptions): InjectOptions => ({ method: 'POST', url, ...request })

describe('what tools send', () => {
  test.each(sent.filter(([, , , condition]) => condition !== nothing))(
    '%s',
    async (name, address, request, condition) => {
      const { server, pingId, condition: read, runs } = await aHookedSet()
      for (const delay of [0, 2, 5]) {
        server.now += seconds(delay)
        const answer = await server.send(post(`/hooks/${address.replace('ID', pingId)}`, request))
        expect([answer.statusCode >= 300, answer.body.length > 200]).toEqual([false, false])
        // Senders repeat themselves: that changes nothing, and is no second run but of what joins starts and ends.
        expect(await read()).toEqual(condition)
        if (!/Backrest|Cronitor|Sentry/.test(name)) expect(await runs()).toHaveLength(1)
      }
    },
  )

  test.each(sent.filter(([, , , condition]) => condition === nothing))(
    '%s is no backup, and clears no failure of one',
    async (_, address, request) => {
      const { server, pingId, condition, runs } = await aHookedSet()
      await server.send(post(`/ping/${pingId}/fail`, {}))
      server.now += hours(1)
      const answer = await server.send(post(`/hooks/${address.replace('ID', pingId)}`, request))
      expect(answer.statusCode).toBe(200)
      expect([await condition(), (await runs()).length]).toEqual([failed, 1])
    },
  )
})

describe('facts', () => {
  test('of Duplicati are those of its report', async () => {
    const { server, pingId, runs, logOf } = await aHookedSet()
    const payload = fixture('duplicati/duplicati-2.1.0.5-backup-success-documented.stdout.json')
    await server.send(
      post(`/hooks/duplicati/${pingId}`, { payload: gzipSync(payload), headers: { 'content-encoding': 'gzip' } }),
    )
    const [run] = await runs()
    expect(run).toMatchObject({
      processedFiles: 15_399,
      newFiles: 1_861,
      bytes: 8_290_314,
      startedAt: Date.UTC(2025, 3, 21, 23, 45, 46, 971),
      tool: 'duplicati 2.1.0.5',
    })
    expect((await logOf(run?.id ?? 0))?.log).toBe(payload)
  })

  test('of vzdump end when the notification was made, and began as long before as it took', async () => {
    const { server, pingId, runs } = await aHookedSet()
    await server.send(post(`/hooks/proxmox/${pingId}`, { payload: vzdump('vzdump-8.2-mail-ok-documented.stdout.txt') }))
    expect(await runs()).toMatchObject([{ startedAt: testNow - seconds(119), updatedAt: testNow, processedFiles: 2 }])
  })

  test('of resticprofile are its metrics; without extended status files are not known', async () => {
    const { server, pingId, runs } = await aHookedSet()
    const payload = fixture('webhooks/resticprofile-0.31-success-documented.txt')
    const url = `/hooks/pushgateway/${pingId}/metrics/job/a`
    await server.send(post(url, { payload }))
    const counted = { processedFiles: 7_723, newFiles: 2, bytes: 96_167, updatedAt: 1_747_673_785_000 }
    expect(await runs()).toMatchObject([counted])
    const zeros = payload.replaceAll(/^(resticprofile_backup_(?:dir|files|added|processed)\w*\S*) \S+$/gm, '$1 0')
    await server.send(post(url, { payload: zeros.replace('1.747673785e+09', '1.747763785e+09') }))
    expect((await runs()).at(-1)).toMatchObject({ processedFiles: null, newFiles: null, bytes: null })
  })

  test('of Backrest are those of its start and its summary', async () => {
    const { server, pingId, runs } = await aHookedSet()
    await server.send(post(`/hooks/backrest/${pingId}/start`, { payload: backrest({ event: 'snapshot start' }) }))
    server.now += minutes(10)
    const event = { event: 'snapshot success', stats: summary }
    await server.send(post(`/hooks/backrest/${pingId}`, { payload: backrest(event) }))
    const facts = {
      startedAt: testNow,
      updatedAt: testNow + minutes(10),
      processedFiles: 40,
      newFiles: 3,
      bytes: 5_000,
    }
    expect(await runs()).toMatchObject([facts])
  })

  test('of a push began as long ago as it says, unless it failed', async () => {
    const { server, pingId, runs } = await aHookedSet()
    await server.send(post(`/api/push/${pingId}?status=up&ping=60000`, {}))
    server.now += minutes(1)
    await server.send(post(`/api/push/${pingId}?status=down&ping=3600000`, {}))
    expect(await runs()).toMatchObject([
      { startedAt: testNow - minutes(1), state: 'finished' },
      { startedAt: testNow + minutes(1), state: 'failed' },
    ])
  })

  test.each([9_999_999_999, 8_999_999_999_999, Number.MAX_SAFE_INTEGER])(
    'with times that cannot be (%i) are those of the arrival, and not lost',
    async timestamp => {
      const { server, pingId, runs, condition } = await aHookedSet()
      const payload = pbs('sync', 'Sync remote a failed', 'error').replace(String(testNow / 1_000), String(timestamp))
      expect((await server.send(post(`/hooks/proxmox/${pingId}`, { payload }))).statusCode).toBe(200)
      expect([await condition(), (await runs())[0]?.updatedAt]).toEqual([failed, testNow])
    },
  )

  test('of a failure on a clock that fell back to 1970 are those of the arrival: no older success hides it', async () => {
    const { server, pingId, runs, condition } = await aHookedSet()
    const report = (title: string, severity: string, timestamp: number) =>
      server.send(
        post(`/hooks/proxmox/${pingId}`, {
          payload: pbs('sync', title, severity).replace(String(testNow / 1_000), String(timestamp)),
        }),
      )
    await report('Sync remote a successful', 'info', testNow / 1_000)
    server.now += hours(1)
    await report('Sync remote a failed', 'error', 1_000)
    expect([await condition(), (await runs()).at(-1)?.updatedAt]).toEqual([failed, server.now])
    await report('Sync remote a successful', 'info', 2_000)
    expect([await condition(), (await runs())[0]?.updatedAt]).toEqual([failed, seconds(2_000)])
  })

  test('of a run whose start and end have one series are one run, also where another one is between', async () => {
    const { server, pingKey, runs } = await aHookedSet()
    for (const query of [
      'state=run&series=a',
      'state=run&series=b',
      'state=fail&series=b',
      'state=complete&series=a',
    ]) {
      server.now += seconds(10)
      expect((await server.send(post(`/p/${pingKey}/documents?${query}`, {}))).body).toBe('OK')
    }
    const states = (await runs()).map(({ state }) => state)
    expect(states.toSorted()).toEqual(['failed', 'finished'])
  })

  test('without an identity are those of a new run after a while, and after any other', async () => {
    const { server, pingId, runs, condition } = await aHookedSet()
    for (const status of ['down', 'up', 'down']) {
      server.now += 1
      await server.send(post(`/api/push/${pingId}?status=${status}`, {}))
    }
    expect(await runs()).toHaveLength(3)
    expect(await condition()).toEqual(failed)
    server.now += minutes(1)
    await server.send(post(`/api/push/${pingId}?status=down`, {}))
    expect(await runs()).toHaveLength(4)
    expect(await condition()).toEqual(failed)
  })

  test('hold no secret', async () => {
    const { server, pingId, runs, logOf } = await aHookedSet()
    const payload = `password=hunter2hunter2 https://backup.example.net/hooks/kopia/${pingId}`
    await server.send(post(`/api/push/${pingId}?status=down&msg=token%3Dabcdefghijklmnop`, { payload }))
    const log = JSON.stringify(await logOf((await runs())[0]?.id ?? 0))
    for (const secret of ['hunter2', 'abcdefghijklmnop', pingId]) expect(log).not.toContain(secret)
  })
})
