import type { LocalTime } from '../domain/local-time.ts'
import { lastInstant } from '../domain/instant.ts'
import type { RunState, RunType } from '../domain/run.ts'
import { sumCounts, toCount } from './counts.ts'
import { isJsonObject } from './json-text.ts'
import { readJsonDocuments } from './json-documents.ts'
import { readZonedTime } from './zoned-time.ts'

/** What one event, one job of PowerShell or one output of wbadmin says. */
export type WindowsBackupFacts = {
  type: RunType
  /** How it ended; null where only the exit status tells. */
  state: RunState | null
  /** Whether it ended well, but not without problems. */
  isAmiss: boolean
  files: number | null
  bytes: number | null
  startedAt: LocalTime | null
  endedAt: LocalTime | null
  /** Why it did not end well. */
  reason: string | null
}

/** Events of the channel Microsoft-Windows-Backup that are no failure; 14 ends every backup, and its result says how. */
const eventStates = new Map<string, RunState>([
  ['1', 'running'],
  ['4', 'finished'],
  ['8', 'canceled'],
  ['14', 'finished'],
])

/** The events in `text`, as `wevtutil` and PowerShell write them in XML. */
export function readBackupEvents(text: string): WindowsBackupFacts[] {
  if (!text.includes('Microsoft-Windows-Backup')) return []
  return text
    .split('<Event ')
    .slice(1, 1_001)
    .flatMap(event => {
      const id = /<EventID[^<>]{0,80}>(\d{1,6})<\/EventID>/.exec(event)?.[1]
      return id === undefined ? [] : [toEventFacts(id, event)]
    })
}

function toEventFacts(id: string, event: string): WindowsBackupFacts {
  const values = new Map<string, string>()
  for (const [, name = '', value = ''] of event.matchAll(/<Data Name=["'](\w{1,60})["']>([^<]*)</g))
    values.set(name, value)
  const volumes = toVolumes(values.get('VolumesInfo') ?? '')
  const sumOf = (name: string) => sumCounts(volumes.map(volume => toCount(Number(volume.get(name) ?? NaN))))
  const isRefused = !isZero(values.get('HRESULT'))
  const unreadable = sumOf('NumUnreadableBytes') ?? 0
  const isVolumeRefused = volumes.some(
    volume => !isZero(volume.get('HResult')) || !isZero(volume.get('DetailedHResult')),
  )
  const named = eventStates.get(id) ?? 'failed'
  const created = /<TimeCreated SystemTime=["']([^"'<>]{1,60})["']/.exec(event)?.[1]
  return {
    type: 'backup',
    state: named === 'finished' && isRefused ? 'failed' : named,
    isAmiss: !isZero(values.get('DetailedHRESULT')) || isVolumeRefused || unreadable > 0,
    // Of a volume that was saved as a whole the files are not counted, and are said to be none.
    files: sumOf('TotalNoOfFiles') || null,
    bytes: sumOf('DataTransferred'),
    startedAt: readZonedTime(values.get('BackupTime')),
    endedAt: named === 'running' ? null : readZonedTime(created),
    reason: `Event ${id}, result ${values.get('HRESULT') ?? 'unknown'}, in detail ${values.get('DetailedHRESULT') ?? 'unknown'}.`,
  }
}

/** The attributes of each volume. They stand in XML that is escaped within XML. */
function toVolumes(escaped: string): ReadonlyMap<string, string>[] {
  const xml = escaped
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
  const items = xml.split('<VolumeInfoItem').slice(1, 1_001)
  return items.map(
    item =>
      new Map(
        [...item.matchAll(/(\w{1,40})=["']([^"'<>]{0,200})["']/g)].map(([, name = '', value = '']) => [name, value]),
      ),
  )
}

/** Whether a result is success; a result that is not stated is no failure. */
function isZero(result: string | undefined): boolean {
  return result === undefined || /^(?:0|0x0{1,8})$/i.test(result.trim())
}

/** The jobs of `Get-WBJob`, as JSON or as a list. */
export function readBackupJobs(lines: readonly string[]): WindowsBackupFacts[] {
  const { documents, texts } = readJsonDocuments(lines)
  const jobs = documents
    .flatMap(document => (Array.isArray(document) ? (document as unknown[]) : [document]))
    .filter(isJsonObject)
  const members = jobs.map(job => new Map(Object.entries(job).map(([name, value]) => [name, toPlain(value)])))
  return [...members, toMembers(texts)].filter(isJob).map(toJobFacts)
}

function toPlain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function toMembers(lines: readonly string[]): Map<string, string> {
  const matches = lines.map(line => /^([A-Z][A-Za-z]{2,40}) *: (.{0,1000})/.exec(line)).filter(match => match !== null)
  return new Map(matches.map(([, name = '', value = '']) => [name, value.trim()]))
}

function isJob(members: ReadonlyMap<string, string>): boolean {
  return members.has('HResult') && members.has('JobType') && members.has('JobState')
}

function toJobFacts(members: ReadonlyMap<string, string>): WindowsBackupFacts {
  const {
    HResult: result,
    DetailedHResult: detail,
    ErrorDescription: description,
    JobState: state,
  } = Object.fromEntries(members)
  const isRefused = result === '' || !isZero(result)
  return {
    type: /recover|restore/i.test(members.get('JobType') ?? '') ? 'restore' : 'backup',
    state: isOver(state ?? '', members.get('EndTime') ?? '') ? (isRefused ? 'failed' : 'finished') : 'running',
    isAmiss: !isZero(detail),
    files: null,
    bytes: null,
    startedAt: readPowerShellTime(members.get('StartTime')),
    endedAt: readPowerShellTime(members.get('EndTime')),
    reason: description || `Result ${result ?? 'unknown'}, in detail ${detail ?? 'unknown'}.`,
  }
}

/** PowerShell may write the state as a number; a job that is going on has no end, or one in the year 1. */
function isOver(state: string, endTime: string): boolean {
  if (/^(?:running|unknown)/i.test(state)) return false
  return /^completed/i.test(state) || (endTime !== '' && !/Date\(-|\b0001\b/.test(endTime))
}

/** ISO 8601 with a zone, or the milliseconds since 1970 that PowerShell 5 writes: `/Date(1764000000000)/`. */
function readPowerShellTime(text: string | undefined): LocalTime | null {
  const match = /^\\?\/Date\((\d{1,15})\)\\?\/$/.exec(text ?? '')
  const at = match ? Number(match[1]) : 0
  return at > 0 && at <= lastInstant ? { at, offsetMinutes: 0 } : readZonedTime(text)
}
