import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lastgoodProgram, someKey, startProcess } from '../support/lastgood-process.ts'
import { addComputer, json, lastgood, newDatabase, reportRun, startServer } from '../support/lastgood-server.ts'
import { openReportReceiver } from '../support/report-receiver.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** The program of somebody who has no database, in a folder of its own. */
async function lastgoodWithoutDatabase(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  using folder = temporaryFolder()
  // Nor does anything of the tests' own reach it, such as where their runtime keeps compiled code.
  const isOurs = /^(?:LASTGOOD_|NODE_)/
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs.test(name)))
  const started = startProcess([lastgoodProgram, ...args], { cwd: folder.path, env: { ...clean, ...env } })
  started.child.stdin?.end()
  const { status, stdout, stderr } = await started.ended
  return { status, stdout: stdout.toString(), stderr, files: readdirSync(folder.path) }
}

const ofJson = { 'content-type': 'application/json' }

describe.concurrent('lastgood report of a server', () => {
  test('is that of its database, whoever may ask', async () => {
    using database = newDatabase()
    const { file, folder } = database
    await using server = await startServer(file)
    const key = await addComputer(file)
    await reportRun(server.url, key, { warnings: 2 })
    const own = await json<object[]>(file, 'report', 'acme', '0000')
    const asked = ['report', 'acme', '0000', '--url', server.url]
    const byKey = await lastgoodWithoutDatabase([...asked, '--json'], { LASTGOOD_KEY: key })
    expect(byKey).toMatchObject({ status: 0, stderr: '', files: [] })
    expect(JSON.parse(byKey.stdout)).toEqual(own.map(row => ({ ...row, report_date: expect.any(String) as string })))

    const scope = 'computers_read accounts_read'
    const client = await json(file, 'client', 'add', '--name', 'Technician', '--scope', scope)
    writeFileSync(join(folder, 'secret'), `${client['client_secret']}\n`)
    const credentials = {
      LASTGOOD_CLIENT_ID: client['client_id'],
      LASTGOOD_CLIENT_SECRET_FILE: join(folder, 'secret'),
      // The client goes before the key.
      LASTGOOD_KEY: someKey,
    }
    const byClient = await lastgoodWithoutDatabase(asked, credentials)
    expect(byClient).toMatchObject({ status: 0, stderr: '', files: [] })
    expect(byClient.stdout).toMatch(/^STATUS .*\n▲ WARNING +0000 File server +Documents /)
    const xml = await lastgoodWithoutDatabase([...asked.slice(0, 3), '--format', 'xml'], {
      ...credentials,
      LASTGOOD_URL: server.url,
    })
    expect(xml.stdout).toContain('<condition_type>WARNINGS</condition_type>')
    const whole = await lastgoodWithoutDatabase(['report', 'acme', '--url', server.url], credentials)
    expect(whole).toEqual(byClient)
  })

  test('is not asked for where there is a database', async () => {
    using database = newDatabase()
    const { file } = database
    await addComputer(file)
    const { status, stdout } = await lastgood(file, ['report', 'acme'], { LASTGOOD_URL: 'http://127.0.0.1:1' })
    expect([status, stdout]).toEqual([0, expect.stringContaining('No backup run has been reported yet.')])
    const both = await lastgood(file, ['report', 'acme', '--database', file, '--url', 'http://127.0.0.1:1'])
    expect([both.status, both.stderr]).toEqual([2, expect.stringContaining('cannot be used with')])
    expect(existsSync(file)).toBe(true)
  })

  test.each<[string, string[], NodeJS.ProcessEnv, RegExp]>([
    ['without credentials', ['0000'], {}, /set LASTGOOD_CLIENT_ID and LASTGOOD_CLIENT_SECRET, or LASTGOOD_KEY\.$/],
    ['without the secret', ['0000'], { LASTGOOD_CLIENT_ID: 'x' }, /belong together: set both\.$/],
    ['without a server', ['0000'], { LASTGOOD_KEY: someKey }, /127\.0\.0\.1:1 refused the connection: check/],
  ])('%s ends with 1 and what to do', async (_, args, env, reason) => {
    const { status, stdout, stderr } = await lastgoodWithoutDatabase(
      ['report', 'acme', ...args, '--url', 'http://127.0.0.1:1'],
      env,
    )
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr.trim()).toMatch(reason)
    expect(stderr).not.toContain('s3cret')
  })

  test.each<[number, Record<string, string>, string, RegExp]>([
    [
      401,
      ofJson,
      '{"error":"invalid_token","error_description":"The token is unknown."}',
      /does not know who asks: check LASTGOOD_KEY\.$/,
    ],
    [
      404,
      ofJson,
      '{"error":"not_found","error_description":"There is no\\ncomputer."}',
      /answered 404: There is no computer\.$/,
    ],
    [404, {}, '<html>', /answered 404 and no Lastgood: check the address\.$/],
    [200, {}, '<html>', /is no Lastgood server: check the address\.$/],
    [302, { location: 'https://login.example/' }, '', /points to https:\/\/login\.example\/: check the address\.$/],
  ])('a server that answers %i with %j and %s is told in one line', async (status, headers, body, reason) => {
    await using server = await openReportReceiver(response => response.writeHead(status, headers).end(body))
    const args = ['report', 'acme', '0000', '--url', server.url]
    const ended = await lastgoodWithoutDatabase(args, { LASTGOOD_KEY: someKey })
    expect(ended.status).toBe(1)
    expect(ended.stderr).toMatch(/^lastgood: http:\/\/127\.0\.0\.1:\d+ [^\n]+\n$/)
    expect(ended.stderr.trim()).toMatch(reason)
  })
})
