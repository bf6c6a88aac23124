import { describe, expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import { aComputer, aReport, at, aToken, reportUrl, runsUrl } from '../../../test/support/builders.ts'
import { aNewSet } from '../../../test/support/tree.ts'
import { days, hours, type Instant, minutes } from '../../domain/instant.ts'
import { parseSchedule } from '../../domain/schedule.ts'

type Row = Record<string, unknown>

/** A computer whose set Documents is due every day at 09:00, and whose clock shows what the server's does not. */
async function aReporter() {
  const server = await aServer()
  const computer = await aComputer(server)
  await server.store.addBackupSet(aNewSet(computer, { schedule: parseSchedule('cron 0 9 * * *') }), server.now)
  const token = await aToken(server)
  return {
    server,
    /** Reports a run of ten minutes that began at `startedAt` by the computer's clock, which is ahead by `leadMs`. */
    send: async (startedAt: Instant, leadMs: number | undefined, report: object = {}) => {
      const headers = leadMs === undefined ? {} : { date: new Date(server.now + leadMs).toUTCString() }
      const times = { local_start: toText(startedAt), local_end: toText(startedAt + minutes(10)) }
      return server.post(runsUrl(computer), aReport({ ...times, ...report }), { token, headers })
    },
    row: async () =>
      (await server.get(reportUrl(computer), { token: await aToken(server) })).json<{ list: Row[] }>().list[0],
    messages: async (id: number) => (await server.store.findRunLog(computer.accountId, computer.key, id))?.messages,
  }
}

const toText = (instant: Instant) => new Date(instant).toISOString()

describe('the Date of a request', () => {
  test.each([days(1), -days(1)])(
    'tells that the clock is off by %i ms: times are on ours, and it is said',
    async lead => {
      const { server, send, row, messages } = await aReporter()
      const startedAt = server.now - hours(1)
      const answer = await send(startedAt + lead, lead)
      expect(answer.statusCode).toBe(201)
      expect(Date.parse(String((await row())?.['local_start']))).toBe(startedAt)
      expect(await row()).toMatchObject({ condition_types: ['COMPLETED'], warnings: 0 })
      expect((await messages(1))?.map(({ text }) => text)).toEqual([
        expect.stringMatching(/^The clock of the computer is 1 d/),
      ])
    },
  )

  test('lets a computer that is a day ahead miss what it misses', async () => {
    const { server, send, row } = await aReporter()
    server.now = at('2026-03-05T09:20:00-05:00')
    await send(at('2026-03-06T09:00:00-05:00'), days(1))
    expect(await row()).toMatchObject({ condition_types: ['COMPLETED'], local_start: '2026-03-05T09:00:00-05:00' })
    server.now = at('2026-03-06T10:00:01-05:00')
    expect(await row()).toMatchObject({ condition_types: ['MISSED'] })
  })

  test.each([minutes(5), -minutes(5), undefined])('that tells %j ms changes nothing', async lead => {
    const { server, send, row } = await aReporter()
    const startedAt = server.now - hours(1)
    await send(startedAt, lead)
    expect(Date.parse(String((await row())?.['local_start']))).toBe(startedAt)
  })

  test('counts for every report of a batch', async () => {
    const { server, row } = await aReporter()
    const startedAt = server.now - hours(1)
    const list = [aReport({ local_start: toText(startedAt + days(1)), local_end: toText(startedAt + days(1)) })]
    const computer = { username: 'acme', computerId: '0000' }
    const token = await aToken(server)
    const headers = { date: new Date(server.now + days(1)).toUTCString() }
    await server.post(
      `/v1/accounts/${computer.username}/computers/${computer.computerId}/runs`,
      { list },
      { token, headers },
    )
    expect(Date.parse(String((await row())?.['local_start']))).toBe(startedAt)
  })

  test('of a clock that is right again brings back what was recorded while it was not', async () => {
    const { server, send, row } = await aReporter()
    expect((await send(server.now + days(3), 0)).statusCode).toBe(201)
    expect(Date.parse(String((await row())?.['local_end']))).toBe(server.now)
  })
})

test('a run that is in the future is not believed, and cannot hide that the next one is missed', async () => {
  const { server, send, row, messages } = await aReporter()
  server.now = at('2026-03-05T09:20:00-05:00')
  await send(at('2026-03-06T08:55:00-05:00'), undefined)
  expect(await row()).toMatchObject({ condition_types: ['COMPLETED'], local_end: '2026-03-05T09:20:00-05:00' })
  expect((await messages(1))?.map(({ text }) => text)).toEqual([expect.stringMatching(/in the future/)])
  server.now = at('2026-03-06T10:00:01-05:00')
  expect(await row()).toMatchObject({ condition_types: ['MISSED'] })
})
