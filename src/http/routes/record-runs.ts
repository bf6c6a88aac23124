import { type RecordOutcome, recordRun as recordReport } from '../../app/record-run.ts'
import { AppError } from '../../domain/app-error.ts'
import { correctClock, deriveClockLead } from '../../domain/clock-lead.ts'
import type { ReportedRun } from '../../domain/run-report.ts'
import type { Computer } from '../../domain/tree.ts'
import { ActionHistory } from '../../wire/action-history.ts'
import { type BatchResult, BatchResults } from '../../wire/batch-result.ts'
import { constant, type Given, unknownParameter } from '../../wire/parameters.ts'
import { mostReports, readRunReport, RunBatch, RunReport } from '../../wire/run-report.ts'
import { readToolReport, toolReportParameters } from '../../wire/tool-report.ts'
import { getCalledComputer } from '../called-node.ts'
import { toRefusal } from '../errors.ts'
import { type Call, defineOperation, type RequestBody } from '../operation.ts'
import { isRawOutput, rawOutputTypes, readRawReport } from '../raw-report.ts'
import { toActionRow } from './action-row.ts'
import { locationOfRun } from './runs.ts'

/** The largest report or batch, in bytes as it is after decompression. */
export const largestReport = 8 * 1024 * 1024

const query = {
  ...toolReportParameters,
  on_missing: constant('What happens with a backup set that is unknown: it is made, or the report is refused.', [
    'CREATE',
    'REFUSE',
  ]),
}

/** What was sent: one report, a batch of them, or the output of a backup tool. */
type Sent =
  | { kind: 'report'; report: unknown }
  | { kind: 'batch'; reports: unknown[] }
  | { kind: 'output'; contentType: string; bytes: Buffer }

const body: RequestBody<Sent> = {
  messages: [RunReport, RunBatch],
  read(value) {
    const reports = readBatch(value)
    return reports ? { kind: 'batch', reports } : { kind: 'report', report: value }
  },
  others: {
    types: rawOutputTypes,
    read: (contentType, bytes) => (isRawOutput(contentType) ? { kind: 'output', contentType, bytes } : undefined),
  },
  limit: largestReport,
}

const recording = {
  method: 'POST',
  scope: 'computers_write',
  tag: 'Runs',
  query,
  body,
  answer: { kind: 'message', messages: [ActionHistory, BatchResults], statuses: [200, 201] },
} as const

/** Recording runs of a computer. */
export const recordRun = defineOperation({
  ...recording,
  id: 'recordRun',
  path: '/v1/accounts/:username/computers/:computer_id/runs',
  summary: 'Record a run of a computer, a batch of them, or what a backup tool printed.',
  description: repetition(),
  handle: call => record(call),
})

/** The same for the computer that an agent key is bound to: one address and one key are all that it has to know. */
export const recordOwnRun = defineOperation({
  ...recording,
  id: 'recordOwnRun',
  path: '/v1/runs',
  summary: 'Record a run, a batch or an output, of the computer that an agent key is bound to.',
  description: repetition(),
  handle: call => record(call),
})

type RecordCall = Pick<Call, 'facts' | 'bearer' | 'context' | 'now' | 'date' | 'report' | 'publicUrl'> & {
  params: { username?: string; computer_id?: string }
  query: Given<typeof query>
  body: Sent
}

async function record(call: RecordCall) {
  const found = await getCalledComputer(call)
  const mayMake = call.query.on_missing === 'CREATE'
  const computer = { ...found, acceptsNewSets: found.acceptsNewSets && mayMake }
  if (call.body.kind !== 'output') rejectParameters(call.query)
  if (call.body.kind === 'batch') {
    return { value: { list: await recordBatch(call, computer, call.body.reports) }, message: BatchResults }
  }
  const recorded = await recordOne(call, computer, await readOne(call, computer))
  return {
    value: await toActionRow(call, computer, recorded.run),
    status: statusOf(recorded),
    location: locationOfRun(call, computer, recorded.run),
  }
}

async function readOne({ body, query, context }: RecordCall, { timeZone }: Computer): Promise<ReportedRun> {
  if (body.kind !== 'output') return readRunReport('report' in body ? body.report : undefined, timeZone)
  return readRawReport(readToolReport(query, timeZone), body, context.redact)
}

/** Records a report, with its times as our clock would have shown them, as far as the request tells what its own shows. */
function recordOne({ context, date, now }: RecordCall, computer: Computer, reported: ReportedRun) {
  return recordReport(context, computer, correctClock(reported, deriveClockLead(date, now), now), now)
}

function recordBatch(call: RecordCall, computer: Computer, batch: unknown[]): Promise<BatchResult[]> {
  return Promise.all(
    batch.map(async (value): Promise<BatchResult> => {
      try {
        const recorded = await recordOne(call, computer, readRunReport(value, computer.timeZone))
        return { status: statusOf(recorded), run: await toActionRow(call, computer, recorded.run) }
      } catch (failure) {
        const { status, error, description } = toRefusal(failure)
        if (status >= 500) call.report(failure, 'a report of a batch failed')
        return { status, error, error_description: description }
      }
    }),
  )
}

function statusOf({ outcome }: RecordOutcome): 200 | 201 {
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

function rejectParameters(given: Given<typeof query>): void {
  const name = Object.keys(toolReportParameters).find(name => given[name as keyof typeof given] !== undefined)
  if (name === undefined) return
  throw new AppError(
    'invalid',
    `${unknownParameter(name, ['on_missing']).message} Raw output goes with Content-Type text/plain, application/x-ndjson or multipart/form-data.`,
  )
}

function repetition(): string {
  return `A report of a run_key that is known updates its run, or changes nothing, and is answered 200; a new one 201. A batch is
answered 200, with one result a report, each with the status that it alone would have had: good ones are kept. Parameters but
on_missing go with raw output alone.`
}
