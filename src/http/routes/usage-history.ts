import { toAccountNode, toNode, toPartnerNode } from '../../app/directory.ts'
import { readUsageHistory } from '../../app/usage-history.ts'
import { AppError } from '../../domain/app-error.ts'
import type { Resolution } from '../../domain/period.ts'
import type { TreeNode } from '../../domain/principal.ts'
import type { TimeZone } from '../../domain/time-zone.ts'
import { constant, type Given, optionalNumber, ordering, text } from '../../wire/parameters.ts'
import { toUsage, Usage } from '../../wire/usage.ts'
import { getCalledAccount, getCalledComputer, getCalledPartner } from '../called-node.ts'
import { type Call, defineOperation, list, type Rows } from '../operation.ts'
import { toRowWindow } from '../paging.ts'

const sizes = { DAY: 30, WEEK: 26, MONTH: 12, CUSTOM: 30 } as const

const selectors = {
  start_date: text('The first day, such as 2026-03-05; left out: so long ago that there is one usual page.'),
  end_date: text('The last day; left out: today.'),
  resolution: constant('How long a period is: a week from Monday on, a month of the calendar, or `custom` days.', [
    'DAY',
    'WEEK',
    'MONTH',
    'CUSTOM',
  ]),
  custom: optionalNumber('How many days a period of the resolution CUSTOM has; left out: 1.', { least: 1, most: 60 }),
  ...ordering(['DATE']),
}

const described = {
  tag: 'Reports',
  description:
    'Each row is a period that has a day of the range and has begun: its first moment, and what the backups took up at its end, or now where it has not ended. That is the sum over all backup sets of the bytes of the newest good backup that had ended by then and of which they are known; of some backup tools these are the bytes that were new. A computer that is deleted counts until then.',
  query: selectors,
  answer: list(Usage, { most: 90, usual: { by: 'resolution', sizes } }),
} as const

/** What the backups of a computer took up over time. */
export const listUsageOfComputer = defineOperation({
  id: 'listUsageOfComputer',
  method: 'GET',
  path: '/v1/accounts/:username/computers/:computer_id/usage_history',
  scope: 'computers_read',
  summary: 'What the backups of a computer took up, day by day, on its clock.',
  ...described,
  async handle(call) {
    const computer = await getCalledComputer(call)
    return listUsage(call, toNode(computer), computer.timeZone)
  },
})

/** What the backups of an account took up over time. */
export const listUsageOfAccount = defineOperation({
  id: 'listUsageOfAccount',
  method: 'GET',
  path: '/v1/accounts/:username/usage_history',
  scope: 'accounts_read',
  summary: 'What the backups of an account took up, day by day, on its clock.',
  ...described,
  async handle(call) {
    const account = await getCalledAccount(call)
    return listUsage(call, toAccountNode(account), account.timeZone)
  },
})

/** What the backups below a partner took up over time. */
export const listUsageOfPartner = defineOperation({
  id: 'listUsageOfPartner',
  method: 'GET',
  path: '/v1/partners/:username/usage_history',
  scope: 'partners_read',
  summary: 'What the backups below a partner took up, day by day in UTC.',
  ...described,
  async handle(call) {
    return listUsage(call, toPartnerNode(await getCalledPartner(call)), 'UTC')
  },
})

async function listUsage(
  { facts, query, paging, now }: Pick<Call, 'facts' | 'paging' | 'now'> & { query: Given<typeof selectors> },
  node: TreeNode,
  zone: TimeZone,
): Promise<Rows<Usage>> {
  const { start_date: start, end_date: end, order_dir } = query
  const question = {
    node,
    zone,
    range: { start, end },
    resolution: toResolution(query),
    usual: sizes[query.resolution],
    isDescending: order_dir === 'DESC',
  }
  const { rows, count } = await readUsageHistory(facts.store, question, toRowWindow(paging), now)
  return { rows: rows.map(row => toUsage(row, zone)), count }
}

function toResolution({ resolution, custom }: Given<typeof selectors>): Resolution {
  if (resolution === 'CUSTOM') return { kind: 'custom', days: custom ?? 1 }
  if (custom === undefined) return { kind: kinds[resolution] }
  throw new AppError('invalid', `custom is for the resolution CUSTOM alone; leave it out, or send resolution=CUSTOM.`)
}

const kinds = { DAY: 'day', WEEK: 'week', MONTH: 'month' } as const
