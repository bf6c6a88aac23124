import type { AccountStatus } from '../../domain/tree.ts'
import { accountStatusesByWire } from '../../wire/constants.ts'
import { toSelfLink } from '../../wire/links.ts'
import { constants, ordering } from '../../wire/parameters.ts'
import { Signup, signupTypes, toSignup } from '../../wire/signup.ts'
import { getCalledPartner } from '../called-node.ts'
import { defineOperation, list } from '../operation.ts'
import { toRowWindow } from '../paging.ts'
import { accountUrl, partnerUrl } from '../resource-urls.ts'
import { readSince, since } from '../since.ts'

const orders = { TYPE: 'type', USERNAME: 'username', NAME: 'name' } as const
const statuses = ['ACTIVE', 'TEST', 'FROZEN', 'CANCELED'] as const

/** What hangs below a partner. */
export const listSignups = defineOperation({
  id: 'listSignups',
  method: 'GET',
  path: '/v1/partners/:username/signups',
  scope: 'partners_read',
  tag: 'Partners',
  summary: 'The accounts and partners below a partner, at any depth.',
  query: {
    since: since('Who signed up then or later'),
    type: constants('What they are; left out: both.', signupTypes),
    status: constants('How they stand; a partner counts as ACTIVE. Left out: in whatever way.', statuses),
    ...ordering(['TYPE', 'USERNAME', 'NAME']),
  },
  answer: list(Signup, { most: 100, usual: 10 }),
  async handle(call) {
    const { order_by, order_dir, type, status } = call.query
    const { store } = call.facts
    const selection = {
      since: readSince(call.query.since),
      types: type && [...type].map(one => (one === 'ACCOUNT' ? ('account' as const) : ('partner' as const))),
      statuses: status && [...status].map((one): AccountStatus => accountStatusesByWire[one]),
    }
    const order = { column: orders[order_by], isDescending: order_dir === 'DESC' }
    const { path } = await getCalledPartner(call)
    const { signups, count } = await store.listSignups(path, selection, order, toRowWindow(call.paging))
    const usages = await store.usageOf(signups.map(({ node }) => node))
    const rows = signups.map((signup, index) => {
      const urlOf = signup.type === 'account' ? accountUrl : partnerUrl
      return toSignup(signup, usages[index] ?? 0, toSelfLink(urlOf(call, signup.username)))
    })
    return { rows, count }
  },
})
