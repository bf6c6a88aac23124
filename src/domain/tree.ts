import type { Policy } from './condition.ts'
import type { Expectation } from './expectation.ts'
import type { Instant } from './instant.ts'
import type { Scope } from './principal.ts'
import type { Plugin } from './run.ts'
import type { TimeZone } from './time-zone.ts'

/** How to reach somebody; empty where it is not known. */
export type Contact = { email: string; phone: string }

/** Runs the installation or a part of it. Partners form a tree; `path` is the ids from the root to it, `/1/7/`. */
export type Partner = {
  id: number
  parentId: number | null
  path: string
  username: string
  name: string
  company: string
  /** What this partner set itself; what it leaves open comes from above. */
  policy: Policy
  createdAt: Instant
} & Contact

/** How an account stands. The sets of one that is canceled are expected to do nothing any more. */
export const accountStatuses = ['active', 'test', 'frozen', 'canceled'] as const
export type AccountStatus = (typeof accountStatuses)[number]

/** A customer of one partner, named by `username` in URLs. */
export type Account = {
  id: number
  partnerId: number
  partnerPath: string
  username: string
  name: string
  timeZone: TimeZone
  /** Whether the first report of an unknown backup set creates it. */
  acceptsNewSets: boolean
  company: string
  /** What the partner calls the account in its own books. */
  referenceCode: string
  status: AccountStatus
  /** How many days its runs and its logs are kept, 0 for ever; null: as long as the server says. */
  runDays: number | null
  logDays: number | null
  createdAt: Instant
} & Contact

/** A computer that is there, switched off, or deleted with its history kept. */
export const computerStatuses = ['active', 'disabled', 'deleted'] as const
export type ComputerStatus = (typeof computerStatuses)[number]

/** A machine of one account. `computerId` ("0000", "0001", …) is unique within the account, `key` everywhere. */
export type Computer = {
  key: number
  accountId: number
  username: string
  partnerPath: string
  computerId: string
  name: string
  /** Its own zone, else its account's. */
  timeZone: TimeZone
  ownTimeZone: TimeZone | null
  status: ComputerStatus
  acceptsNewSets: boolean
  /** Whether one of its sets requires its presence, so that it matters when it was seen. */
  isWatched: boolean
  /** How its account stands. */
  accountStatus: AccountStatus
  createdAt: Instant
} & Contact

/** A named selection of data on one computer. The name is unique within its computer. */
export type BackupSet = {
  id: number
  accountId: number
  computerKey: number
  name: string
  /** What ping URLs call it: made from its first name, kept when it is renamed, not unique. */
  slug: string
  plugin: Plugin
  /** The backup tool that reads the bodies of its pings; null: whichever surely wrote them. */
  tool: string | null
  /** Its own zone, else its computer's. */
  ownTimeZone: TimeZone | null
  enabled: boolean
  createdAt: Instant
} & Omit<Expectation, 'zone' | 'isEnabled'>

/** What is expected of a set: what it says itself, on the clock of its computer unless it has its own. */
export function toExpectation(
  set: BackupSet,
  computer: Pick<Computer, 'timeZone' | 'status' | 'accountStatus'>,
): Expectation {
  return {
    ...set,
    zone: set.ownTimeZone ?? computer.timeZone,
    isEnabled: isExpected(set.enabled, computer.status, computer.accountStatus),
  }
}

/** Whether anything is expected of a set: it, its computer and its account are there and in use. */
export function isExpected(enabled: boolean, computerStatus: ComputerStatus, accountStatus: AccountStatus): boolean {
  return enabled && computerStatus === 'active' && accountStatus !== 'canceled'
}

/** A key that reads the Healthchecks API, bound to one node of the tree. It is known to its owner alone. */
export type ApiKey = Pick<Client, 'id' | 'name' | 'partnerId' | 'accountId' | 'computerKey' | 'createdAt'>

/** A program that may ask for tokens, bound to one node of the tree. Its secret is known to it alone. */
export type Client = {
  id: number
  clientId: string
  name: string
  scopes: readonly Scope[]
  partnerId: number
  accountId: number | null
  computerKey: number | null
  createdAt: Instant
}

/** What a person may do in the dashboard. */
export const userRoles = ['ADMIN', 'TECH', 'FINANCE'] as const
export type UserRole = (typeof userRoles)[number]

/** A person of a partner. */
export type User = { username: string; partnerId: number; name: string; role: UserRole; createdAt: Instant } & Contact
