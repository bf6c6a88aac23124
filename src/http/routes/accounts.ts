import { addAccount, changeAccount } from '../../app/accounts.ts'
import { cancelAccount } from '../../app/cancel-account.ts'
import { toAccountNode } from '../../app/directory.ts'
import type { Account as DomainAccount, Partner } from '../../domain/tree.ts'
import {
  Account,
  AccountChange,
  AccountInfo,
  Cancellation,
  NewAccount,
  toAccount,
  toAccountInfo,
  toGivenAccount,
} from '../../wire/account.ts'
import { accountStatusesByWire } from '../../wire/constants.ts'
import { getCalledAccount } from '../called-node.ts'
import { bodyOf, type Call, defineOperation, elsewhere, made, message, nothing } from '../operation.ts'
import { accountUrl, linksBelow } from '../resource-urls.ts'

/** A new customer. */
export const addAccountOperation = defineOperation({
  id: 'addAccount',
  method: 'POST',
  path: '/v1/accounts',
  scope: 'accounts_write',
  tag: 'Accounts',
  summary: 'Make an account, of the caller’s own partner or of one below it.',
  query: {},
  body: bodyOf(NewAccount, 'The account'),
  answer: made(Account),
  async handle(call) {
    const { username, partner: _, ...given } = call.body
    const partner = await getPartnerToBe(call)
    const account = { ...toGivenAccount(given), username, partner: partner.username }
    const added = await addAccount(call.acting().store, account, call.now)
    return { value: await toMessage(call, added), location: accountUrl(call, added.username) }
  },
})

/** An account. */
export const getAccount = defineOperation({
  id: 'getAccount',
  method: 'GET',
  path: '/v1/accounts/:username',
  scope: 'accounts_read',
  tag: 'Accounts',
  summary: 'One account.',
  query: {},
  answer: message(Account),
  handle: async call => ({ value: await toMessage(call, await getCalledAccount(call)) }),
})

/** What can be changed of an account. */
export const getAccountInfo = defineOperation({
  id: 'getAccountInfo',
  method: 'GET',
  path: '/v1/accounts/:username/info',
  scope: 'accounts_read',
  tag: 'Accounts',
  summary: 'What can be changed of an account.',
  query: {},
  answer: message(AccountInfo),
  handle: async call => ({ value: toAccountInfo(await getCalledAccount(call)) }),
})

/** Changes an account. */
export const changeAccountInfo = defineOperation({
  id: 'changeAccountInfo',
  method: 'PUT',
  path: '/v1/accounts/:username/info',
  scope: 'accounts_write',
  tag: 'Accounts',
  summary: 'Change an account. What is left out stays as it is; an empty text clears.',
  query: {},
  body: bodyOf(AccountChange, 'The account'),
  reads: getAccountInfo,
  answer: nothing,
  async handle(call) {
    const { status, ...given } = call.body
    const { username } = await getCalledAccount(call)
    const change = { ...toGivenAccount(given), status: status && accountStatusesByWire[status] }
    await changeAccount(call.acting(), username, change, call.now)
  },
})

/** Cancels an account. */
export const cancelAccountOperation = defineOperation({
  id: 'cancelAccount',
  method: 'POST',
  path: '/v1/accounts/:username/cancellation',
  scope: 'accounts_write',
  tag: 'Accounts',
  summary: 'Cancel an account: nothing is expected of its backup sets any more.',
  description:
    'Its history stays, and what its computers report is recorded as before. Canceling again changes nothing.',
  query: {},
  body: { ...bodyOf(Cancellation, 'The cancellation'), isOptional: true },
  answer: elsewhere,
  async handle(call) {
    const { username } = await getCalledAccount(call)
    await cancelAccount(call.acting().store, username, call.body.reason_note ?? '')
    return { location: accountUrl(call, username) }
  },
})

/** The partner whose customer a new account is. Throws `not-found`, also for one outside of the caller's tree. */
function getPartnerToBe({
  body,
  bearer,
  facts,
}: Pick<Call, 'bearer' | 'facts'> & { body: NewAccount }): Promise<Partner> {
  const { directory, version } = facts
  if (body.partner !== undefined) return directory.getPartner(version, bearer, body.partner)
  return directory.getOwnPartner(version, bearer)
}

async function toMessage(call: Pick<Call, 'facts' | 'publicUrl'>, account: DomainAccount): Promise<Account> {
  const [usage = 0] = await call.facts.store.usageOf([toAccountNode(account)])
  return toAccount(account, usage, linksBelow(accountUrl(call, account.username), titles))
}

const titles = ['info', 'action_history', 'usage_history', 'computers', 'reports']
