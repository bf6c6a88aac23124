import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../domain/app-error.ts'
import type { PublicUrl } from './public-url.ts'

/** Reads, sets and ends the cookie that says with which session a browser has signed in. */
export type SessionCookie = {
  /** The secret of the session; undefined where there is none. */
  read(request: FastifyRequest): string | undefined
  /** Sets it for so many seconds. */
  set(reply: FastifyReply, secret: string, maxAgeSeconds: number): void
  clear(reply: FastifyReply): void
}

// No other host and no unencrypted page can set the one with the prefix (RFC 6265bis, 4.1.3.2); it takes HTTPS.
const secureName = '__Host-lastgood'
const plainName = 'lastgood'

/**
 * Builds what handles the cookie. It is for the server alone: no script reads it, and no other site sends it along. Reached
 * over HTTPS the browser sends it over nothing else.
 */
export function buildSessionCookie(publicUrl: PublicUrl): SessionCookie {
  const isSecure = (request: FastifyRequest) => publicUrl(request).startsWith('https:')
  const write = (reply: FastifyReply, value: string, maxAge: number) => {
    const secure = isSecure(reply.request)
    const name = secure ? secureName : plainName
    reply.header(
      'set-cookie',
      stringifySetCookie({ name, value, maxAge, path: '/', httpOnly: true, sameSite: 'strict', secure }),
    )
  }
  return {
    read(request) {
      const { cookie } = request.headers
      if (cookie === undefined) return undefined
      return parseCookie(cookie)[isSecure(request) ? secureName : plainName]
    },
    set: write,
    clear: reply => write(reply, '', 0),
  }
}

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses a change that a browser is made to send by a page that is not ours: another port of the same host counts as the same
 * site, so that it would send the cookie along. Throws `forbidden`.
 */
export function assertOwnPage({ method, headers }: FastifyRequest, publicUrl: string): void {
  if (readingMethods.has(method)) return
  const site = headers['sec-fetch-site']
  const isOurs = site === undefined ? isOwnOrigin(headers.origin, publicUrl) : site === 'same-origin'
  if (isOurs) return
  throw new AppError(
    'forbidden',
    'Changes are made with a cookie from the pages of this server alone; programs send a token. Behind a proxy, LASTGOOD_PUBLIC_URL must be the address in the browser.',
  )
}

function isOwnOrigin(origin: string | undefined, publicUrl: string): boolean {
  return origin !== undefined && URL.canParse(publicUrl) && origin === new URL(publicUrl).origin
}
