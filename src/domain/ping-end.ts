import { readProcessEnd } from './process-end.ts'
import {
  hasEnded,
  type Plugin,
  type RunCounts,
  type RunFacts,
  type RunMessage,
  runStates,
  type RunType,
} from './run.ts'

/** What a backup tool's adapter read from the body of a ping. */
export type BodyReading = RunCounts &
  Pick<RunFacts, 'type' | 'state' | 'errors' | 'warnings'> & {
    plugin: Plugin | null
    messages: RunMessage[]
    tool: string
  }

/** How the run of a ping ended: what its report says, but for times. */
export type PingEnd = RunCounts &
  Pick<RunFacts, 'type' | 'state' | 'errors' | 'warnings' | 'exitStatus' | 'tool'> & {
    plugin: Plugin | null
    messages: RunMessage[]
  }

/** What a ping of an end says by itself; an exit status of 0 is a success, every other one a failure. */
export type ToldEnd = { kind: 'success' | 'fail'; exitStatus: number | null; body: string }

const nothingCounted: RunCounts = { totalFiles: null, processedFiles: null, newFiles: null, bytes: null }

/**
 * How the run of a ping ended, by what the ping says and what was read in its body (null: nothing). A success is
 * believed only as far as the body agrees. A failure never becomes good: where the ping tells an exit status, the tool
 * may say that it means a warning; `/fail` is a failure whatever the body says.
 */
export function derivePingEnd(told: ToldEnd, reading: BodyReading | null): PingEnd {
  const end = { ...unread, ...reading, exitStatus: told.exitStatus }
  if (told.kind === 'success') return reading ? toBelievedSuccess(end) : end
  // What failed is a failed backup, even if it is the clean-up after it that says so: what such a command counted is not
  // what a backup stored.
  const failure = { ...end, ...(end.type !== 'backup' && nothingCounted), type: 'backup' as const }
  if (told.exitStatus !== null && reading) return toGradedExit(failure, told.exitStatus)
  return {
    ...failure,
    state: runStates[end.state].severity > runStates.failed.severity ? end.state : 'failed',
    errors: Math.max(1, end.errors),
    messages: end.messages.some(({ level }) => level === 'error')
      ? end.messages
      : [...failureMessages(told), ...end.messages],
  }
}

const unread = {
  ...nothingCounted,
  type: 'backup' as RunType,
  plugin: null,
  state: 'finished' as PingEnd['state'],
  errors: 0,
  warnings: 0,
  tool: null,
  messages: [] as RunMessage[],
}

/** A body that ends before its tool does leaves a doubt. */
function toBelievedSuccess(end: PingEnd): PingEnd {
  if (hasEnded(end)) return end
  const text = `The output of ${end.tool} does not tell its end.`
  return {
    ...end,
    state: 'finished',
    warnings: Math.max(1, end.warnings),
    messages: [{ level: 'warning', text }, ...end.messages],
  }
}

function toGradedExit(end: PingEnd, exitStatus: number): PingEnd {
  const isGood = !hasEnded(end) || (end.state === 'finished' && end.errors === 0 && end.warnings === 0)
  if (!isGood) return end
  const text = `The ping told exit status ${exitStatus}, and the output of ${end.tool} nothing that went wrong.`
  return { ...end, state: 'finished', warnings: 1, messages: [{ level: 'warning', text }, ...end.messages] }
}

/** Why it failed, as far as the ping tells. */
function failureMessages({ exitStatus, body }: ToldEnd): RunMessage[] {
  const said = excerptOf(body)
  if (exitStatus === null) return [{ level: 'error', text: said === '' ? 'The ping told a failure.' : said }]
  const text = readProcessEnd({ exitStatus, signal: null }).text ?? `The ping told exit status ${exitStatus}.`
  return [{ level: 'error', text }, ...(said === '' ? [] : [{ level: 'info' as const, text: said }])]
}

const longestExcerpt = 1_000

/** A short body, or the last line of a long one: outcomes stand last. In one line, without control characters. */
function excerptOf(body: string): string {
  const text = body.trim()
  const excerpt = text.length <= longestExcerpt ? text : text.slice(text.lastIndexOf('\n') + 1).slice(0, longestExcerpt)
  return excerpt
    .replaceAll(/[\p{Cc}\u2028\u2029\uFFFE\uFFFF]+/gu, ' ')
    .trim()
    .toWellFormed()
}
