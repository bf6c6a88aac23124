import { describe, expect, test } from 'vitest'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import { aComputer, aPartner, aReport, aToken, recordReport } from '../../../test/support/builders.ts'
import { days, hours } from '../../domain/instant.ts'
import type { DaysOfSets, SetDays } from '../../wire/days.ts'

/** Lets the server judge all that has come up. */
async function judge(server: TestServer): Promise<void> {
  while ((await server.store.judge({ now: server.now, catchUpMs: 0 })).hasMore);
}

/** Documents of a file server: good, then broken for two days, then good again. */
async function aPast(server: TestServer) {
  const computer = await aComputer(server, { timeZone: 'UTC' })
  const token = await aToken(server, { lifetimeMs: days(30) })
  for (const errors of [0, 1, 1, 0]) {
    const local_start = new Date(server.now - hours(1)).toISOString()
    const local_end = new Date(server.now).toISOString()
    await recordReport(server, computer, aReport({ backupset_name: 'Documents', errors, local_start, local_end }))
    await judge(server)
    server.now += days(1)
  }
  return { computer, token }
}

const url = '/v1/accounts/acme/computers/0000/backupsets/Documents/days'

describe('200', () => {
  test('each day is the worst that it was, oldest first', async () => {
    const server = await aServer()
    const { token } = await aPast(server)
    const answer = await server.get(`${url}?days=6`, { token })
    const { days: found } = answer.json<SetDays>()
    expect(found.map(({ condition_status }) => condition_status)).toEqual([
      'NONE',
      'COMPLETED',
      'FAILURE',
      'FAILURE',
      'FAILURE',
      'COMPLETED',
    ])
    expect(found.at(-1)?.date).toBe(new Date(server.now).toISOString().slice(0, 10))
    expect(found[2]?.condition_types).toEqual(['ERRORS'])
    const year = (await server.get(url, { token })).json<SetDays>()
    expect(year.days.length).toBe(371)
    expect(year.days.slice(-6)).toEqual(found)
  })

  test('of some sets only their statuses, those that there are not are left out', async () => {
    const server = await aServer()
    const { token } = await aPast(server)
    const of = (username: string, computer_id: string, backupset_name: string) => ({
      username,
      computer_id,
      backupset_name,
    })
    const sets = [
      of('acme', '0000', 'Documents'),
      of('acme', '0000', 'Nothing'),
      of('acme', '0009', 'Documents'),
      of('nobody', '0000', 'Documents'),
    ]
    const answer = await server.post('/v1/partners/root/backupset_days', { days: 2, sets }, { token })
    expect(answer.json<DaysOfSets>()).toEqual({
      sets: [
        {
          ...of('acme', '0000', 'Documents'),
          until: new Date(server.now).toISOString().slice(0, 10),
          statuses: ['FAILURE', 'COMPLETED'],
        },
      ],
    })
    const none = await server.post('/v1/partners/root/backupset_days', { sets: [] }, { token })
    expect(none.json<DaysOfSets>()).toEqual({ sets: [] })
    const usual = await server.post('/v1/partners/root/backupset_days', { sets }, { token })
    expect(usual.json<DaysOfSets>().sets[0]?.statuses.length).toBe(30)
  })

  test('of sets that are not below the partner nothing is told', async () => {
    const server = await aServer()
    const { token } = await aPast(server)
    await aPartner(server)
    const sets = [{ username: 'acme', computer_id: '0000', backupset_name: 'Documents' }]
    const answer = await server.post('/v1/partners/north/backupset_days', { sets }, { token })
    expect(answer.json<DaysOfSets>()).toEqual({ sets: [] })
  })
})

describe('400', () => {
  test.each(['0', '372', 'x'])('for %s days', async count => {
    const server = await aServer()
    const { token } = await aPast(server)
    expect((await server.get(`${url}?days=${count}`, { token })).statusCode).toBe(400)
  })

  test('for more sets than are told of at once', async () => {
    const server = await aServer()
    const { token } = await aPast(server)
    const sets = Array.from({ length: 101 }, () => ({
      username: 'acme',
      computer_id: '0000',
      backupset_name: 'Documents',
    }))
    expect((await server.post('/v1/partners/root/backupset_days', { sets }, { token })).statusCode).toBe(400)
  })
})

describe('404', () => {
  test('for a set that there is not', async () => {
    const server = await aServer()
    const { token } = await aPast(server)
    expect((await server.get(url.replace('Documents', 'Nothing'), { token })).statusCode).toBe(404)
  })
})
