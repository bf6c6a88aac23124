import { type Instant, minutes } from './instant.ts'
import type { PingEnd } from './ping-end.ts'
import type { RunReport } from './run-report.ts'
import { hasEnded, type RunFacts, type RunMessage, runStates } from './run.ts'
import { toKeptLog } from './text.ts'

/** What a ping says. An exit status is a success or a fail. */
export const pingKinds = ['start', 'success', 'fail', 'log'] as const
export type PingKind = (typeof pingKinds)[number]

/** A ping of a backup set that was accepted. */
export type Ping = {
  exitStatus: number | null
  /** The caller's name for a run, a UUID in lower case; null when it gave none. */
  rid: string | null
  /** The key of the run of that rid; without a rid the key that a new run gets. */
  runKey: string
  at: Instant
  /** What the caller sent, as text. */
  body: string
} & ({ kind: 'start' } | { kind: 'log' } | { kind: 'success' | 'fail'; end: PingEnd })

/** A run of the set as it is known when a ping arrives. */
export type PingedRun = {
  runKey: string
  rid: string | null
  facts: RunFacts
  /** Whether a ping started it, and none by its own rid has ended it yet. */
  awaitsEnd: boolean
  messages: RunMessage[]
  log: string
}

/** What is known of a set when a ping of it arrives. */
export type PingedSet = {
  name: string
  /** The run of the ping's rid. */
  own: PingedRun | undefined
  /** The runs that pings started and that have not ended, newest first. */
  open: readonly PingedRun[]
  /** The newest run, whoever reported it. */
  newest: PingedRun | undefined
}

/** What follows from a ping. */
export type PingDecision = {
  /** The run that it belongs to; null when there is none. */
  runKey: string | null
  reports: RunReport[]
  /** A run of which nothing changes but what it logged. */
  logged: { runKey: string; messages: RunMessage[]; log: string } | null
  /** The key of the run that begins, and those of the runs that wait for no end any more. */
  begun: string | null
  ended: string[]
}

/** A start without a rid that follows another so closely is the same one, sent again. */
export const startRepeatMs = minutes(2)

/**
 * What follows from a ping, by the rules of the Healthchecks ping protocol, with one run for each start. A rid names
 * its run: start and end join in whatever order they arrive, of several ends the worst holds, and a repeated ping changes
 * nothing. Without a rid an end is that of the newest run that a ping started and that has not ended.
 */
export function decidePing(ping: Ping, set: PingedSet): PingDecision {
  if (ping.kind === 'start') return decideStart(ping, set)
  if (ping.kind === 'log') return addToLog(ping, (ping.rid === null ? undefined : set.own) ?? set.open[0] ?? set.newest)
  return decideEnd(ping, set)
}

type StartPing = Extract<Ping, { kind: 'start' }>
type EndPing = Extract<Ping, { kind: 'success' | 'fail' }>

function decideStart(ping: StartPing, set: PingedSet): PingDecision {
  const before = ping.rid === null ? set.open.find(({ rid }) => rid === null) : undefined
  const isRepeated = before !== undefined && ping.at - before.facts.startedAt <= startRepeatMs
  const again = ping.rid === null ? (isRepeated ? before : undefined) : set.own
  if (again) return addToLog(ping, again)
  const start = { ...unknownEnd, state: 'running' as const, updatedAt: ping.at }
  const report = toReport(ping, set, { ...start, runKey: ping.runKey, startedAt: ping.at, log: toKeptLog(ping.body) })
  return {
    runKey: ping.runKey,
    reports: before ? [report, toAbandoned(ping, set, before)] : [report],
    logged: null,
    begun: ping.runKey,
    ended: before ? [before.runKey] : [],
  }
}

function decideEnd(ping: EndPing, set: PingedSet): PingDecision {
  const [newestOpen] = set.open
  const run = ping.rid === null ? newestOpen : set.own
  // The protocol's running state ends with every failure, whatever its rid.
  const isOther = ping.rid !== null && ping.kind === 'fail' && newestOpen?.runKey !== run?.runKey
  const interrupted = isOther && newestOpen ? [newestOpen] : []
  const besides = {
    reports: interrupted.map(other => toInterrupted(ping, set, other)),
    ended: interrupted.filter(({ rid }) => rid === null).map(({ runKey }) => runKey),
  }
  // Whoever has ended by its own word is only made worse.
  if (run && hasEnded(run.facts) && !run.awaitsEnd && compareEnds(ping.end, run.facts) <= 0) {
    return { ...addToLog(ping, run), ...besides }
  }
  const runKey = run?.runKey ?? ping.runKey
  const isOwnEnd = run === undefined || run.rid === ping.rid
  return {
    runKey,
    reports: [toEndReport(ping, set, run), ...besides.reports],
    logged: null,
    begun: null,
    ended: isOwnEnd ? [runKey, ...besides.ended] : besides.ended,
  }
}

function toEndReport(ping: EndPing, set: PingedSet, run: PingedRun | undefined): RunReport {
  const startedAt = run?.facts.startedAt ?? ping.at
  // What is known of an end outranks this one unless this one is later.
  const earliest = run && hasEnded(run.facts) ? run.facts.updatedAt + 1 : startedAt
  return toReport(ping, set, {
    ...ping.end,
    runKey: run?.runKey ?? ping.runKey,
    startedAt,
    updatedAt: Math.max(ping.at, earliest),
    log: withBody(run?.log ?? '', ping),
  })
}

/** A run that had not ended when another of its set failed. Its own end, should it come, tells better. */
function toInterrupted(ping: Ping, set: PingedSet, run: PingedRun): RunReport {
  const text = 'Another run of the backup set reported a failure before this one told its end.'
  return toReport(ping, set, { ...toEndOf(run, ping.at), state: 'failed', messages: [{ level: 'error', text }] })
}

/** A run whose command started anew, as it does the day after it was killed. */
function toAbandoned(ping: Ping, set: PingedSet, run: PingedRun): RunReport {
  const text = 'The next run started before this one told its end.'
  return toReport(ping, set, { ...toEndOf(run, ping.at), state: 'crashed', messages: [{ level: 'error', text }] })
}

function toEndOf({ runKey, facts, log }: PingedRun, at: Instant) {
  return { ...unknownEnd, runKey, startedAt: facts.startedAt, updatedAt: Math.max(at, facts.startedAt), log }
}

const unknownEnd = {
  type: 'backup',
  plugin: null,
  errors: 0,
  warnings: 0,
  exitStatus: null,
  tool: null,
  totalFiles: null,
  processedFiles: null,
  newFiles: null,
  bytes: null,
  messages: [] as RunMessage[],
} as const

type ReportOfPing = Omit<RunReport, 'backupsetName' | 'startedOffset' | 'updatedOffset' | 'receivedAt'>

function toReport(ping: Ping, set: PingedSet, report: ReportOfPing): RunReport {
  return { ...report, backupsetName: set.name, startedOffset: null, updatedOffset: null, receivedAt: ping.at }
}

function addToLog(ping: Ping, run: PingedRun | undefined): PingDecision {
  const decision = { runKey: run?.runKey ?? null, reports: [], logged: null, begun: null, ended: [] }
  if (!run) return decision
  const log = withBody(run.log, ping)
  return log === run.log ? decision : { ...decision, logged: { runKey: run.runKey, messages: run.messages, log } }
}

/** A log with the body of a ping behind it. What a repeated ping says is there already; entries may be alike. */
function withBody(log: string, { kind, body }: Ping): string {
  const text = toKeptLog(body)
  if (text === '' || (kind !== 'log' && log.endsWith(text))) return log
  return toKeptLog(log === '' || log.endsWith('\n') ? log + text : `${log}\n${text}`)
}

type ComparedEnd = PingEnd | RunFacts

/**
 * Compares two ends of one run: the worse is greater, then the one that tells more. No two different ends are equal, so
 * that the greatest of some does not depend on their order.
 */
function compareEnds(one: ComparedEnd, other: ComparedEnd): number {
  return (
    runStates[one.state].severity - runStates[other.state].severity ||
    one.errors - other.errors ||
    one.warnings - other.warnings ||
    knownFacts(one) - knownFacts(other) ||
    compareText(factsText(one), factsText(other))
  )
}

const toldFacts = (end: ComparedEnd) => [
  end.exitStatus,
  end.tool,
  end.totalFiles,
  end.processedFiles,
  end.newFiles,
  end.bytes,
]
const knownFacts = (end: ComparedEnd) => toldFacts(end).filter(fact => fact !== null).length
const factsText = (end: ComparedEnd) => JSON.stringify([end.type, ...toldFacts(end)])

function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
