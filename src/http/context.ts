import type { Directory } from '../app/directory.ts'
import type { Clock, FoundBearer, Store, Version } from '../app/ports.ts'
import type { Redact } from '../domain/redaction.ts'
import type { Scope } from '../domain/principal.ts'
import type { XmlArrayStyle } from '../wire/xml.ts'
import type { Format } from './formats.ts'

/** What the server is set up with. */
export type ServerSettings = {
  /** Where clients reach the server, without a slash at the end; null: as each request names it. */
  publicUrl: string | null
  /** Addresses and networks of the proxies whose `Forwarded` and `X-Forwarded-*` headers are believed. */
  trustedProxies: string[]
  xmlConditionTypes: XmlArrayStyle
  /** The host of which every path is that of a ping, in lower case; null: none. */
  pingHost: string | null
  /** How many requests a minute one client or key may make; 0: any. */
  rateLimit: number
  /** How many requests a minute without a known token one address may make; 0: any. */
  addressRateLimit: number
}

/** Where the files of the dashboard lie as they were built; null: there is no dashboard. */
export type DashboardFolder = string | null

/** What every route is handed. */
export type ServerContext = {
  store: Store
  directory: Directory
  clock: Clock
  settings: ServerSettings
  /** Takes the secrets out of what runs log, before it is stored. */
  redact: Redact
  dashboard: DashboardFolder
}

/** What a route says of itself beyond method and path. */
export type RouteConfig = {
  /** The scope that a token needs; `any`: a valid token will do; absent: open to everybody. */
  scope?: Scope | 'any'
  /** Whether it answers plain text, so that it suits whoever does not insist on something else. */
  answersText?: boolean
  /** Whether it answers a list, which can be CSV too. */
  answersLists?: boolean
  /** The statuses that say of a wrong secret, on a route that is open to everybody; absent: 401 and 404. */
  wrongSecret?: readonly number[]
  /** Whether it is answered however often it is asked for. */
  isUnlimited?: boolean
  /** Whether it is there only to refuse the methods that its path has not. */
  refusesMethod?: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig extends RouteConfig {}

  interface FastifyRequest {
    /** The format of the answer. */
    format: Format
    /** The version of the tree of administration when the request began. */
    treeVersion: Version
    /** Who is calling; only on routes that have a scope. */
    bearer: FoundBearer
  }
}
