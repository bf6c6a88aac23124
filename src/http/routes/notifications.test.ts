import { describe, expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import { aComputer, aToken } from '../../../test/support/builders.ts'

const base = '/v1/accounts/acme/computers/0000/notifications'
const emails = `${base}/emails`
const options = `${base}/options`
const xml = { 'content-type': 'application/xml' }
const json = { 'content-type': 'application/json' }

async function aCaller() {
  const server = await aServer()
  const computer = await aComputer(server)
  const token = await aToken(server)
  const send = (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    payload?: object | string,
    headers: Record<string, string> = {},
  ) =>
    server.send({
      method,
      url,
      headers: { authorization: `OAuth ${token}`, ...headers },
      ...(payload !== undefined && { payload }),
    })
  return { server, computer, send }
}

const usual = {
  email: 'it@acme.example',
  backup_completed: false,
  backup_warning: true,
  backup_failed: true,
  backup_missed: true,
  no_recent_backup: true,
}

describe('notification addresses', () => {
  test('are added, listed, read, changed and removed', async () => {
    const { send } = await aCaller()
    const added = await send('POST', emails, { email: usual.email })
    const location = `https://backup.example.net${emails}/1`
    expect([added.statusCode, added.headers['location'], added.json()]).toEqual([201, location, usual])
    const said = '<notification_email><email>b@c.d</email><backup_failed>false</backup_failed></notification_email>'
    expect((await send('POST', emails, said, xml)).json()).toMatchObject({ backup_failed: false, backup_missed: true })
    expect((await send('GET', `${emails}?order_by=EMAIL`)).json()).toMatchObject({
      count: 2,
      list: [{ email_id: 2 }, { email_id: 1, ...usual, link: { rel: 'self', href: location } }],
    })
    const one = `${emails}/1`
    expect((await send('PUT', one, { backup_completed: true })).statusCode).toBe(204)
    const inXml = (await send('GET', one, undefined, { accept: 'application/xml' })).body
    expect(inXml).toContain('<backup_completed>true</backup_completed><backup_warning>true</backup_warning>')
    expect((await send('PUT', one, inXml, xml)).statusCode).toBe(204)
    expect((await send('GET', one)).json()).toEqual({ ...usual, backup_completed: true })
    expect((await send('DELETE', one)).statusCode).toBe(204)
    const gone = await Promise.all([send('GET', one), send('PUT', one, {}), send('DELETE', one)])
    expect(gone.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404])
  })

  test.each(['2', '0', '01', '-1', 'x', '1'.repeat(16), '%00'])('with the number %s are not found', async id => {
    const { send } = await aCaller()
    await send('POST', emails, { email: usual.email })
    const answer = await send('GET', `${emails}/${id}`)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      404,
      { error_description: 'There is no such notification address of this computer.' },
    ])
  })

  test('are there once', async () => {
    const { send } = await aCaller()
    await send('POST', emails, { email: usual.email })
    const twice = await send('POST', emails, { email: 'IT@acme.example' })
    expect([twice.statusCode, twice.json()]).toMatchObject([409, { error: 'conflict' }])
  })

  test.each<[string, unknown, string]>([
    ['no address', {}, 'email is missing.'],
    ['an empty address', { email: '' }, 'email must not be empty.'],
    ['two addresses', { email: 'a@b.c, d@e.f' }, 'email must be'],
    ['a header', { email: 'a@b.c\r\nBcc: d@e.f' }, 'email must be'],
    ['a long address', { email: `${'a'.repeat(250)}@b.cd` }, 'email must have at most 254 characters.'],
    ['a word for a truth', { email: 'a@b.c', backup_failed: 'yes' }, 'backup_failed must be boolean.'],
    ['a number', { email: 'a@b.c', email_id: 7 }, 'email_id is not a known member; known are email, backup_completed'],
    ['null', { email: null }, 'email must be string.'],
  ])('are not added with %s', async (_, given, description) => {
    const { send } = await aCaller()
    const answer = await send('POST', emails, JSON.stringify(given), json)
    expect([answer.statusCode, answer.json<{ error_description: string }>().error_description]).toEqual([
      400,
      expect.stringContaining(description.replace(/known are .*$/, 'known are')),
    ])
    expect((await send('GET', emails)).json()).toMatchObject({ count: 0 })
  })

  test('are changed and removed only as their caller believes them to be', async () => {
    const { server, computer, send } = await aCaller()
    await send('POST', emails, { email: usual.email })
    const one = `${emails}/1`
    const tag = String((await send('GET', one)).headers['etag'])
    await server.store.changeComputer(computer.key, { name: 'Renamed' })
    expect((await send('PUT', one, { backup_missed: false }, { 'if-match': tag })).statusCode).toBe(204)
    expect((await send('PUT', one, { backup_missed: true }, { 'if-match': tag })).statusCode).toBe(412)
    expect((await send('DELETE', one, undefined, { 'if-match': tag })).statusCode).toBe(412)
    expect((await send('GET', one)).json()).toMatchObject({ backup_missed: false })
  })
})

describe('notification options', () => {
  const asUsual = {
    backup_finished: { include_failed_files: true, include_no_files_notice: true, include_total_usage: false },
    no_recent_backup: {
      time_between_backups: { value: 3, factor: 'DAY' },
      time_between_notifications: { value: 1, factor: 'DAY' },
    },
  }

  test('are as usual until a part of them is changed', async () => {
    const { send } = await aCaller()
    expect((await send('GET', options)).json()).toEqual(asUsual)
    const change = { no_recent_backup: { time_between_backups: { value: 2, factor: 'week' } } }
    expect((await send('PUT', options, change)).statusCode).toBe(204)
    const said = '<notification_options><backup_finished><include_total_usage>1</include_total_usage></backup_finished>'
    expect((await send('PUT', options, `${said}</notification_options>`, xml)).statusCode).toBe(204)
    expect((await send('GET', options)).json()).toEqual({
      backup_finished: { ...asUsual.backup_finished, include_total_usage: true },
      no_recent_backup: { ...asUsual.no_recent_backup, time_between_backups: { value: 2, factor: 'WEEK' } },
    })
  })

  test('may be sent back as they were read', async () => {
    const { server, send } = await aCaller()
    const inXml = (await send('GET', options, undefined, { accept: 'application/xml' })).body
    const before = await send('GET', options)
    expect((await send('PUT', options, inXml, xml)).statusCode).toBe(204)
    const again = await send('PUT', options, before.json<object>(), { 'if-match': String(before.headers['etag']) })
    expect([again.statusCode, (await send('GET', options)).body]).toEqual([204, before.body])
    const stale = await send('PUT', options, {}, { 'if-match': '"other"' })
    expect([stale.statusCode, await server.store.treeVersion()]).toEqual([412, await server.store.treeVersion()])
  })

  const times = (time: unknown) => ({ no_recent_backup: { time_between_backups: time } })
  test.each<[string, unknown, string]>([
    ['an unknown member', { backup_started: {} }, 'backup_started is not a known member; known are backup_finished'],
    ['an unknown member inside', { backup_finished: { x: true } }, 'backup_finished.x is not a known member.'],
    ['no time', times({ value: 0 }), 'no_recent_backup.time_between_backups.value must be'],
    ['a long time', times({ value: 1_001 }), 'no_recent_backup.time_between_backups.value must be'],
    ['half a day', times({ value: 0.5 }), 'no_recent_backup.time_between_backups.value must be'],
    ['months', times({ factor: 'MONTH' }), 'time_between_backups.factor must be one of HOUR, DAY, WEEK.'],
    ['a text', times('1 DAY'), 'no_recent_backup.time_between_backups must be object.'],
    ['null', { backup_finished: null }, 'backup_finished must be object.'],
    ['a list', [], 'The options must be object.'],
  ])('are not changed by %s', async (_, given, description) => {
    const { send } = await aCaller()
    const answer = await send('PUT', options, JSON.stringify(given), json)
    expect(answer.statusCode).toBe(400)
    expect(answer.json<{ error_description: string }>().error_description).toContain(description)
    expect((await send('GET', options)).json()).toEqual(asUsual)
  })
})
