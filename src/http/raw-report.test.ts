import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { aServer, type TestServer } from '../../test/support/a-server.ts'
import { testNow } from '../../test/support/tree.ts'
import { aComputer, at, aToken, runsUrl } from '../../test/support/builders.ts'
import { recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'
import type { Computer } from '../domain/tree.ts'
import { backupTools } from '../backup-tools/index.ts'

type Sent = { body: string | Buffer; headers?: Record<string, string>; query?: Record<string, string> }

async function aSender(now = testNow) {
  const server = await aServer()
  server.now = now
  const computer = await aComputer(server)
  const token = await aToken(server)
  return { server, computer, token, send: (sent: Sent) => post(server, { computer, token, ...sent }) }
}

async function post(
  server: TestServer,
  { computer, token, body, headers, query }: Sent & { computer: Computer; token: string },
) {
  const url = `${runsUrl(computer)}?${new URLSearchParams({ backupset: 'Documents', ...query }).toString()}`
  return server.post(url, body, { token, headers: { 'content-type': 'text/plain', ...headers } })
}

/** A form as a real client writes it. */
async function toMultipart(parts: Record<string, string | Blob>): Promise<Sent> {
  const form = new FormData()
  for (const [name, value] of Object.entries(parts)) form.append(name, value)
  const request = new Response(form)
  return {
    body: Buffer.from(await request.arrayBuffer()),
    headers: { 'content-type': request.headers.get('content-type') ?? '' },
  }
}

function outputOf(name: string) {
  const found = recordedCases('restic').find(one => one.case === name)
  if (!found) throw new Error(`There is no recorded case ${name}.`)
  return { ...recordedOutput('restic', found), expected: found.expected }
}

const summary = outputOf('restic-0.14.0-backup-first')
const unreadable = outputOf('restic-0.14.0-backup-unreadable')

describe('201', () => {
  test('every recorded output amounts to the condition that was recorded with it', async () => {
    const { send } = await aSender(at('2030-01-01T00:00:00Z'))
    for (const tool of ['restic', 'generic']) {
      for (const one of recordedCases(tool)) {
        const { stdout, stderr, exitStatus, signal } = recordedOutput(tool, one)
        const query = {
          tool,
          ...(exitStatus !== null && { exit_status: String(exitStatus) }),
          ...(signal !== null && { signal }),
        }
        const answer = await send({ ...(await toMultipart({ stdout, stderr })), query })
        const { type, status, types } = one.expected
        expect([one.case, answer.statusCode, answer.json()]).toMatchObject([
          one.case,
          201,
          { type: type.toUpperCase(), condition_status: status, condition_types: types },
        ])
      }
    }
  })

  test.each([
    ['text/plain', 'text/plain'],
    ['text/plain with a charset', 'text/plain; charset=utf-8'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['what curl says unasked', 'application/x-www-form-urlencoded'],
    ['application/octet-stream', 'application/octet-stream'],
    ['any letter case', 'Text/PLAIN'],
  ])('one stream, labelled %s', async (_, contentType) => {
    const { send } = await aSender()
    const headers = { 'content-type': contentType }
    const answer = await send({ body: summary.stdout, headers, query: { tool: 'restic', exit_status: '0' } })
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({
      backupset_name: 'Documents',
      status: 'SUCCESS',
      processed_files: 33,
      bytes: 2_022_029,
      condition_types: ['COMPLETED'],
    })
  })

  test('one stream without a label', async () => {
    const { server, computer, token } = await aSender()
    const url = `${runsUrl(computer)}?backupset=Documents&exit_status=0`
    const answer = await server.post(url, Buffer.from(summary.stdout), { token })
    expect(answer.json()).toMatchObject({ processed_files: 33 })
  })

  test('both streams, merged into one', async () => {
    const { send } = await aSender()
    const body = outputOf('restic-0.14.0-backup-unreadable-merged').stdout
    const answer = await send({ body, query: { tool: 'restic', exit_status: '3' } })
    expect(answer.json()).toMatchObject({ status: 'SUCCESS', condition_types: ['WARNINGS'] })
  })

  test.each([
    ['as fields', (text: string) => text],
    ['as files', (text: string) => new Blob([text])],
  ])('both streams, as multipart/form-data, %s', async (_, toPart) => {
    const { send } = await aSender()
    const form = await toMultipart({ stdout: toPart(unreadable.stdout), stderr: toPart(unreadable.stderr) })
    const answer = await send({ ...form, query: { tool: 'restic', exit_status: '3' } })
    expect(answer.json()).toMatchObject({ status: 'SUCCESS', condition_types: unreadable.expected.types })
  })

  test('gzip', async () => {
    const { send } = await aSender()
    const headers = { 'content-encoding': 'gzip' }
    const answer = await send({ body: gzipSync(summary.stdout), headers, query: { tool: 'restic', exit_status: '0' } })
    expect(answer.json()).toMatchObject({ bytes: 2_022_029 })
  })

  test('the tool is detected when it is not named', async () => {
    const { send } = await aSender()
    const answer = await send({ body: summary.stdout, query: { exit_status: '0' } })
    expect(answer.json()).toMatchObject({ processed_files: 33 })
  })

  test.each([
    ['success', { exit_status: '0' }, 'SUCCESS', ['COMPLETED']],
    ['failure', { exit_status: '1' }, 'ERROR', ['ERRORS']],
    ['a negative exit status', { exit_status: '-1' }, 'ERROR', ['ERRORS']],
    ['a large exit status', { exit_status: '3221225786' }, 'ERROR', ['ERRORS']],
    ['stopped by a signal', { signal: 'SIGINT' }, 'CANCELED', ['CANCELED']],
    ['stopped, as a shell shows it', { exit_status: '143' }, 'CANCELED', ['CANCELED']],
    ['killed', { signal: 'KILL' }, 'ERROR', ['EXCEPTION']],
    ['a signal by its number', { signal: '9' }, 'ERROR', ['EXCEPTION']],
    ['a signal that was trapped', { exit_status: '0', signal: 'SIGTERM' }, 'CANCELED', ['CANCELED']],
  ])('any command by how it ended: %s', async (_, query, status, types) => {
    const { send } = await aSender()
    const answer = await send({ body: 'whatever it printed', query })
    expect(answer.json()).toMatchObject({ status, condition_types: types })
  })

  test('an empty output is judged by the exit status', async () => {
    const { send } = await aSender()
    const answer = await send({ body: '', query: { exit_status: '0' } })
    expect([answer.statusCode, answer.json()]).toMatchObject([201, { status: 'SUCCESS' }])
  })

  test('times are those of the query, else the arrival', async () => {
    const { send } = await aSender()
    const query = { exit_status: '0', local_start: '2026-03-05T14:00:00+05:45', local_end: '2026-03-05T08:30:00Z' }
    expect((await send({ body: '', query })).json()).toMatchObject({
      local_start: '2026-03-05T14:00:00+05:45',
      local_end: '2026-03-05T03:30:00-05:00',
    })
    expect((await send({ body: '', query: { exit_status: '0' } })).json()).toMatchObject({
      local_start: '2026-03-05T10:00:00-05:00',
      local_end: '2026-03-05T10:00:00-05:00',
    })
  })

  test('run_key makes the end that of the run whose start was reported', async () => {
    const { server, computer, token, send } = await aSender()
    const run_key = 'c0a8012e-5f4c-4f8e-9a43-2b1df5c6a7d8'
    const start = { run_key, backupset_name: 'Documents', status: 'RUNNING', local_start: '2026-03-05T09:00:00-05:00' }
    const started = await server.post(runsUrl(computer), start, { token })
    const query = { tool: 'restic', exit_status: '0', run_key: run_key.toUpperCase() }
    const ended = await send({ body: summary.stdout, query })
    expect([started.statusCode, ended.statusCode]).toEqual([201, 200])
    expect(ended.json()).toMatchObject({
      action_id: started.json<{ action_id: number }>().action_id,
      status: 'SUCCESS',
      local_start: '2026-03-05T09:00:00-05:00',
    })
  })

  test('the log is kept as it came, standard error behind standard output', async () => {
    const { server, computer, token, send } = await aSender()
    const stderr = new Blob(['err & more\n'])
    const form = await toMultipart({ stdout: '<b>out</b>\u0000 \u00e4', stderr })
    const { action_id } = (await send({ ...form, query: { exit_status: '0' } })).json<{ action_id: number }>()
    const log = await server.get(`${runsUrl(computer)}/${action_id}/log`, { token })
    expect(log.body).toBe('<b>out</b>\uFFFD \u00e4\nerr & more\n')
  })

  test('of a log that is too long, head and tail are kept', async () => {
    const { server, computer, token, send } = await aSender()
    const body = `first\n${'x'.repeat(3 * 1024 * 1024)}\nlast`
    const { action_id } = (await send({ body, query: { exit_status: '0' } })).json<{ action_id: number }>()
    const log = await server.get(`${runsUrl(computer)}/${action_id}/log`, { token })
    expect(log.body.length).toBeLessThanOrEqual(1024 * 1024)
    expect(log.body).toMatch(/^first\nx+\n… \d+ characters left out …\nx+\nlast$/)
  })

  test('bytes that are not UTF-8 are replaced, and the rest is read', async () => {
    const { server, computer, token, send } = await aSender()
    const body = Buffer.concat([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from(summary.stdout)])
    const answer = await send({ body, query: { tool: 'restic', exit_status: '0' } })
    expect(answer.json()).toMatchObject({ processed_files: 33 })
    const { action_id } = answer.json<{ action_id: number }>()
    const log = await server.get(`${runsUrl(computer)}/${action_id}/log`, { token })
    expect(log.body.startsWith('\uFFFD\uFFFD\n')).toBe(true)
  })
})

describe('400', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'an unknown tool',
      { tool: 'magic', exit_status: '0' },
      `tool must be one of ${backupTools.map(({ name }) => name).join(', ')}, not "magic".`,
    ],
    ['no outcome', {}, 'exit_status must be given'],
    ['an exit status that is a word', { exit_status: 'zero' }, 'exit_status must be a whole number'],
    ['a fraction', { exit_status: '1.5' }, 'exit_status must be a whole number'],
    ['an exponent', { exit_status: '1e1' }, 'exit_status must be a whole number'],
    ['a huge exit status', { exit_status: '4294967296' }, 'exit_status must be a whole number'],
    ['a signal that is none', { signal: 'SIG INT' }, 'signal must be the name of a signal'],
    ['a run_key that is no UUID', { exit_status: '0', run_key: '42' }, 'run_key must be a UUID.'],
    ['a date that is none', { exit_status: '0', local_start: 'yesterday' }, 'local_start must be a date such as'],
    [
      'an end before the start',
      { exit_status: '0', local_start: '2026-03-05T09:00:00Z', local_end: '2026-03-05T08:59:59Z' },
      'local_end lies before local_start.',
    ],
    [
      'an unknown parameter',
      { exit_code: '0' },
      '"exit_code" is not a parameter of this path; there are tool, command, backupset,',
    ],
    ['a set name of two lines', { exit_status: '0', backupset: 'a\nb' }, 'backupset must be one line of text'],
    [
      'a set name that is too long',
      { exit_status: '0', backupset: 'a'.repeat(256) },
      'backupset must have at most 255',
    ],
    ['no set', { exit_status: '0', backupset: '' }, 'backupset_name is missing'],
  ])('%s', async (_, query, description) => {
    const { send } = await aSender()
    const answer = await send({ body: 'done', query })
    expect(answer.statusCode).toBe(400)
    expect(answer.json<{ error_description: string }>().error_description).toContain(description)
  })

  test('a parameter given twice', async () => {
    const { server, computer, token } = await aSender()
    const url = `${runsUrl(computer)}?backupset=a&backupset=b&exit_status=0`
    const answer = await server.post(url, 'done', { token, headers: { 'content-type': 'text/plain' } })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { error_description: 'backupset must be given once.' },
    ])
  })

  test('a part that is neither stdout nor stderr', async () => {
    const { send } = await aSender()
    const answer = await send({ ...(await toMultipart({ stdin: 'x' })), query: { exit_status: '0' } })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { error_description: '"stdin" is not a known part; send stdout and stderr.' },
    ])
  })

  test('multipart/form-data of more parts than anybody sends', async () => {
    const { send } = await aSender()
    const part = '--x\r\nContent-Disposition: form-data; name="stdout"\r\n\r\n\r\n'
    const answer = await send({
      body: `${part.repeat(100_000)}--x--`,
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { error_description: 'The body has more than 10 parts; send stdout and stderr.' },
    ])
  })

  test.each([
    ['no boundary', 'multipart/form-data', '--x\r\n\r\n--x--'],
    ['no end', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="stdout"\r\n\r\nhalf'],
    ['no form', 'multipart/form-data; boundary=x', 'plain'],
  ])('multipart/form-data with %s', async (_, contentType, body) => {
    const { send } = await aSender()
    const answer = await send({ body, headers: { 'content-type': contentType }, query: { exit_status: '0' } })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { error_description: 'The body is not valid multipart/form-data.' },
    ])
  })
})

describe('413', () => {
  test('an output of more than 8 MiB', async () => {
    const { send } = await aSender()
    const largest = 8 * 1024 * 1024
    const query = { exit_status: '0' }
    const statuses = []
    for (const length of [largest, largest + 1]) {
      statuses.push((await send({ body: Buffer.alloc(length, 'x'), query })).statusCode)
    }
    expect(statuses).toEqual([201, 413])
  })

  test('an output of more than 8 MiB once it is unpacked', async () => {
    const { send } = await aSender()
    const body = gzipSync(Buffer.alloc(100 * 1024 * 1024, 'x'))
    const answer = await send({ body, headers: { 'content-encoding': 'gzip' }, query: { exit_status: '0' } })
    expect([answer.statusCode, answer.json()]).toMatchObject([413, { error: 'content_too_large' }])
  })
})
