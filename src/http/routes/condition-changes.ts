import type { FastifyInstance, FastifyRequest } from 'fastify'
import { getBackupSet } from '../../app/backup-sets.ts'
import { readConditionHistory } from '../../app/condition-history.ts'
import { ConditionChange, toConditionChange } from '../../wire/condition-change.ts'
import { ListOf } from '../../wire/list.ts'
import { type ComputerParams, getComputerOf } from '../computer-of.ts'
import type { ServerContext } from '../context.ts'
import { compileMessage } from '../formats.ts'
import { cutPage, pagingParameters, readPaging, toListPage } from '../paging.ts'
import { buildPublicUrl, pathOf } from '../public-url.ts'
import { type RawQuery, readParameters } from '../query.ts'
import { sendMessage } from '../send.ts'

type HistoryRequest = FastifyRequest<{ Params: ComputerParams & { name: string }; Querystring: RawQuery }>

/** How the condition of a backup set changed, newest first. */
export function addConditionChangesRoute(app: FastifyInstance, context: ServerContext): void {
  const { store, directory, settings } = context
  const publicUrl = buildPublicUrl(settings)
  const write = compileMessage(ListOf(ConditionChange), settings.xmlConditionTypes)
  const path = '/v1/accounts/:username/computers/:computer_id/backupsets/:name/condition_changes'
  // There is no body to unpack.
  const options = { config: { scope: 'computers_read' as const }, decompress: false as const }

  app.get(path, options, async (request: HistoryRequest, reply) => {
    const computer = await getComputerOf(directory, request)
    const set = await getBackupSet(store, computer, request.params.name)
    const paging = readPaging(readParameters(request.query, pagingParameters))
    const history = await readConditionHistory({ store, directory, version: request.treeVersion }, computer, set)
    const rows = cutPage(history, paging).map(entry => toConditionChange(entry, computer.timeZone))
    const page = toListPage(rows, history.length, paging, publicUrl(request) + pathOf(request))
    return sendMessage(reply, request.format, write, page)
  })
}
