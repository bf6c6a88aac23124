import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { pingRows, type PingRow } from './ping-conformance-rows.ts'

/** Which server is checked, and by which of its pings. Slugs are checked where a ping key is given. */
export type PingServer = {
  /** What ping URLs begin with, such as `https://backup.example.net/ping`, without a slash at the end. */
  url: string
  /** The UUID of a check that may be pinged. */
  uuid: string
  pingKey?: string
  /** The slug of a check of that key that may be pinged. */
  slug?: string
  /** A slug that is not there yet and may be made. */
  newSlug?: string
  /** A slug that several checks share. */
  ambiguousSlug?: string
}

/** What came of one row of the protocol. `problems` are empty when the server keeps to it. */
export type PingResult = { name: string; request: string; expected: string; got: string; problems: string[] }

const timeoutMs = 30_000

/**
 * Checks a server row by row against the Healthchecks ping protocol. The check that it pings is left with a success.
 */
export async function checkPings(server: PingServer): Promise<PingResult[]> {
  const results: PingResult[] = []
  // One after the other: what a row expects may depend on the one before.
  for (const row of pingRows(server)) results.push(await checkRow(server, row))
  return results
}

type Answered = { status: number; body: string; headers: Headers }

async function checkRow(server: PingServer, row: PingRow): Promise<PingResult> {
  const { name, method = 'GET', path, status, body } = row
  const said = { name, request: `${method} ${path}`, expected: `${status} ${body}`.trim() }
  try {
    const answer = row.isHttp10 ? await askByHttp10(server, path) : await ask(server, row)
    const got = `${answer.status} ${answer.body.slice(0, 60)}`.trim()
    return { ...said, got, problems: problemsOf(row, answer) }
  } catch (error) {
    const { message, cause } = error as Error
    const got = cause instanceof Error ? `${message}: ${cause.message}` : message
    return { ...said, got, problems: ['no answer'] }
  }
}

async function ask({ url }: PingServer, { method = 'GET', path, sends, type }: PingRow): Promise<Answered> {
  const answer = await fetch(url + path, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    headers: type === undefined ? {} : { 'content-type': type },
    ...(sends !== undefined && { body: sends }),
  })
  return { status: answer.status, body: await answer.text(), headers: answer.headers }
}

/** Asks as programs do that know nothing of later versions: without keeping the connection. */
async function askByHttp10({ url }: PingServer, path: string): Promise<Answered> {
  const { protocol, hostname, port, host, pathname } = new URL(url + path)
  const isSecure = protocol === 'https:'
  const at = { host: hostname, port: Number(port) || (isSecure ? 443 : 80) }
  const socket = isSecure ? connectTls({ ...at, servername: hostname }) : connect(at)
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error('The server did not answer in time.')))
  socket.write(`GET ${pathname} HTTP/1.0\r\nHost: ${host}\r\n\r\n`)
  const answer = await text(socket)
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  return { status: Number(first.split(' ')[1]), body: rest.join('\r\n\r\n'), headers: new Headers(headers) }
}

function problemsOf({ status, body, method }: PingRow, answer: Answered): string[] {
  const header = (name: string) => answer.headers.get(name) ?? ''
  const isAccepted = status < 300
  const checks: [boolean, string][] = [
    [answer.status === status, `the status is ${answer.status}`],
    [answer.body === body, `the body is ${JSON.stringify(answer.body.slice(0, 60))}`],
    [!isAccepted || /^text\/plain\b/.test(header('content-type')), 'the type is not text/plain'],
    [!isAccepted || header('access-control-allow-origin') === '*', 'Access-Control-Allow-Origin is not *'],
    [!isAccepted || /no-cache|no-store/.test(header('cache-control')), 'Cache-Control allows to keep the answer'],
    [!isAccepted || /^\d*$/.test(header('ping-body-limit')), 'Ping-Body-Limit is not a number'],
    [isAccepted || header('ping-body-limit') === '', 'a refusal has a Ping-Body-Limit'],
    [
      !isAccepted || method === 'HEAD' || header('content-length') === String(body.length),
      `Content-Length is not ${body.length}`,
    ],
  ]
  return checks.flatMap(([holds, problem]) => (holds ? [] : [problem]))
}
