import { AppError } from './app-error.ts'
import {
  type ConditionRule,
  type ConditionStatus,
  type ConditionType,
  defaultPolicy,
  toCondition,
} from './condition.ts'
import { days, hours, type Instant, minutes, seconds } from './instant.ts'
import { tellTime } from './explain-words.ts'
import type { TimeZone } from './time-zone.ts'

/** The ways to tell people and programs of something. */
export const channelKinds = ['webhook'] as const
export type ChannelKind = (typeof channelKinds)[number]

/** Somewhere that changes of conditions are told: of one account, or of all below a partner. */
export type Channel = {
  id: number
  name: string
  kind: ChannelKind
  /** May itself be a secret. */
  url: string
  partnerId: number
  /** Null: every account below the partner. */
  accountId: number | null
  createdAt: Instant
}

/** How a channel fares: when something last arrived, what last went wrong, what waits, and what was given up. */
export type ChannelHealth = {
  deliveredAt: Instant | null
  failedAt: Instant | null
  failure: string | null
  waiting: number
  givenUp: number
}

/** A change of a condition, as it is told. */
export type ChangeMessage = {
  username: string
  computerId: string
  computerName: string
  backupsetName: string
  zone: TimeZone
  status: ConditionStatus
  rules: readonly ConditionRule[]
  /** The last status that was not RUNNING; null where there was none. */
  previousStatus: ConditionStatus | null
  /** Since when it holds, and when it was found. */
  at: Instant
  foundAt: Instant
}

/** The condition types of a change. */
export function typesOf({ rules }: Pick<ChangeMessage, 'rules'>): ConditionType[] {
  return toCondition([...rules], defaultPolicy).types
}

/** A change in one sentence. */
export function tellChange(message: ChangeMessage): string {
  const { username, computerId, computerName, backupsetName, status, previousStatus, at, zone } = message
  const before = previousStatus === null ? '' : `; it was ${previousStatus}`
  const types = typesOf(message).filter(type => type !== status)
  const why = types.length === 0 ? '' : ` (${types.join(', ')})`
  return `${backupsetName} on ${computerName} (${username} ${computerId}) is ${status}${why} since ${tellTime(at, zone)}${before}.`
}

const pauses = [seconds(10), seconds(30), minutes(1), minutes(5), minutes(15), minutes(30)]
const longestTryMs = days(3)

/** When what could not be delivered is tried again after so many attempts; undefined once it is three days old. */
export function nextAttempt(createdAt: Instant, attempts: number, now: Instant): Instant | undefined {
  if (now - createdAt >= longestTryMs) return undefined
  return now + (pauses[attempts - 1] ?? hours(1))
}

const longestUrl = 2_000

/** Reads the address of a channel. Throws `invalid`. */
export function parseChannelUrl(text: string): string {
  const url = text.length <= longestUrl ? URL.parse(text) : null
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url.href
  throw new AppError(
    'invalid',
    `The address of a channel must be one such as https://chat.example.net/hooks/backup, without a user in it and of at most ${longestUrl} characters.`,
  )
}
