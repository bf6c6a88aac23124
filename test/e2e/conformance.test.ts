import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { PingResult } from '../../scripts/ping-conformance.ts'
import { json, startServer, stop } from '../support/lastgood-server.ts'
import { addPinged, run } from '../support/ping-programs.ts'
import { makeTestDatabase } from '../support/stores.ts'

const report = (file: string) => json<{ condition_status: string }[]>(file, 'report', 'acme', '0000')

describe('npm run conformance', () => {
  const conformance = (...options: string[]) => run(['npm', 'run', '--silent', 'conformance', '--', ...options])

  test('finds nothing wrong with our server, whose check is left with a success', async () => {
    const { url: file, remove } = await makeTestDatabase()
    onTestFinished(remove)
    await using server = await startServer(file)
    const { base, uuid, pingKey } = await addPinged(file, server.url)
    for (const name of ['Mail', 'MAIL']) await json(file, 'set', 'add', 'acme', '0000', name)
    const slugs = ['--ping-key', pingKey, '--slug', 'documents', '--new-slug', 'new', '--ambiguous-slug', 'mail']
    const { status, stdout, stderr } = await conformance('--url', base, '--uuid', uuid, ...slugs, '--json')
    expect([status, stderr]).toEqual([0, ''])
    const results = JSON.parse(stdout) as PingResult[]
    expect(results.filter(({ problems }) => problems.length > 0)).toEqual([])
    expect(results).toHaveLength(55)
    expect((await report(file)).map(row => row.condition_status)).toEqual(['COMPLETED', 'COMPLETED'])
    const table = await conformance('--url', `${base}/`, '--uuid', uuid)
    expect([table.status, table.stdout]).toEqual([0, expect.stringContaining('30 of 30 rows pass.') as string])
    await stop(server)
  })

  test('finds what is wrong with a server that answers anything with 204', async () => {
    const server = createServer(socket => {
      socket.on('error', () => socket.destroy())
      socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n'))
    })
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const { port } = server.address() as AddressInfo
    const { status, stdout } = await conformance('--url', `http://127.0.0.1:${port}/ping`, '--uuid', 'x')
    server.close()
    expect(status).toBe(1)
    expect(stdout).toContain('FAIL  a UUID: success')
    expect(stdout).toContain('the status is 204')
  })

  test('says how it is used', async () => {
    for (const options of [
      [],
      ['--url', 'x', '--uuid', 'y'],
      ['--url', 'http://a', '--uuid', 'y', '--slug', 'z'],
      ['-x'],
    ]) {
      const { status, stdout, stderr } = await conformance(...options)
      expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining('Usage: npm run conformance') as string])
    }
  })
})
