import { compile } from '@fastify/proxy-addr'
import type { FastifyRequest } from 'fastify'
import parseForwarded from 'forwarded-parse'
import { AppError } from '../domain/app-error.ts'
import type { ServerSettings } from './context.ts'

/** Tells the address at which a caller reaches the server, without a slash at the end. */
export type PublicUrl = (request: FastifyRequest) => string

/**
 * Builds what links begin with: the public URL of the settings, else what the nearest trusted proxy says in `Forwarded`
 * (RFC 7239) or `X-Forwarded-Proto` and `X-Forwarded-Host`, else what the request itself says. Throws `invalid`, when it
 * is built, for proxies that are not addresses.
 */
export function buildPublicUrl({ publicUrl, trustedProxies }: ServerSettings): PublicUrl {
  if (publicUrl !== null) return () => publicUrl
  const isTrusted = compileTrust(trustedProxies)
  return request => {
    const own = { proto: request.protocol, host: request.headers.host ?? '' }
    const peer = request.socket.remoteAddress ?? ''
    const { proto, host } = isTrusted(peer) ? { ...own, ...forwarded(request) } : own
    return `${proto}://${isHost(host) ? host : 'localhost'}`
  }
}

/** The path and query of a request, also of one that names its whole URL, as to a proxy (RFC 9112, 3.2.2). */
export function pathOf({ url }: FastifyRequest): string {
  return url.startsWith('/') ? url : url.replace(/^[^:/?#]+:\/\/[^/?#]*/, '')
}

function compileTrust(proxies: string[]): (address: string) => boolean {
  if (proxies.length === 0) return () => false
  try {
    const trust = compile(proxies)
    return address => address !== '' && trust(address, 0)
  } catch (error) {
    throw new AppError('invalid', `The trusted proxies must be addresses or networks (${(error as Error).message}).`, {
      cause: error,
    })
  }
}

function forwarded(request: FastifyRequest): { proto?: string; host?: string } {
  const { headers } = request
  const standard = headers.forwarded === undefined ? undefined : lastForwarded(headers.forwarded)
  const proto = standard?.['proto']?.toLowerCase() ?? lastOf(headers['x-forwarded-proto'])
  const host = standard?.['host'] ?? lastOf(headers['x-forwarded-host'])
  const isKnown = proto === 'http' || proto === 'https'
  return { ...(isKnown && { proto }), ...(host !== undefined && { host }) }
}

/** The element of the nearest proxy. A header that is not well-formed says nothing. */
function lastForwarded(header: string): Record<string, string> | undefined {
  try {
    return parseForwarded(header).at(-1)
  } catch {
    // The parser's word that the header is malformed; there is nobody to tell but the proxy's owner.
    return undefined
  }
}

function lastOf(header: string | string[] | undefined): string | undefined {
  return header === undefined ? undefined : String(header).split(',').at(-1)?.trim().toLowerCase()
}

function isHost(host: string): boolean {
  return /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/.test(host)
}
