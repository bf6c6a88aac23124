import { formatLocalTime, toLocalTime } from './local-time.ts'
import { deriveMailTime, type Mail, type MailRule, readKeywords } from './mail.ts'
import { hasEnded, type RunMessage, runStates } from './run.ts'
import { greatestClockLeadMs, type ReportedRun } from './run-report.ts'
import { toKeptLog } from './text.ts'
import type { TimeZone } from './time-zone.ts'

/** What a backup tool's adapter read in a mail. */
export type MailReading = Omit<
  ReportedRun,
  'runKey' | 'backupsetName' | 'exitStatus' | 'log' | 'errors' | 'warnings'
> & {
  errors: number
  warnings: number
}

/** How the run of a mail ended: what its report says, but for its names. */
export type MailRun = Omit<ReportedRun, 'runKey' | 'backupsetName'>

/**
 * What a mail tells: of a run that has ended; of one that has not (`unfinished`); or nothing that can be told
 * (`unclear`). `reason` is a sentence.
 */
export type MailVerdict = { kind: 'run'; run: MailRun } | { kind: 'unfinished' | 'unclear'; reason: string }

/**
 * What is asked of a mail: what an adapter read, the rule that holds for it, and why no adapter read it, if one should
 * have.
 */
export type MailQuestion = { reading: MailReading | null; rule: MailRule | null; complaint: string | null }

/** A mail, and the zone of the computer that it tells of. */
export type PlacedMail = { mail: Mail; zone: TimeZone }

/**
 * What a mail tells of a run. An adapter's reading goes before the words of a rule, but a word of a failure makes every
 * success a failure. Only what an adapter or a word calls a success is good, and not even that in a mail that is damaged
 * or whose times cannot be.
 */
export function deriveMailVerdict(placed: PlacedMail, { reading, rule, complaint }: MailQuestion): MailVerdict {
  const said = rule && readKeywords(rule, placed.mail)
  if (reading && !hasEnded(reading) && said !== 'failure') {
    return { kind: 'unfinished', reason: 'It tells of a run that has not ended.' }
  }
  if (said === 'failure') return toRun(placed, toFailure(reading, 'The mail has a word that the rule calls a failure.'))
  if (reading) return toRun(placed, reading)
  if (said === 'success') return toRun(placed, nothingRead)
  if (rule?.otherwise === 'failure') {
    return toRun(placed, toFailure(null, 'The mail has no word that the rule calls a success.'))
  }
  return { kind: 'unclear', reason: complaint ?? 'Nothing in it tells how a backup ended.' }
}

/** The run of a mail that was sent to the address of its set, though nothing tells how it ended. */
export function toUnclearRun(placed: PlacedMail, reason: string): MailRun {
  return withDoubts(toMailRun(placed, nothingRead), [reason])
}

const nothingRead: MailReading = {
  type: 'backup',
  plugin: null,
  state: 'finished',
  startedAt: null,
  endedAt: null,
  totalFiles: null,
  processedFiles: null,
  newFiles: null,
  bytes: null,
  errors: 0,
  warnings: 0,
  tool: null,
  messages: [],
}

function toRun(placed: PlacedMail, reading: MailReading): MailVerdict {
  return { kind: 'run', run: toMailRun(placed, reading) }
}

/** What failed is a failed backup, whatever its tool counted. */
function toFailure(reading: MailReading | null, text: string): MailReading {
  const read = reading ?? nothingRead
  const state = runStates[read.state].severity > runStates.failed.severity ? read.state : 'failed'
  return {
    ...read,
    type: 'backup',
    state,
    errors: Math.max(1, read.errors),
    messages: [{ level: 'error', text }, ...read.messages],
  }
}

function toMailRun(placed: PlacedMail, reading: MailReading): MailRun {
  const { mail } = placed
  const { times, doubts } = deriveTimes(placed, reading)
  const run = { ...reading, ...times, exitStatus: null, log: toMailLog(placed) }
  return withDoubts(run, mail.damage === null ? doubts : [mail.damage, ...doubts])
}

/**
 * A success that is doubted is a warning, and no good backup: what finished with warnings would count as the last good one,
 * so that it is called stopped.
 */
function withDoubts<Run extends MailRun>(run: Run, doubts: readonly string[]): Run {
  if (doubts.length === 0) return run
  const told: RunMessage[] = doubts.map(text => ({ level: 'warning', text }))
  const messages = [...told, ...run.messages]
  if (run.state !== 'finished') return { ...run, messages }
  return { ...run, state: 'canceled', warnings: Math.max(1, run.warnings ?? 0), messages }
}

type Times = Pick<MailRun, 'startedAt' | 'endedAt'>

/** The adapter's times where they can be, else the mail's: a report is written when its run has ended. */
function deriveTimes(
  { mail, zone }: PlacedMail,
  { startedAt, endedAt }: MailReading,
): { times: Times; doubts: string[] } {
  const { at, doubt } = deriveMailTime(mail)
  const doubts = doubt === null ? [] : [doubt]
  const end = endedAt ?? toLocalTime(Math.max(at, startedAt?.at ?? at), zone)
  const latest = mail.receivedAt + greatestClockLeadMs
  const canBe = end.at <= latest && (startedAt === null || startedAt.at <= end.at)
  if (canBe) return { times: { startedAt, endedAt: end }, doubts }
  const text = 'The times in the report cannot be; that of the mail is taken.'
  return { times: { startedAt: null, endedAt: toLocalTime(at, zone) }, doubts: [...doubts, text] }
}

/** What is kept of a mail as the log of its run: the headers that matter, and its text. */
function toMailLog({ mail: { sender, subject, sentAt, text }, zone }: PlacedMail): string {
  const date = sentAt === null ? '–' : formatLocalTime(toLocalTime(sentAt, zone))
  return toKeptLog(`From: ${sender}\nSubject: ${subject}\nDate: ${date}\n\n${text}`)
}
