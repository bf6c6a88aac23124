import { readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { someKey } from '../support/lastgood-process.ts'
import { addComputer, json, lastgood, newDatabase, reportRun, startServer, stop } from '../support/lastgood-server.ts'

describe.concurrent('lastgood report', () => {
  test('writes the rows of every computer of an account in each format', async () => {
    using database = newDatabase()
    const { file } = database
    await using server = await startServer(file)
    const key = await addComputer(file)
    const { agent_key: other = '' } = await json(file, 'computer', 'add', 'acme', '--name', 'Mail, "old"')
    await reportRun(server.url, key, { warnings: 2 })
    await reportRun(server.url, other, { status: 'ERROR' })
    await stop(server)

    const rows = [
      { computer_id: '0000', backupset_name: 'Documents', condition_types: ['WARNINGS'], warnings: 2 },
      { computer_id: '0001', computer_name: 'Mail, "old"', condition_status: 'FAILURE' },
    ]
    expect(await json(file, 'report', 'acme')).toMatchObject(rows)
    expect(await json(file, 'report', 'acme', '0001')).toMatchObject(rows.slice(1))
    const table = await lastgood(file, ['report', 'acme'])
    expect(table.stdout).toMatch(/^STATUS .*\n▲ WARNING +0000 File server +Documents .*\n✖ FAILURE +0001 Mail, "old" /)
    expect(table.stdout).toMatch(/\n\n2 backup sets: 1 FAILURE, 1 WARNING\.\n$/)
    const csv = await lastgood(file, ['report', 'acme', '--format', 'csv'])
    expect(csv.stdout).toContain('acme,0001,"Mail, ""old""",Documents,')
    const xml = await lastgood(file, ['report', 'acme', '--format', 'xml'], { LASTGOOD_XML_CONDITION_TYPES: 'wrap' })
    expect(xml.stdout).toContain('<condition_types><condition_type>WARNINGS</condition_type></condition_types>')
  })

  test('says what comes next while there is nothing to report', async () => {
    using database = newDatabase()
    const { file } = database
    await json(file, 'account', 'add', 'acme')
    expect((await lastgood(file, ['report', 'acme'])).stdout).toContain('lastgood computer add acme --name NAME')
    await json(file, 'computer', 'add', 'acme', '--name', 'File server')
    expect((await lastgood(file, ['report', 'acme'])).stdout).toContain('lastgood run --set NAME -- COMMAND')
    expect(await json(file, 'report', 'acme')).toEqual([])
  })
})

describe.concurrent('lastgood doctor', () => {
  test('finds a server, its clock and its keys in order', async () => {
    using database = newDatabase()
    const { file } = database
    await using server = await startServer(file)
    const env = { LASTGOOD_URL: server.url, LASTGOOD_KEY: await addComputer(file) }
    const { status, stdout } = await lastgood(file, ['doctor', '--json'], env)
    const checks = JSON.parse(stdout) as { check: string; status: string }[]
    expect(checks.map(({ check }) => check)).toEqual([
      'settings',
      'database',
      'write',
      'watch',
      'time zones',
      'server',
      'clock',
      'key',
      'spool',
    ])
    // How fast the disk is at the moment is not for a test to say.
    expect(checks.filter(({ check, status }) => check !== 'write' && status !== 'OK')).toEqual([])
    expect(status).toBe(0)
    const wrong = await lastgood(file, ['doctor'], { ...env, LASTGOOD_KEY: someKey })
    expect([wrong.status, wrong.stdout]).toEqual([1, expect.stringContaining('✖ key         The server does not know')])
    await stop(server)
    const gone = await lastgood(file, ['doctor'], env)
    expect([gone.status, gone.stdout]).toEqual([
      1,
      expect.stringMatching(/✖ server .* cannot be reached \(ECONNREFUSED\)/),
    ])
  })

  test('makes no database where there is none, and does not fail for that', async () => {
    using database = newDatabase()
    const { folder, file } = database
    const { status, stdout } = await lastgood(file, ['doctor'])
    expect([status, stdout]).toEqual([0, expect.stringContaining('does not exist: lastgood serve makes it')])
    expect(readdirSync(folder)).toEqual([])
  })

  test('tells wrong settings and a database of somebody else', async () => {
    using database = newDatabase()
    const { file } = database
    writeFileSync(file, 'No database.')
    const { status, stdout } = await lastgood(file, ['doctor'], { LASTGOOD_PORT: 'http', LASTGOOD_URL: 'backup' })
    expect(status).toBe(1)
    expect(stdout).toMatch(/^✖ settings .*LASTGOOD_PORT: must be a port/m)
    expect(stdout).toMatch(/^✖ database .* is not an SQLite database/m)
    expect(stdout).toMatch(/^✖ server .*LASTGOOD_URL must be an address/m)
  })
})
