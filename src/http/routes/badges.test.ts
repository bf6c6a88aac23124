import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addBackupSet } from '../../app/backup-sets.ts'
import { aServer } from '../../../test/support/a-server.ts'
import { aComputer, anApiKey, aReport, recordReport } from '../../../test/support/builders.ts'
import { testNow } from '../../../test/support/tree.ts'

type Urls = Record<string, string>

/** A server with two computers, a good set on the one and a failed one on the other, and the badges that a key is shown. */
async function aBadged() {
  const server = await aServer()
  const good = await aComputer(server, { name: 'Good' })
  const bad = await aComputer(server, { name: 'Bad & ugly' })
  await recordReport(server, good, aReport())
  await recordReport(server, bad, aReport({ errors: 1 }))
  const account = await server.store.findAccount('acme')
  const key = await anApiKey(server, account)
  const get = (path: string) => server.get(path, { headers: { 'x-api-key': key } })
  const { badges } = (await get('/api/v3/badges/')).json<{ badges: Record<string, Urls> }>()
  const { checks } = (await get('/api/v3/checks/')).json<{ checks: { name: string; badge_url: string }[] }>()
  const pathOf = (url = '') => new URL(url).pathname
  return { server, good, bad, key, badges, checks, pathOf }
}

describe('200', () => {
  test('a badge of a tag stands for its checks, in every form that is listed', async () => {
    const { server, badges, pathOf } = await aBadged()
    const read = async (tag: string, form: string) => server.get(pathOf(badges[tag]?.[form]))
    expect((await read('*', 'json')).json()).toEqual({ status: 'down', total: 2, grace: 0, down: 1 })
    expect((await read('good', 'json3')).json()).toEqual({ status: 'up', total: 1, grace: 0, down: 0 })
    expect((await read('bad-ugly', 'shields3')).json()).toMatchObject({ label: 'bad-ugly', message: 'down' })
    expect((await read('*', 'shields')).json()).toMatchObject({ label: 'backups', message: 'down', color: 'critical' })
    for (const form of ['svg', 'svg3']) {
      const { headers, body } = await read('acme', form)
      expect(headers).toMatchObject({
        'content-type': 'image/svg+xml',
        'access-control-allow-origin': '*',
        'cache-control': 'private, no-cache',
      })
      expect(body).toContain('<title>acme: down</title>')
    }
  })

  test('a badge of a check has two or three states, and its name is escaped', async () => {
    const { server, checks, pathOf } = await aBadged()
    const bad = checks.find(({ name }) => name.startsWith('Bad'))
    const path = pathOf(bad?.badge_url)
    expect(path).toMatch(/^\/b\/2\/[0-9a-f-]{36}\.svg$/)
    expect((await server.get(path)).body).toContain('<title>Bad &amp; ugly / Documents: down</title>')
    const json = path.replace('/b/2/', '/b/3/').replace('.svg', '.json')
    expect((await server.get(json)).json()).toEqual({ status: 'down', total: 1, grace: 0, down: 1 })
  })

  test('a set that never ran is new, and none that ran well is called so', async () => {
    const { server, good, key, pathOf } = await aBadged()
    await addBackupSet(server.store, good, { name: 'Never ran' }, testNow)
    const answer = await server.get('/api/v3/checks/?slug=never-ran', { headers: { 'x-api-key': key } })
    const [check] = answer.json<{ checks: { badge_url: string }[] }>().checks
    const path = pathOf(check?.badge_url).replace('.svg', '.shields')
    expect((await server.get(path)).json()).toMatchObject({ message: 'new', color: 'inactive' })
  })
})

describe('404', () => {
  test('a badge ends with the key that it was made for', async () => {
    const { server, badges, checks, pathOf } = await aBadged()
    const paths = [pathOf(badges['acme']?.['svg']), pathOf(badges['*']?.['svg']), pathOf(checks[0]?.badge_url)]
    for (const path of paths) expect((await server.get(path)).statusCode).toBe(200)
    for (const { id } of await server.store.listApiKeys()) await server.store.removeApiKey(id)
    for (const path of paths) {
      const { statusCode, body } = await server.get(path)
      expect([statusCode, body]).toEqual([
        404,
        '{"error":"There is no such badge; it may have ended with its API key."}',
      ])
    }
  })

  test('the address of one badge opens no other', async () => {
    const { server, badges, checks, pathOf } = await aBadged()
    const tag = pathOf(badges['acme']?.['svg'])
    const check = pathOf(checks[0]?.badge_url)
    const [, , badgeKey = ''] = tag.split('/')
    const others = [
      tag.replace('/acme.svg', '/good.svg'),
      tag.replace('/acme.svg', '.svg'),
      tag.replace('.svg', '.png'),
      `/b/2/${badgeKey}.svg`,
      check.replace('/b/2/', '/b/4/'),
      check.replace('.svg', '.gif'),
      check.replace('.svg', ''),
      tag.replace(/[^/]{8}-2\/acme/, `${'%C3%BC'.repeat(8)}-2/acme`),
      check.replace(/[0-9a-f]\.svg$/, digit => (digit.startsWith('0') ? '1.svg' : '0.svg')),
    ]
    for (const path of others) expect([path, (await server.get(path)).statusCode]).toEqual([path, 404])
  })

  test('whatever is asked for', async () => {
    const { server } = await aBadged()
    const part = fc.string({ unit: 'binary', maxLength: 40 }).map(text => encodeURIComponent(text.toWellFormed()))
    const badgeKey = fc.oneof(part, fc.uuid())
    const path = fc.oneof(
      fc.tuple(fc.constantFrom('2', '3', 'x'), badgeKey).map(([states, key]) => `/b/${states}/${key}.svg`),
      fc.tuple(badgeKey, part, part).map(([key, signature, tag]) => `/badge/${key}/${signature}/${tag}.json`),
      fc.tuple(badgeKey, part).map(([key, signature]) => `/badge/${key}/${signature}-2.shields`),
    )
    await fc.assert(
      fc.asyncProperty(path, async url => {
        expect((await server.get(url)).statusCode).toBe(404)
      }),
      { numRuns: 60 },
    )
  })
})
