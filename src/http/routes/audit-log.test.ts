import { expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import { anAccount, aPartner, aToken } from '../../../test/support/builders.ts'
import { days } from '../../domain/instant.ts'

type Row = Record<string, unknown>

/** North, whose account was changed over the API, and south, which was changed at the command line two days later. */
async function aLog() {
  const server = await aServer()
  const [north, south] = [await aPartner(server), await aPartner(server, { username: 'south' })]
  await anAccount(server, { partner: north })
  const token = await aToken(server, { place: north })
  const headers = { authorization: `OAuth ${token}` }
  await server.send({ method: 'PUT', url: '/v1/accounts/acme/info', payload: { phone: '0100' }, headers })
  const by = { actor: 'root on console', at: server.now + days(2) }
  await server.store.changing({ by }).changePartner(south.id, { policy: { WARNINGS: 'FAILURE' } })
  const all = await aToken(server)
  const read = async (partner: string, query = '') => {
    const answer = await server.get(`/v1/partners/${partner}/audit_log${query}`, { token: all })
    expect([query, answer.statusCode]).toEqual([query, 200])
    return answer.json<{ count: number; list: Row[] }>()
  }
  return { server, token, all, read }
}

test('the log shows what was changed at and below a partner, newest first', async () => {
  const { read } = await aLog()
  const { count, list } = await read('root')
  expect(count).toBe(2)
  expect(list).toEqual([
    {
      entry_id: expect.any(Number) as number,
      date: '2026-03-07T15:00:00+00:00',
      actor: 'root on console',
      action: 'change partner',
      subject: 'partner south',
      username: '',
      changes: [{ member: 'policy', before: '{}', after: '{"WARNINGS":"FAILURE"}' }],
    },
    {
      entry_id: expect.any(Number) as number,
      date: '2026-03-05T15:00:00+00:00',
      actor: expect.any(String) as string,
      action: 'change account',
      subject: 'account acme',
      username: 'acme',
      changes: [{ member: 'phone', before: '', after: '0100' }],
    },
  ])
  expect((await read('north')).list).toEqual(list.slice(1))
})

test('the log is selected by date and actor', async () => {
  const { read } = await aLog()
  const subjects = async (query: string) => (await read('root', query)).list.map(({ subject }) => subject)
  expect(await subjects('?since=2026-03-06')).toEqual(['partner south'])
  expect(await subjects('?actor=root%20on%20console')).toEqual(['partner south'])
  expect(await subjects('?actor=root')).toEqual([])
  expect(await subjects('?actor=%00')).toEqual([])
  expect(await subjects('?actor=')).toEqual([])
  expect(await read('root', '?page=2&page_size=1')).toMatchObject({ count: 2, list: [{ subject: 'account acme' }] })
})

test('the log is for those alone who may change the partner', async () => {
  const { server, token } = await aLog()
  const url = '/v1/partners/north/audit_log'
  expect((await server.get(url, { token })).statusCode).toBe(200)
  const reader = await aToken(server, { scopes: ['partners_read', 'accounts_write'] })
  expect((await server.get(url, { token: reader })).statusCode).toBe(403)
})
