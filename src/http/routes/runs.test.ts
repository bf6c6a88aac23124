import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import {
  aComputer,
  anAccount,
  aReport,
  at,
  aToken,
  recordReport,
  reportUrl,
  runsUrl,
} from '../../../test/support/builders.ts'
import { aNewSet } from '../../../test/support/tree.ts'
import { recordedCases, recordedOutput } from '../../../test/support/recorded-cases.ts'
import { days, hours } from '../../domain/instant.ts'

type Row = Record<string, unknown>
type Headers = Record<string, string>

const runKey = '7f3c9a52-1c0d-4d3e-8f21-0a9b8c7d6e5f'
const asJson = { 'content-type': 'application/json' }

/** What restic printed in a recorded case. */
function resticOutput(name: string) {
  const found = recordedCases('restic').find(one => one.case === name)
  if (!found) throw new Error(`There is no recorded case ${name}.`)
  return recordedOutput('restic', found)
}

/** A computer without runs, and what sends a body to its runs and reads its report. */
async function aReporter() {
  const server = await aServer()
  const computer = await aComputer(server)
  const token = await aToken(server)
  return {
    server,
    computer,
    token,
    send: (body: unknown, headers: Headers = {}) => server.post(runsUrl(computer), body as object, { token, headers }),
    report: async () => (await server.get(reportUrl(computer), { token })).json<{ list: Row[] }>().list,
  }
}

describe('201', () => {
  test('a run is answered as it is stored, with its address', async () => {
    const { send } = await aReporter()
    const answer = await send(aReport({ warnings: 2 }))
    expect(answer.statusCode).toBe(201)
    expect(answer.headers['location']).toBe('https://backup.example.net/v1/accounts/acme/computers/0000/runs/1')
    const row = {
      action_id: 1,
      username: 'acme',
      computer_id: '0000',
      type: 'BACKUP',
      backupset_name: 'Documents',
      plugin: 'FILE',
      status: 'SUCCESS',
      local_start: '2026-03-05T09:00:00-05:00',
      local_end: '2026-03-05T09:10:00-05:00',
      total_files: 120,
      processed_files: 120,
      bytes: 4_096,
      condition_status: 'WARNING',
      condition_types: ['WARNINGS'],
      errors: 0,
      warnings: 2,
    }
    expect(answer.body).toBe(JSON.stringify(row))
  })

  test('the row is XML when that is asked for', async () => {
    const { send } = await aReporter()
    const answer = await send(aReport(), { accept: 'application/xml' })
    expect(answer.statusCode).toBe(201)
    expect(answer.body).toMatch(/\n<action><action_id>1<\/action_id><username>acme<\/username>/)
  })

  test.each([
    ['a status alone', { status: 'SUCCESS' }, 'SUCCESS'],
    ['an exit status alone', { exit_status: 0 }, 'SUCCESS'],
    ['a failing exit status', { exit_status: 1 }, 'ERROR'],
    ['a signal', { signal: 'SIGTERM' }, 'CANCELED'],
    ['a success that the exit status contradicts', { status: 'SUCCESS', exit_status: 2 }, 'ERROR'],
    ['constants in lower case', { status: 'success', type: 'backup', plugin: 'sql' }, 'SUCCESS'],
    ['a row as it was answered', { ...aReport(), action_id: 9, username: 'x', condition_types: ['ERRORS'] }, 'SUCCESS'],
    ['empty dates', { status: 'SUCCESS', local_start: '', local_end: '' }, 'SUCCESS'],
    ['counts past 2^32', { status: 'SUCCESS', bytes: Number.MAX_SAFE_INTEGER }, 'SUCCESS'],
  ])('%s', async (_, report, status) => {
    const { send } = await aReporter()
    const answer = await send({ backupset_name: 'Documents', ...report })
    expect([answer.statusCode, answer.json()]).toMatchObject([201, { status }])
  })

  test('counts that were not reported are 0 in the row', async () => {
    const { send } = await aReporter()
    const answer = await send({ backupset_name: 'Documents', status: 'SUCCESS' })
    const counts = { total_files: 0, processed_files: 0, bytes: 0, errors: 0, warnings: 0 }
    expect(answer.json()).toMatchObject({ ...counts, condition_types: ['COMPLETED'] })
  })

  test('messages count as errors and warnings unless the report counts them itself', async () => {
    const { send } = await aReporter()
    const messages = [
      { level: 'error', text: 'disk full' },
      { level: 'WARNING', text: 'one file skipped' },
      { level: 'warning', text: 'another' },
      { level: 'info', text: 'done' },
    ] as never
    expect((await send(aReport({ messages }))).json()).toMatchObject({ errors: 1, warnings: 2 })
    expect((await send(aReport({ messages, errors: 0, warnings: 0 }))).json()).toMatchObject({ errors: 0, warnings: 0 })
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('a body compressed with %s', async (encoding, compress) => {
    const { send } = await aReporter()
    const answer = await send(compress(JSON.stringify(aReport())), { ...asJson, 'content-encoding': encoding })
    expect(answer.statusCode).toBe(201)
  })

  test.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
  ])('%s', async contentType => {
    const { send } = await aReporter()
    const answer = await send(JSON.stringify(aReport()), { 'content-type': contentType })
    expect(answer.statusCode).toBe(201)
  })

  test('a reporter’s clock may be up to a day ahead', async () => {
    const { send } = await aReporter()
    const local_start = new Date(at('2026-03-05T15:00:00Z') + days(1)).toISOString()
    expect((await send({ backupset_name: 'a', status: 'RUNNING', local_start })).statusCode).toBe(201)
  })
})

describe('200: another report of a known run', () => {
  test('a later state updates the run', async () => {
    const { send, report } = await aReporter()
    const started = await send(aReport({ run_key: runKey, status: 'RUNNING' }))
    const ended = await send(aReport({ run_key: runKey, errors: 3 }))
    expect([started.statusCode, ended.statusCode]).toEqual([201, 200])
    expect(ended.json()).toMatchObject({ action_id: started.json<Row>()['action_id'], status: 'SUCCESS', errors: 3 })
    expect(await report()).toMatchObject([{ condition_types: ['ERRORS'], errors: 3 }])
  })

  test('a repeat is answered with the stored run and changes nothing', async () => {
    const { send, report } = await aReporter()
    const first = await send(aReport({ run_key: runKey, errors: 1 }))
    const before = await report()
    const second = await send(aReport({ run_key: runKey.toUpperCase(), errors: 1 }))
    expect([first.statusCode, second.statusCode]).toEqual([201, 200])
    expect(second.body).toBe(first.body)
    expect(second.headers['location']).toBe(first.headers['location'])
    expect(await report()).toEqual(before)
  })

  test('an end that arrives before its start is not undone by it', async () => {
    const { send, report } = await aReporter()
    await send(aReport({ run_key: runKey, errors: 1 }))
    const start = { run_key: runKey, backupset_name: 'Documents', status: 'RUNNING' }
    const late = await send({ ...start, local_start: '2026-03-05T08:00:00-05:00' })
    expect([late.statusCode, late.json()]).toMatchObject([
      200,
      { status: 'SUCCESS', local_start: '2026-03-05T08:00:00-05:00', errors: 1 },
    ])
    expect(await report()).toMatchObject([{ condition_types: ['ERRORS'], local_start: '2026-03-05T08:00:00-05:00' }])
  })

  test('a hundred reports of one run at once are one run', async () => {
    const { send, report } = await aReporter()
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(aReport({ run_key: runKey }))))
    expect(answers.filter(answer => answer.statusCode === 201)).toHaveLength(1)
    expect(new Set(answers.map(answer => answer.json<Row>()['action_id'])).size).toBe(1)
    expect(await report()).toHaveLength(1)
  })

  test('the same run_key on another computer is another run', async () => {
    const { server, computer } = await aReporter()
    const other = await aComputer(server)
    const first = await recordReport(server, computer, aReport({ run_key: runKey }))
    const second = await recordReport(server, other, aReport({ run_key: runKey }))
    expect(first['action_id']).not.toBe(second['action_id'])
  })
})

describe('what changes no report', () => {
  test.each(['RESTORE', 'DELETE'] as const)('a %s of the set, however it ends', async type => {
    const { send, report } = await aReporter()
    await send(aReport())
    const before = await report()
    for (const change of [{}, { errors: 5 }, { status: 'RUNNING' }, { processed_files: 0 }] as const) {
      const later = { local_start: '2026-03-05T09:30:00-05:00', local_end: '2026-03-05T09:31:00-05:00' }
      const answer = await send(aReport({ type, ...later, ...change }))
      expect([answer.statusCode, answer.json()]).toMatchObject([201, { type, backupset_name: '' }])
    }
    expect(await report()).toEqual(before)
  })

  test('a check of the repository, read from its output', async () => {
    const { server, computer, token, send, report } = await aReporter()
    await send(aReport())
    const before = await report()
    const url = `${runsUrl(computer)}?tool=restic&backupset=Documents&exit_status=1`
    const { stdout, stderr } = resticOutput('restic-0.14.0-check-missing-pack')
    const answer = await server.post(url, stdout + stderr, { token, headers: { 'content-type': 'text/plain' } })
    expect([answer.statusCode, answer.json()]).toMatchObject([201, { type: 'MAINTENANCE', status: 'ERROR' }])
    expect(await report()).toEqual(before)
  })
})

describe('what turns out to be something else', () => {
  test('a run that was announced as a backup and was a check leaves the report as it was', async () => {
    const { server, computer, token, send, report } = await aReporter()
    await send(aReport())
    const before = await report()
    const local_start = '2026-03-05T09:30:00-05:00'
    await send(aReport({ run_key: runKey, status: 'RUNNING', local_start, local_end: '' }))
    expect(await report()).toMatchObject([{ condition_types: ['RUNNING'], local_start }])
    const url = `${runsUrl(computer)}?tool=restic&backupset=Documents&exit_status=1&run_key=${runKey}`
    const { stdout, stderr } = resticOutput('restic-0.14.0-check-missing-pack')
    const answer = await server.post(url, stdout + stderr, { token, headers: { 'content-type': 'text/plain' } })
    expect([answer.statusCode, answer.json()]).toMatchObject([200, { type: 'MAINTENANCE', local_start }])
    expect(await report()).toEqual(before)
  })
})

describe('400', () => {
  const future = '2026-03-06T15:00:01Z'

  test.each<[string, unknown, string]>([
    ['no set', { status: 'SUCCESS' }, 'backupset_name is missing'],
    ['an empty set name', aReport({ backupset_name: ' ' }), 'backupset_name must not be empty.'],
    ['a set name of two lines', aReport({ backupset_name: 'a\nb' }), 'backupset_name must be one line of text'],
    ['a set name with half a character', aReport({ backupset_name: 'a\uD800' }), 'backupset_name must be one line'],
    [
      'a set name that is too long',
      aReport({ backupset_name: 'a'.repeat(256) }),
      'backupset_name must have at most 255',
    ],
    ['no outcome', { backupset_name: 'a' }, 'status is missing'],
    [
      'an end before its start',
      aReport({ local_end: '2026-03-05T08:59:59-05:00' }),
      'local_end lies before local_start.',
    ],
    ['a start too far ahead', aReport({ local_start: future, local_end: '' }), 'local_start lies more than a day'],
    ['an end too far ahead', aReport({ local_end: future }), 'local_end lies more than a day in the future.'],
    ['a date that is none', aReport({ local_start: '2026-02-30T00:00:00Z' }), 'local_start must be a date such as'],
    ['a negative count', aReport({ bytes: -1 }), 'bytes must be >= 0.'],
    ['half a file', aReport({ total_files: 1.5 }), 'total_files must be integer.'],
    ['a count past 2^53', aReport({ bytes: 2 ** 53 }), 'bytes must be <= 9007199254740991.'],
    ['a count as text', { ...aReport(), errors: '1' }, 'errors must be integer.'],
    ['a count that is null', { ...aReport(), errors: null }, 'errors must be integer.'],
    ['an unknown member', { ...aReport(), colour: 'red' }, 'colour is not a known member; known are run_key, type,'],
    ['an unknown status', { ...aReport(), status: 'GOOD' }, 'status must be one of UNINITIALIZED, RUNNING,'],
    ['an unknown type', { ...aReport(), type: 'COPY' }, 'type must be one of BACKUP, RESTORE, DELETE.'],
    ['an unknown plugin', { ...aReport(), plugin: 'TAPE' }, 'plugin must be one of FILE, SQL, EXCHANGE.'],
    ['a run_key that is no UUID', aReport({ run_key: 'mine' }), 'run_key must '],
    [
      'an exit status too large',
      aReport({ exit_status: 2 ** 32 }),
      'exit_status must be a whole number from -2147483648 to 4294967295.',
    ],
    ['a message without a text', { ...aReport(), messages: [{ level: 'INFO' }] }, 'messages.0.text is missing.'],
    [
      'a message of no level',
      { ...aReport(), messages: [{ level: 'BAD', text: '' }] },
      'messages.0.level must be one of',
    ],
    [
      'too many messages',
      aReport({ messages: Array.from({ length: 1_001 }, () => ({ level: 'INFO', text: '' })) }),
      'messages must not have more',
    ],
    [
      'a log too long',
      aReport({ log: 'x'.repeat(1024 * 1024 + 1) }),
      'log must not have more than 1048576 characters.',
    ],
    ['a list instead of a run', [aReport()], 'The run must be object.'],
    ['a text instead of a run', '"SUCCESS"', 'The run must be object.'],
    ['null', 'null', 'The run must be object.'],
    ['JSON that ends early', '{"status":"SUC', 'The body is not valid JSON.'],
    ['no JSON', 'status=SUCCESS', 'The body is not valid JSON.'],
    ['nothing', '', 'The body is empty, but its Content-Type says JSON.'],
    ['a member that poisons prototypes', '{"__proto__":{"status":"SUCCESS"}}', 'The body is not valid JSON.'],
  ])('%s', async (_, body, description) => {
    const { send } = await aReporter()
    const answer = await send(body, asJson)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining(description),
    })
  })

  test('very many unknown members are answered with a short sentence', async () => {
    const { send } = await aReporter()
    const answer = await send(Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`m${index}`, index])))
    expect(answer.statusCode).toBe(400)
    expect(answer.json<Row>()['error_description']).toMatch(/^m0 is not a known member; known are [a-z_, ]+\.$/)
  })

  test.each([
    ['no gzip', Buffer.from('{"status":"SUCCESS"}')],
    ['gzip that ends early', gzipSync(JSON.stringify(aReport())).subarray(0, -12)],
    [
      'gzip that was changed',
      gzipSync(JSON.stringify(aReport())).map((byte, index) => (index === 40 ? byte ^ 255 : byte)),
    ],
    ['nothing', Buffer.alloc(0)],
  ])('Content-Encoding says gzip, but the body is %s', async (_, body) => {
    const { send } = await aReporter()
    const answer = await send(Buffer.from(body), { ...asJson, 'content-encoding': 'gzip' })
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { error: 'invalid_request' }])
  })

  test('a parameter of raw output beside a structured report', async () => {
    const { server, computer, token } = await aReporter()
    const answer = await server.post(`${runsUrl(computer)}?tool=restic`, aReport(), { token })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { error_description: expect.stringContaining('"tool" is not a parameter of this path') },
    ])
  })

  test('nothing of a refused report is kept', async () => {
    const { send, report } = await aReporter()
    await send(aReport({ bytes: -1 }))
    expect(await report()).toEqual([])
  })
})

describe('404', () => {
  test('an unknown set where the account allows no new ones; a known set is taken', async () => {
    const server = await aServer()
    await anAccount(server, { acceptsNewSets: false })
    const computer = await aComputer(server)
    await server.store.addBackupSet(aNewSet(computer, { runLimitMs: hours(1) }), server.now)
    const token = await aToken(server)
    const known = await server.post(runsUrl(computer), aReport(), { token })
    const unknown = await server.post(runsUrl(computer), aReport({ backupset_name: 'Mail' }), { token })
    expect(known.statusCode).toBe(201)
    expect([unknown.statusCode, unknown.json()]).toMatchObject([
      404,
      {
        error: 'not_found',
        error_description:
          'backupset_name: computer 0000 of acme has no backup set "Mail", and none may be made by a report: check the name, or add the set.',
      },
    ])
  })
})

describe('409', () => {
  test('a run_key that is that of a run of another set', async () => {
    const { send } = await aReporter()
    await send(aReport({ run_key: runKey }))
    const answer = await send(aReport({ run_key: runKey, backupset_name: 'Mail' }))
    expect([answer.statusCode, answer.json()]).toMatchObject([
      409,
      { error: 'conflict', error_description: `run_key ${runKey} is that of a run of another backup set.` },
    ])
  })
})

describe('413', () => {
  const tooMuch = JSON.stringify(aReport({ log: 'x'.repeat(8 * 1024 * 1024) }))

  test.each<[string, string | Buffer, Headers]>([
    ['as it is', tooMuch, asJson],
    ['once it is unpacked', gzipSync(tooMuch), { ...asJson, 'content-encoding': 'gzip' }],
    ['a bomb', gzipSync(Buffer.alloc(200 * 1024 * 1024)), { ...asJson, 'content-encoding': 'gzip' }],
  ])('a body of more than 8 MiB, %s', async (_, body, headers) => {
    const { send } = await aReporter()
    const answer = await send(body, headers)
    expect([answer.statusCode, answer.json()]).toMatchObject([413, { error: 'content_too_large' }])
  })
})

describe('415', () => {
  test.each(['application/pdf', 'image/png', 'application/xhtml+xml', 'application/jsonx', 'video/mp4', 'nonsense'])(
    'a body of type %s',
    async contentType => {
      const { send } = await aReporter()
      const answer = await send(Buffer.from(JSON.stringify(aReport())), { 'content-type': contentType })
      expect([answer.statusCode, answer.json()]).toMatchObject([415, { error: 'unsupported_media_type' }])
    },
  )

  test('a body in an encoding that is not known', async () => {
    const { send } = await aReporter()
    const answer = await send('x', { ...asJson, 'content-encoding': 'compress' })
    expect([answer.statusCode, answer.json()]).toMatchObject([415, { error: 'unsupported_media_type' }])
  })
})
