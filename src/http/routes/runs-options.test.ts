import { describe, expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import { aComputer, aReport, aToken, reportUrl, runsUrl } from '../../../test/support/builders.ts'
import { aNewSet } from '../../../test/support/tree.ts'

type Row = Record<string, unknown>

/** A computer with the set Documents, and what posts to its runs and reads its report. */
async function aReporter() {
  const server = await aServer()
  const computer = await aComputer(server)
  await server.store.addBackupSet(aNewSet(computer), server.now)
  const token = await aToken(server)
  return {
    send: (query: string, body: string | object, headers = {}) =>
      server.post(`${runsUrl(computer)}${query}`, body, { token, headers }),
    report: async () => (await server.get(reportUrl(computer), { token })).json<{ list: Row[] }>().list,
  }
}

const asText = { 'content-type': 'text/plain' }

describe('on_missing=refuse', () => {
  test.each<[string, string, object | string, object]>([
    ['a report', '?on_missing=refuse', aReport({ backupset_name: 'Documnets' }), {}],
    ['raw output', '?on_missing=refuse&backupset=Documnets&exit_status=0', 'done', asText],
  ])('makes no set for %s with a misspelt name', async (_, query, body, headers) => {
    const { send, report } = await aReporter()
    const answer = await send(query, body, headers)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      404,
      { error_description: expect.stringMatching(/has no backup set "Documnets", and none may be made by a report/) },
    ])
    expect(await report()).toEqual([])
  })

  test('takes reports of sets that are there', async () => {
    const { send } = await aReporter()
    expect((await send('?on_missing=refuse', aReport())).statusCode).toBe(201)
    expect((await send('?on_missing=refuse&backupset=Documents&exit_status=0', 'done', asText)).statusCode).toBe(201)
  })

  test('refuses each report of a batch by itself', async () => {
    const { send } = await aReporter()
    const answer = await send('?on_missing=refuse', { list: [aReport({ backupset_name: 'Mail' }), aReport()] })
    expect(answer.json<{ list: Row[] }>().list.map(({ status }) => status)).toEqual([404, 201])
  })
})

test('on_missing=create makes the set, as nothing said does', async () => {
  const { send } = await aReporter()
  expect((await send('?on_missing=create', aReport({ backupset_name: 'Mail' }))).statusCode).toBe(201)
  expect((await send('', aReport({ backupset_name: 'Post' }))).statusCode).toBe(201)
})

test.each(['?on_missing=ask', '?on_missing=refuse&on_missing=create', '?on_missing='])('%s is refused', async query => {
  const { send } = await aReporter()
  expect((await send(query, aReport())).statusCode).toBe(400)
})

test.each([0, 124, 143])(
  'a command that ran into its time limit is an exception, whatever it ended with: %i',
  async status => {
    const { send, report } = await aReporter()
    const query = `?backupset=Documents&tool=restic&exit_status=${status}&time_limit=3600`
    const summary =
      '{"message_type":"summary","files_new":1,"files_unmodified":0,"total_files_processed":1,"snapshot_id":"a"}\n'
    expect((await send(query, summary, asText)).statusCode).toBe(201)
    expect(await report()).toMatchObject([
      { condition_status: 'FAILURE', condition_types: expect.arrayContaining(['EXCEPTION']) },
    ])
  },
)

test('a run whose output was dropped is never green', async () => {
  const { send, report } = await aReporter()
  const answer = await send('?backupset=Documents&exit_status=0&output=dropped', '', asText)
  expect(answer.statusCode).toBe(201)
  expect(await report()).toMatchObject([{ condition_status: 'WARNING', condition_types: ['WARNINGS'], warnings: 1 }])
})
