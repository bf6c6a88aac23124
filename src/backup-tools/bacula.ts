import { AppError } from '../domain/app-error.ts'
import type { RunMessage, RunType } from '../domain/run.ts'
import type { BackupTool, ToolOutput, ToolReading } from './backup-tool.ts'
import { type BaculaReport, readBaculaArguments, readBaculaReports } from './bacula-reports.ts'
import { sumCounts } from './counts.ts'
import { deriveReading, type ToolClaim } from './derive-reading.ts'
import { toOutputLines } from './output-lines.ts'
import { earliestTime, latestTime } from './run-times.ts'

/**
 * Reads the job report of Bacula and Bareos, as it is mailed or shown by `bconsole`, and the arguments of a RunScript
 * (`name=%n job=%j status=%e level=%l type=%t files=%F bytes=%b errors=%E`). The line `Termination` is the verdict: the
 * catalog of Bacula 9 calls a job with warnings a good one. Times are read from Bareos 23 on, where they carry a zone.
 * Throws `invalid` for a text without a report when no exit status tells how it ended. Format: Bacula and Bareos
 * manuals, "Messages Resource" and "Job Resource, Run Script"; Bacula 9.6.7 as run, Bareos 19 and 23 as documented.
 */
export const bacula: BackupTool = {
  name: 'bacula',
  usage: {
    programs: [],
    debianPackage: 'bacula-director',
    example: null,
    ownReport: 'mail, or a script after the job',
  },

  recognizes(output) {
    const lines = readLines(output)
    return lines.some(line => headLine.test(line)) && readBaculaReports(lines).length > 0
  },

  read(output) {
    const lines = readLines(output)
    const reports = readBaculaReports(lines)
    const fromArguments = reports.length === 0 ? readBaculaArguments(lines) : null
    const jobs = fromArguments ? [fromArguments] : reports
    const isListing = jobs.length === 0 && lines.some(line => /^\| +JobId +\|/i.test(line))
    if (jobs.length === 0 && !isListing && output.exitStatus === null && output.signal === null) {
      throw new AppError(
        'invalid',
        'This is not the report of a job of Bacula or Bareos: it has no line "Termination".',
      )
    }
    return deriveReading(output, {
      ...toCounts(jobs, isListing),
      ...toEnd(jobs, isListing),
      messages: toMessages(jobs, lines),
      lastWords: lines.slice(-3),
      startedAt: earliestTime(jobs.map(job => job.startedAt)),
      endedAt: latestTime(jobs.map(job => job.endedAt)),
      silence: 'The output holds no job report, so it does not tell what was backed up.',
      version: lines.map(line => headLine.exec(line)?.[1]).find(Boolean) ?? null,
    })
  },
}

const headLine =
  /(?:^|[ :])(?:Bacula|Bareos|BAREOS)(?: [\w.-]{1,80})? (\d{1,3}\.[\w.~+-]{1,40}) \(\d{2}[A-Z]\w{2,10}\d{2}\):/

function readLines({ stdout, stderr }: ToolOutput): string[] {
  return [stdout, stderr].flatMap(toOutputLines)
}

/** How the jobs ended, together: the worst of them. */
function toEnd(jobs: readonly BaculaReport[], isListing: boolean) {
  const endings = ['crashed', 'failed', 'canceled'] as const
  const ended = endings.find(state => jobs.some(job => job.state === state)) ?? null
  const amiss = jobs.filter(job => job.isAmiss && job.problems === 0).length
  return {
    isClosed: isListing || (jobs.length > 0 && ended === null),
    ended,
    problems: jobs.reduce((sum, job) => sum + job.problems, 0),
    warnings: ended === null ? amiss : 0,
  }
}

type Counts = Pick<ToolClaim, 'type' | 'totalFiles' | 'processedFiles' | 'newFiles' | 'bytes'>

/** The sums of the jobs of the strongest type: of a backup and what was done with its catalog the backup counts. */
function toCounts(jobs: readonly BaculaReport[], isListing: boolean): Counts {
  const types: readonly RunType[] = ['backup', 'restore', 'delete', 'maintenance']
  const unknown: RunType = isListing ? 'maintenance' : 'backup'
  const type = types.find(type => jobs.some(job => job.type === type)) ?? unknown
  const own = jobs.filter(job => job.type === type)
  const sumOf = (name: keyof Pick<ToolReading, 'totalFiles' | 'processedFiles' | 'newFiles' | 'bytes'>) =>
    sumCounts(own.map(job => job[name]))
  return {
    type,
    totalFiles: sumOf('totalFiles'),
    processedFiles: sumOf('processedFiles'),
    newFiles: sumOf('newFiles'),
    bytes: sumOf('bytes'),
  }
}

/** `… JobId 3: text`: the date before it may touch the name of the daemon. */
const jobLine = /^.{0,200}? JobId \d{1,12}: (.*)$/

function toMessages(jobs: readonly BaculaReport[], lines: readonly string[]): RunMessage[] {
  const said = lines.map(line => jobLine.exec(line)?.[1] ?? '').filter(text => text !== '' && !headLine.test(text))
  const errors = said.filter(text => /^(?:Fatal error|Error): /.test(text))
  // What the file daemon could not read is set in five blanks, without a word that says how bad it is.
  const warnings = said.filter(text => /^(?:Warning: | {5}\S)/.test(text))
  return [
    ...errors.map(text => ({ level: 'error' as const, text })),
    ...warnings.map(text => ({ level: 'warning' as const, text: text.trimStart() })),
    ...jobs.filter(job => job.state !== 'finished' || job.isAmiss).map(toVerdictMessage),
  ]
}

function toVerdictMessage({ state, termination }: BaculaReport): RunMessage {
  return { level: state === 'failed' || state === 'crashed' ? 'error' : 'warning', text: termination }
}
