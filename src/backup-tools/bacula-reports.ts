import type { LocalTime } from '../domain/local-time.ts'
import type { RunState, RunType } from '../domain/run.ts'
import { sumCounts, toCount } from './counts.ts'
import { readZonedTime } from './zoned-time.ts'

/** What the report of one job says. */
export type BaculaReport = {
  type: RunType
  state: Extract<RunState, 'finished' | 'canceled' | 'failed' | 'crashed'>
  /** The verdict in the words of the director. */
  termination: string
  /** Whether the job finished, but not without problems. */
  isAmiss: boolean
  problems: number
  totalFiles: number | null
  processedFiles: number | null
  newFiles: number | null
  bytes: number | null
  /** Null where the report gives the time without a zone: before Bareos 23, and in Bacula. */
  startedAt: LocalTime | null
  endedAt: LocalTime | null
}

/** The members of a report that count, in lower case; what else stands in it is not kept. */
const memberNames = new Set([
  'backup level',
  'fd files written',
  'sd files written',
  'fd bytes written',
  'sd bytes written',
  'files expected',
  'files restored',
  'bytes restored',
  'files examined',
  'non-fatal fd errors',
  'sd errors',
  'fd errors',
  'fd termination status',
  'sd termination status',
  'start time',
  'end time',
])

type Members = ReadonlyMap<string, string>

/** The reports in `lines`, each ended by its line `Termination`. */
export function readBaculaReports(lines: readonly string[]): BaculaReport[] {
  const reports: BaculaReport[] = []
  let members = new Map<string, string>()
  for (const line of lines) {
    const match = /^ {1,8}([A-Za-z][A-Za-z /-]{1,30}): *(.{0,200})/.exec(line)
    if (!match) continue
    const [, name = '', value = ''] = match
    const key = name.toLowerCase()
    if (key === 'job' || key === 'jobid') members = key === 'jobid' ? new Map() : members
    else if (key === 'termination' && value !== '') {
      reports.push(toReport(value.trim(), members))
      members = new Map()
    } else if (memberNames.has(key)) members.set(key, value.trim())
  }
  return reports
}

/** The arguments of a RunScript, one or several on a line; Bacula cuts a value at its blanks. Null when they are none. */
export function readBaculaArguments(lines: readonly string[]): BaculaReport | null {
  const values = new Map<string, string>()
  let name = ''
  for (const word of lines.slice(0, 1_000).flatMap(line => line.slice(0, 10_000).split(' '))) {
    const match = /^(name|job|status|level|type|client|files|bytes|errors|fileset|pool|since|director)=(.*)$/.exec(word)
    if (match?.[1] !== undefined) {
      name = match[1]
      values.set(name, match[2] ?? '')
    } else if (name !== '') values.set(name, `${values.get(name) ?? ''} ${word}`.slice(0, 200))
  }
  const [status, type, level] = [values.get('status')?.trim(), values.get('type')?.trim(), values.get('level')]
  if (!status || !type || !values.has('job')) return null
  return toReport(
    `${type} ${status}`,
    new Map([
      ['backup level', level ?? ''],
      ['fd files written', values.get('files') ?? ''],
      ['files restored', values.get('files') ?? ''],
      ['fd bytes written', values.get('bytes') ?? ''],
      ['bytes restored', values.get('bytes') ?? ''],
      ['non-fatal fd errors', values.get('errors') ?? ''],
    ]),
  )
}

/** Migrations and copies store what was backed up in another place; archives are backups that are kept. */
const types = new Map<string, RunType>([
  ['backup', 'backup'],
  ['archive', 'backup'],
  ['migration', 'backup'],
  ['migrate', 'backup'],
  ['copying', 'backup'],
  ['copy', 'backup'],
  ['restore', 'restore'],
])

function toReport(termination: string, members: Members): BaculaReport {
  const [word = ''] = /[A-Za-z]+/.exec(termination) ?? []
  const type = types.get(word.toLowerCase()) ?? 'maintenance'
  const state = toState(termination)
  const problems = sumCounts(['non-fatal fd errors', 'fd errors', 'sd errors'].map(name => countIn(members, name))) ?? 0
  const isOdd = ['fd termination status', 'sd termination status'].some(
    name => !['', 'OK'].includes(members.get(name) ?? ''),
  )
  const isAmiss = state === 'finished' && (!plainSuccess.test(termination) || isOdd)
  const startedAt = readZonedTime(members.get('start time'))
  const endedAt = readZonedTime(members.get('end time'))
  return { type, state, termination, isAmiss, problems, ...toCounts(type, members), startedAt, endedAt }
}

const plainSuccess = /^[A-Za-z]+ OK$/

/** What is not known to be good is not. */
function toState(termination: string): BaculaReport['state'] {
  if (plainSuccess.test(termination) || /^[A-Za-z]+ OK -- /.test(termination)) return 'finished'
  if (/Cancel/i.test(termination)) return 'canceled'
  return /Incomplete/i.test(termination) ? 'crashed' : 'failed'
}

/** An incremental backup stores what is new, and does not say how much it examined; a full one stores all there is. */
function toCounts(type: RunType, members: Members) {
  const none = { totalFiles: null, processedFiles: null, newFiles: null, bytes: null }
  if (type === 'restore') {
    return {
      ...none,
      totalFiles: countIn(members, 'files expected'),
      processedFiles: countIn(members, 'files restored'),
      bytes: countIn(members, 'bytes restored'),
    }
  }
  if (type !== 'backup') return { ...none, processedFiles: countIn(members, 'files examined') }
  const files = countIn(members, 'fd files written') ?? countIn(members, 'sd files written')
  const isPartOfAll = /^(?:Incremental|Differential)\b/i.test(members.get('backup level') ?? '')
  return {
    totalFiles: null,
    processedFiles: isPartOfAll && files === 0 ? null : files,
    newFiles: isPartOfAll ? files : null,
    bytes: countIn(members, 'sd bytes written') ?? countIn(members, 'fd bytes written'),
  }
}

/** `1,971,503 (1.971 MB)` is 1971503. */
function countIn(members: Members, name: string): number | null {
  const match = /^(\d{1,3}(?:[,.' ]\d{3}){0,5}|\d{1,16})(?: \(.*)?$/.exec(members.get(name) ?? '')
  return match ? toCount(Number((match[1] ?? '').replaceAll(/\D/g, ''))) : null
}
