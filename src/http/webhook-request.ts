import type { FastifyRequest } from 'fastify'
import type { HookRequest } from '../webhooks/webhook.ts'
import { pathOf } from './public-url.ts'

/** What the path of a webhook begins with, unless it is a dialect's own. */
export const hooksPrefix = '/hooks/'

/** A request as a webhook reads it; its body is not read yet. */
export function toHookRequest(request: FastifyRequest): HookRequest {
  const url = pathOf(request)
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const headers = { ...toHeaders(request), 'content-type': contentTypeOf(request.raw.rawHeaders) }
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
  return { method: request.method, path, rest: '', query, headers, body: '' }
}

/** What a path below `/hooks/` names: the dialect, and what stands behind it. */
export function readHookPath(path: string): { dialect: string; behind: string } {
  const [dialect = '', ...others] = path.slice(hooksPrefix.length).split('/')
  return { dialect, behind: others.join('/') }
}

// The secret is in these paths, or next to it: nothing of them is shown but how they begin.
const secretPaths = [/^\/hooks\/[a-z-]{1,20}\//, /^\/hooks\//, /^\/api\/push\//, /^\/p\//, /^\/api\/[^/]+\/cron\//]

/** The path of a webhook without the secret in it; undefined for any other path. */
export function maskHookPath(path: string): string | undefined {
  const shown = secretPaths.map(pattern => pattern.exec(path)?.[0]).find(start => start !== undefined)
  return shown === undefined ? undefined : `${shown}…`
}

function toHeaders({ headers }: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

/** The type as it was sent: the framework has been told another, so that it reads no body. */
function contentTypeOf(rawHeaders: readonly string[]): string | undefined {
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type')
  return at < 0 ? undefined : rawHeaders[at + 1]
}
