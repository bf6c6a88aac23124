import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Directory, toAccountNode, toPartnerNode } from '../../app/directory.ts'
import type { Store, Version } from '../../app/ports.ts'
import { type Reach, type Report, sortRows, type Subject } from '../../reports/report.ts'
import type { List } from '../../wire/list.ts'
import type { Parameters, RawQuery } from '../../wire/parameters.ts'
import { buildAnswerCache } from '../answer-cache.ts'
import type { ServerContext } from '../context.ts'
import { toEntityTag } from '../entity-tag.ts'
import { compileList } from '../formats.ts'
import { compileListParts } from '../list-parts.ts'
import { cutPage, toListPage } from '../paging.ts'
import { buildPublicUrl, pathOf } from '../public-url.ts'
import { buildReportQueryReader, type ReportQuery } from '../query.ts'
import { offeredReports, type OfferedReport } from '../report-operation.ts'
import { linkHeader, sendParts, sendWritten } from '../send.ts'

/** The reports, each at the path of everything that it is offered over. */
export function addReportRoutes(app: FastifyInstance, context: ServerContext): void {
  for (const offered of offeredReports()) addReportRoute(app, context, offered)
}

type ReportRequest = FastifyRequest<{ Params: { username: string; computer_id: string }; Querystring: RawQuery }>

/** How many rows are written at once, and with a length and a tag; more of them go to the caller part by part. */
const mostAtOnce = 500

function addReportRoute(app: FastifyInstance, context: ServerContext, offered: OfferedReport): void {
  const { store, directory, clock, settings } = context
  const { report, scope } = offered
  const publicUrl = buildPublicUrl(settings)
  const write = compileList(report.row, settings.xmlConditionTypes)
  const writeParts = compileListParts(report.row, settings.xmlConditionTypes)
  const readReportQuery = buildReportQueryReader(offered)
  const findSubject = subjects[offered.reach]
  const cache = buildAnswerCache()

  // There is no body to unpack.
  const options = { config: { scope, answersLists: true }, decompress: false as const }
  app.get(offered.path, options, async (request: ReportRequest, reply) => {
    const { treeVersion: version, format } = request
    const { contentType } = format
    const subject = await findSubject(directory, request)
    const account = versionOf(subject, store)
    const now = clock()
    const stamp = {
      tree: version,
      account: typeof account === 'object' ? await account : account,
      second: Math.floor(now / 1_000),
    }
    const url = publicUrl(request) + pathOf(request)
    const key = `${contentType} ${url}`
    const kept = cache.find(key, stamp)
    if (kept !== undefined) return sendWritten(reply, kept)

    const query = readReportQuery(request.query)
    const facts = { store, directory, version, accountVersion: stamp.account }
    const isWanted = () => !reply.raw.destroyed
    const rows = await report.rows({ facts, subject, now, select: query.select, isWanted })
    if (!isWanted()) return reply.send()
    const list = toReportPage(report, rows, query, url)
    const head = { contentType, ...linkHeader(list, format) }
    if (list.list.length > mostAtOnce) return sendParts(reply, { ...head, parts: writeParts(list, format) })
    const text = write(list, format)
    const written = { ...head, text, tag: toEntityTag(text) }
    cache.keep(key, stamp, written)
    return sendWritten(reply, written)
  })
}

/** The rows of the page that a query asks for, in its order. */
function toReportPage<Row>(
  report: Report<Parameters, Row>,
  found: readonly Row[],
  query: ReportQuery,
  url: string,
): List<Row> {
  const rows = sortRows(report, found, query)
  const paging = { page: query.page, pageSize: query.pageSize ?? rows.length }
  return toListPage(cutPage(rows, paging), rows.length, paging, url)
}

type FindSubject = (directory: Directory, request: ReportRequest) => Promise<Subject>

/** What the path of a report names. Each throws `not-found`, also for what is outside of the caller's tree. */
const subjects: Record<Reach, FindSubject> = {
  computer: async (directory, { treeVersion, bearer, params: { username, computer_id } }) => {
    return { kind: 'computer', computer: await directory.getComputer(treeVersion, bearer, username, computer_id) }
  },
  account: async (directory, { treeVersion, bearer, params: { username } }) => {
    return { kind: 'below', node: toAccountNode(await directory.getAccount(treeVersion, bearer, username)) }
  },
  partner: async (directory, { treeVersion, bearer, params: { username } }) => {
    return { kind: 'below', node: toPartnerNode(await directory.getPartner(treeVersion, bearer, username)) }
  },
}

/** The version of the account that a report is about; undefined for one about many accounts, whose answers are not kept. */
function versionOf(subject: Subject, store: Store): Version | Promise<Version> | undefined {
  const accountId = subject.kind === 'computer' ? subject.computer.accountId : subject.node.accountId
  return accountId === null ? undefined : store.accountVersion(accountId)
}
