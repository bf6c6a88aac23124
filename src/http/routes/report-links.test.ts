import { expect, test } from 'vitest'
import type { Row } from '../../../test/support/a-reader.ts'
import { aServer } from '../../../test/support/a-server.ts'
import { aComputer, aPartner, aToken } from '../../../test/support/builders.ts'

test('every link leads to a report that the same token may read', async () => {
  const server = await aServer()
  await aComputer(server)
  for (const [path, scope] of [
    ['accounts/acme/computers/0000', 'computers_read'],
    ['accounts/acme', 'accounts_read'],
    ['partners/root', 'partners_read'],
  ] as const) {
    const token = await aToken(server, { scopes: [scope] })
    const answer = await server.get(`/v1/${path}/reports`, { token })
    const { links } = answer.json<{ links: { title: string; rel: string; href: string }[] }>()
    expect(links.map(({ title, rel }) => [title, rel])).toEqual([['backup_status', 'related']])
    for (const { href } of links) {
      expect((await server.get(href.replace('https://backup.example.net', ''), { token })).statusCode).toBe(200)
    }
  }
})

test('what is outside of the caller’s tree is answered word for word as if it did not exist', async () => {
  const server = await aServer()
  await aComputer(server)
  const token = await aToken(server, { place: await aPartner(server) })
  const sentenceOf = async (path: string) => {
    const answer = await server.get(`/v1/${path}/reports`, { token })
    return [answer.statusCode, answer.json<Row>()['error_description']]
  }
  expect(await sentenceOf('accounts/acme')).toEqual([404, 'There is no account acme.'])
  expect(await sentenceOf('accounts/nobody')).toEqual([404, 'There is no account nobody.'])
  expect(await sentenceOf('partners/root')).toEqual([404, 'There is no partner root.'])
  expect(await sentenceOf('partners/nobody')).toEqual([404, 'There is no partner nobody.'])
})

test('a parameter is refused', async () => {
  const server = await aServer()
  const answer = await server.get('/v1/partners/root/reports?page=1', { token: await aToken(server) })
  expect([answer.statusCode, answer.json()]).toMatchObject([
    400,
    { error_description: '"page" is not a parameter of this path; there are none.' },
  ])
})
