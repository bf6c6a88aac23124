import type { LightMyRequestResponse } from 'fastify'
import { describe, expect, test } from 'vitest'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import { aComputer, aReport, aToken, recordReport } from '../../../test/support/builders.ts'
import { aNewSet, testNow } from '../../../test/support/tree.ts'
import { backupTools } from '../../backup-tools/index.ts'
import { days, minutes } from '../../domain/instant.ts'

const setsUrl = '/v1/accounts/acme/computers/0000/backupsets'
const urlOf = (name: string) => `${setsUrl}/${encodeURIComponent(name)}`
const xml = { 'content-type': 'application/xml' }

async function aCaller() {
  const server = await aServer()
  const computer = await aComputer(server)
  return { server, computer, token: await aToken(server, { place: computer, lifetimeMs: days(9) }) }
}

async function aSet(set: Parameters<typeof aNewSet>[1] = {}) {
  const caller = await aCaller()
  return { ...caller, set: await caller.server.store.addBackupSet(aNewSet(caller.computer, set), testNow) }
}

type Caller = { server: TestServer; token: string }
const put = ({ server, token }: Caller, name: string, payload: object | string, headers: Record<string, string> = {}) =>
  server.send({
    method: 'PUT',
    url: urlOf(name),
    payload,
    headers: { authorization: `OAuth ${token}`, ...(typeof payload === 'string' && xml), ...headers },
  })
const remove = ({ server, token }: Caller, name: string, headers: Record<string, string> = {}) =>
  server.send({ method: 'DELETE', url: urlOf(name), headers: { authorization: `OAuth ${token}`, ...headers } })
const sayingOf = (answer: LightMyRequestResponse) => answer.json<{ error_description: string }>().error_description

const usual = {
  name: 'Documents',
  plugin: 'FILE',
  schedule: 'manual',
  time_zone: '',
  grace_minutes: 60,
  run_limit_minutes: 1_440,
  enabled: true,
  early_tolerance_minutes: 15,
  rpo_minutes: null,
  presence: 'IGNORED',
  not_seen_days: null,
  tool: '',
}
const full = {
  name: 'Documents',
  plugin: 'SQL',
  schedule: 'cron 0 23 * * *',
  time_zone: 'Asia/Tokyo',
  grace_minutes: 0,
  run_limit_minutes: 525_600,
  enabled: false,
  early_tolerance_minutes: 1_440,
  rpo_minutes: 1,
  presence: 'REQUIRED',
  not_seen_days: 366,
  tool: 'restic',
}

describe('POST 201', () => {
  test('a name alone is a set of files with the usual limits, and is where Location says', async () => {
    const { server, token } = await aCaller()
    const answer = await server.post(setsUrl, { name: ' Documents ' }, { token })
    expect([answer.statusCode, answer.headers['location'], answer.headers['cache-control']]).toEqual([
      201,
      `https://backup.example.net${setsUrl}/Documents`,
      'no-store',
    ])
    const links = ['explain', 'condition_changes'].map(title => ({
      title,
      rel: 'related',
      href: `https://backup.example.net${setsUrl}/Documents/${title}`,
    }))
    expect(answer.json()).toEqual({ ...usual, links })
    expect(Object.keys(answer.json())).toEqual([...Object.keys(usual), 'links'])
    expect((await server.get(`${setsUrl}/Documents`, { token })).json()).toEqual(answer.json())
  })

  test('every member is kept, of JSON and of XML', async () => {
    const { server, token, computer } = await aCaller()
    expect((await server.post(setsUrl, full, { token })).json()).toMatchObject(full)
    const members = Object.entries({ ...full, name: 'Mail' }).map(([name, value]) => `<${name}>${value}</${name}>`)
    const answer = await server.post(setsUrl, `<backupset>${members.join('')}</backupset>`, { token, headers: xml })
    expect([answer.statusCode, answer.json()]).toMatchObject([201, { ...full, name: 'Mail' }])
    expect(await server.store.findBackupSet(computer.accountId, computer.key, 'Mail')).toMatchObject({
      enabled: false,
      rpoMs: minutes(1),
      presence: { kind: 'required', notSeenMs: days(366) },
    })
  })

  test('constants may have any letter case', async () => {
    const { server, token } = await aCaller()
    const answer = await server.post(setsUrl, { name: 'x', plugin: 'exchange', presence: 'required' }, { token })
    expect(answer.json()).toMatchObject({ plugin: 'EXCHANGE', presence: 'REQUIRED', not_seen_days: 7 })
  })

  test.each([
    'Büro / 図書室',
    '100 %',
    '%2F',
    '%',
    'a/b//c/',
    '/',
    '?a=b#c',
    '...',
    'explain',
    'a;b=c',
    "!'()*~",
    '\u{1F4BE}'.repeat(127),
    '図'.repeat(255),
    '+',
    'a\\b',
  ])('Location leads to the set %j', async name => {
    const { server, token } = await aCaller()
    const answer = await server.post(setsUrl, { name }, { token })
    expect(answer.statusCode).toBe(201)
    const location = new URL(String(answer.headers['location']))
    const found = await server.get(location.pathname, { token })
    expect([found.statusCode, found.json<{ name: string }>().name]).toEqual([200, name])
    expect((await server.get(`${location.pathname}/explain`, { token })).statusCode).toBe(200)
    expect((await remove({ server, token }, name)).statusCode).toBe(204)
  })
})

describe('400', () => {
  const tools = backupTools.map(({ name }) => name).join(', ')

  test.each([
    [{}, 'name is missing.'],
    [{ name: '' }, 'name must not be empty.'],
    [{ name: ' \t ' }, 'name must not be empty.'],
    [{ name: '.' }, 'name must not be ".", which no URL can hold; choose another one.'],
    [{ name: ' .. ' }, 'name must not be "..", which no URL can hold; choose another one.'],
    [{ name: 'x'.repeat(256) }, 'name must have at most 255 characters.'],
    [{ name: 'a\nb' }, 'name must be one line of text without control characters.'],
    [{ name: 'a\0' }, 'name must be one line of text without control characters.'],
    [{ name: '\uD800' }, 'name must be one line of text without control characters.'],
    [{ name: 7 }, 'name must be string.'],
    [{ name: null }, 'name must be string.'],
    [{ name: 'x', plugin: 'TAPE' }, 'plugin must be one of FILE, SQL, EXCHANGE.'],
    [{ name: 'x', plugin: 3 }, 'plugin must be'],
    [{ name: 'x', schedule: 'cron 0 25 * * *' }, '25'],
    [{ name: 'x', schedule: `cron ${'*'.repeat(60_000)}` }, ''],
    [{ name: 'x', time_zone: 'Mars/Base' }, 'Mars/Base'],
    [{ name: 'x', grace_minutes: -1 }, 'grace_minutes must be a whole number from 0 to 525600.'],
    [{ name: 'x', grace_minutes: 525_601 }, 'grace_minutes must be a whole number from 0 to 525600.'],
    [{ name: 'x', grace_minutes: 1.5 }, 'grace_minutes must be integer.'],
    [{ name: 'x', grace_minutes: '60' }, 'grace_minutes must be integer.'],
    [{ name: 'x', early_tolerance_minutes: 1_441 }, 'early_tolerance_minutes must be a whole number from 0 to 1440.'],
    [{ name: 'x', run_limit_minutes: 0 }, 'run_limit_minutes must be a whole number from 1 to 525600.'],
    [{ name: 'x', rpo_minutes: 0 }, 'rpo_minutes must be a whole number from 1 to 5256000.'],
    [{ name: 'x', rpo_minutes: 5_256_001 }, 'rpo_minutes must be a whole number from 1 to 5256000.'],
    [{ name: 'x', not_seen_days: 7 }, 'not_seen_days says nothing while presence is ignored'],
    [{ name: 'x', presence: 'REQUIRED', not_seen_days: 367 }, 'not_seen_days must be a whole number from 1 to 366.'],
    [{ name: 'x', presence: 'MAYBE' }, 'presence must be one of IGNORED, REQUIRED.'],
    [
      { name: 'x', tool: 'scissors' },
      `tool must be one of ${tools}, or empty for whichever surely wrote it, not "scissors".`,
    ],
    [{ name: 'x', enabled: 'yes' }, 'enabled must be boolean.'],
    [{ name: 'x', color: 'red' }, 'color is not a known member; known are name, plugin, schedule,'],
    [{ name: 'x', __proto__x: 1 }, '__proto__x is not a known member'],
    [[], 'The backup set must be object.'],
  ])('POST of %j', async (payload, saying) => {
    const { server, token, computer } = await aCaller()
    const answer = await server.post(setsUrl, payload, { token })
    expect([answer.statusCode, sayingOf(answer)]).toEqual([400, expect.stringContaining(saying)])
    expect(await server.store.listBackupSets(computer.accountId, computer.key)).toEqual([])
  })

  test.each([
    ['<backupset/>', 'name is missing.'],
    ['<backupset><name>x</name><color>red</color></backupset>', '<backupset/color> is not a known element'],
    ['<backupset><name>x</name><name>y</name></backupset>', '<backupset/name> must be given once.'],
    ['<backupset><name>x</name><enabled>perhaps</enabled></backupset>', 'enabled must be boolean.'],
    ['<set><name>x</name></set>', 'The root element must be <backupset>, not <set>.'],
  ])('POST of %s', async (payload, saying) => {
    const { server, token } = await aCaller()
    const answer = await server.post(setsUrl, payload, { token, headers: xml })
    expect([answer.statusCode, sayingOf(answer)]).toEqual([400, expect.stringContaining(saying)])
  })

  test.each([
    ['plugin=TAPE', 'plugin must be one of FILE, SQL, EXCHANGE, not "TAPE".'],
    ['enabled=1', 'enabled must be true or false, not "1".'],
    ['enabled=true&enabled=false', 'enabled must be given once.'],
    ['order_by=SCHEDULE', 'order_by must be one of NAME, PLUGIN, ENABLED, not "SCHEDULE".'],
  ])('GET with %s', async (query, saying) => {
    const { server, token } = await aCaller()
    const answer = await server.get(`${setsUrl}?${query}`, { token })
    expect([answer.statusCode, sayingOf(answer)]).toEqual([400, saying])
  })
})

test('409: a name is taken once, in any form of its characters', async () => {
  const caller = await aSet({ name: 'Caf\u00E9' })
  const { server, token, computer } = caller
  await server.store.addBackupSet(aNewSet(computer, { name: 'Mail' }), testNow)
  const said = 'The computer 0000 of acme has a backup set "Caf\u00E9" already; choose another name.'
  const answer = await server.post(setsUrl, { name: 'Cafe\u0301' }, { token })
  expect([answer.statusCode, sayingOf(answer)]).toEqual([409, said])
  const renamed = await put(caller, 'Mail', { name: 'Cafe\u0301' })
  expect([renamed.statusCode, sayingOf(renamed)]).toEqual([409, said])
})

describe('GET 200', () => {
  async function someSets() {
    const caller = await aCaller()
    const { server, computer } = caller
    for (const [name, plugin, enabled] of [
      ['b', 'sql', true],
      ['Z', 'file', true],
      ['ä', 'exchange', false],
      ['a', 'file', false],
    ] as const) {
      await server.store.addBackupSet(aNewSet(computer, { name, plugin, enabled }), testNow)
    }
    await server.store.addBackupSet(aNewSet(await aComputer(server, { username: 'other' }), { name: 'b' }), testNow)
    return caller
  }

  test.each([
    ['', ['Z', 'a', 'b', 'ä']],
    ['order_dir=DESC', ['ä', 'b', 'a', 'Z']],
    ['order_by=PLUGIN', ['ä', 'Z', 'a', 'b']],
    ['order_by=PLUGIN&order_dir=DESC', ['b', 'a', 'Z', 'ä']],
    ['order_by=enabled', ['a', 'ä', 'Z', 'b']],
    ['plugin=file,sql', ['Z', 'a', 'b']],
    ['plugin=FILE&plugin=SQL&enabled=TRUE', ['Z', 'b']],
    ['enabled=false', ['a', 'ä']],
    ['plugin=sql&enabled=false', []],
  ])('the list with %j', async (query, names) => {
    const { server, token } = await someSets()
    const { list, count } = (await server.get(`${setsUrl}?${query}`, { token })).json<{
      list: { name: string; link: { href: string } }[]
      count: number
    }>()
    expect([list.map(({ name }) => name), count]).toEqual([names, names.length])
    for (const { name, link } of list)
      expect(link).toEqual({ rel: 'self', href: `https://backup.example.net${urlOf(name)}` })
  })

  test('pages are parts of the whole, and past the end there is none', async () => {
    const { server, token } = await someSets()
    const pages = await Promise.all(
      [1, 2, 3].map(async page => (await server.get(`${setsUrl}?page=${page}&page_size=3`, { token })).json()),
    )
    expect(pages).toMatchObject([
      { count: 4, links: [{ rel: 'first' }, { rel: 'next' }], list: [{ name: 'Z' }, { name: 'a' }, { name: 'b' }] },
      { count: 4, links: [{ rel: 'first' }], list: [{ name: 'ä' }] },
      { count: 4, list: [] },
    ])
  })

  test('CSV has a column for each member', async () => {
    const { server, token } = await someSets()
    const { body } = await server.get(`${setsUrl}?plugin=SQL`, { token, headers: { accept: 'text/csv' } })
    expect(body.split('\r\n')).toEqual([Object.keys(usual).join(','), 'b,SQL,manual,,60,1440,true,15,,IGNORED,,', ''])
  })
})

describe('PUT 204', () => {
  test('changes what is given, and nothing else', async () => {
    const caller = await aSet()
    expect((await put(caller, 'Documents', { grace_minutes: 5, plugin: 'sql' })).statusCode).toBe(204)
    const { server, token } = caller
    expect((await server.get(urlOf('Documents'), { token })).json()).toMatchObject({
      ...usual,
      grace_minutes: 5,
      plugin: 'SQL',
    })
  })

  test('what was read may be sent back, in JSON and in XML, and changes nothing', async () => {
    const caller = await aCaller()
    const { server, token } = caller
    await server.post(setsUrl, full, { token })
    await server
      .post(setsUrl, usual, { token })
      .then(() => server.post(setsUrl, { ...usual, name: 'Usual' }, { token }))
    for (const name of ['Documents', 'Usual']) {
      const before = await server.get(urlOf(name), { token })
      const inXml = await server.get(urlOf(name), { token, headers: { accept: 'application/xml' } })
      expect((await put(caller, name, before.json<object>())).statusCode).toBe(204)
      expect((await put(caller, name, inXml.body)).statusCode).toBe(204)
      expect((await server.get(urlOf(name), { token })).body).toBe(before.body)
    }
  })

  test('empty texts and null take back what was said', async () => {
    const caller = await aCaller()
    const { server, token } = caller
    await server.post(setsUrl, full, { token })
    const empty = { time_zone: '', rpo_minutes: null, tool: '', presence: 'IGNORED', not_seen_days: null }
    expect((await put(caller, 'Documents', empty)).statusCode).toBe(204)
    expect((await server.get(urlOf('Documents'), { token })).json()).toMatchObject({ ...full, ...empty })
    await put(caller, 'Documents', full)
    const emptyXml = '<time_zone/><rpo_minutes/><tool/><presence>IGNORED</presence><not_seen_days/>'
    expect((await put(caller, 'Documents', `<backupset>${emptyXml}</backupset>`)).statusCode).toBe(204)
    expect((await server.get(urlOf('Documents'), { token })).json()).toMatchObject({ ...full, ...empty })
  })

  test('a renamed set keeps its runs, and its old path is gone', async () => {
    const caller = await aSet()
    const { server, token, computer } = caller
    await recordReport(server, computer)
    expect((await put(caller, 'Documents', { name: 'Papers / 1' })).statusCode).toBe(204)
    expect((await server.get(urlOf('Documents'), { token })).statusCode).toBe(404)
    expect((await put(caller, 'Documents', {})).statusCode).toBe(404)
    expect((await server.get(`${urlOf('Papers / 1')}/explain`, { token })).json()).toMatchObject({
      backupset_name: 'Papers / 1',
      condition_status: 'COMPLETED',
    })
  })

  test('an empty change is none', async () => {
    const caller = await aSet()
    expect((await put(caller, 'Documents', {})).statusCode).toBe(204)
  })

  test('is written down with who did it', async () => {
    const caller = await aSet()
    await put(caller, 'Documents', { grace_minutes: 5 })
    const { entries } = await caller.server.store.listAuditLog(caller.server.root.path, { skip: 0, most: 1 })
    expect(entries).toMatchObject([
      {
        action: 'change backup set',
        subject: 'backup set Documents of computer 0000 of acme',
        before: { grace_ms: minutes(60) },
        after: { grace_ms: minutes(5) },
      },
    ])
  })
})

describe('If-Match', () => {
  const tagOf = async ({ server, token }: Caller, headers: Record<string, string> = {}) =>
    String((await server.get(urlOf('Documents'), { token, headers })).headers['etag'])

  test.each([
    ['JSON', {}],
    ['XML', { accept: 'application/xml' }],
    ['a compressed answer', { 'accept-encoding': 'gzip' }],
  ])('the tag of %s lets change and remove', async (_, headers) => {
    const caller = await aSet()
    const change = { 'if-match': await tagOf(caller, headers) }
    expect((await put(caller, 'Documents', { grace_minutes: 5 }, change)).statusCode).toBe(204)
    const removal = { 'if-match': `"other", ${await tagOf(caller, headers)}` }
    expect((await remove(caller, 'Documents', removal)).statusCode).toBe(204)
  })

  test('a stale tag changes and removes nothing', async () => {
    const caller = await aSet()
    const stale = { 'if-match': await tagOf(caller) }
    await put(caller, 'Documents', { grace_minutes: 5 })
    const current = await tagOf(caller)
    const answers = [
      await put(caller, 'Documents', { grace_minutes: 6 }, stale),
      await remove(caller, 'Documents', stale),
    ]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([412, 412])
    expect(await tagOf(caller)).toBe(current)
  })

  test('of two changes with one tag one is made', async () => {
    const caller = await aSet()
    const same = { 'if-match': await tagOf(caller) }
    const answers = await Promise.all([5, 6].map(minutes => put(caller, 'Documents', { grace_minutes: minutes }, same)))
    expect(answers.map(({ statusCode }) => statusCode).toSorted((one, other) => one - other)).toEqual([204, 412])
  })

  test('a change of something else in between does not matter', async () => {
    const caller = await aSet()
    const tag = { 'if-match': await tagOf(caller) }
    await aComputer(caller.server, { username: 'unrelated' })
    await caller.server.store.addBackupSet(aNewSet(caller.computer, { name: 'Mail' }), testNow)
    expect((await put(caller, 'Documents', { grace_minutes: 6 }, tag)).statusCode).toBe(204)
  })

  test('of two sets that are given one name at the same time one gets it', async () => {
    const caller = await aSet()
    await caller.server.store.addBackupSet(aNewSet(caller.computer, { name: 'Mail' }), testNow)
    const answers = await Promise.all(['Documents', 'Mail'].map(name => put(caller, name, { name: 'One' })))
    expect(answers.map(({ statusCode }) => statusCode).toSorted((one, other) => one - other)).toEqual([204, 409])
  })
})

describe('DELETE 204', () => {
  test('the set goes with its runs', async () => {
    const caller = await aSet()
    const { server, token, computer } = caller
    const { action_id } = await recordReport(server, computer, aReport({ log: 'what it logged' }))
    expect((await remove(caller, 'Documents')).statusCode).toBe(204)
    const runUrl = `/v1/accounts/acme/computers/0000/runs/${String(action_id)}`
    for (const url of [urlOf('Documents'), runUrl, `${runUrl}/log`]) {
      expect((await server.get(url, { token })).statusCode).toBe(404)
    }
    expect((await remove(caller, 'Documents')).statusCode).toBe(404)
  })
})
