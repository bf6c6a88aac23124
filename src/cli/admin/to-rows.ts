import type { PlaceNames } from '../../app/places.ts'
import type { AuditEntry } from '../../app/ports.ts'
import { formatUtc } from '../../domain/local-time.ts'
import type { Account, ApiKey, BackupSet, Client, Computer, Partner, User } from '../../domain/tree.ts'
import { toMinuteMembers, toNotSeenDays } from '../../wire/backup-set.ts'
import { wireAccountStatuses, wireComputerStatuses, wirePlugins } from '../../wire/constants.ts'

/** What `--json` prints of a partner; `partner` is the one above it, `policy` what it set itself. */
export function toPartnerRow(partner: Partner, above: Partner | undefined) {
  const { username, name, company, email, phone, policy, createdAt } = partner
  return {
    username,
    name,
    company,
    email,
    phone,
    partner: above?.username ?? null,
    policy,
    created_at: formatUtc(createdAt),
  }
}

/** What `--json` prints of a person of a partner. */
export function toUserRow({ username, name, email, phone, role, createdAt }: User, partner: string) {
  return { username, name, email, phone, role, partner, created_at: formatUtc(createdAt) }
}

/** What `--json` prints of an account. */
export function toAccountRow(account: Account, partner: string) {
  const { username, name, company, email, phone, referenceCode, status, timeZone, acceptsNewSets } = account
  return {
    username,
    name,
    company,
    email,
    phone,
    reference_code: referenceCode,
    status: wireAccountStatuses[status],
    partner,
    time_zone: timeZone,
    accepts_new_sets: acceptsNewSets,
    run_days: account.runDays,
    log_days: account.logDays,
    created_at: formatUtc(account.createdAt),
  }
}

/** What `--json` prints of a computer; the time zone is its own, else its account's. */
export function toComputerRow(computer: Computer) {
  const { username, computerId, name, timeZone, status, email, phone, createdAt } = computer
  return {
    username,
    computer_id: computerId,
    name,
    time_zone: timeZone,
    status: wireComputerStatuses[status],
    email,
    phone,
    created_at: formatUtc(createdAt),
  }
}

/** What `--json` prints of a backup set: null where its computer, or nobody, has a say. */
export function toSetRow({ username, computerId }: Computer, set: BackupSet) {
  const { name, slug, plugin, tool, schedule, ownTimeZone, presence, enabled, createdAt } = set
  return {
    username,
    computer_id: computerId,
    name,
    slug,
    plugin: wirePlugins[plugin],
    tool,
    schedule: schedule.text,
    time_zone: ownTimeZone,
    ...toMinuteMembers(set),
    presence: presence.kind,
    not_seen_days: toNotSeenDays(set),
    enabled,
    created_at: formatUtc(createdAt),
  }
}

/** What `--json` prints of a change: what was different before and after, null where there was nothing. */
export function toAuditRow({ at, actor, action, subject, before, after }: AuditEntry) {
  return { at: formatUtc(at), actor, action, subject, before, after }
}

/** What `--json` prints of a client; it is bound to the last of partner, username and computer_id that is not null. */
export function toClientRow({ clientId, name, scopes, createdAt }: Client, place: PlaceNames) {
  return {
    client_id: clientId,
    name,
    scope: scopes.join(' '),
    partner: place.partner,
    username: place.username,
    computer_id: place.computerId,
    created_at: formatUtc(createdAt),
  }
}

/** What `--json` prints of an API key; it is bound to the last of partner, username and computer_id that is not null. */
export function toApiKeyRow({ id, name, createdAt }: ApiKey, { partner, username, computerId }: PlaceNames) {
  return { id, name, partner, username, computer_id: computerId, created_at: formatUtc(createdAt) }
}
