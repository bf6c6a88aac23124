import { toCount } from './counts.ts'
import { toBytes } from './size-text.ts'

/** What a log of vzdump says of the guests of one job. */
export type VzdumpLog = {
  /** The guests whose backup began, by number, and what became of each. */
  guests: ReadonlyMap<string, VzdumpGuest>
  /** Whether the job says that it is done, and how; null when it does not. */
  verdict: 'good' | 'warnings' | 'failed' | 'stopped' | null
  /** How many warnings the end of the task counts. */
  statedWarnings: number
  errors: string[]
  warnings: string[]
}

export type VzdumpGuest = { isDone: boolean; failure: string | null; bytes: number | null }

// In the log of a mail or a notification the number of the guest and the time stand before the level.
const logLine = /^(?:\d{1,9}: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d )?(INFO|WARN|ERROR): {0,3}(\S.{0,2000})/
const started = /^Starting Backup of VM (\d{1,9}) \(/
const finished = /^Finished Backup of VM (\d{1,9}) \(/
const failed = /^Backup of VM (\d{1,9}) failed - (.*)$/
const archiveSize = /^archive file size: (\d{1,12}(?:\.\d{1,6})? ?[A-Za-z]{1,5})$/
/** One row of the table of a mail or a notification: number, name, status, time, size, name of the archive. */
const tableRow =
  /^(\d{1,9}) +(\S.{0,200}?) +(ok|err|todo) +(?:\d{1,6}[dhms] ?){1,4} +(\d{1,12}(?:\.\d{1,6})? [A-Za-z]{1,5})(?: |$)/
const taskEnd = /^TASK (OK|WARNINGS: (\d{1,9})|ERROR: (.{0,2000}))$/
const stopped = /interrupted by signal|received interrupt|aborted by user/

/** Reads the lines of a task log, of a mail, or of a notification. */
export function readVzdumpLog(lines: readonly string[]): VzdumpLog {
  const guests = new Map<string, VzdumpGuest>()
  const log: VzdumpLog = { guests, verdict: null, statedWarnings: 0, errors: [], warnings: [] }
  let current = ''
  for (const line of lines) {
    const [, level, text = ''] = logLine.exec(line) ?? []
    if (level === 'INFO') current = readInfo(log, guests, current, text)
    else if (level === 'WARN') log.warnings.push(text)
    else if (level === 'ERROR') readError(log, guests, text)
    else readOther(log, guests, line)
  }
  return log
}

/** Whether a line changes what is known of the job. */
export function isTellingVzdumpLine(line: string): boolean {
  const [, level, text = ''] = logLine.exec(line) ?? []
  if (level === undefined) return taskEnd.test(line) || tableRow.test(line)
  if (level !== 'INFO') return true
  return [started, finished, archiveSize].some(pattern => pattern.test(text)) || text.startsWith('Backup job finished ')
}

function readInfo(log: VzdumpLog, guests: Map<string, VzdumpGuest>, current: string, text: string): string {
  const [, begun] = started.exec(text) ?? []
  if (begun !== undefined) {
    guests.set(begun, { isDone: false, failure: null, bytes: null })
    return begun
  }
  const [, done] = finished.exec(text) ?? []
  if (done !== undefined) change(guests, done, { isDone: true })
  const [, size] = archiveSize.exec(text) ?? []
  if (size !== undefined) change(guests, current, { bytes: toBytes(size, 1_024) })
  if (text === 'Backup job finished successfully') log.verdict = worse(log.verdict, 'good')
  if (text === 'Backup job finished with errors') log.verdict = worse(log.verdict, 'failed')
  return current
}

function readError(log: VzdumpLog, guests: Map<string, VzdumpGuest>, text: string): void {
  const [, vmid, failure = ''] = failed.exec(text) ?? []
  if (vmid !== undefined) change(guests, vmid, { failure })
  if (stopped.test(text)) log.verdict = worse(log.verdict, 'stopped')
  else if (/^Backup job failed\b/.test(text)) log.verdict = worse(log.verdict, 'failed')
  log.errors.push(text)
}

/** The end of a task, and the rows of a table. */
function readOther(log: VzdumpLog, guests: Map<string, VzdumpGuest>, line: string): void {
  const [, word, count, reason = ''] = taskEnd.exec(line) ?? []
  if (word === 'OK') log.verdict = worse(log.verdict, 'good')
  else if (count !== undefined) {
    log.verdict = worse(log.verdict, 'warnings')
    log.statedWarnings = toCount(Number(count)) ?? 0
  } else if (word !== undefined) {
    log.verdict = worse(log.verdict, stopped.test(reason) ? 'stopped' : 'failed')
    if (reason !== 'job errors') log.errors.push(reason)
  }
  const row = tableRow.exec(line)
  if (!row) return
  const [, vmid = '', , status, size = ''] = row
  const isDone = status === 'ok'
  change(guests, vmid, { isDone, bytes: isDone ? toBytes(size, 1_024) : null })
}

const order = ['good', 'warnings', 'failed', 'stopped'] as const

function worse(one: VzdumpLog['verdict'], other: (typeof order)[number]): (typeof order)[number] {
  return one !== null && order.indexOf(one) > order.indexOf(other) ? one : other
}

function change(guests: Map<string, VzdumpGuest>, vmid: string, given: Partial<VzdumpGuest>): void {
  if (vmid === '') return
  guests.set(vmid, { isDone: false, failure: null, bytes: null, ...guests.get(vmid), ...given })
}
