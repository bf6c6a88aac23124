import { AppError } from '../domain/app-error.ts'
import type { PingKind } from '../domain/ping.ts'
import type { BodyReading } from '../domain/ping-end.ts'
import { type BackrestEvent, readBackrestText } from './backrest-text.ts'
import { readJsonObject, textOf } from './hook-text.ts'
import { aDoubt, aFailure, aFinishedBackup } from './readings.ts'
import { plainReply } from './replies.ts'
import type { Delivery, Signal, Webhook } from './webhook.ts'

const tool = 'backrest'

/**
 * The hooks of Backrest 1: its actions Healthchecks (which adds `/start`, `/fail` and `/log`), Discord, Slack and Gotify, with
 * the template of docs/webhooks.md or without one. Only snapshots are backups; a check that failed says that what is
 * stored may be damaged, and counts. Format: source of Backrest, its hooks and their templates.
 */
export const backrestHook: Webhook = {
  name: 'backrest',
  sender: 'Backrest',
  methods: ['POST', 'PUT'],
  native: null,
  setup: { rest: '', paste: 'a hook of the plan, action Healthchecks: the ping URL' },
  reply: plainReply,
  read({ rest, body }) {
    const text = textIn(body)
    const event = readBackrestText(text)
    const delivery = event && readBackrestEvent(event, text)
    const signal = suffixes.get(rest)
    if (signal === undefined) {
      throw new AppError('invalid', `There is no /${rest.slice(0, 40)}; Backrest adds /start, /fail, /log or nothing.`)
    }
    // The address says that it failed: nothing in the body makes that good.
    if (signal === 'fail' && !saysFailure(delivery)) return toSignal('fail', null, text)
    if (delivery !== null) return delivery
    if (signal !== null) return toSignal(signal, null, text)
    throw new AppError('invalid', 'The body names no event of Backrest; use its own template or that of the manual.')
  },
}

/** What the actions add to their address; null: nothing follows from it. */
const suffixes = new Map<string, PingKind | null>([
  ['', null],
  ['message', null],
  ['start', 'start'],
  ['fail', 'fail'],
  ['log', 'log'],
])

/** The text that an action sends as it is, or within JSON: as `content`, `text` or `message`. */
function textIn(body: string): string {
  const document = readJsonObject(body)
  return ['content', 'text', 'message'].map(name => textOf(document, name)).find(text => text !== '') ?? body
}

function saysFailure(delivery: Delivery | null): boolean {
  if (delivery?.kind === 'signal') return delivery.signal === 'fail'
  return delivery?.kind === 'run' && delivery.reading.state === 'failed'
}

/** What follows from an event of Backrest; null for one that is not known. */
export function readBackrestEvent(event: BackrestEvent, text: string): Delivery | null {
  const [of = '', what = ''] = event.name.split(' ')
  if (event.name === 'error' || event.name === 'snapshot error' || event.name === 'check error') {
    return toSignal('fail', aFailure(tool, event.error, `Backrest told the event ${event.name}.`), text)
  }
  if (of === 'snapshot') return readSnapshot(what, event, text)
  if (of !== 'check' && of !== 'prune' && of !== 'forget') return null
  if (what === 'start') return toSignal('log', null, text)
  return what === 'success' || what === 'error' ? toMaintenance(what, event, text) : null
}

function readSnapshot(what: string, event: BackrestEvent, text: string): Delivery | null {
  if (what === 'start') return toSignal('start', null, text)
  const isWarned = what === 'warning' || event.error !== ''
  if (what === 'success' || what === 'warning') return toSignal('success', toReading(event, isWarned), text)
  if (what === 'skipped') {
    // With --skip-if-unchanged restic made no snapshot, because there was nothing new.
    return toSignal('success', { ...toReading(event, isWarned), newFiles: 0 }, text)
  }
  return what === 'end' ? readSnapshotEnd(event, text) : null
}

/** The end comes whatever became of the snapshot: what it says besides tells. */
function readSnapshotEnd(event: BackrestEvent, text: string): Signal {
  const isPartial = event.error.startsWith('partial backup')
  if (event.error !== '' && !isPartial) return toSignal('fail', aFailure(tool, event.error, ''), text)
  const isSure = isPartial || event.counts !== null || event.snapshotId !== ''
  return isSure ? toSignal('success', toReading(event, isPartial), text) : toSignal('log', null, text)
}

function toReading({ error, counts }: BackrestEvent, isWarned: boolean): BodyReading {
  const reading = isWarned ? aDoubt(tool, error, 'Backrest told a warning.') : aFinishedBackup(tool)
  const unread = /^partial backup, (\d{1,9}) files\b/.exec(error)?.[1]
  const warnings = Math.max(reading.warnings, Number(unread ?? 0))
  return { ...reading, warnings, ...counts, totalFiles: counts?.processedFiles ?? null }
}

/** What is no backup changes nothing for the backup, neither for the better nor for the worse. */
function toMaintenance(what: 'success' | 'error', event: BackrestEvent, text: string): Delivery {
  const told = `Backrest told the event ${event.name}.`
  const reading = what === 'success' ? aFinishedBackup(tool) : aFailure(tool, event.error, told)
  return {
    kind: 'run',
    reading: { ...reading, type: 'maintenance' },
    startedAt: null,
    endedAt: null,
    durationMs: null,
    identity: event.time === '' ? null : `${event.name} ${event.time}`,
    log: text,
  }
}

function toSignal(signal: PingKind, reading: BodyReading | null, log: string): Signal {
  return { kind: 'signal', signal, exitStatus: null, series: null, reading, log }
}
