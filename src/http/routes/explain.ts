import type { FastifyInstance, FastifyRequest } from 'fastify'
import { getBackupSet } from '../../app/backup-sets.ts'
import { explainSet } from '../../app/explain-set.ts'
import { SetExplanation, toSetExplanation } from '../../wire/explanation.ts'
import { type ComputerParams, getComputerOf } from '../computer-of.ts'
import type { ServerContext } from '../context.ts'
import { compileMessage } from '../formats.ts'
import { type RawQuery, readParameters } from '../query.ts'
import { sendMessage } from '../send.ts'

type ExplainRequest = FastifyRequest<{ Params: ComputerParams & { name: string }; Querystring: RawQuery }>

/** Why a backup set stands as it does: facts, rules, and what would turn it green. */
export function addExplainRoute(app: FastifyInstance, { store, directory, clock, settings }: ServerContext): void {
  const write = compileMessage(SetExplanation, settings.xmlConditionTypes)
  const path = '/v1/accounts/:username/computers/:computer_id/backupsets/:name/explain'

  app.get(path, { config: { scope: 'computers_read' } }, async (request: ExplainRequest, reply) => {
    readParameters(request.query, [])
    const computer = await getComputerOf(directory, request)
    const set = await getBackupSet(store, computer, request.params.name)
    const facts = { store, directory, version: request.treeVersion }
    const { explanation, ...known } = await explainSet(facts, computer, set, clock())
    return sendMessage(reply, request.format, write, toSetExplanation(explanation, { ...computer, ...known }))
  })
}
