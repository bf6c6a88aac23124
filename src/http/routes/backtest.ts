import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify'
import { backtestDays, backtestSet, type ProposedSettings } from '../../app/backtest-set.ts'
import { getBackupSet } from '../../app/backup-sets.ts'
import { parsePolicyEntry } from '../../app/partners.ts'
import { Backtest, type BacktestRequest, buildBacktestCheck, toBacktest } from '../../wire/backtest.ts'
import { type ComputerParams, getComputerOf } from '../computer-of.ts'
import type { ServerContext } from '../context.ts'
import { compileMessage } from '../formats.ts'
import { type RawQuery, readParameters } from '../query.ts'
import { sendMessage } from '../send.ts'

type SetRequest = FastifyRequest<{ Params: ComputerParams & { name: string }; Querystring: RawQuery }>

const checkRequest = buildBacktestCheck(backtestDays)

/** What of the past would have been called otherwise under other settings of a backup set. Nothing is stored. */
export function addBacktestRoute(app: FastifyInstance, context: ServerContext): void {
  const { store, directory, clock, settings } = context
  const write = compileMessage(Backtest, settings.xmlConditionTypes)
  const path = '/v1/accounts/:username/computers/:computer_id/backupsets/:name/backtest'

  app.post(path, { config: { scope: 'computers_read' } }, async (request: SetRequest, reply) => {
    const { query, body, params, format, treeVersion } = request
    const computer = await getComputerOf(directory, request)
    const set = await getBackupSet(store, computer, params.name)
    readParameters(query, [])
    // Only JSON has been read by now; bytes are of a type that nobody here reads.
    if (Buffer.isBuffer(body))
      throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(request.headers['content-type'] ?? '')
    const { days = backtestDays.usual, ...asked } = checkRequest(body)
    const period = { days, now: clock() }
    const facts = { store, directory, version: treeVersion }
    const result = await backtestSet(facts, { computer, set }, toProposed(asked), period)
    return sendMessage(reply, format, write, toBacktest(result, computer.timeZone))
  })
}

function toProposed(asked: BacktestRequest): ProposedSettings {
  const policies = Object.entries(asked.policy ?? {}).map(([rule, status]) => parsePolicyEntry(`${rule}=${status}`))
  return {
    schedule: asked.schedule,
    timeZone: asked.time_zone,
    graceMinutes: asked.grace_minutes,
    earlyToleranceMinutes: asked.early_tolerance_minutes,
    runLimitMinutes: asked.run_limit_minutes,
    rpoMinutes: asked.rpo_minutes,
    policy: Object.assign({}, ...policies) as NonNullable<ProposedSettings['policy']>,
  }
}
