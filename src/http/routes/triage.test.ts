import { describe, expect, test } from 'vitest'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import { aComputer, anAccount, aPartner, aReport, aToken, recordReport } from '../../../test/support/builders.ts'
import { aNewSet } from '../../../test/support/tree.ts'
import { mostTroubles } from '../../app/triage.ts'
import { days, hours, minutes } from '../../domain/instant.ts'
import { parseSchedule } from '../../domain/schedule.ts'
import type { Triage } from '../../wire/triage.ts'

const url = '/v1/partners/root/triage'

async function aReader(server: TestServer): Promise<string> {
  return aToken(server, { scopes: ['partners_read', 'accounts_read'], lifetimeMs: days(30) })
}

async function read(server: TestServer, token: string, from = url): Promise<Triage> {
  const answer = await server.get(from, { token })
  expect(answer.statusCode).toBe(200)
  return answer.json<Triage>()
}

/** Lets the server judge all that has come up. */
async function judge(server: TestServer): Promise<void> {
  const request = { now: server.now, catchUpMs: 0 }
  while ((await server.store.judge(request)).hasMore);
}

describe('200', () => {
  test('only what needs a person is listed, and everything is counted', async () => {
    const server = await aServer()
    const token = await aReader(server)
    const computer = await aComputer(server)
    await recordReport(server, computer, aReport({ backupset_name: 'Good' }))
    await recordReport(server, computer, aReport({ backupset_name: 'Warned', warnings: 2 }))
    await recordReport(server, computer, aReport({ backupset_name: 'Broken', errors: 1 }))
    await recordReport(server, computer, aReport({ backupset_name: 'Going', status: 'RUNNING', local_end: '' }))
    await server.store.addBackupSet(aNewSet(computer, { name: 'New' }), server.now)
    const { counts, groups, left_out } = await read(server, token)
    expect(counts).toEqual({ failure: 1, warning: 1, running: 1, completed: 1, unjudged: 1 })
    expect(groups.flatMap(({ sets }) => sets.map(one => one.backupset_name))).toEqual(['Broken', 'Warned'])
    expect(left_out).toBe(0)
  })

  test('a row tells since when, the last success, the failures, the last error, and what to do', async () => {
    const server = await aServer()
    const token = await aReader(server)
    const computer = await aComputer(server)
    const [date, message] = ['2026-03-05', (text: string) => ({ level: 'ERROR' as const, text })]
    await recordReport(server, computer)
    for (const hour of ['09:20', '09:40']) {
      const times = { local_start: `${date}T${hour}:00-05:00`, local_end: `${date}T${hour}:30-05:00` }
      const messages = [message('first'), message(`disk full at ${hour}`), { level: 'INFO' as const, text: 'bye' }]
      await recordReport(server, computer, aReport({ ...times, errors: 2, messages }))
      await judge(server)
      server.now += minutes(5)
    }
    const { groups } = await read(server, token)
    expect(groups).toMatchObject([
      {
        kind: 'account',
        condition_status: 'FAILURE',
        sets: [
          {
            username: 'acme',
            computer_id: '0000',
            backupset_name: 'Documents',
            condition_types: ['ERRORS'],
            since: '2026-03-05T09:20:30-05:00',
            last_success: '2026-03-05T09:10:00-05:00',
            failed_runs: 2,
            message: 'disk full at 09:40',
            next_step: 'READ_LOG',
          },
        ],
      },
    ])
  })

  test('after a success it is bad since the failure after that, and a running one between two is none', async () => {
    const server = await aServer()
    const token = await aReader(server)
    const computer = await aComputer(server)
    const steps = [
      ['07:00', { errors: 1 }],
      ['07:30', {}],
      ['08:00', { errors: 1 }],
      ['08:30', { status: 'RUNNING', local_end: '' }],
      ['08:40', { errors: 1 }],
    ] as const
    for (const [hour, facts] of steps) {
      const times = { local_start: `2026-03-05T${hour}:00-05:00`, local_end: `2026-03-05T${hour}:30-05:00` }
      await recordReport(server, computer, aReport({ ...times, ...facts }))
      await judge(server)
    }
    const [group] = (await read(server, token)).groups
    expect(group?.sets[0]?.since).toBe('2026-03-05T08:00:30-05:00')
  })

  test('what was not judged yet is bad since its run ended, and what was missed since that was found', async () => {
    const server = await aServer()
    const token = await aReader(server)
    const computer = await aComputer(server)
    await recordReport(server, computer, aReport({ errors: 1 }))
    expect((await read(server, token)).groups[0]?.sets[0]?.since).toBe('2026-03-05T09:10:00-05:00')
    const schedule = parseSchedule('cron 0 23 * * *')
    await server.store.addBackupSet(aNewSet(computer, { name: 'Nightly', schedule }), server.now)
    server.now += days(1)
    const { groups } = await read(server, token)
    const nightly = groups.flatMap(({ sets }) => sets).find(one => one.backupset_name === 'Nightly')
    expect(nightly).toMatchObject({ since: '2026-03-06T00:00:00-05:00', message: '', last_success: '', failed_runs: 0 })
  })

  test('sets of several accounts with one cause are one group', async () => {
    const server = await aServer()
    const token = await aReader(server)
    for (const username of ['acme', 'bakery']) {
      const computer = await aComputer(server, { username, name: username })
      const messages = [{ level: 'ERROR' as const, text: `dial nas.example:443: refused after ${username.length} s` }]
      await recordReport(server, computer, aReport({ errors: 1, messages }))
    }
    const { groups } = await read(server, token)
    expect(groups).toMatchObject([{ kind: 'message', sets: [{ account_name: 'acme' }, {}] }])
  })

  test('of an account it is about that account', async () => {
    const server = await aServer()
    const token = await aReader(server)
    for (const username of ['acme', 'bakery']) {
      await recordReport(server, await aComputer(server, { username }), aReport({ errors: 1 }))
    }
    const { counts, groups } = await read(server, token, '/v1/accounts/bakery/triage')
    expect([counts.failure, groups[0]?.sets.map(one => one.username)]).toEqual([1, ['bakery']])
  })

  test('an account without computers needs nobody', async () => {
    const server = await aServer()
    await anAccount(server)
    expect(await read(server, await aReader(server), '/v1/accounts/acme/triage')).toMatchObject({
      counts: { failure: 0, warning: 0, running: 0, completed: 0, unjudged: 0 },
      groups: [],
    })
  })

  test('of very many the worst and newest are shown, and how many there are besides', async () => {
    const server = await aServer()
    const token = await aReader(server)
    const computer = await aComputer(server)
    for (let count = 0; count < mostTroubles + 20; count += 1) {
      await recordReport(server, computer, aReport({ backupset_name: `Set ${count}`, warnings: 1 }))
    }
    const late = { local_start: '2026-03-05T04:00:00-05:00', local_end: '2026-03-05T04:01:00-05:00' }
    await recordReport(server, computer, aReport({ backupset_name: 'Worst', errors: 1, ...late }))
    const { counts, groups, left_out } = await read(server, token)
    const sets = groups.flatMap(group => group.sets)
    expect([sets.length, left_out, counts.warning, sets[0]?.backupset_name]).toEqual([500, 21, 520, 'Worst'])
  })
})

describe('404', () => {
  test('what is of others is not there', async () => {
    const server = await aServer()
    const north = await aPartner(server)
    await anAccount(server)
    const token = await aToken(server, {
      scopes: ['partners_read', 'accounts_read'],
      place: north,
      lifetimeMs: hours(1),
    })
    for (const path of [url, '/v1/accounts/acme/triage', '/v1/partners/nobody/triage']) {
      expect([path, (await server.get(path, { token })).statusCode]).toEqual([path, 404])
    }
    expect((await read(server, token, '/v1/partners/north/triage')).counts.failure).toBe(0)
  })
})
