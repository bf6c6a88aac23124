import {
  changeNotificationOptions as changeOptions,
  type NotificationOptions,
  type PartOf,
  usualNotificationOptions,
} from '../domain/notification.ts'
import type { Db } from './database.ts'

/** What notifications about a computer say, and how often: what was set, else what is usual. */
export async function readNotificationOptions(db: Db, computerKey: number): Promise<NotificationOptions> {
  const { notification_options } = await db
    .selectFrom('computers')
    .select('notification_options')
    .where('key', '=', computerKey)
    .executeTakeFirstOrThrow()
  // Only this file writes the column.
  return changeOptions(usualNotificationOptions, JSON.parse(notification_options) as PartOf<NotificationOptions>)
}

/** Changes what is given of the options of a computer. Throws `invalid`. */
export async function changeNotificationOptions(
  db: Db,
  computerKey: number,
  change: PartOf<NotificationOptions>,
): Promise<void> {
  const changed = changeOptions(await readNotificationOptions(db, computerKey), change)
  await db
    .updateTable('computers')
    .set({ notification_options: JSON.stringify(changed) })
    .where('key', '=', computerKey)
    .execute()
}
