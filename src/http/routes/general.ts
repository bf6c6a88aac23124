import { getNamedNode } from '../../app/named-node.ts'
import { toDateText } from '../../wire/backup-status.ts'
import { ServerTime } from '../../wire/server-time.ts'
import { fillPath } from '../fill-path.ts'
import { defineOperation, elsewhere, message } from '../operation.ts'

/** What the clock of the server shows. */
export const getServerTime = defineOperation({
  id: 'getServerTime',
  method: 'GET',
  path: '/v1/general/time',
  scope: 'any',
  tag: 'General',
  summary: 'What the clock of the server shows, in UTC.',
  query: {},
  answer: message(ServerTime),
  handle: ({ now }) => ({ value: { time: toDateText(now, null, 'UTC') } }),
})

const paths = { account: '/v1/accounts/:username', partner: '/v1/partners/:username' } as const

/** Whose a username is. */
export const findUsername = defineOperation({
  id: 'findUsername',
  method: 'GET',
  path: '/v1/general/username/:known_name',
  scope: 'any',
  tag: 'General',
  summary: 'The account or partner that has a username, in whatever letter case.',
  description: 'The name 0 stands for the own account of the caller, or where it is bound to a partner for that.',
  query: {},
  answer: elsewhere,
  async handle({ facts, bearer, params, publicUrl }) {
    const { kind, username } = await getNamedNode(facts.store, bearer, params.known_name)
    return { location: publicUrl() + fillPath(paths[kind], { username }) }
  },
})
