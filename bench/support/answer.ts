import { once } from 'node:events'
import { type IncomingMessage, request as openRequest } from 'node:http'
import { text } from 'node:stream/consumers'

/** An answer as a server gave it, for another server to give again. */
export type Answer = { status: number; headers: Record<string, string>; body: string }

// Node writes these for every server.
const ownHeaders = new Set(['connection', 'keep-alive', 'date'])

/** Asks once, with no more headers than the load has. Throws unless the answer has the status `expected`. */
export async function ask(
  port: number,
  { method = 'GET', path, token, body }: { method?: string; path: string; token: string; body?: string },
  expected: number,
): Promise<Answer> {
  const headers = { authorization: `OAuth ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) }
  const request = openRequest({ host: '127.0.0.1', port, method, path, headers })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const answered = await text(response)
  const status = response.statusCode ?? 0
  if (status !== expected) throw new Error(`${method} ${path} was answered with ${status}: ${answered.slice(0, 500)}`)
  const kept = Object.entries(response.headers).filter(([name]) => !ownHeaders.has(name))
  return { status, headers: Object.fromEntries(kept) as Record<string, string>, body: answered }
}
