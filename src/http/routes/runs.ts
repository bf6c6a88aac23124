import { errorCodes, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { StoredRun } from '../../app/ports.ts'
import { type RecordOutcome, recordRun } from '../../app/record-run.ts'
import { AppError } from '../../domain/app-error.ts'
import { correctClock, deriveClockLead } from '../../domain/clock-lead.ts'
import { deriveRunCondition } from '../../domain/condition.ts'
import type { Instant } from '../../domain/instant.ts'
import type { ReportedRun } from '../../domain/run-report.ts'
import type { Computer } from '../../domain/tree.ts'
import { ActionHistory, toActionHistory } from '../../wire/action-history.ts'
import { type BatchResult, BatchResults } from '../../wire/batch-result.ts'
import { mostReports, readRunReport } from '../../wire/run-report.ts'
import { type ComputerParams, getComputerOf } from '../computer-of.ts'
import type { ServerContext } from '../context.ts'
import { toRefusal } from '../errors.ts'
import { compileMessage } from '../formats.ts'
import { buildPublicUrl } from '../public-url.ts'
import { type RawQuery, unknownParameter } from '../../wire/parameters.ts'
import { isRawOutput, readRawReport } from '../raw-report.ts'
import { sendMessage, sendText } from '../send.ts'

/** The largest report or batch, in bytes as it is after decompression. */
export const largestReport = 8 * 1024 * 1024

const ofComputer = '/v1/accounts/:username/computers/:computer_id/runs'

type RunRequest = FastifyRequest<{ Params: ComputerParams; Querystring: RawQuery }>

/**
 * Recording runs and reading them. `/v1/runs` is the computer that an agent key is bound to, so that one address and one
 * key are all that a computer has to know.
 */
export function addRunRoutes(app: FastifyInstance, context: ServerContext): void {
  const { store, directory, clock, settings, redact } = context
  const publicUrl = buildPublicUrl(settings)
  const writeRun = compileMessage(ActionHistory, settings.xmlConditionTypes)
  const writeResults = compileMessage(BatchResults, settings.xmlConditionTypes)

  for (const path of [ofComputer, '/v1/runs']) {
    const options = { config: { scope: 'computers_write' as const }, bodyLimit: largestReport }
    app.post(path, options, async (request: RunRequest, reply) => {
      const { acceptsNewSets, query } = readOnMissing(request.query)
      const found = await getComputerOf(directory, request)
      const computer = { ...found, acceptsNewSets: found.acceptsNewSets && acceptsNewSets }
      const { body, format } = request
      const contentType = request.headers['content-type'] ?? ''
      if (isRawOutput(contentType)) {
        const reported = await readRawReport(query, contentType, body, { zone: computer.timeZone, redact })
        return record(request, reply, computer, reported)
      }
      // Only JSON has been read by now; bytes are of a type that nobody here reads.
      if (Buffer.isBuffer(body)) throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(contentType)
      rejectParameters(query)
      const batch = readBatch(body)
      if (!batch) return record(request, reply, computer, readRunReport(body, computer.timeZone))
      return sendMessage(reply, format, writeResults, { list: await recordBatch(request, computer, batch, clock()) })
    })
  }

  app.get(`${ofComputer}/:action_id`, { config: { scope: 'computers_read' } }, async (request: RunRequest, reply) => {
    rejectParameters(request.query)
    const computer = await getComputerOf(directory, request)
    const run = await store.findRun(computer.accountId, computer.key, readActionId(request))
    if (!run) throw noSuchRun()
    return sendMessage(reply, request.format, writeRun, await toRow(request, computer, run, clock()))
  })

  app.get(
    `${ofComputer}/:action_id/log`,
    { config: { scope: 'computers_read', answersText: true } },
    async (request: RunRequest, reply) => {
      rejectParameters(request.query)
      const computer = await getComputerOf(directory, request)
      const found = await store.findRunLog(computer.accountId, computer.key, readActionId(request))
      if (!found) throw noSuchRun()
      return sendText(reply, found.log)
    },
  )

  async function record(
    request: RunRequest,
    reply: FastifyReply,
    computer: Computer,
    reported: ReportedRun,
  ): Promise<FastifyReply> {
    const now = clock()
    const recorded = await recordRun(context, computer, onOurClock(request, reported, now), now)
    reply.code(statusOf(recorded)).header('location', locationOf(request, computer, recorded.run))
    return sendMessage(reply, request.format, writeRun, await toRow(request, computer, recorded.run, now))
  }

  async function recordBatch(
    request: RunRequest,
    computer: Computer,
    batch: unknown[],
    now: Instant,
  ): Promise<BatchResult[]> {
    return Promise.all(
      batch.map(async (value): Promise<BatchResult> => {
        try {
          const reported = onOurClock(request, readRunReport(value, computer.timeZone), now)
          const recorded = await recordRun(context, computer, reported, now)
          return { status: statusOf(recorded), run: await toRow(request, computer, recorded.run, now) }
        } catch (failure) {
          const { status, error, description } = toRefusal(failure)
          if (status >= 500) request.log.error({ err: failure, request_id: request.id }, 'a report of a batch failed')
          return { status, error, error_description: description }
        }
      }),
    )
  }

  async function toRow(request: RunRequest, computer: Computer, run: StoredRun, now: Instant): Promise<ActionHistory> {
    const policy = await directory.policyOf(request.treeVersion, computer.partnerPath)
    const condition = deriveRunCondition(run, run.startedAt + run.runLimitMs, now, policy)
    return toActionHistory(computer, run, condition)
  }

  function locationOf(request: RunRequest, { username, computerId }: Computer, run: StoredRun): string {
    return `${publicUrl(request)}/v1/accounts/${encodeURIComponent(username)}/computers/${computerId}/runs/${run.id}`
  }
}

/** A report with its times as our clock would have shown them, as far as the request tells what its own shows. */
function onOurClock({ headers }: RunRequest, reported: ReportedRun, now: Instant): ReportedRun {
  return correctClock(reported, deriveClockLead(headers.date, now), now)
}

/** Whether an unknown set may be made, as the parameter `on_missing` says, and the other parameters. */
function readOnMissing({ on_missing: word = 'create', ...query }: RawQuery): {
  acceptsNewSets: boolean
  query: RawQuery
} {
  if (word === 'create' || word === 'refuse') return { acceptsNewSets: word === 'create', query }
  throw new AppError('invalid', 'on_missing must be create or refuse: what happens with a backup set that is unknown.')
}

function statusOf({ outcome }: RecordOutcome): number {
  return outcome === 'created' ? 201 : 200
}

/** The reports of a batch; undefined when the body is one report. */
function readBatch(body: unknown): unknown[] | undefined {
  if (typeof body !== 'object' || body === null || !('list' in body)) return undefined
  const { list, ...others } = body as Record<string, unknown>
  const [other] = Object.keys(others)
  if (other !== undefined)
    throw new AppError('invalid', `${other.slice(0, 80)} is not a known member of a batch; it has only list.`)
  if (!Array.isArray(list)) throw new AppError('invalid', 'list must be an array of runs.')
  if (list.length > mostReports)
    throw new AppError('invalid', `list must have at most ${mostReports} runs; send several batches.`)
  return list
}

function rejectParameters(query: RawQuery): void {
  const [name] = Object.keys(query)
  if (name === undefined) return
  throw new AppError(
    'invalid',
    `${unknownParameter(name, ['none']).message} Raw output goes with Content-Type text/plain, application/x-ndjson or multipart/form-data.`,
  )
}

function readActionId(request: RunRequest): number {
  const { action_id } = request.params as { action_id?: string }
  if (action_id !== undefined && /^\d{1,15}$/.test(action_id)) return Number(action_id)
  throw noSuchRun()
}

function noSuchRun(): AppError {
  return new AppError('not-found', 'There is no such run of this computer.')
}
