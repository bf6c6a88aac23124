import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { json, lastgood, newDatabase, startServer, stop } from '../support/lastgood-server.ts'
import { addPinged, run } from '../support/ping-programs.ts'

const hasCurl = canRun('curl')

function canRun(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const report = (file: string) => json<{ condition_status: string }[]>(file, 'report', 'acme', '0000')

describe.runIf(hasCurl)('curl', () => {
  test('pings by every way that crontabs have', async () => {
    using database = newDatabase()
    const { file, folder } = database
    await using server = await startServer(file)
    const { pingUrl, base, pingKey } = await addPinged(file, server.url)
    const upload = path.join(folder, 'log of the night.txt')
    writeFileSync(upload, 'uploaded\n')
    const usual = ['curl', '-fsS', '-m', '10', '--retry', '5']
    const ways: [string, string[]][] = [
      ['GET', [pingUrl]],
      ['HEAD', ['-I', pingUrl]],
      ['--data-raw', ['--data-raw', 'all=well&good', pingUrl]],
      ['--data-binary of stdin', ['--data-binary', '@-', `${pingUrl}/log`]],
      ['-T', ['-T', upload, `${pingUrl}/0`]],
      ['-T of stdin, in chunks', ['-T', '-', pingUrl]],
      ['-F', ['-F', `log=@${upload}`, pingUrl]],
      ['HTTP/1.0', ['--http1.0', pingUrl]],
      ['--compressed', ['--compressed', pingUrl]],
      ['an exit status', [`${pingUrl}/3`]],
      ['a slug', [`${base}/${pingKey}/documents/start`]],
      ['a new slug', [`${base}/${pingKey}/mail?create=1`]],
    ]
    for (const [way, options] of ways) {
      const { status, stdout, stderr } = await run([...usual, ...options], 'from stdin')
      const said = way === 'HEAD' ? '' : way === 'a new slug' ? 'Created' : 'OK'
      expect([way, status, stderr, way === 'HEAD' ? '' : stdout]).toEqual([way, 0, '', said])
    }
    expect((await report(file)).map(row => row.condition_status)).toEqual(['RUNNING', 'COMPLETED'])
    await stop(server)
  })

  test('is told of an unknown URL, whose secret is in no log', async () => {
    using database = newDatabase()
    const { file } = database
    await using server = await startServer(file)
    const { uuid, base, pingKey } = await addPinged(file, server.url)
    const wrong = uuid.replace(/^./, digit => (digit === '0' ? '1' : '0'))
    for (const url of [
      `${base}/${wrong}`,
      `${base}/${pingKey}/nobody`,
      `${server.url}/${uuid}`,
      `${server.url}/a/${pingKey}/b`,
    ])
      expect(await run(['curl', '-fsS', url])).toMatchObject({ status: 22, stdout: '' })
    await stop(server)
    const { stderr } = await server.ended
    expect(stderr.match(/"path":"[^"]*"/g)).toEqual([
      '"path":"/ping/…"',
      '"path":"/ping/…"',
      '"path":"/…"',
      '"path":"/a/…/b"',
    ])
    for (const secret of [wrong, uuid, pingKey]) expect(stderr).not.toContain(secret)
  })
})

describe('the command line', () => {
  test('prints ping URLs once, as the settings have them', async () => {
    using database = newDatabase()
    const { file } = database
    const { uuid } = await addPinged(file, 'http://127.0.0.1:8480')
    const update = ['set', 'update', 'acme', '0000', 'Documents', '--new-ping-url', '--json']
    const urlOf = async (env: NodeJS.ProcessEnv) => {
      const { stdout } = await lastgood(file, update, env)
      return (JSON.parse(stdout) as { ping_url: string }).ping_url.replace(/[0-9a-f-]{36}$/, 'UUID')
    }
    const publicUrl = { LASTGOOD_PUBLIC_URL: 'https://backup.example.net/a/' }
    expect(await urlOf({ LASTGOOD_HOST: '::', LASTGOOD_PORT: '99' })).toBe('http://127.0.0.1:99/ping/UUID')
    expect(await urlOf(publicUrl)).toBe('https://backup.example.net/a/ping/UUID')
    expect(await urlOf({ ...publicUrl, LASTGOOD_PING_HOST: 'ping.example.net' })).toBe('https://ping.example.net/UUID')
    const shown = await lastgood(file, ['set', 'show', 'acme', '0000', 'Documents'])
    expect(shown.stdout).not.toMatch(/[0-9a-f]{8}-/)
    expect(shown.stdout).not.toContain(uuid)
  })

  test('changes a ping URL, with the old one beside it for a while or not', async () => {
    using database = newDatabase()
    const { file } = database
    await using server = await startServer(file)
    const { pingUrl, base } = await addPinged(file, server.url)
    const status = async (url: string) => (await fetch(url)).status
    const renew = async (...options: string[]) => {
      const update = ['set', 'update', 'acme', '0000', 'Documents', '--new-ping-url', ...options]
      const { ping_url: url = '' } = await json(file, ...update)
      return `${base}/${url.slice(-36)}`
    }
    const second = await renew()
    expect([await status(pingUrl), await status(second)]).toEqual([200, 200])
    const third = await renew('--old-valid-hours', '0')
    expect([await status(pingUrl), await status(second), await status(third)]).toEqual([404, 404, 200])
    await stop(server)
  })

  test('changes a ping key', async () => {
    using database = newDatabase()
    const { file } = database
    await using server = await startServer(file)
    const { base, pingKey } = await addPinged(file, server.url)
    const { ping_key: renewed, agent_key: agentKey } = await json(
      file,
      'computer',
      'update',
      'acme',
      '0000',
      '--new-ping-key',
    )
    expect(agentKey).toBeUndefined()
    expect((await fetch(`${base}/${pingKey}/documents`)).status).toBe(404)
    expect((await fetch(`${base}/${renewed}/documents`)).status).toBe(200)
    await stop(server)
  })

  test('refuses a tool that there is not', async () => {
    using database = newDatabase()
    const { file } = database
    await addPinged(file, '')
    const { status, stderr } = await lastgood(file, ['set', 'update', 'acme', '0000', 'Documents', '--tool', 'tape'])
    expect([status, stderr]).toEqual([2, expect.stringContaining('restic') as string])
  })
})
