import { toAccountNode, toPartnerNode } from '../../app/directory.ts'
import { drawUpTriage } from '../../app/triage.ts'
import type { TreeNode } from '../../domain/principal.ts'
import { toTriage, Triage } from '../../wire/triage.ts'
import { getCalledAccount, getCalledPartner } from '../called-node.ts'
import { type Call, defineOperation, message } from '../operation.ts'

/** What needs a person, over all accounts of a partner. */
export const getTriageOfPartner = defineOperation({
  id: 'getTriageOfPartner',
  method: 'GET',
  path: '/v1/partners/:username/triage',
  scope: 'partners_read',
  tag: 'Reports',
  summary: 'What needs a person below a partner: failures and warnings by cause, and how many sets stand how.',
  query: {},
  answer: message(Triage),
  handle: async call => answer(call, toPartnerNode(await getCalledPartner(call))),
})

/** What needs a person in an account. */
export const getTriageOfAccount = defineOperation({
  id: 'getTriageOfAccount',
  method: 'GET',
  path: '/v1/accounts/:username/triage',
  scope: 'accounts_read',
  tag: 'Reports',
  summary: 'What needs a person in an account: failures and warnings by cause, and how many sets stand how.',
  query: {},
  answer: message(Triage),
  handle: async call => answer(call, toAccountNode(await getCalledAccount(call))),
})

async function answer({ facts, bearer, now }: Pick<Call, 'facts' | 'bearer' | 'now'>, node: TreeNode) {
  const triage = await drawUpTriage(facts, node, now)
  const { directory, version } = facts
  const usernames = new Set(triage.groups.flatMap(({ troubles }) => troubles.map(({ computer }) => computer.username)))
  const names = new Map<string, string>()
  for (const username of usernames) {
    names.set(username, (await directory.getAccount(version, bearer, username)).name)
  }
  const withName = <One extends { computer: { username: string } }>(one: One) => ({
    ...one,
    accountName: names.get(one.computer.username) ?? '',
  })
  const groups = triage.groups.map(group => {
    const [first, ...others] = group.troubles
    return { ...group, troubles: [withName(first), ...others.map(withName)] as const }
  })
  return { value: toTriage({ ...triage, groups }, now) }
}
