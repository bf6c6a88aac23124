import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { compile } from '@fastify/proxy-addr'
import type { FastifyRequest } from 'fastify'
import parseForwarded from 'forwarded-parse'
import { AppError } from '../domain/app-error.ts'
import type { ServerSettings } from './context.ts'

/** Tells the address at which a caller reaches the server, without a slash at the end. */
export type PublicUrl = (request: FastifyRequest) => string

/** Who sent a request, and how it was addressed, before any trusted proxy passed it on. */
export type Caller = { proto: string; host: string; address: string }

/**
 * Builds what links begin with: the public URL of the settings, else what the nearest trusted proxy says in `Forwarded`
 * (RFC 7239) or `X-Forwarded-Proto` and `X-Forwarded-Host`, else what the request itself says. Throws `invalid`, when it
 * is built, for proxies that are not addresses.
 */
export function buildPublicUrl({ publicUrl, trustedProxies }: ServerSettings): PublicUrl {
  if (publicUrl !== null) return () => publicUrl
  const callerOf = buildCaller(trustedProxies)
  return request => {
    const { proto, host } = callerOf(request.raw)
    return `${proto}://${isHost(host) ? host : 'localhost'}`
  }
}

/**
 * Builds what tells the caller of a request. Its address is the nearest that no trusted proxy has. Throws `invalid`, when
 * it is built, for proxies that are not addresses.
 */
export function buildCaller(trustedProxies: string[]): (request: IncomingMessage) => Caller {
  const isTrusted = compileTrust(trustedProxies)
  return request => {
    const { headers, socket } = request
    const peer = toAddress(socket.remoteAddress ?? '') ?? ''
    const own = { proto: 'encrypted' in socket ? 'https' : 'http', host: headers.host ?? '', address: peer }
    return isTrusted(peer) ? { ...own, ...forwarded(request), address: clientOf(request, peer, isTrusted) } : own
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

/** The addresses that proxies have added, the nearest last, as far back as they are those of trusted ones. */
function clientOf({ headers }: IncomingMessage, peer: string, isTrusted: (address: string) => boolean): string {
  const standard = headers.forwarded === undefined ? undefined : allForwarded(headers.forwarded)
  const entries = standard
    ? standard.map(element => element['for'] ?? '')
    : String(headers['x-forwarded-for'] ?? '').split(',')
  let client = peer
  for (const entry of entries.toReversed()) {
    const address = toAddress(entry)
    if (address === undefined || !isTrusted(client)) break
    client = address
  }
  return client
}

/** An address without brackets and port; one of IPv4 within IPv6 is the former. Undefined for anything else. */
function toAddress(entry: string): string | undefined {
  const text = entry.trim().replaceAll('"', '')
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
  const address = /^::ffff:([\d.]+)$/i.exec(bare)?.[1] ?? bare
  return isIP(address) === 0 ? undefined : address
}

function forwarded({ headers }: IncomingMessage): { proto?: string; host?: string } {
  const standard = headers.forwarded === undefined ? undefined : allForwarded(headers.forwarded)?.at(-1)
  const proto = standard?.['proto']?.toLowerCase() ?? lastOf(headers['x-forwarded-proto'])
  const host = standard?.['host'] ?? lastOf(headers['x-forwarded-host'])
  const isKnown = proto === 'http' || proto === 'https'
  return { ...(isKnown && { proto }), ...(host !== undefined && { host }) }
}

/** What each proxy says, the nearest last. A header that is not well-formed says nothing. */
function allForwarded(header: string): Record<string, string>[] | undefined {
  try {
    return parseForwarded(header)
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
