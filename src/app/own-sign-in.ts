import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import { parsePassword } from '../domain/password.ts'
import { findCodeStep } from './one-time-codes.ts'
import { hashPassword, isPassword } from './passwords.ts'
import type { Store } from './ports.ts'

/** Somebody who is signed in, and the hash of the session. */
export type SignedInPerson = { username: string; session: string }

/**
 * Changes one's own password; every other session of the person ends. Throws `forbidden` when the present one is wrong,
 * `invalid` for the new one.
 */
export async function changeOwnPassword(
  store: Store,
  { username, session }: SignedInPerson,
  { password, newPassword }: { password: string; newPassword: string },
  now: Instant,
): Promise<void> {
  await assertPassword(store, username, password)
  const passwordHash = await hashPassword(parsePassword(newPassword, username))
  await store.setPassword({ username, passwordHash, keeping: session }, now)
}

/**
 * Asks for one-time codes of a secret from now on, once a code of it shows that an authenticator has it; every other session
 * of the person ends. Throws `forbidden` when the password is wrong, `invalid` for the code.
 */
export async function startOwnCodes(
  store: Store,
  { username, session }: SignedInPerson,
  { password, secret, code }: { password: string; secret: string; code: string },
  now: Instant,
): Promise<void> {
  await assertPassword(store, username, password)
  if (!/^[A-Z2-7]{32}$/.test(secret)) throw new AppError('invalid', 'secret must be the one that was shown.')
  const step = findCodeStep(secret, code, now)
  if (step === undefined) {
    throw new AppError('invalid', 'The code is not the one of now: check the clock of the device that shows it.')
  }
  await store.setCodeSecret({ username, codeSecret: secret, keeping: session }, now)
  await store.useCodeStep(username, step)
}

/** Asks for one-time codes no longer. Throws `forbidden` when the password is wrong. */
export async function endOwnCodes(
  store: Store,
  { username, session }: SignedInPerson,
  password: string,
  now: Instant,
): Promise<void> {
  await assertPassword(store, username, password)
  await store.setCodeSecret({ username, codeSecret: null, keeping: session }, now)
}

async function assertPassword(store: Store, username: string, password: string): Promise<void> {
  const person = await store.findPerson(username)
  if (await isPassword(password, person?.credentials.passwordHash ?? null)) return
  throw new AppError('forbidden', 'The password is wrong.')
}
