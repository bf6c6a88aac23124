import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { aReader } from '../../test/support/a-reader.ts'
import { listen, type TestServer } from '../../test/support/a-server.ts'

async function firstLink(
  server: TestServer,
  url: string,
  options: Parameters<TestServer['get']>[1],
): Promise<string | undefined> {
  const answer = await server.get(url, options)
  return answer.json<{ links: { href: string }[] }>().links[0]?.href
}

describe('200', () => {
  const path = '/v1/accounts/acme/computers/0000/reports/backup_status'

  test.each([
    ['begin with the public URL', 'https://backup.example.net', `https://backup.example.net${path}?page=1`],
    ['keep the path of the public URL', 'https://example.net/a/b', `https://example.net/a/b${path}?page=1`],
    ['begin as the request does when no public URL is set', null, `http://here.example:8480${path}?page=1`],
  ])('links %s', async (_, publicUrl, href) => {
    const { server, token } = await aReader({ publicUrl })
    expect(await firstLink(server, path, { token, headers: { host: 'here.example:8480' } })).toBe(href)
  })

  test('links keep what the caller asked, but for its page', async () => {
    const { server, token } = await aReader()
    const query = '?page=7&condition_status=FAILURE%7CWARNING&page_size=3&order_dir=DESC&page'
    const href = await firstLink(server, path + query, { token })
    expect(href).toBe(
      `https://backup.example.net${path}?condition_status=FAILURE%7CWARNING&page_size=3&order_dir=DESC&page=1`,
    )
  })

  const proxy = '192.0.2.7'
  test.each<[string, Record<string, string>, string]>([
    ['X-Forwarded-*', { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'out.example' }, 'https://out.example'],
    ['X-Forwarded-Proto alone', { 'x-forwarded-proto': 'https' }, 'https://in.example'],
    [
      'the nearest of several',
      { 'x-forwarded-proto': 'http, https', 'x-forwarded-host': 'a.example, b.example' },
      'https://b.example',
    ],
    ['Forwarded', { forwarded: 'for=198.51.100.1;proto=https;host=out.example' }, 'https://out.example'],
    ['Forwarded, quoted', { forwarded: 'for=_x;proto=https;host="out.example:8443"' }, 'https://out.example:8443'],
    ['the nearest Forwarded', { forwarded: 'host=a.example, host=b.example;proto=https' }, 'https://b.example'],
    [
      'Forwarded before X-Forwarded-*',
      { forwarded: 'host=a.example;proto=https', 'x-forwarded-host': 'b.example', 'x-forwarded-proto': 'http' },
      'https://a.example',
    ],
    ['upper case', { forwarded: 'Host=out.example;Proto=HTTPS' }, 'https://out.example'],
    ['a protocol that is none', { 'x-forwarded-proto': 'javascript' }, 'http://in.example'],
    ['a host that is none', { 'x-forwarded-host': 'out.example/"><script>' }, 'http://localhost'],
    ['a Forwarded that is not well-formed', { forwarded: 'host=;;="' }, 'http://in.example'],
  ])('a trusted proxy is believed: %s', async (_, forwarded, origin) => {
    const { server, token } = await aReader({ publicUrl: null, trustedProxies: ['192.0.2.0/24'] })
    const headers = { host: 'in.example', ...forwarded }
    expect(await firstLink(server, path, { token, headers, remoteAddress: proxy })).toBe(`${origin}${path}?page=1`)
  })

  test('anybody else is not believed', async () => {
    const { server, token } = await aReader({ publicUrl: null, trustedProxies: ['192.0.2.0/24'] })
    const headers = {
      host: 'in.example',
      forwarded: 'host=evil.example;proto=https',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
    }
    const href = await firstLink(server, path, { token, headers, remoteAddress: '198.51.100.9' })
    expect(href).toBe(`http://in.example${path}?page=1`)
  })

  test.each(['evil.example/path', 'a"b', 'a b', '<script>', 'user@host', 'host:port', '[::1'])(
    'a Host that is none, %j, is not repeated',
    async host => {
      const { server, token } = await aReader({ publicUrl: null })
      expect(await firstLink(server, path, { token, headers: { host } })).toBe(`http://localhost${path}?page=1`)
    },
  )

  test.each(['[2001:db8::1]:8480', '192.0.2.1', 'xn--bcher-kva.example:1'])('the Host may be %s', async host => {
    const { server, token } = await aReader({ publicUrl: null })
    expect(await firstLink(server, path, { token, headers: { host } })).toBe(`http://${host}${path}?page=1`)
  })

  test('a request that names its whole URL, as to a proxy, gets the same links', async () => {
    const { server, token } = await aReader()
    const { port } = await listen(server)
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const headers = `Host: in.example\r\nAuthorization: OAuth ${token}\r\nConnection: close`
    socket.write(`GET http://evil.example${path}?order_dir=ASC HTTP/1.1\r\n${headers}\r\n\r\n`)
    expect(await text(socket)).toContain(`"href":"https://backup.example.net${path}?order_dir=ASC&page=1"`)
  })
})
