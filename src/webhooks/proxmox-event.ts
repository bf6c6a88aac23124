import { parseDuration } from './hook-text.ts'
import { aDoubt, aFailure, aFinishedBackup } from './readings.ts'
import type { Delivery, SentOutput, WholeRun } from './webhook.ts'

/** A notification of Proxmox VE or Proxmox Backup Server. Members that the template or the target leaves out are empty. */
export type ProxmoxEvent = {
  title: string
  message: string
  severity: string
  /** Seconds since 1970; null: not said. */
  timestamp: number | null
  type: string
  hostname: string
  jobId: string
}

type EventKind = 'vzdump' | 'backup' | 'maintenance' | 'verification' | 'other'

/** Every type of notification, and how its title begins where the type is not said. */
const types: readonly { type: string; kind: EventKind; title: RegExp | null }[] = [
  { type: 'vzdump', kind: 'vzdump', title: /^vzdump backup status \(/ },
  { type: 'sync', kind: 'backup', title: /^Sync (?:remote|local) / },
  { type: 'tape-backup', kind: 'backup', title: /^Tape Backup / },
  { type: 'verification', kind: 'verification', title: /^Verify Datastore / },
  { type: 'prune', kind: 'maintenance', title: /^Pruning datastore / },
  { type: 'gc', kind: 'maintenance', title: /^Garbage Collect Datastore / },
  { type: 'package-updates', kind: 'other', title: /^(?:New software packages|Updates? available|Package )/ },
  { type: 'fencing', kind: 'other', title: /^(?:FENCE|SUCCEED|ha-manager)/ },
  { type: 'replication', kind: 'other', title: /^Replication Job/ },
  { type: 'system-mail', kind: 'other', title: null },
  { type: 'acme', kind: 'other', title: null },
  { type: 'tape-load', kind: 'other', title: /^Load Media/ },
  { type: '', kind: 'other', title: /^Test notification/ },
]

/**
 * What follows from a notification; null for one that is of no known type. A failure is told by the severity or by the title, a
 * success only by both not saying otherwise. Backups of guests are read by the adapter of vzdump.
 * Format: Proxmox VE Administration Guide and Proxmox Backup Server documentation, "Notifications", and their templates.
 */
export function readProxmoxEvent(event: ProxmoxEvent): Delivery | null {
  const found = types.find(({ type }) => type !== '' && type === event.type)
  const kind = (found ?? types.find(({ title }) => event.type === '' && title?.test(event.title)))?.kind
  if (kind === undefined) return null
  if (kind === 'vzdump') return toVzdumpLog(event)
  if (kind !== 'other') return toRun(event, kind)
  return { kind: 'signal', signal: 'log', exitStatus: null, series: null, reading: null, log: logOf(event) }
}

const isFailure = ({ severity, title }: ProxmoxEvent): boolean =>
  severity === 'error' || /\bfailed\b|: multiple problems$/.test(title)

const isSuccess = ({ severity, title }: ProxmoxEvent): boolean =>
  severity === '' ? /\bsuccessful$/.test(title) : severity === 'info' || severity === 'notice'

function toVzdumpLog(event: ProxmoxEvent): SentOutput {
  const endedAt = endOf(event)
  const reason = /: backup failed: (\S.{0,2000})$/.exec(event.title)?.[1]
  const took = parseDuration(/^Total running time: {0,3}(\S.{0,50}?) *$/m.exec(event.message)?.[1] ?? '')
  return {
    kind: 'output',
    tool: 'vzdump',
    output: reason === undefined ? event.message : `ERROR: ${reason}\n${event.message}`,
    isFailure: isFailure(event) || !(isSuccess(event) || event.severity === ''),
    startedAt: endedAt === null || took === null ? null : endedAt - took,
    endedAt,
    identity: identityOf(event),
    log: logOf(event),
  }
}

/** Clean-up that failed leaves the backups as they were; a verification that failed says that they are damaged. */
function toRun(event: ProxmoxEvent, kind: Exclude<EventKind, 'vzdump' | 'other'>): WholeRun {
  const tool = `proxmox ${event.type}`.trimEnd()
  const reading = isFailure(event)
    ? aFailure(tool, event.title, 'The notification told a failure.')
    : isSuccess(event)
      ? aFinishedBackup(tool)
      : aDoubt(tool, event.title, 'The notification does not tell that all went well.')
  const counts = kind === 'backup' || (kind === 'verification' && reading.state === 'failed')
  return {
    kind: 'run',
    reading: counts ? reading : { ...reading, type: 'maintenance' },
    startedAt: null,
    endedAt: endOf(event),
    durationMs: null,
    identity: identityOf(event),
    log: logOf(event),
  }
}

function endOf({ timestamp }: ProxmoxEvent): number | null {
  return timestamp === null || timestamp <= 0 ? null : timestamp * 1_000
}

/** One notification of one job of one node; a log with times in it is told by its words. */
function identityOf({ type, hostname, jobId, timestamp, title, message }: ProxmoxEvent): string | null {
  if (timestamp !== null) return JSON.stringify([type, hostname, jobId, timestamp, title])
  return /\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b/.test(message) ? message : null
}

function logOf({ title, message }: ProxmoxEvent): string {
  return [title, message].filter(part => part !== '').join('\n\n')
}
