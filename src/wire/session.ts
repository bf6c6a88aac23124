import { type Static, Type } from 'typebox'
import type { User } from '../domain/tree.ts'
import { userRoles } from '../domain/tree.ts'
import { Constant, DateText } from './schema.ts'

const text = (most: number) => Type.String({ maxLength: most })
const strict = { additionalProperties: false }

/** Who has signed in, and what the server is. */
export const SignedInPerson = Type.Object({
  username: Type.String(),
  name: Type.String(),
  role: Constant(userRoles),
  /** The partner whose tree is seen. */
  partner: Type.String(),
  partner_name: Type.String(),
  /** Whether one-time codes are asked for. */
  has_codes: Type.Boolean(),
  session_ends: DateText(),
  version: Type.String(),
})
export type SignedInPerson = Static<typeof SignedInPerson>

/** A browser that one has signed in with. */
export const SessionRow = Type.Object({
  signed_in: DateText(),
  ends: DateText(),
  remote_address: Type.String(),
  user_agent: Type.String(),
  is_this: Type.Boolean(),
})
export type SessionRow = Static<typeof SessionRow>

/** What somebody signs in with; the code is the one of now, where one-time codes are asked for. */
export const SignInRequest = Type.Object(
  { username: text(200), password: text(1_000), code: Type.Optional(text(20)) },
  strict,
)

/** A link that is taken: its secret, the password that is chosen and, of the first person, who it is. */
export const TakenLink = Type.Object(
  { secret: text(200), password: text(1_000), username: Type.Optional(text(200)), name: Type.Optional(text(1_000)) },
  strict,
)

/** A link that is asked about. */
export const AskedLink = Type.Object({ secret: text(200) }, strict)

/** Whom a link is for; without a username one is to be chosen. */
export const LinkPerson = Type.Object({
  username: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  role: Constant(userRoles),
})

export const PasswordChange = Type.Object({ password: text(1_000), new_password: text(1_000) }, strict)

/** A secret of one-time codes that may be used, and the same for authenticators. */
export type CodeSecret = { secret: string; url: string }

export const CodesStart = Type.Object({ password: text(1_000), secret: text(100), code: text(20) }, strict)
export const CodesEnd = Type.Object({ password: text(1_000) }, strict)

/** Who has signed in, for the pages. */
export function toSignedInPerson(
  { username, name, role }: User,
  about: Omit<SignedInPerson, 'username' | 'name' | 'role'>,
): SignedInPerson {
  return { username, name, role, ...about }
}
