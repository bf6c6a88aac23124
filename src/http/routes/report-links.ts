import { type Reach, reaches } from '../../reports/report.ts'
import { toResourceLink } from '../../wire/links.ts'
import { ReportLinks } from '../../wire/report-links.ts'
import { getCalledAccount, getCalledComputer, getCalledPartner } from '../called-node.ts'
import { fillPath } from '../fill-path.ts'
import { type Call, defineOperation, message } from '../operation.ts'
import { reportNames } from '../report-operation.ts'

const described = { method: 'GET', tag: 'Reports', query: {}, answer: message(ReportLinks) } as const

/** Which reports there are over a computer. */
export const listReportsOfComputer = defineOperation({
  ...described,
  path: `${reaches.computer.path}/reports`,
  scope: reaches.computer.scope,
  id: 'getReports',
  summary: 'The reports that there are over a computer, as links.',
  async handle(call) {
    const { username, computerId } = await getCalledComputer(call)
    return { value: toReportLinks(call, 'computer', { username, computer_id: computerId }) }
  },
})

/** Which reports there are over all computers of an account. */
export const listReportsOfAccount = defineOperation({
  ...described,
  path: `${reaches.account.path}/reports`,
  scope: reaches.account.scope,
  id: 'getReportsOfAccount',
  summary: 'The reports that there are over all computers of an account, as links.',
  async handle(call) {
    const { username } = await getCalledAccount(call)
    return { value: toReportLinks(call, 'account', { username }) }
  },
})

/** Which reports there are over all accounts below a partner. */
export const listReportsOfPartner = defineOperation({
  ...described,
  path: `${reaches.partner.path}/reports`,
  scope: reaches.partner.scope,
  id: 'getReportsOfPartner',
  summary: 'The reports that there are over all accounts below a partner, as links.',
  async handle(call) {
    const { username } = await getCalledPartner(call)
    return { value: toReportLinks(call, 'partner', { username }) }
  },
})

function toReportLinks(
  { publicUrl }: Pick<Call, 'publicUrl'>,
  reach: Reach,
  names: Record<string, string>,
): ReportLinks {
  const base = `${publicUrl()}${fillPath(reaches[reach].path, names)}/reports`
  return { links: reportNames(reach).map(name => toResourceLink(name, `${base}/${name}`)) }
}
