import type { IncomingMessage } from 'node:http'
import type { ServerSettings } from './context.ts'
import { buildCaller } from './public-url.ts'

/** What the path of a ping begins with. */
export const pingPrefix = '/ping/'

/** Whether this is the path of a ping. */
export function isPing(path: string): boolean {
  return path.startsWith(pingPrefix)
}

/** The URL that pings a set: on the host of pings where there is one, else below the URL of the server. */
export function toPingUrl(pingId: string, { serverUrl, pingHost }: { serverUrl: string; pingHost: string | null }) {
  if (pingHost === null) return `${serverUrl}${pingPrefix}${pingId}`
  return `${serverUrl.startsWith('http:') ? 'http' : 'https'}://${pingHost}/${pingId}`
}

/**
 * Builds what a request's URL is read as: on the host of pings as if every path had `/ping` in front, so that clients of
 * hc-ping.com change the name of the host and nothing else. Other hosts are as they are.
 */
export function buildPingHostUrl({
  pingHost,
  trustedProxies,
}: Pick<ServerSettings, 'pingHost' | 'trustedProxies'>): (request: IncomingMessage) => string {
  const callerOf = buildCaller(trustedProxies)
  return request => {
    const url = request.url ?? '/'
    if (pingHost === null || hostName(callerOf(request).host) !== pingHost) return url
    // A request may name its whole URL, as to a proxy (RFC 9112, 3.2.2).
    const path = url.startsWith('/') ? url : url.replace(/^[^:/?#]+:\/\/[^/?#]*/, '')
    return isPing(path) ? path : `/ping${path}`
  }
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
}
