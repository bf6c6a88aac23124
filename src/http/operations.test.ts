import { describe, expect, test } from 'vitest'
import { aServer, type TestServer } from '../../test/support/a-server.ts'
import { aComputer, aReport, aToken, recordReport, reportUrl, runsUrl } from '../../test/support/builders.ts'
import { aNewSet, testNow } from '../../test/support/tree.ts'

async function aCaller() {
  const server = await aServer()
  const computer = await aComputer(server)
  return { server, computer, token: await aToken(server) }
}

const historyUrl = '/v1/accounts/acme/computers/0000/backupsets/Documents/condition_changes'

async function aHistory() {
  const caller = await aCaller()
  await caller.server.store.addBackupSet(aNewSet(caller.computer), testNow)
  return caller
}

const ask = (server: TestServer, token: string, headers: Record<string, string>) =>
  server.get(historyUrl, { token, headers })

const xml = { 'content-type': 'application/xml; charset=utf-8' }
const start = '<local_start>2026-03-05T09:00:00-05:00</local_start><local_end>2026-03-05T09:10:00-05:00</local_end>'
const aRun = (set: string, more = '') =>
  `<run><backupset_name>${set}</backupset_name><status>SUCCESS</status>${start}<errors>0</errors>${more}</run>`

describe('a body in XML', () => {
  test('is one report, with its messages', async () => {
    const { server, computer, token } = await aCaller()
    const said = '<message><level>WARNING</level><text>a &lt; b</text></message>'
    const answer = await server.post(runsUrl(computer), aRun('Documents', said), { token, headers: xml })
    expect([answer.statusCode, answer.json()]).toMatchObject([201, { backupset_name: 'Documents', warnings: 1 }])
  })

  test('is a batch, of which good reports are kept', async () => {
    const { server, computer, token } = await aCaller()
    const batch = `<list>${aRun('One')}<run><status>SUCCESS</status></run>${aRun('Two')}</list>`
    const answer = await server.post(runsUrl(computer), batch, { token, headers: xml })
    expect(answer.json<{ list: { status: number }[] }>().list.map(({ status }) => status)).toEqual([201, 400, 201])
  })

  test.each([
    ['another root', '<report/>', 'The root element must be <run> or <list>, not <report>.'],
    ['an unknown element', aRun('One', '<error>1</error>'), '<run/error> is not a known element; known are run_key,'],
    ['a number that is none', aRun('One', '<warnings>many</warnings>'), 'warnings must be integer.'],
    ['a document type', `<!DOCTYPE run>${aRun('One')}`, 'a document type declaration is not taken.'],
    ['half a document', aRun('One').slice(0, 40), 'is not the XML that is asked for, at 1:'],
    ['nothing', '', 'document must contain a root element.'],
    ['bytes that are not UTF-8', Buffer.from([0x3c, 0xff]), 'The body is not UTF-8.'],
  ])('with %s is refused in words', async (_, body, description) => {
    const { server, computer, token } = await aCaller()
    const answer = await server.post(runsUrl(computer), body, { token, headers: xml })
    expect(answer.statusCode).toBe(400)
    expect(answer.json<{ error_description: string }>().error_description).toContain(description)
  })
})

describe('a list as CSV', () => {
  test('has a header and a line for each row', async () => {
    const { server, computer, token } = await aCaller()
    await recordReport(server, computer, aReport({ backupset_name: 'Mail, old', warnings: 2 }))
    const answer = await server.get(reportUrl(computer), { token, headers: { accept: 'text/csv' } })
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    expect(answer.body.split('\r\n')).toEqual([
      'report_date,username,computer_id,computer_name,backupset_name,local_start,local_end,condition_status,condition_types,errors,warnings',
      '2026-03-05T10:00:00-05:00,acme,0000,File server,"Mail, old",2026-03-05T09:00:00-05:00,2026-03-05T09:10:00-05:00,WARNING,WARNINGS,0,2',
      '',
    ])
  })

  test('has the links to its pages in the header', async () => {
    const { server, token } = await aHistory()
    const answer = await ask(server, token, { accept: 'text/csv' })
    expect(answer.headers['link']).toBe(`<https://backup.example.net${historyUrl}?page=1>; rel="first"`)
  })

  test('is not what single messages are written as', async () => {
    const { server, computer, token } = await aCaller()
    const { action_id } = await recordReport(server, computer)
    const url = `${runsUrl(computer)}/${String(action_id)}`
    expect((await server.get(url, { token, headers: { accept: 'text/csv' } })).statusCode).toBe(406)
  })
})

describe('an entity tag', () => {
  test('saves the answer to whoever has it', async () => {
    const { server, token } = await aHistory()
    const first = await ask(server, token, {})
    const tag = String(first.headers['etag'])
    const again = await ask(server, token, { 'if-none-match': `"other", W/${tag}` })
    expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', tag])
    expect((await ask(server, token, { 'if-none-match': '"other"' })).statusCode).toBe(200)
  })

  test('is another one in another format, and a weak one where the bytes may be compressed', async () => {
    const { server, token } = await aHistory()
    const [json, inXml] = [await ask(server, token, {}), await ask(server, token, { accept: 'application/xml' })]
    expect(inXml.headers['etag']).not.toBe(json.headers['etag'])
    const compressed = await ask(server, token, { 'accept-encoding': 'gzip' })
    expect(compressed.headers['etag']).toBe(`W/${String(json.headers['etag'])}`)
  })

  test('is given to no refusal', async () => {
    const { server } = await aHistory()
    expect((await ask(server, 'unknown', {})).headers['etag']).toBeUndefined()
  })
})

describe('what the server says of itself', () => {
  test('is OpenAPI, open to everybody', async () => {
    const { server } = await aCaller()
    const answer = await server.get('/openapi.json')
    expect(answer.json()).toMatchObject({ openapi: '3.1.1', info: { title: 'Lastgood' } })
  })

  test('tells where tokens come from', async () => {
    const { server } = await aCaller()
    const answer = await server.get('/.well-known/oauth-authorization-server')
    expect(answer.json()).toMatchObject({
      issuer: 'https://backup.example.net',
      token_endpoint: 'https://backup.example.net/oauth2/token',
      grant_types_supported: ['client_credentials', 'none'],
    })
  })
})
