import { AppError } from './app-error.ts'

/** What an address may be told of. */
export const notificationKinds = [
  'backupCompleted',
  'backupWarning',
  'backupFailed',
  'backupMissed',
  'noRecentBackup',
] as const
export type NotificationKind = (typeof notificationKinds)[number]

/** An address that is told of the backups of a computer. `id` is counted up from 1 within the computer, never given twice. */
export type NotificationEmail = { id: number; email: string } & Record<NotificationKind, boolean>

/** What a new address is told of unless somebody says otherwise: of everything that asks for somebody to look. */
export const usualKinds: Readonly<Record<NotificationKind, boolean>> = {
  backupCompleted: false,
  backupWarning: true,
  backupFailed: true,
  backupMissed: true,
  noRecentBackup: true,
}

/** The most addresses of one computer. */
export const mostNotificationEmails = 100

/** The units of a time between two notifications. */
export const timeFactors = ['HOUR', 'DAY', 'WEEK'] as const
export type TimeFactor = (typeof timeFactors)[number]

/** A time as people say it: so many hours, days or weeks. */
export type TimeSpan = { value: number; factor: TimeFactor }

/** The bounds of how many of them, both included. */
export const timeSpanBounds = { least: 1, most: 1_000 }

/** What notifications about a computer say, and how often. */
export type NotificationOptions = {
  backupFinished: { includeFailedFiles: boolean; includeNoFilesNotice: boolean; includeTotalUsage: boolean }
  /** Without a backup for longer than the first time it is told, and again each time that the second has passed. */
  noRecentBackup: { timeBetweenBackups: TimeSpan; timeBetweenNotifications: TimeSpan }
}

/** A part of something, at every depth. */
export type PartOf<Whole> = { [Name in keyof Whole]?: Whole[Name] extends object ? PartOf<Whole[Name]> : Whole[Name] }

/** What holds as long as nobody says otherwise: three days without a backup are told, and then every day. */
export const usualNotificationOptions: NotificationOptions = {
  backupFinished: { includeFailedFiles: true, includeNoFilesNotice: true, includeTotalUsage: false },
  noRecentBackup: {
    timeBetweenBackups: { value: 3, factor: 'DAY' },
    timeBetweenNotifications: { value: 1, factor: 'DAY' },
  },
}

/** The options with a part of them changed. Throws `invalid` for a time out of its bounds. */
export function changeNotificationOptions(
  { backupFinished, noRecentBackup }: NotificationOptions,
  change: PartOf<NotificationOptions>,
): NotificationOptions {
  const { timeBetweenBackups, timeBetweenNotifications } = change.noRecentBackup ?? {}
  return {
    backupFinished: { ...backupFinished, ...change.backupFinished },
    noRecentBackup: {
      timeBetweenBackups: changeTimeSpan(noRecentBackup.timeBetweenBackups, timeBetweenBackups),
      timeBetweenNotifications: changeTimeSpan(noRecentBackup.timeBetweenNotifications, timeBetweenNotifications),
    },
  }
}

function changeTimeSpan(span: TimeSpan, change: Partial<TimeSpan> = {}): TimeSpan {
  const changed = { ...span, ...change }
  const { least, most } = timeSpanBounds
  if (Number.isInteger(changed.value) && changed.value >= least && changed.value <= most) return changed
  throw new AppError('invalid', `The value of a time must be a whole number from ${least} to ${most}.`)
}
