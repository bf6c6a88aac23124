import { AppError } from '../domain/app-error.ts'
import { parseEmail } from '../domain/contact.ts'
import { type NotificationEmail, type NotificationKind, usualKinds } from '../domain/notification.ts'
import type { Computer } from '../domain/tree.ts'
import type { Store } from './ports.ts'

/** What somebody says of an address: what is left out stays as it is. */
export type GivenNotificationEmail = { email?: string } & Partial<Record<NotificationKind, boolean>>

type OfComputer = Pick<Computer, 'accountId' | 'key'>

/** An address that is told of a computer. Throws `not-found`. */
export async function getNotificationEmail(store: Store, computer: OfComputer, id: number): Promise<NotificationEmail> {
  const found = await store.findNotificationEmail(computer, id)
  if (found) return found
  throw noSuchNotificationEmail()
}

/** Why an address is not found. */
export function noSuchNotificationEmail(): AppError {
  return new AppError('not-found', 'There is no such notification address of this computer.')
}

/** Lets an address be told of a computer. Throws `invalid`, and `conflict` for one that is told already. */
export async function addNotificationEmail(
  store: Store,
  computer: OfComputer,
  { email, ...kinds }: GivenNotificationEmail & { email: string },
): Promise<NotificationEmail> {
  return store.addNotificationEmail(computer, { ...usualKinds, ...kinds, email: parseAddress(email) })
}

/** Changes what is given of an address. Throws `invalid`, `conflict` and `not-found`. */
export async function changeNotificationEmail(
  store: Store,
  computer: OfComputer,
  id: number,
  { email, ...kinds }: GivenNotificationEmail,
): Promise<void> {
  const change = { ...kinds, ...(email !== undefined && { email: parseAddress(email) }) }
  if (Object.keys(change).length > 0) await store.changeNotificationEmail(computer, id, change)
}

function parseAddress(text: string): string {
  const email = parseEmail(text, 'email')
  if (email !== '') return email
  throw new AppError('invalid', 'email must not be empty.')
}
