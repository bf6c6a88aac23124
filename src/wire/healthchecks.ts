import type { CheckStanding, CheckStatus } from '../domain/check.ts'
import type { Expectation } from '../domain/expectation.ts'
import type { Instant } from '../domain/instant.ts'
import { formatUtc } from '../domain/local-time.ts'

/** The versions of the Management API: they differ in how a check that has started is shown. */
export const managementVersions = [1, 2, 3] as const
export type ManagementVersion = (typeof managementVersions)[number]

/** A check with the names and addresses under which it is shown. */
export type NamedCheck = CheckStanding & {
  name: string
  slug: string
  tags: readonly string[]
  description: string
  pings: number
  expectation: Expectation
  uniqueKey: string
  badgeUrl: string
  /** The address of the check in this API. */
  url: string
}

/**
 * A check as Healthchecks shows it to a read-only key, its members in that order (its manual, "Management API v3", "Get a
 * single check"; `Check.to_dict` of its source). Filters, which there are none of here, are off.
 */
export function toCheckMessage(check: NamedCheck, version: ManagementVersion) {
  const { lastEnded, nextDueAt } = check
  const duration = lastEnded ? wholeSeconds(lastEnded.updatedAt - lastEnded.startedAt) : 0
  return {
    name: check.name,
    slug: check.slug,
    tags: check.tags.join(' '),
    desc: check.description,
    grace: wholeSeconds(check.expectation.graceMs),
    n_pings: check.pings,
    status: shownStatus(check, version),
    started: check.isStarted,
    last_ping: lastEnded && formatUtc(lastEnded.updatedAt),
    next_ping: nextDueAt === null ? null : formatUtc(nextDueAt),
    ...noFilters,
    badge_url: check.badgeUrl,
    ...(duration > 0 && { last_duration: duration }),
    unique_key: check.uniqueKey,
    // Clients of the first version tell checks apart by the end of this, the Home Assistant integration among them.
    ...(version === 1 && { ping_url: check.url }),
    ...toScheduleMembers(check.expectation),
  }
}

/** In the first version a start hid every other status; here it does not hide that the check is down. */
function shownStatus({ status, isStarted }: CheckStanding, version: ManagementVersion): CheckStatus | 'started' {
  const isHidden = version === 1 && isStarted && status !== 'down' && status !== 'paused'
  return isHidden ? 'started' : status
}

const noFilters = {
  manual_resume: false,
  methods: '',
  subject: '',
  subject_fail: '',
  start_kw: '',
  success_kw: '',
  failure_kw: '',
  filter_subject: false,
  filter_body: false,
  filter_http_body: false,
  filter_default_fail: false,
}

function toScheduleMembers({ schedule, zone }: Expectation) {
  if (schedule.kind === 'manual') return {}
  if (schedule.kind === 'every') return { timeout: wholeSeconds(schedule.intervalMs) }
  return { schedule: schedule.text.slice(schedule.text.indexOf(' ') + 1), tz: schedule.zone ?? zone }
}

/** A ping as it is listed; `source` is null where a run stands for it that was reported in another way. */
export type ListedPing = {
  n: number
  at: Instant
  kind: string
  source: { scheme: string; remoteAddress: string; method: string; userAgent: string } | null
  rid: string | null
  durationMs: number | null
  tool: string | null
  bodyUrl: string | null
}

/** A ping as Healthchecks lists it (its manual, "Management API v3", "List check's logged pings"). */
export function toPingMessage({ kind, at, n, source, rid, durationMs, tool, bodyUrl }: ListedPing) {
  return {
    type: kind,
    date: formatUtc(at),
    n,
    scheme: source?.scheme ?? '',
    remote_addr: source?.remoteAddress ?? '',
    method: source?.method ?? '',
    ua: source?.userAgent ?? tool ?? '',
    rid,
    ...(durationMs !== null && { duration: durationMs / 1_000 }),
    body_url: bodyUrl,
  }
}

/** A flip as Healthchecks lists it (its manual, "Management API v3", "List check's status changes"). */
export function toFlipMessage({ at, isUp }: { at: Instant; isUp: boolean }) {
  return { timestamp: formatUtc(at), up: isUp ? 1 : 0 }
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1_000)
}
