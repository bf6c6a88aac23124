import { type Static, Type } from 'typebox'
import type { NotificationEmail as KnownEmail } from '../domain/notification.ts'
import { SelfLink } from './links.ts'
import { Count } from './schema.ts'

const members = {
  email: Type.String(),
  backup_completed: Type.Boolean(),
  backup_warning: Type.Boolean(),
  backup_failed: Type.Boolean(),
  backup_missed: Type.Boolean(),
  no_recent_backup: Type.Boolean(),
}

/** An address that is told of the backups of a computer (vendor's page "Notification Emails"). */
export const NotificationEmail = Type.Object(members, {
  title: 'NotificationEmail',
  xml: { name: 'notification_email' },
})

export type NotificationEmail = Static<typeof NotificationEmail>

/** An address in a list. */
export const NotificationEmailRow = Type.Object(
  { email_id: Count(), ...members, link: SelfLink },
  { title: 'NotificationEmailRow', xml: { name: 'notification_email' } },
)

/** A change of an address: what is left out stays as it is. */
export const NotificationEmailChange = Type.Partial(NotificationEmail, {
  title: 'NotificationEmailChange',
  additionalProperties: false,
  xml: { name: 'notification_email' },
})

/** What a new address is told to be; what is left out is as usual. */
export const NewNotificationEmail = Type.Object(
  { ...NotificationEmailChange.properties, email: Type.String() },
  { title: 'NewNotificationEmail', additionalProperties: false, xml: { name: 'notification_email' } },
)

/** The members of an address, as it is alone and, behind its number, in a list. */
export function toNotificationEmail(known: KnownEmail): NotificationEmail {
  return {
    email: known.email,
    backup_completed: known.backupCompleted,
    backup_warning: known.backupWarning,
    backup_failed: known.backupFailed,
    backup_missed: known.backupMissed,
    no_recent_backup: known.noRecentBackup,
  }
}

/** What somebody says of an address, as far as it is said. */
export function readNotificationEmail(said: Partial<NotificationEmail>): Partial<Omit<KnownEmail, 'id'>> {
  const { email, backup_completed, backup_warning, backup_failed, backup_missed, no_recent_backup } = said
  return {
    ...(email !== undefined && { email }),
    ...(backup_completed !== undefined && { backupCompleted: backup_completed }),
    ...(backup_warning !== undefined && { backupWarning: backup_warning }),
    ...(backup_failed !== undefined && { backupFailed: backup_failed }),
    ...(backup_missed !== undefined && { backupMissed: backup_missed }),
    ...(no_recent_backup !== undefined && { noRecentBackup: no_recent_backup }),
  }
}
