import { AppError } from '../domain/app-error.ts'
import { days, type Instant } from '../domain/instant.ts'
import type { User } from '../domain/tree.ts'
import { findCodeStep } from './one-time-codes.ts'
import { isPassword } from './passwords.ts'
import type { Store } from './ports.ts'
import { hashSecret, mintToken } from './secrets.ts'

/** How long somebody stays signed in with a browser. */
export const sessionLifetimeMs = days(30)

/** Where somebody signs in from, as far as the request says. */
export type SignInPlace = { remoteAddress: string; userAgent: string }

/** A session as its browser gets it, once. */
export type SignedIn = { user: User; secret: string; expiresAt: Instant }

/** What came of it: a session, or that a one-time code is asked for as well. */
export type SignInOutcome = ({ outcome: 'signed-in' } & SignedIn) | { outcome: 'code-needed' }

const wrong = 'The username or the password is wrong.'

/**
 * Signs somebody in. Throws `unauthenticated`, the same for a username that there is not and for a wrong password, and for a
 * one-time code that is wrong or was used before.
 */
export async function signIn(
  store: Store,
  { username, password, code }: { username: string; password: string; code: string | undefined },
  place: SignInPlace,
  now: Instant,
): Promise<SignInOutcome> {
  const person = username.includes('\0') ? undefined : await store.findPerson(username)
  const isRight = await isPassword(password, person?.credentials.passwordHash ?? null)
  if (!person || !isRight) throw new AppError('unauthenticated', wrong)
  const { user, credentials } = person
  if (credentials.codeSecret !== null) {
    if (code === undefined) return { outcome: 'code-needed' }
    const step = findCodeStep(credentials.codeSecret, code, now)
    if (step === undefined || !(await store.useCodeStep(user.username, step))) {
      throw new AppError('unauthenticated', 'The code is wrong, or was used before: wait for the next one.')
    }
  }
  return { outcome: 'signed-in', ...(await beginSession(store, user, place, now)) }
}

/** Begins a session of somebody who has shown who it is. */
export async function beginSession(
  store: Store,
  user: User,
  { remoteAddress, userAgent }: SignInPlace,
  now: Instant,
): Promise<SignedIn> {
  const secret = `lgs_${mintToken()}`
  const expiresAt = now + sessionLifetimeMs
  await store.addSession(
    { hash: hashSecret(secret), username: user.username, expiresAt, remoteAddress, userAgent: userAgent.slice(0, 200) },
    now,
  )
  return { user, secret, expiresAt }
}
