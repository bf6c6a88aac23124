import { toPartnerNode } from '../../app/directory.ts'
import { changePartner } from '../../app/partners.ts'
import { Partner, PartnerChange, PartnerInfo, toPartner, toPartnerInfo } from '../../wire/partner.ts'
import { getCalledPartner } from '../called-node.ts'
import { bodyOf, defineOperation, message, nothing } from '../operation.ts'
import { linksBelow, partnerUrl } from '../resource-urls.ts'

/** A partner. */
export const getPartner = defineOperation({
  id: 'getPartner',
  method: 'GET',
  path: '/v1/partners/:username',
  scope: 'partners_read',
  tag: 'Partners',
  summary: 'One partner.',
  query: {},
  answer: message(Partner),
  async handle(call) {
    const partner = await getCalledPartner(call)
    const [usage = 0] = await call.facts.store.usageOf([toPartnerNode(partner)])
    return { value: toPartner(partner, usage, linksBelow(partnerUrl(call, partner.username), titles)) }
  },
})

/** What can be changed of a partner. */
export const getPartnerInfo = defineOperation({
  id: 'getPartnerInfo',
  method: 'GET',
  path: '/v1/partners/:username/info',
  scope: 'partners_read',
  tag: 'Partners',
  summary: 'What can be changed of a partner.',
  query: {},
  answer: message(PartnerInfo),
  handle: async call => ({ value: toPartnerInfo(await getCalledPartner(call)) }),
})

/** Changes a partner. */
export const changePartnerInfo = defineOperation({
  id: 'changePartnerInfo',
  method: 'PUT',
  path: '/v1/partners/:username/info',
  scope: 'partners_write',
  tag: 'Partners',
  summary: 'Change a partner. What is left out stays as it is; an empty text clears.',
  query: {},
  body: bodyOf(PartnerChange, 'The partner'),
  reads: getPartnerInfo,
  answer: nothing,
  async handle(call) {
    const { username } = await getCalledPartner(call)
    await changePartner(call.acting().store, username, call.body)
  },
})

const titles = ['info', 'signups', 'users', 'usage_history', 'reports', 'audit_log']
