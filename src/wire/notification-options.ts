import { type Static, type TProperties, Type } from 'typebox'
import {
  type NotificationOptions as KnownOptions,
  type PartOf,
  timeFactors,
  timeSpanBounds,
  type TimeSpan,
} from '../domain/notification.ts'
import { buildCheck } from './check.ts'
import { Constant } from './schema.ts'
import { compileUpperCase } from './upper-case.ts'

const { least: minimum, most: maximum } = timeSpanBounds
const span = { value: Type.Integer({ minimum, maximum }), factor: Constant(timeFactors) }
const finished = {
  include_failed_files: Type.Boolean(),
  include_no_files_notice: Type.Boolean(),
  include_total_usage: Type.Boolean(),
}

const strict = { additionalProperties: false }

/** Some of some members, and no others. */
const partOf = <Members extends TProperties>(members: Members) => Type.Partial(Type.Object(members), strict)

/** What notifications about a computer say, and how often (vendor's page "Notification Options"). */
export const NotificationOptions = Type.Object(
  {
    backup_finished: Type.Object(finished),
    no_recent_backup: Type.Object({
      time_between_backups: Type.Object(span),
      time_between_notifications: Type.Object(span),
    }),
  },
  { title: 'NotificationOptions', xml: { name: 'notification_options' } },
)

export type NotificationOptions = Static<typeof NotificationOptions>

/** A change of the options: what is left out, at every depth, stays as it is. */
export const NotificationOptionsChange = Type.Partial(
  Type.Object({
    backup_finished: partOf(finished),
    no_recent_backup: partOf({ time_between_backups: partOf(span), time_between_notifications: partOf(span) }),
  }),
  { ...strict, title: 'NotificationOptionsChange', xml: { name: 'notification_options' } },
)

/** The options as a message. */
export function toNotificationOptions({ backupFinished, noRecentBackup }: KnownOptions): NotificationOptions {
  return {
    backup_finished: {
      include_failed_files: backupFinished.includeFailedFiles,
      include_no_files_notice: backupFinished.includeNoFilesNotice,
      include_total_usage: backupFinished.includeTotalUsage,
    },
    no_recent_backup: {
      time_between_backups: { ...noRecentBackup.timeBetweenBackups },
      time_between_notifications: { ...noRecentBackup.timeBetweenNotifications },
    },
  }
}

const [check, toUpperCase] = [
  buildCheck(NotificationOptionsChange, 'The options'),
  compileUpperCase(NotificationOptionsChange),
]

/** Reads a change of the options; factors in any letter case. Throws `invalid`, naming the member. */
export function readNotificationOptions(value: unknown): PartOf<KnownOptions> {
  const { backup_finished, no_recent_backup } = check(toUpperCase(value))
  const { include_failed_files, include_no_files_notice, include_total_usage } = backup_finished ?? {}
  const { time_between_backups, time_between_notifications } = no_recent_backup ?? {}
  return {
    backupFinished: {
      ...(include_failed_files !== undefined && { includeFailedFiles: include_failed_files }),
      ...(include_no_files_notice !== undefined && { includeNoFilesNotice: include_no_files_notice }),
      ...(include_total_usage !== undefined && { includeTotalUsage: include_total_usage }),
    },
    noRecentBackup: {
      ...(time_between_backups && { timeBetweenBackups: toSpan(time_between_backups) }),
      ...(time_between_notifications && { timeBetweenNotifications: toSpan(time_between_notifications) }),
    },
  }
}

function toSpan({ value, factor }: { value?: number; factor?: TimeSpan['factor'] }): Partial<TimeSpan> {
  return { ...(value !== undefined && { value }), ...(factor !== undefined && { factor }) }
}
