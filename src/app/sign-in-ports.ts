import type { Instant } from '../domain/instant.ts'
import type { User, UserRole } from '../domain/tree.ts'
import type { NewUser } from './partner-ports.ts'

/**
 * What a person signs in with. Without a password nobody signs in as the person. `codeSecret` is that of one-time codes, in
 * base32, null where none are asked for; `codeStep` the newest step of thirty seconds of which a code was used.
 */
export type Credentials = {
  passwordHash: string | null
  codeSecret: string | null
  codeStep: number | null
}

/** A browser that somebody has signed in with; `hash` is that of the secret of its cookie. */
export type NewSession = {
  hash: string
  username: string
  expiresAt: Instant
  remoteAddress: string
  userAgent: string
}

/** A session as its person sees it. */
export type Session = Omit<NewSession, 'username'> & { createdAt: Instant }

/**
 * A link that lets somebody choose a password, once. That of a person has a `username`; that of nobody yet makes a person of
 * the partner who may do what the role says.
 */
export type SignInLink = {
  hash: string
  partnerId: number
  username: string | null
  role: UserRole
  expiresAt: Instant
}

/** Another password; `keeping` is the session that goes on, null: none does. */
export type NewPassword = { username: string; passwordHash: string; keeping: string | null }

/** The secret of one-time codes that are asked for from now on; null: none are. `keeping` as above. */
export type NewCodeSecret = { username: string; codeSecret: string | null; keeping: string | null }

/** What somebody chose who took a link; `added` is null where the link is of a person already. */
export type ChosenPassword = { added: NewUser | null; passwordHash: string }

/** The changes of how people sign in: each ends every other session of the person, and what was found of it before. */
export interface SignInChanges {
  setPassword(change: NewPassword, now: Instant): Promise<void>
  setCodeSecret(change: NewCodeSecret, now: Instant): Promise<void>
  /**
   * Takes a link away and sets the password of its person, who is added with it where the link is of nobody yet. Throws
   * `not-found` when the link is gone, `conflict` for a username that is taken; then nothing is changed.
   */
  takeSignInLink(link: SignInLink, chosen: ChosenPassword, now: Instant): Promise<void>
  /** Ends one session. Nothing happens when there is none. */
  endSession(hash: string): Promise<void>
  /** Ends all sessions of a person but one. */
  endOtherSessions(username: string, keeping: string): Promise<void>
}

/** How people sign in. */
export interface SignInStore {
  /** A person by the username in whatever letter case. */
  findPerson(username: string): Promise<{ user: User; credentials: Credentials } | undefined>
  addSession(session: NewSession, now: Instant): Promise<void>
  /** The sessions of a person that have not ended, newest first. */
  listSessions(username: string, now: Instant): Promise<Session[]>
  /** Notes that a code of a step was used; answers false when one of it or of a later one was used before. */
  useCodeStep(username: string, step: number): Promise<boolean>
  /** Whether anybody has a password. */
  canAnybodySignIn(): Promise<boolean>
  /** Adds a link; it replaces every other for the same person or, without one, for the first. */
  addSignInLink(link: SignInLink, now: Instant): Promise<void>
  /** A link that has not ended. */
  findSignInLink(hash: string, now: Instant): Promise<SignInLink | undefined>
}
