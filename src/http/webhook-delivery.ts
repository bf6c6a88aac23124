import type { PingTarget } from '../app/ping-directory.ts'
import type { PingSource } from '../app/ports.ts'
import { recordPing, toRunKey } from '../app/record-ping.ts'
import type { Recorder } from '../app/record-run.ts'
import { type Delivered, recordToldRun, type ToldRun } from '../app/record-told-run.ts'
import { findBackupTool } from '../backup-tools/index.ts'
import { readWith } from '../backup-tools/read-output.ts'
import { toShownMessages } from '../backup-tools/run-messages.ts'
import { type Instant, lastInstant } from '../domain/instant.ts'
import { type LocalTime, toLocalTime } from '../domain/local-time.ts'
import type { Redact } from '../domain/redaction.ts'
import type { TimeZone } from '../domain/time-zone.ts'
import type { Delivery, SentOutput, Signal, WholeRun } from '../webhooks/webhook.ts'

/** Where a delivery came from and when. */
export type Arrival = { dialect: string; source: PingSource; content: string; now: Instant }

/**
 * Records what was delivered for a set, and answers the number of its run, or of the ping where there is no run. Throws
 * `invalid` when the adapter of the tool finds nothing of the tool in what was sent.
 */
export async function recordDelivery(
  recorder: Recorder,
  target: PingTarget,
  delivery: Exclude<Delivery, { kind: 'nothing' }>,
  arrival: Arrival,
): Promise<number> {
  if (delivery.kind === 'signal') return recordSignal(recorder, target, delivery, arrival)
  const { dialect, content, now } = arrival
  const delivered: Delivered = { sender: `hook ${dialect}`, identity: delivery.identity, content }
  const zone = target.computer.timeZone
  const { redact } = recorder
  const told = delivery.kind === 'run' ? toToldRun(delivery, zone, now) : readSentOutput(delivery, zone, redact)
  const messages = toShownMessages(told.messages, redact)
  return recordToldRun(recorder, target, { ...told, messages, log: delivery.log }, delivered, now)
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Records a sign that joins what was said of its run before. */
export async function recordSignal(
  recorder: Recorder,
  target: PingTarget,
  { signal, exitStatus, series, reading, log }: Signal,
  { source, now }: Arrival,
): Promise<number> {
  const id = series?.toLowerCase() ?? null
  // What a sender calls a run is any text: a name of the form that pings have is made of it.
  const rid = id === null || uuid.test(id) ? id : toRunKey(target.set.id, `series ${series}`)
  const shown = reading && { ...reading, messages: toShownMessages(reading.messages, recorder.redact) }
  const ping = { kind: signal, exitStatus, rid, body: log, reading: shown, source }
  const { n, runId } = await recordPing(recorder, target, ping, now)
  return runId ?? n
}

type Told = Omit<ToldRun, 'log'>

function toToldRun(run: WholeRun, zone: TimeZone, now: Instant): Told {
  const { reading, durationMs } = run
  const endedAt = toTime(run.endedAt, zone)
  // A failure that is told now is the newest there is, however long it took.
  const hasBegun = durationMs !== null && reading.state === 'finished'
  const startedAt = toTime(run.startedAt ?? (hasBegun ? now - durationMs : null), zone)
  return { ...reading, startedAt, endedAt, exitStatus: null }
}

function readSentOutput(sent: SentOutput, zone: TimeZone, redact: Redact): Told {
  const adapter = findBackupTool(sent.tool)
  if (!adapter) throw new Error(`There is no adapter of ${sent.tool}.`)
  const exitStatus = sent.isFailure ? 1 : null
  const { tool, reading } = readWith(adapter, { stdout: sent.output, stderr: '', exitStatus, signal: null }, redact)
  const { version, ...facts } = reading
  return {
    ...facts,
    startedAt: toTime(sent.startedAt, zone) ?? reading.startedAt,
    endedAt: toTime(sent.endedAt, zone) ?? reading.endedAt,
    exitStatus: null,
    tool: version === null ? tool : `${tool} ${version}`,
  }
}

/** No clock shows what lies outside of four-digit years: the nearest that one does, which nobody believes, either. */
function toTime(at: Instant | null, zone: TimeZone): LocalTime | null {
  return at === null ? null : toLocalTime(Math.min(Math.max(at, 0), lastInstant), zone)
}
