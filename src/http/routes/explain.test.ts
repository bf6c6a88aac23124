import { XMLParser } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import { aComputer, aReport, aToken, recordReport } from '../../../test/support/builders.ts'
import { aNewSet } from '../../../test/support/tree.ts'
import { conditionRules } from '../../domain/condition.ts'
import { days, hours, minutes } from '../../domain/instant.ts'
import { parseSchedule } from '../../domain/schedule.ts'
import type { Computer } from '../../domain/tree.ts'

const explainUrl = ({ username, computerId }: Computer, name = 'Documents') =>
  `/v1/accounts/${username}/computers/${computerId}/backupsets/${encodeURIComponent(name)}/explain`

/** A computer with a set that is due every night at 23:00, and a token that may read it. It is 10:00 there. */
async function aNightlySet(server: TestServer) {
  const computer = await aComputer(server)
  const schedule = parseSchedule('cron 0 23 * * *')
  await server.store.addBackupSet(aNewSet(computer, { schedule, rpoMs: hours(30) }), server.now)
  return { computer, token: await aToken(server, { scopes: ['computers_read'], place: computer, lifetimeMs: days(9) }) }
}

describe('200', () => {
  test('a good set says until when it stays so', async () => {
    const server = await aServer()
    const { computer, token } = await aNightlySet(server)
    await recordReport(server, computer)
    const answer = await server.get(explainUrl(computer), { token })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      report_date: '2026-03-05T10:00:00-05:00',
      username: 'acme',
      computer_id: '0000',
      computer_name: 'File server',
      backupset_name: 'Documents',
      condition_status: 'COMPLETED',
      condition_types: ['COMPLETED'],
      schedule: 'at 23:00 every day, America/New_York',
      time_zone: 'America/New_York',
      next_due: '2026-03-05T23:00:00-05:00',
      run_limit: '',
      last_success: '2026-03-05T09:10:00-05:00',
      failures_since_last_success: 0,
      newest_run: { local_start: '2026-03-05T09:00:00-05:00', status: 'SUCCESS', errors: 0, warnings: 0 },
      open_run: { local_start: '', local_end: '', status: '' },
    })
  })

  test('a missed set names due time, grace and every rule, and counts what failed', async () => {
    const server = await aServer()
    const { computer, token } = await aNightlySet(server)
    await recordReport(server, computer)
    await recordReport(
      server,
      computer,
      aReport({ local_start: '2026-03-05T09:30:00-05:00', local_end: '', errors: 3 }),
    )
    server.now += days(2)
    const explained = (await server.get(explainUrl(computer), { token })).json<Record<string, unknown>>()
    expect(explained).toMatchObject({
      condition_status: 'FAILURE',
      condition_types: ['MISSED'],
      due: '2026-03-06T23:00:00-05:00',
      grace_end: '2026-03-07T00:00:00-05:00',
      failures_since_last_success: 3,
    })
    const rules = explained['rules'] as { rule: string; holds: boolean; facts: string }[]
    expect(rules.map(({ rule }) => rule)).toEqual(Object.keys(conditionRules))
    expect(rules.filter(({ holds }) => holds).map(({ rule }) => rule)).toEqual(['MISSED', 'RPO_EXCEEDED'])
    expect(rules.every(({ facts }) => /^[A-Z].*\.$/s.test(facts))).toBe(true)
    expect(explained['green']).not.toHaveLength(0)
    expect(explained['text']).toContain('Account acme, computer 0000 (File server)\nDocuments: FAILURE (MISSED)')
    expect(explained['text']).toContain('Since then 1 run failed and 2 due times passed without one.')
  })

  test('a set that never ran and is not yet due has no condition, and says so', async () => {
    const server = await aServer()
    const { computer, token } = await aNightlySet(server)
    const explained = (await server.get(explainUrl(computer), { token })).json<Record<string, unknown>>()
    expect(explained).toMatchObject({ condition_status: '', condition_types: [], last_success: '', due: '' })
    expect(explained['text']).toContain('There was no good backup yet.')
  })

  test('a time in which the server was away is named where it delays a deadline', async () => {
    const server = await aServer()
    const { computer, token } = await aNightlySet(server)
    await server.store.pulse(server.now, {})
    server.now += days(1)
    await server.store.pulse(server.now, {})
    const explained = (await server.get(explainUrl(computer), { token })).json<Record<string, unknown>>()
    expect(explained).toMatchObject({ condition_status: '', grace_end: '2026-03-06T10:15:00-05:00' })
    server.now += minutes(16)
    expect((await server.get(explainUrl(computer), { token })).json()).toMatchObject({ condition_types: ['MISSED'] })
  })

  test('a name is found in any form of its characters', async () => {
    const server = await aServer()
    const { computer, token } = await aNightlySet(server)
    await server.store.addBackupSet(aNewSet(computer, { name: 'Büro / 図書室 & 100 %' }), server.now)
    const answer = await server.get(explainUrl(computer, 'Büro / 図書室 & 100 %'.normalize('NFD')), { token })
    expect(answer.json()).toMatchObject({ backupset_name: 'Büro / 図書室 & 100 %' })
  })

  test('XML says the same', async () => {
    const server = await aServer()
    const { computer, token } = await aNightlySet(server)
    await recordReport(server, computer)
    const headers = { accept: 'application/xml' }
    const { body } = await server.get(explainUrl(computer), { token, headers })
    const json = (await server.get(explainUrl(computer), { token })).json<{ rules: unknown[]; green: string[] }>()
    const { explanation } = new XMLParser({ parseTagValue: false }).parse(body) as { explanation: { rule: unknown[] } }
    expect(explanation).toMatchObject({ condition_type: 'COMPLETED', newest_run: { status: 'SUCCESS' } })
    expect(explanation.rule).toHaveLength(json.rules.length)
  })
})

test('400: an unknown parameter', async () => {
  const server = await aServer()
  const { computer, token } = await aNightlySet(server)
  const answer = await server.get(`${explainUrl(computer)}?verbose=1`, { token })
  expect([answer.statusCode, answer.json()]).toMatchObject([400, { error: 'invalid_request' }])
})

test.each(['Nothing', 'documents', ' ', '%', 'x'.repeat(900)])('404: the computer has no set %j', async name => {
  const server = await aServer()
  const { computer, token } = await aNightlySet(server)
  const answer = await server.get(explainUrl(computer, name), { token })
  expect([answer.statusCode, answer.json()]).toMatchObject([404, { error: 'not_found' }])
})
