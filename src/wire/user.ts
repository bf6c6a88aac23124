import { type Static, Type } from 'typebox'
import { type User as DomainUser, userRoles } from '../domain/tree.ts'
import { type SelfLink, SelfLink as SelfLinkSchema } from './links.ts'
import { Constant } from './schema.ts'

const members = {
  username: Type.String(),
  name: Type.String(),
  email: Type.String(),
  phone: Type.String(),
  role: Constant(userRoles),
}

/** A person who signs in to the dashboard. */
export const User = Type.Object(members, { title: 'User', xml: { name: 'user' } })
export type User = Static<typeof User>

/** One row of the people of a partner. */
export const UserRow = Type.Object({ ...members, link: SelfLinkSchema }, { title: 'UserRow', xml: { name: 'user' } })
export type UserRow = Static<typeof UserRow>

const given = {
  name: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String()),
}

/** A person to be added. */
export const NewUser = Type.Object(
  {
    username: Type.String({ description: 'Taken by no other person of the installation.' }),
    ...given,
    role: Constant(userRoles),
  },
  { title: 'NewUser', additionalProperties: false, xml: { name: 'user' } },
)

/** What of a person is changed; what is left out stays. */
export const UserChange = Type.Object(
  {
    username: Type.Optional(Type.String({ description: 'May be sent back; it cannot be changed.' })),
    ...given,
    role: Type.Optional(Constant(userRoles)),
  },
  { title: 'UserChange', additionalProperties: false, xml: { name: 'user' } },
)

/** A person, without what only the server knows. */
export function toUser({ username, name, email, phone, role }: DomainUser): User {
  return { username, name, email, phone, role }
}

/** The row of a person. */
export function toUserRow(user: DomainUser, link: SelfLink): UserRow {
  return { ...toUser(user), link }
}
