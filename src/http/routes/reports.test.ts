import { describe, expect, test } from 'vitest'
import { hashSecret } from '../../app/secrets.ts'
import { hours, minutes, seconds } from '../../domain/instant.ts'
import { aReader, aReaderOfEveryStatus, type Row, rowsOf } from '../../../test/support/a-reader.ts'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import {
  aComputer,
  anAccount,
  aPartner,
  aReport,
  at,
  aToken,
  recordReport,
  reportUrl,
} from '../../../test/support/builders.ts'
import { aNewSet } from '../../../test/support/tree.ts'

describe('200', () => {
  test('the report has one row for each backup set, its members in the published order', async () => {
    const { server, computer, token } = await aReader()
    await recordReport(server, computer, aReport({ backupset_name: 'Mail', status: 'CANCELED', warnings: 2 }))
    await recordReport(server, computer, aReport())
    const answer = await server.get(reportUrl(computer), { token })
    const row = {
      report_date: '2026-03-05T10:00:00-05:00',
      username: 'acme',
      computer_id: '0000',
      computer_name: 'File server',
      backupset_name: 'Documents',
      local_start: '2026-03-05T09:00:00-05:00',
      local_end: '2026-03-05T09:10:00-05:00',
      condition_status: 'COMPLETED',
      condition_types: ['COMPLETED'],
      errors: 0,
      warnings: 0,
    }
    const mail = {
      ...row,
      backupset_name: 'Mail',
      condition_status: 'WARNING',
      condition_types: ['CANCELED', 'WARNINGS'],
      warnings: 2,
    }
    const href = 'https://backup.example.net/v1/accounts/acme/computers/0000/reports/backup_status?page=1'
    const report = { page: 1, page_size: 2, count: 2, links: [{ rel: 'first', href }], list: [row, mail] }
    expect(answer.body).toBe(JSON.stringify(report))
  })

  test('a computer that never reported has an empty list', async () => {
    const { server, computer, token } = await aReader()
    const answer = await server.get(reportUrl(computer), { token })
    expect(answer.json()).toMatchObject({ page: 1, page_size: 0, count: 0, list: [] })
  })

  test('a row is about the newest run of its set, in whatever order the runs arrive', async () => {
    const { server, computer, token } = await aReader()
    const newer = { local_start: '2026-03-05T09:00:00-05:00', local_end: '2026-03-05T09:01:00-05:00' }
    const older = { local_start: '2026-03-04T09:00:00-05:00', local_end: '2026-03-04T09:01:00-05:00' }
    await recordReport(server, computer, aReport({ ...newer, errors: 1 }))
    await recordReport(server, computer, aReport(older))
    expect(await rowsOf(server, computer, token)).toMatchObject([{ ...newer, condition_types: ['ERRORS'] }])
  })

  test('restores and deletions have no row', async () => {
    const { server, computer, token } = await aReader()
    await recordReport(server, computer, aReport({ type: 'RESTORE' }))
    await recordReport(server, computer, aReport({ type: 'DELETE' }))
    expect(await rowsOf(server, computer, token)).toEqual([])
  })

  test('nobody but the caller may keep the answer', async () => {
    const { server, computer, token } = await aReader()
    const { headers } = await server.get(reportUrl(computer), { token })
    expect(headers).toMatchObject({
      'cache-control': 'private, no-cache',
      vary: 'accept, accept-encoding',
      'x-content-type-options': 'nosniff',
    })
  })

  test('HEAD has the headers of GET and no body', async () => {
    const { server, computer, token } = await aReaderOfEveryStatus()
    const request = {
      url: reportUrl(computer),
      headers: { authorization: `OAuth ${token}`, 'accept-encoding': 'gzip' },
    }
    const [head, get] = [
      await server.send({ method: 'HEAD', ...request }),
      await server.send({ method: 'GET', ...request }),
    ]
    const { date: _, ...headers } = get.headers
    expect(head.statusCode).toBe(200)
    expect(head.headers).toMatchObject(headers)
    expect(head.rawPayload).toHaveLength(0)
  })
})

describe('200: dates', () => {
  test.each([
    ['the reporter’s offset is kept', '2026-03-05T12:00:00+05:45', '2026-03-05T12:00:00+05:45'],
    ['Z is shown on the computer’s clock', '2026-03-05T06:15:00Z', '2026-03-05T01:15:00-05:00'],
    ['without an offset it is the computer’s clock', '2026-03-05T01:15:00', '2026-03-05T01:15:00-05:00'],
    ['in summer with the summer’s offset', '2025-07-01T12:00:00Z', '2025-07-01T08:00:00-04:00'],
    ['before the change to winter', '2025-11-02T05:59:59Z', '2025-11-02T01:59:59-04:00'],
    ['after the change to winter', '2025-11-02T06:00:00Z', '2025-11-02T01:00:00-05:00'],
    ['a wall time that summer time skips', '2025-03-09T02:30:00', '2025-03-09T03:30:00-04:00'],
    ['fractions are cut', '2026-03-05T06:15:00.999Z', '2026-03-05T01:15:00-05:00'],
  ])('%s', async (_, sent, shown) => {
    const { server, computer, token } = await aReader()
    await recordReport(server, computer, aReport({ local_start: sent, local_end: sent }))
    expect(await rowsOf(server, computer, token)).toMatchObject([{ local_start: shown, local_end: shown }])
  })

  test('a computer’s own zone comes before its account’s, in every date', async () => {
    const server = await aServer()
    const computer = await aComputer(server, { ownTimeZone: 'Asia/Kathmandu', timeZone: 'America/New_York' })
    const token = await aToken(server)
    await recordReport(server, computer, aReport({ local_start: '2026-03-05T13:00:00Z', local_end: '' }))
    expect(await rowsOf(server, computer, token)).toMatchObject([
      {
        report_date: '2026-03-05T20:45:00+05:45',
        local_start: '2026-03-05T18:45:00+05:45',
        local_end: '2026-03-05T20:45:00+05:45',
      },
    ])
  })

  test('the date of the report follows the clock change', async () => {
    const { server, computer } = await aReader()
    await recordReport(server, computer)
    server.now = at('2026-03-08T06:59:59Z')
    const token = await aToken(server)
    const [winter] = await rowsOf(server, computer, token)
    server.now += seconds(1)
    const [summer] = await rowsOf(server, computer, token)
    expect([winter?.['report_date'], summer?.['report_date']]).toEqual([
      '2026-03-08T01:59:59-05:00',
      '2026-03-08T03:00:00-04:00',
    ])
  })
})

describe('200: the condition', () => {
  test('a run that outlasts its run limit becomes an exception by itself', async () => {
    const { server, computer } = await aReader()
    const token = await aToken(server, { lifetimeMs: hours(48) })
    const started = { status: 'RUNNING', local_start: '2026-03-05T10:00:00-05:00', local_end: '' } as const
    await recordReport(server, computer, aReport(started))
    const statusAt = async (now: number) => {
      server.now = now
      const [row] = await rowsOf(server, computer, token)
      return [row?.['condition_status'], row?.['condition_types']]
    }
    const limit = at('2026-03-06T10:00:00-05:00')
    expect(await statusAt(limit - seconds(1))).toEqual(['RUNNING', ['RUNNING']])
    expect(await statusAt(limit)).toEqual(['RUNNING', ['RUNNING']])
    expect(await statusAt(limit + seconds(1))).toEqual(['FAILURE', ['EXCEPTION']])
  })

  test('the run limit of the set holds', async () => {
    const { server, computer, token } = await aReader()
    await server.store.addBackupSet(aNewSet(computer, { runLimitMs: minutes(30) }), server.now)
    await recordReport(server, computer, aReport({ status: 'RUNNING', local_start: '2026-03-05T09:00:00-05:00' }))
    expect(await rowsOf(server, computer, token)).toMatchObject([{ condition_types: ['EXCEPTION'] }])
  })

  test('a partner’s policy sets the status, one nearer to the account over one above', async () => {
    const server = await aServer()
    const north = await aPartner(server)
    await anAccount(server, { username: 'far' })
    await anAccount(server, { username: 'near', partner: north })
    await server.store.changePartner(server.root.id, { policy: { WARNINGS: 'FAILURE', CANCELED: 'COMPLETED' } })
    await server.store.changePartner(north.id, { policy: { WARNINGS: 'COMPLETED' } })
    const token = await aToken(server)
    const statusOf = async (username: string) => {
      const computer = await aComputer(server, { username })
      await recordReport(server, computer, aReport({ backupset_name: 'Canceled', status: 'CANCELED' }))
      await recordReport(server, computer, aReport({ backupset_name: 'Warnings', warnings: 1 }))
      const rows = await rowsOf(server, computer, token)
      return rows.map(row => [row['condition_status'], row['condition_types']])
    }
    expect(await statusOf('far')).toEqual([
      ['COMPLETED', ['CANCELED']],
      ['FAILURE', ['WARNINGS']],
    ])
    expect(await statusOf('near')).toEqual([
      ['COMPLETED', ['CANCELED']],
      ['COMPLETED', ['WARNINGS']],
    ])
  })

  test('the selection goes by the status that the policy gives', async () => {
    const { server, computer, token } = await aReaderOfEveryStatus()
    await server.store.changePartner(server.root.id, { policy: { WARNINGS: 'FAILURE' } })
    const rows = await rowsOf(server, computer, token, '?condition_status=FAILURE')
    expect(rows.map(row => row['backupset_name'])).toEqual(['Failure', 'Warning'])
  })
})

describe('200: what has changed is seen at once', () => {
  test('a new run', async () => {
    const { server, computer, token } = await aReader()
    for (const errors of [0, 1, 2, 3]) {
      await recordReport(server, computer, aReport({ errors, local_start: `2026-03-05T09:0${errors}:00-05:00` }))
      expect(await rowsOf(server, computer, token)).toMatchObject([{ errors }])
    }
  })

  test('the next second', async () => {
    const { server, computer, token } = await aReader()
    await recordReport(server, computer)
    const dates = []
    for (const step of [0, 999, 1, 0]) {
      server.now += step
      const [row] = await rowsOf(server, computer, token)
      dates.push(String(row?.['report_date']).slice(11, 19))
    }
    expect(dates).toEqual(['10:00:00', '10:00:00', '10:00:01', '10:00:01'])
  })

  test('a changed policy', async () => {
    const { server, computer, token } = await aReader()
    await recordReport(server, computer, aReport({ warnings: 1 }))
    expect(await rowsOf(server, computer, token)).toMatchObject([{ condition_status: 'WARNING' }])
    await server.store.changePartner(server.root.id, { policy: { WARNINGS: 'FAILURE' } })
    expect(await rowsOf(server, computer, token)).toMatchObject([{ condition_status: 'FAILURE' }])
  })

  test('a renamed set, a changed run limit, a renamed computer', async () => {
    const { server, computer, token } = await aReader()
    await recordReport(server, computer, aReport({ status: 'RUNNING' }))
    expect(await rowsOf(server, computer, token)).toMatchObject([{ condition_types: ['RUNNING'] }])
    const set = await server.store.findBackupSet(computer.accountId, computer.key, 'Documents')
    await server.store.changeBackupSet(set?.id ?? 0, { name: 'Papers', runLimitMs: minutes(1) })
    await server.store.changeComputer(computer.key, { name: 'Vault' })
    expect(await rowsOf(server, computer, token)).toMatchObject([
      { computer_name: 'Vault', backupset_name: 'Papers', condition_types: ['EXCEPTION'] },
    ])
  })

  test('a revoked token', async () => {
    const { server, computer, token } = await aReader()
    expect((await server.get(reportUrl(computer), { token })).statusCode).toBe(200)
    await server.store.revokeToken(hashSecret(token))
    expect((await server.get(reportUrl(computer), { token })).statusCode).toBe(401)
  })

  test('a deleted computer', async () => {
    const { server, computer, token } = await aReader()
    expect((await server.get(reportUrl(computer), { token })).statusCode).toBe(200)
    await server.store.changeComputer(computer.key, { status: 'deleted' })
    expect((await server.get(reportUrl(computer), { token })).statusCode).toBe(404)
  })
})

describe('401', () => {
  test.each<[string, Record<string, string>, string]>([
    ['no token', {}, 'invalid_token'],
    ['an unknown token', { authorization: `OAuth ${'a'.repeat(43)}` }, 'invalid_token'],
    ['another scheme', { authorization: 'Basic YTpi' }, 'invalid_token'],
  ])('%s', async (_, headers, error) => {
    const { server, computer } = await aReader()
    const answer = await server.get(reportUrl(computer), { headers })
    expect(answer.statusCode).toBe(401)
    expect(answer.headers['www-authenticate']).toBe(`OAuth realm="Lastgood", error="${error}"`)
    expect(answer.json()).toMatchObject({ error, request_id: expect.any(String) })
  })

  test('an expired token', async () => {
    const { server, computer, token } = await aReader()
    server.now += hours(1) - 1
    expect((await server.get(reportUrl(computer), { token })).statusCode).toBe(200)
    server.now += 1
    const answer = await server.get(reportUrl(computer), { token })
    expect(answer.statusCode).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('OAuth realm="Lastgood", error="expired_token"')
  })
})

describe('403', () => {
  test('a token without computers_read, whatever else it may', async () => {
    const { server, computer } = await aReader()
    const scopes = ['computers_write', 'accounts_read', 'accounts_write', 'partners_read', 'partners_write'] as const
    const token = await aToken(server, { scopes })
    const answer = await server.get(reportUrl(computer), { token })
    expect(answer.statusCode).toBe(403)
    expect(answer.headers['www-authenticate']).toBe('OAuth realm="Lastgood", error="insufficient_scope"')
    expect(answer.json()).toMatchObject({
      error: 'insufficient_scope',
      error_description: 'This needs a token with the scope computers_read.',
    })
  })
})

describe('404', () => {
  const toAnswer = (answer: Awaited<ReturnType<TestServer['get']>>) => {
    const { request_id: _, ...error } = answer.json<Row>()
    const { date: __, ...headers } = answer.headers
    return { status: answer.statusCode, error, headers }
  }

  test('a computer outside the caller’s tree is answered word for word as if it did not exist', async () => {
    const answers = []
    for (const exists of [true, false]) {
      const server = await aServer()
      const token = await aToken(server, { place: await aComputer(server) })
      if (exists) await aComputer(server)
      answers.push(toAnswer(await server.get('/v1/accounts/acme/computers/0001/reports/backup_status?a=b', { token })))
    }
    expect(answers[0]).toMatchObject({ status: 404, error: { error: 'not_found' } })
    expect(answers[0]).toEqual(answers[1])
  })

  test('a computer of another account is as missing for a token of an account', async () => {
    const server = await aServer()
    const account = await anAccount(server, { username: 'own' })
    const foreign = await aComputer(server, { username: 'foreign' })
    const token = await aToken(server, { place: account })
    const answer = await server.get(reportUrl(foreign), { token })
    expect(toAnswer(answer)).toMatchObject({
      status: 404,
      error: { error: 'not_found', error_description: 'There is no computer 0000 of an account foreign.' },
    })
    const missing = await server.get(reportUrl({ username: 'missing', computerId: '0000' }), { token })
    expect(missing.json<Row>()['error_description']).toBe('There is no computer 0000 of an account missing.')
  })

  test('a partner beside or above the caller’s is outside its tree', async () => {
    const server = await aServer()
    const [north, south] = [await aPartner(server), await aPartner(server, { username: 'south' })]
    await anAccount(server, { username: 'of-north', partner: north })
    await anAccount(server, { username: 'of-south', partner: south })
    const token = await aToken(server, { place: south })
    const statuses = []
    for (const username of ['of-root', 'of-north', 'of-south']) {
      const computer = await aComputer(server, { username })
      statuses.push((await server.get(reportUrl(computer), { token })).statusCode)
    }
    expect(statuses).toEqual([404, 404, 200])
  })

  test.each([
    'acme/computers/0001',
    'acme/computers/',
    'acme/computers/0',
    'ACME/computers/0000',
    'acme%2F0000/computers/0000',
  ])('there is no %s', async path => {
    const { server } = await aReader()
    const answer = await server.get(`/v1/accounts/${path}/reports/backup_status`, { token: await aToken(server) })
    expect([answer.statusCode, answer.json()]).toMatchObject([404, { error: 'not_found' }])
  })
})

describe('414', () => {
  test('a name that is longer than any can be', async () => {
    const { server, token } = await aReader()
    const answer = await server.get(reportUrl({ username: 'a'.repeat(1_500), computerId: '0000' }), { token })
    expect([answer.statusCode, answer.json()]).toMatchObject([414, { error_description: 'The path is too long.' }])
  })
})

describe('405', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)('%s', async method => {
    const { server, computer } = await aReader()
    const answer = await server.send({ method, url: reportUrl(computer) })
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, 'GET, HEAD'])
    expect(answer.json()).toMatchObject({
      error: 'method_not_allowed',
      error_description: `${method} is not possible here; there are GET, HEAD.`,
    })
  })

  test('the body does not matter', async () => {
    const { server, computer } = await aReader()
    const headers = { 'content-type': 'application/json' }
    const answer = await server.send({ method: 'POST', url: reportUrl(computer), headers, payload: '{' })
    expect(answer.statusCode).toBe(405)
  })
})
