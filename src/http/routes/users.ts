import { addUser, changeUser, getUser } from '../../app/users.ts'
import { AppError } from '../../domain/app-error.ts'
import type { Partner, User as DomainUser } from '../../domain/tree.ts'
import { toSelfLink } from '../../wire/links.ts'
import { ordering } from '../../wire/parameters.ts'
import { NewUser, toUser, toUserRow, User, UserChange, UserRow } from '../../wire/user.ts'
import { getCalledPartner } from '../called-node.ts'
import { bodyOf, type Call, defineOperation, list, made, message, nothing } from '../operation.ts'
import { toRowWindow } from '../paging.ts'
import { partnerUrl } from '../resource-urls.ts'

const orders = { USERNAME: 'username', NAME: 'name', ROLE: 'role' } as const

/** The people of a partner. */
export const listUsers = defineOperation({
  id: 'listUsers',
  method: 'GET',
  path: '/v1/partners/:username/users',
  scope: 'partners_read',
  tag: 'Partners',
  summary: 'The people of a partner, who sign in to the dashboard.',
  query: ordering(['USERNAME', 'NAME', 'ROLE']),
  answer: list(UserRow),
  async handle(call) {
    const { order_by, order_dir } = call.query
    const partner = await getCalledPartner(call)
    const order = { column: orders[order_by], isDescending: order_dir === 'DESC' }
    const { users, count } = await call.facts.store.listUsers(partner.id, order, toRowWindow(call.paging))
    return { rows: users.map(user => toUserRow(user, toSelfLink(userUrl(call, partner, user)))), count }
  },
})

/** A new person. */
export const addUserOperation = defineOperation({
  id: 'addUser',
  method: 'POST',
  path: '/v1/partners/:username/users',
  scope: 'partners_write',
  tag: 'Partners',
  summary: 'Add a person to a partner.',
  query: {},
  body: bodyOf(NewUser, 'The user'),
  answer: made(User),
  async handle(call) {
    const partner = await getCalledPartner(call)
    const user = await addUser(call.acting().store, partner, call.body, call.now)
    return { value: toUser(user), location: userUrl(call, partner, user) }
  },
})

/** A person. */
export const getUserOperation = defineOperation({
  id: 'getUser',
  method: 'GET',
  path: '/v1/partners/:username/users/:user',
  scope: 'partners_read',
  tag: 'Partners',
  summary: 'One person of a partner.',
  query: {},
  answer: message(User),
  handle: async call => ({ value: toUser(await getCalledUser(call)) }),
})

/** Changes a person. */
export const changeUserOperation = defineOperation({
  id: 'changeUser',
  method: 'PUT',
  path: '/v1/partners/:username/users/:user',
  scope: 'partners_write',
  tag: 'Partners',
  summary: 'Change a person. What is left out stays as it is; an empty text clears.',
  query: {},
  body: bodyOf(UserChange, 'The user'),
  reads: getUserOperation,
  answer: nothing,
  async handle(call) {
    const user = await getCalledUser(call)
    const { username = user.username, ...change } = call.body
    if (username !== user.username) {
      throw new AppError('invalid', `username must be ${user.username} or be left out: it cannot be changed.`)
    }
    await changeUser(call.acting().store, user, change)
  },
})

/** Removes a person. */
export const removeUserOperation = defineOperation({
  id: 'removeUser',
  method: 'DELETE',
  path: '/v1/partners/:username/users/:user',
  scope: 'partners_write',
  tag: 'Partners',
  summary: 'Remove a person.',
  query: {},
  reads: getUserOperation,
  answer: nothing,
  async handle(call) {
    const { username } = await getCalledUser(call)
    await call.acting().store.removeUser(username)
  },
})

async function getCalledUser(
  call: Pick<Call, 'bearer' | 'facts'> & { params: { username: string; user: string } },
): Promise<DomainUser> {
  return getUser(call.facts.store, await getCalledPartner(call), call.params.user)
}

function userUrl(call: Pick<Call, 'publicUrl'>, partner: Partner, user: DomainUser): string {
  return `${partnerUrl(call, partner.username)}/users/${encodeURIComponent(user.username)}`
}
