import { existsSync, readdirSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { lastgoodProgram, startProcess } from '../support/lastgood-process.ts'
import {
  addComputer,
  json,
  lastgood,
  newDatabase,
  reportRun,
  startServer,
  stop,
  toEnv,
} from '../support/lastgood-server.ts'

describe.concurrent('administration', () => {
  test('works while the server runs, which heeds it at once', async () => {
    using database = newDatabase()
    const { file } = database
    await using server = await startServer(file)
    const key = await addComputer(file)
    expect((await reportRun(server.url, key, { errors: 1 })).status).toBe(201)

    const { stdout: token } = await lastgood(file, ['token', '--scope', 'computers_read', '--account', 'acme'])
    const path = `${server.url}/v1/accounts/acme/computers/0000/reports/backup_status`
    const read = () => fetch(path, { headers: { authorization: `OAuth ${token.trim()}` } })
    const before = (await (await read()).json()) as { list: Record<string, unknown>[] }
    expect(before.list).toMatchObject([{ condition_status: 'FAILURE' }])
    const [row] = await json<Record<string, unknown>[]>(file, 'report', 'acme', '0000')
    expect({ ...row, report_date: '' }).toEqual({ ...before.list[0], report_date: '' })

    await json(file, 'partner', 'update', 'root', '--policy', 'ERRORS=WARNING')
    expect(await (await read()).json()).toMatchObject({ list: [{ condition_status: 'WARNING' }] })

    const renewed = await json(file, 'computer', 'update', 'acme', '0000', '--new-key')
    expect((await reportRun(server.url, key)).status).toBe(401)
    expect((await reportRun(server.url, renewed['agent_key'] ?? '')).status).toBe(201)

    await lastgood(file, ['token', 'revoke'], {}, token)
    expect((await read()).status).toBe(401)
    await stop(server)
  })

  test('shows the addresses of webhooks, with a new secret only when one is asked for', async () => {
    using database = newDatabase()
    const { file } = database
    await using server = await startServer(file)
    await addComputer(file)
    await json(file, 'set', 'add', 'acme', '0000', 'Documents')
    const webhook = ['set', 'webhook', 'acme', '0000', 'Documents']
    const rows = await json<Record<string, string>[]>(file, ...webhook)
    expect(rows.map(row => row['tool'])).toContain('duplicati')
    for (const { url } of rows) expect(url).toContain('/<uuid>')
    const { url = '' } = await json(file, ...webhook, '--tool', 'gatus', '--new-ping-url')
    const { pathname, search } = new URL(url)
    expect((await fetch(server.url + pathname + search, { method: 'POST' })).status).toBe(200)
    await stop(server)
  })

  test('prints JSON with the names of the wire', async () => {
    using database = newDatabase()
    const { file } = database
    const created_at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/) as string
    const reached = { company: '', email: 'it@example.net', phone: '' }
    const north = { username: 'north', name: 'Branch', ...reached, partner: 'root', policy: {}, created_at }
    expect(await json(file, 'partner', 'add', 'north', '--name', 'Branch', '--email', 'it@example.net')).toEqual(north)
    const acme = {
      username: 'acme',
      name: 'Acme',
      company: 'Acme Ltd',
      email: '',
      phone: '+1 555 0100',
      reference_code: 'A-7',
      status: 'ACTIVE',
      partner: 'north',
      time_zone: 'UTC',
      accepts_new_sets: false,
      run_days: 400,
      log_days: null,
      created_at,
    }
    const account = ['account', 'add', 'acme', '--name', 'Acme', '--partner', 'north', '--no-new-sets']
    account.push('--company', 'Acme Ltd', '--phone', '+1 555 0100', '--reference-code', 'A-7', '--run-days', '400')
    expect(await json(file, ...account)).toEqual(acme)
    expect(await json(file, 'account', 'list')).toEqual([acme])
    const place = { username: 'acme', computer_id: '0000' }
    const contact = { email: 'it@acme.example', phone: '+49 30 123' }
    const computer = { ...place, name: 'File server', time_zone: 'UTC', status: 'ACTIVE', ...contact, created_at }
    const adding = ['computer', 'add', 'acme', '--name', 'File server', '--email', contact.email]
    const added = await json(file, ...adding, '--phone', contact.phone)
    expect(added).toEqual({
      ...computer,
      agent_key: expect.stringMatching(/^lgk_[\w-]{43}$/) as string,
      ping_key: expect.stringMatching(/^[\w-]{22}$/) as string,
    })
    expect(await json(file, 'computer', 'list', 'acme')).toEqual([computer])
    const update = ['computer', 'update', 'acme', '0000']
    expect(await json(file, ...update, '--time-zone', 'Asia/Tokyo', '--email', '')).toEqual({
      ...computer,
      time_zone: 'Asia/Tokyo',
      email: '',
    })
    expect(await json(file, ...update, '--time-zone', 'none')).toEqual({ ...computer, email: '' })
    const set = {
      ...place,
      name: 'Ledger',
      slug: 'ledger',
      plugin: 'SQL',
      tool: 'restic',
      schedule: 'cron 0 23 * * 1-5',
      time_zone: 'Asia/Tokyo',
      grace_minutes: 0,
      early_tolerance_minutes: 5,
      run_limit_minutes: 90,
      rpo_minutes: 2_880,
      presence: 'required',
      not_seen_days: 14,
      enabled: true,
      created_at,
    }
    const addingSet = ['set', 'add', 'acme', '0000', 'Ledger', '--plugin', 'sql', '--run-limit', '90', '--grace', '0']
    addingSet.push('--schedule', 'cron 00 23 * * mon-fri', '--time-zone', 'Asia/Tokyo', '--early-tolerance', '5')
    addingSet.push('--rpo', '2880', '--presence', 'required', '--not-seen-days', '14')
    addingSet.push('--tool', 'restic')
    const ping_url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:8480\/ping\/[0-9a-f-]{36}$/) as string
    expect(await json(file, ...addingSet)).toEqual({ ...set, ping_url })
    const disabled = { ...set, enabled: false }
    expect(await json(file, 'set', 'update', 'acme', '0000', 'Ledger', '--disable')).toEqual(disabled)
    const standing = {
      condition_status: null,
      condition_types: [],
      last_success: null,
      failures_since_last_success: 0,
      next_due: null,
    }
    expect(await json(file, 'set', 'show', 'acme', '0000', 'Ledger')).toEqual({ ...disabled, ...standing })
    expect(await json(file, 'set', 'list', 'acme', '0000')).toEqual([{ ...disabled, ...standing }])
    const back = ['set', 'update', 'acme', '0000', 'Ledger', '--rpo', 'none', '--time-zone', 'none', '--presence']
    expect(await json(file, ...back, 'ignored', '--tool', 'none')).toEqual({
      ...disabled,
      tool: null,
      rpo_minutes: null,
      time_zone: null,
      presence: 'ignored',
      not_seen_days: null,
    })
    const token = await json(file, 'token', '--scope', 'computers_read', '--lifetime', '5')
    expect(token).toEqual({ access_token: expect.any(String) as string, expires_in: 300, scope: 'computers_read' })
  })

  test('cancels an account, and takes it back', async () => {
    using database = newDatabase()
    const { file } = database
    await addComputer(file)
    const canceled = { username: 'acme', status: 'CANCELED' }
    expect(await json(file, 'account', 'cancel', 'acme', '--reason', 'moved away')).toMatchObject(canceled)
    const log = await json<Record<string, unknown>[]>(file, 'partner', 'log', 'root')
    expect(log[0]).toMatchObject({ after: { status: 'canceled', cancellation_note: 'moved away' } })
    expect(await json(file, 'account', 'update', 'acme', '--status', 'test')).toMatchObject({ status: 'TEST' })
    await expect(json(file, 'account', 'update', 'acme', '--status', 'CANCELED')).rejects.toThrow()
  })

  test('keeps the people of a partner', async () => {
    using database = newDatabase()
    const { file } = database
    const add = ['user', 'add', 'office', '--role', 'admin', '--email', 'office@example.net']
    const office = {
      username: 'office',
      name: 'office',
      email: 'office@example.net',
      phone: '',
      role: 'ADMIN',
      partner: 'root',
      created_at: expect.any(String) as string,
    }
    expect(await json(file, ...add)).toEqual(office)
    const changed = { ...office, name: 'Office', role: 'TECH', email: '' }
    const update = ['user', 'update', 'office', '--role', 'TECH', '--name', 'Office', '--email', '']
    expect(await json(file, ...update)).toEqual(changed)
    expect(await json(file, 'user', 'list')).toEqual([changed])
    await expect(json(file, 'user', 'add', 'Office', '--role', 'TECH')).rejects.toThrow()
    expect(await json(file, 'user', 'remove', 'office')).toEqual(changed)
    await expect(json(file, 'user', 'show', 'office')).rejects.toThrow()
  })

  test('shows the secret of a client once', async () => {
    using database = newDatabase()
    const { file } = database
    await addComputer(file)
    const client = ['client', 'add', '--name', 'PSA', '--scope', 'computers_read+computers_write']
    const added = await json(file, ...client, '--computer', 'acme/0000')
    const { client_secret: secret = '', ...shown } = added
    expect(secret).toMatch(/^[0-9a-f]{32}$/)
    expect(shown).toMatchObject({
      scope: 'computers_read computers_write',
      partner: 'root',
      username: 'acme',
      computer_id: '0000',
    })
    expect(await json(file, 'client', 'list')).toEqual([shown])
    const id = shown['client_id'] ?? ''
    expect(await json(file, 'client', 'show', id)).toEqual(shown)
    const renewed = await json(file, 'client', 'update', id, '--new-secret')
    expect(renewed['client_secret']).not.toBe(secret)
    expect(await json(file, 'client', 'remove', id)).toEqual(shown)
    expect(await json(file, 'client', 'list')).toEqual([])
  })

  test('shows an API key once', async () => {
    using database = newDatabase()
    const { file } = database
    await addComputer(file)
    const added = await json(file, 'api-key', 'add', '--name', 'Wall dashboard', '--account', 'acme')
    const { api_key: key = '', ...shown } = added
    expect(key).toMatch(/^lgr_[\w-]{28}$/)
    expect(shown).toMatchObject({ id: 1, name: 'Wall dashboard', partner: 'root', username: 'acme', computer_id: null })
    expect(await json(file, 'api-key', 'list')).toEqual([shown])
    expect(await json(file, 'api-key', 'remove', '1')).toEqual(shown)
    expect(await json(file, 'api-key', 'list')).toEqual([])
  })

  test('removes a backup set only when it is told so twice', async () => {
    using database = newDatabase()
    const { file } = database
    await addComputer(file)
    await json(file, 'set', 'add', 'acme', '0000', 'Documents')
    const refused = await lastgood(file, ['set', 'remove', 'acme', '0000', 'Documents', '--json'])
    expect([refused.status, refused.stdout]).toEqual([1, ''])
    expect(refused.stderr).toContain('add --yes')
    expect(await json(file, 'set', 'list', 'acme', '0000')).toHaveLength(1)
    await json(file, 'set', 'remove', 'acme', '0000', 'Documents', '--yes')
    expect(await json(file, 'set', 'list', 'acme', '0000')).toEqual([])
  })

  test('keeps the history of a removed computer, and says so', async () => {
    using database = newDatabase()
    const { file } = database
    await addComputer(file)
    const { status, stdout } = await lastgood(file, ['computer', 'remove', 'acme', '0000'])
    expect([status, stdout]).toEqual([0, expect.stringContaining('its history is kept')])
    expect(await json(file, 'computer', 'list', 'acme')).toMatchObject([{ status: 'DELETED' }])
  })

  test.each([
    ['account show nobody', 'There is no account nobody; check the username.'],
    ['account add ROOT', 'The username ROOT is taken; choose another.'],
    ['account remove nobody', 'There is no account nobody; check the username.'],
    ['account add acme --partner north', 'There is no partner north; check the username.'],
    ['computer show nobody 0000', 'There is no account nobody; check the username.'],
    ['client show 00', 'There is no client 00; check its client_id.'],
    ['api-key remove 7', 'There is no API key 7; lastgood api-key list tells their ids.'],
    ['token revoke 00', 'The token is not known; it may have ended already.'],
    ['report nobody', 'There is no account nobody; check the username.'],
  ])('%s fails with one sentence: 1', async (command, message) => {
    using database = newDatabase()
    await json(database.file, 'account', 'add', 'somebody')
    const { status, stdout, stderr } = await lastgood(database.file, command.split(' '))
    expect([status, stdout, stderr]).toEqual([1, '', `lastgood: ${message}\n`])
  })

  test.each(['account list', 'account show acme', 'computer list acme', 'report acme', 'token revoke 00'])(
    '%s on a database that is not there says so and makes none: 1',
    async command => {
      using database = newDatabase()
      const { status, stdout, stderr } = await lastgood(database.file, command.split(' '))
      expect([status, stdout]).toEqual([1, ''])
      expect(stderr).toBe(
        `lastgood: There is no database at ${database.file}: name it with --database or LASTGOOD_DATABASE_URL, or start with lastgood serve.\n`,
      )
      expect(existsSync(database.file)).toBe(false)
    },
  )

  test.each([
    ['account', /Usage: lastgood account/],
    ['account add', /missing required argument 'username'/],
    ['account add a/b', /The username "a\/b" must be/],
    ['account add acme --time-zone Mars', /not an IANA time zone/],
    ['account update acme', /nothing to change/],
    ['computer update acme 0000 --enable --disable', /cannot be used with/],
    ['partner update root --policy COMPLETED=FAILURE', /there are EXCEPTION, ERRORS/],
    ['partner update root --policy ERRORS=RED', /one of FAILURE, WARNING, RUNNING, COMPLETED/],
    ['set add acme 0000 Mail --plugin TAPE', /There are FILE, SQL, EXCHANGE/],
    ['set add acme 0000 Mail --run-limit 0', /from 1 to 525600/],
    ['client add --name x --scope all', /is not a scope/],
    ['client add --name x --scope computers_read --account a --computer a/0000', /cannot be used with/],
    ['client add --name x --scope computers_read --computer acme', /such as acme\/0000/],
    ['token', /'--scope <scopes>' not specified/],
    ['token --scope computers_read --lifetime 1441', /from 1 to 1440/],
    ['token revoke', /no token was given/],
    ['report acme --format pdf', /table, json, xml, csv/],
    ['serve --port 65536', /must be a port from 0 to 65535/],
    ['serve --port', /argument missing/],
  ])('%s is wrong usage: 2, and makes no database', async (command, message) => {
    using database = newDatabase()
    const { folder, file } = database
    const { status, stdout, stderr } = await lastgood(file, command.split(' '))
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(readdirSync(folder)).toEqual([])
  })
})

test('a reader that goes away ends the program without a word', async () => {
  using database = newDatabase()
  const { file } = database
  await json(file, 'account', 'add', 'acme')
  const { child, ended } = startProcess([lastgoodProgram, 'account', 'list'], { env: toEnv(file) })
  child.stdout?.destroy()
  const stderr = child.stderr ? await text(child.stderr) : ''
  expect([stderr, (await ended).status]).toEqual(['', 0])
})
