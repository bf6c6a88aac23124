import type { FastifyInstance, FastifyRequest } from 'fastify'
import { reports } from '../../reports/index.ts'
import type { Report } from '../../reports/report.ts'
import type { List } from '../../wire/list.ts'
import type { RawQuery } from '../../wire/parameters.ts'
import { buildAnswerCache } from '../answer-cache.ts'
import type { ServerContext } from '../context.ts'
import { toEntityTag } from '../entity-tag.ts'
import { compileList } from '../formats.ts'
import { toListPage } from '../paging.ts'
import { buildPublicUrl, pathOf } from '../public-url.ts'
import { buildReportQueryReader } from '../query.ts'
import { asReport } from '../report-operation.ts'
import { sendWritten } from '../send.ts'

/** The reports, each at its own path. */
export function addReportRoutes(app: FastifyInstance, context: ServerContext): void {
  for (const report of reports) addReportRoute(app, context, asReport(report))
}

type ReportRequest = FastifyRequest<{ Params: { username: string; computer_id: string }; Querystring: RawQuery }>

function addReportRoute(app: FastifyInstance, context: ServerContext, report: Report): void {
  const { store, directory, clock, settings } = context
  const publicUrl = buildPublicUrl(settings)
  const write = compileList(report.row, settings.xmlConditionTypes)
  const readReportQuery = buildReportQueryReader(report)
  const cache = buildAnswerCache()

  // There is no body to unpack.
  const options = { config: { scope: report.scope, answersLists: true }, decompress: false as const }
  app.get(report.path, options, async (request: ReportRequest, reply) => {
    const { username, computer_id } = request.params
    const { treeVersion, format, bearer } = request
    const computer = await directory.getComputer(treeVersion, bearer, username, computer_id)
    const account = store.accountVersion(computer.accountId)
    const now = clock()
    const stamp = {
      tree: treeVersion,
      account: typeof account === 'number' ? account : await account,
      second: Math.floor(now / 1_000),
    }
    const url = publicUrl(request) + pathOf(request)
    const key = `${format.contentType} ${url}`
    const kept = cache.find(key, stamp)
    if (kept !== undefined) return sendWritten(reply, kept)

    const query = readReportQuery(request.query)
    const facts = { store, directory, version: treeVersion }
    const rows = await report.rows({ facts, computer, now, select: query.select })
    const order = report.orders[query.orderBy]
    if (order) rows.sort(query.descending ? (one, other) => order(other, one) : order)
    const text = write(toOnePage(rows, url), format)
    const written = { contentType: format.contentType, text, tag: toEntityTag(text) }
    cache.keep(key, stamp, written)
    return sendWritten(reply, written)
  })
}

/** The report is one page, whatever its caller says of pages. */
function toOnePage<Row>(rows: Row[], url: string): List<Row> {
  return toListPage(rows, rows.length, { page: 1, pageSize: rows.length }, url)
}
