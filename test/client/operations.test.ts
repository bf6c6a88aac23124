import { describe, expect, test } from 'vitest'
import { ApiError } from '../../src/client/client.ts'
import { aClientOf, rejection } from '../support/a-client.ts'
import { aServer } from '../support/a-server.ts'
import { aComputer, anAgentKey, aReport } from '../support/builders.ts'

const formats = ['json', 'xml'] as const

describe.each(formats)('a client that speaks %s', format => {
  async function aCaller() {
    const server = await aServer()
    const { username, computerId: computer_id } = await aComputer(server)
    return { server, client: await aClientOf(server, { format }), computer: { username, computer_id } }
  }

  test('records a run, reads it back, and knows where it is', async () => {
    const { client, computer } = await aCaller()
    const body = aReport({ messages: [{ level: 'WARNING', text: ' <&>\n"quoted" ' }], log: '', bytes: 2 ** 53 - 1 })
    const made = await client.recordRun.answer({ ...computer, body })
    expect([made.status, made.location]).toEqual([
      201,
      'https://backup.example.net/v1/accounts/acme/computers/0000/runs/1',
    ])
    expect(made.value).toMatchObject({ action_id: 1, bytes: 2 ** 53 - 1, condition_types: ['WARNINGS'] })
    expect(await client.getRun({ ...computer, action_id: 1 })).toEqual(made.value)
  })

  test('tells a batch from a report', async () => {
    const { client, computer } = await aCaller()
    const list = [aReport(), aReport({ local_start: 'yesterday' })]
    const answered = await client.recordRun({ ...computer, body: { list } })
    expect(answered).toMatchObject({
      list: [{ status: 201, run: { action_id: 1, condition_types: ['COMPLETED'] } }, { status: 400 }],
    })
  })

  test.each<[string, string | Uint8Array<ArrayBuffer>]>([
    ['text', 'Fatal: no\n'],
    ['bytes', new TextEncoder().encode('Fatal: no\n')],
  ])('sends the output of a tool as %s, and reads its log as text', async (_, content) => {
    const { client, computer } = await aCaller()
    const tool = { tool: 'restic', backupset: 'Büro/1', exit_status: '1', on_missing: 'CREATE' } as const
    const run = await client.recordRun({ ...computer, ...tool, raw: { type: 'text/plain', content } })
    expect(run).toMatchObject({ backupset_name: 'Büro/1', status: 'ERROR' })
    expect(await client.getRunLog({ ...computer, action_id: 1 })).toBe('Fatal: no\n')
    expect(await client.explainBackupSet({ ...computer, name: 'Büro/1' })).toMatchObject({ backupset_name: 'Büro/1' })
  })

  test('sends both streams of a tool as a form', async () => {
    const { client, computer } = await aCaller()
    const content = new FormData()
    content.append('stdout', 'one')
    content.append('stderr', 'two')
    const raw = { type: 'multipart/form-data', content } as const
    await client.recordRun({ ...computer, tool: 'generic', backupset: 'Documents', exit_status: '0', raw })
    expect(await client.getRunLog({ ...computer, action_id: 1 })).toContain('two')
  })

  test('asks for a report by its selectors', async () => {
    const { client, computer } = await aCaller()
    await client.recordRun({ ...computer, body: aReport({ errors: 1 }) })
    const report = await client.getBackupStatus({ ...computer, condition_status: ['FAILURE', 'WARNING'] })
    expect(report).toMatchObject({ count: 1, list: [{ condition_types: ['ERRORS'], errors: 1 }] })
    expect(await client.getBackupStatus({ ...computer, condition_status: ['COMPLETED'] })).toMatchObject({ list: [] })
    expect(await client.getBackupStatus.csv(computer)).toContain('\r\n2026-03-05T10:00:00-05:00,acme,0000,')
  })

  test('sends a message with a member that names others, and empty ones', async () => {
    const { client, computer } = await aCaller()
    await client.recordRun({ ...computer, body: aReport() })
    const body = { policy: { errors: 'WARNING' }, time_zone: null, schedule: 'every 6h' }
    const backtest = await client.backtestBackupSet({ ...computer, name: 'Documents', body })
    expect(backtest).toMatchObject({ vanish: expect.any(Array), stay: expect.any(Number) })
  })

  test('says nothing but that it is there, and gets nothing back', async () => {
    const server = await aServer()
    const computer = await aComputer(server)
    const credentials = { agentKey: await anAgentKey(server, computer) }
    const client = await aClientOf(server, { format, credentials })
    expect(await client.noteHeartbeat({ username: 'acme', computer_id: computer.computerId })).toBeUndefined()
    expect(await client.noteOwnHeartbeat.answer()).toMatchObject({ status: 204, value: undefined })
  })

  test('reads an array without items as one', async () => {
    const { client } = await aCaller()
    expect(await client.previewSchedule({ schedule: 'manual' })).toMatchObject({ due: [] })
    expect(await client.previewSchedule({ schedule: 'every 6h', count: 1 })).toMatchObject({
      due: [expect.any(String)],
    })
  })

  test('saves the answer that the caller has by its entity tag', async () => {
    const { client, computer } = await aCaller()
    await client.recordRun({ ...computer, body: aReport() })
    const { etag = '' } = await client.getRun.answer({ ...computer, action_id: 1 })
    expect(etag).toMatch(/^(?:W\/)?".+"$/)
    const again = await client.getRun.answer({ ...computer, action_id: 1 }, { ifNoneMatch: etag })
    expect([again.status, again.value]).toEqual([304, undefined])
    const other = await client.getRun.answer({ ...computer, action_id: 1 }, { ifNoneMatch: '"other"' })
    expect(other.value).toMatchObject({ action_id: 1 })
  })

  test('tells a refusal with everything that the server says of it', async () => {
    const { client } = await aCaller()
    const failure = await rejection(client.getRun({ username: 'nobody', computer_id: '0000', action_id: 1 }))
    expect(failure).toBeInstanceOf(ApiError)
    expect(failure).toMatchObject({
      status: 404,
      error: 'not_found',
      message: 'There is no computer 0000 of an account nobody.',
      requestId: expect.stringMatching(/./),
    })
  })
})
