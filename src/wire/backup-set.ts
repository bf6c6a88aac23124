import { type Static, Type } from 'typebox'
import { expectationBounds } from '../domain/expectation.ts'
import { days, minutes } from '../domain/instant.ts'
import type { BackupSet } from '../domain/tree.ts'
import { wirePlugins } from './constants.ts'
import { ResourceLink, SelfLink } from './links.ts'
import { Constant } from './schema.ts'

const wirePresences = { ignored: 'IGNORED', required: 'REQUIRED' } as const

/** The presence that a constant on the wire stands for. */
export const presencesByWire = { IGNORED: 'ignored', REQUIRED: 'required' } as const

const Plugin = Constant(Object.values(wirePlugins), { description: 'What it holds.' })
const Presence = Constant(Object.values(wirePresences), {
  description: 'Whether deadlines count only the time in which the computer was seen.',
})
const schedule = { description: 'When it is due: cron, calendar, every or manual, such as `cron 0 23 * * *`.' }
const zone = { description: 'Whose clock the schedule follows; empty: that of the computer.' }
const tool = { description: 'The backup tool that reads what its pings send; empty: whichever surely wrote it.' }
const rpo = { description: 'How old its last good backup may be; null, in XML empty: as old as it likes.' }
const notSeen = { description: 'After how many days a computer counts as not seen; null while that is ignored.' }

const boundsOf = (name: keyof typeof expectationBounds) => {
  const { least, most } = expectationBounds[name]
  return { minimum: least, maximum: most }
}
const NumberOrNull = (name: keyof typeof expectationBounds, options: { description: string }) =>
  Type.Unsafe<number | null>({ type: ['integer', 'null'], ...boundsOf(name), ...options })

const grace = { ...boundsOf('graceMinutes'), description: 'How late a run may start before it is missed.' }
const early = { ...boundsOf('earlyToleranceMinutes'), description: 'How early a run may start and still count.' }
const limit = { ...boundsOf('runLimitMinutes'), description: 'How long a run may take before it counts as ended.' }

const members = {
  name: Type.String(),
  plugin: Plugin,
  schedule: Type.String(schedule),
  time_zone: Type.String(zone),
  grace_minutes: Type.Integer(grace),
  run_limit_minutes: Type.Integer(limit),
  enabled: Type.Boolean({ description: 'Whether anything is expected of it.' }),
  early_tolerance_minutes: Type.Integer(early),
  rpo_minutes: NumberOrNull('rpoMinutes', rpo),
  presence: Presence,
  not_seen_days: NumberOrNull('notSeenDays', notSeen),
  tool: Type.String(tool),
}

/** A backup set and what is expected of it. */
export const BackupSetMessage = Type.Object(
  { ...members, links: Type.Array(ResourceLink) },
  { title: 'BackupSet', xml: { name: 'backupset' } },
)

/** A backup set as a row of a list. */
export const BackupSetRow = Type.Object(
  { ...members, link: SelfLink },
  { title: 'BackupSetRow', xml: { name: 'backupset' } },
)

/** When a set is due and how late, long and old its runs may be, as far as somebody says it. */
export const GivenTiming = {
  schedule: Type.Optional(Type.String(schedule)),
  time_zone: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], ...zone })),
  grace_minutes: Type.Optional(Type.Integer(grace)),
  early_tolerance_minutes: Type.Optional(Type.Integer(early)),
  run_limit_minutes: Type.Optional(Type.Integer(limit)),
  rpo_minutes: Type.Optional(NumberOrNull('rpoMinutes', rpo)),
}

export type GivenTiming = Static<ReturnType<typeof TimingObject>>
const TimingObject = () => Type.Object(GivenTiming)

const given = {
  plugin: Type.Optional(Plugin),
  ...GivenTiming,
  enabled: Type.Optional(members.enabled),
  presence: Type.Optional(Presence),
  not_seen_days: Type.Optional(members.not_seen_days),
  tool: Type.Optional(members.tool),
  links: Type.Optional(Type.Array(ResourceLink, { description: 'Not read: what was read may be sent back.' })),
}

/** What is said of a new set. */
export const NewBackupSet = Type.Object(
  { name: members.name, ...given },
  { title: 'NewBackupSet', additionalProperties: false, xml: { name: 'backupset' } },
)

/** What is to be changed of a set. */
export const BackupSetChange = Type.Object(
  { name: Type.Optional(members.name), ...given },
  { title: 'BackupSetChange', additionalProperties: false, xml: { name: 'backupset' } },
)

export type BackupSetChange = Static<typeof BackupSetChange>

/** A new ping URL of a set. */
export const NewPingUrl = Type.Object(
  { ping_url: Type.String({ description: 'The URL is the secret. It is shown only now.' }) },
  { title: 'NewPingUrl', xml: { name: 'new_ping_url' } },
)

/** The members of a set that representations and rows share. */
export function toSetMembers(set: BackupSet): Omit<Static<typeof BackupSetMessage>, 'links'> {
  const { grace_minutes, run_limit_minutes, early_tolerance_minutes, rpo_minutes } = toMinuteMembers(set)
  return {
    name: set.name,
    plugin: wirePlugins[set.plugin],
    schedule: set.schedule.text,
    time_zone: set.ownTimeZone ?? '',
    grace_minutes,
    run_limit_minutes,
    enabled: set.enabled,
    early_tolerance_minutes,
    rpo_minutes,
    presence: wirePresences[set.presence.kind],
    not_seen_days: toNotSeenDays(set),
    tool: set.tool ?? '',
  }
}

/** What is expected of a set in minutes. */
export function toMinuteMembers({
  graceMs,
  earlyToleranceMs,
  runLimitMs,
  rpoMs,
}: Pick<BackupSet, 'graceMs' | 'earlyToleranceMs' | 'runLimitMs' | 'rpoMs'>) {
  return {
    grace_minutes: graceMs / minutes(1),
    early_tolerance_minutes: earlyToleranceMs / minutes(1),
    run_limit_minutes: runLimitMs / minutes(1),
    rpo_minutes: rpoMs === null ? null : rpoMs / minutes(1),
  }
}

/** After how many days the computer of a set counts as not seen; null where its presence is ignored. */
export function toNotSeenDays({ presence }: Pick<BackupSet, 'presence'>): number | null {
  return presence.kind === 'required' ? presence.notSeenMs / days(1) : null
}
