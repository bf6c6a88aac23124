import { AppError } from '../domain/app-error.ts'
import { isStopSignal, type ProcessEnd, readProcessEnd, timeLimitStatus } from '../domain/process-end.ts'
import type { RunMessage } from '../domain/run.ts'
import type { ToolOutput } from './backup-tool.ts'

/**
 * What an exit status, or a line of the output, says of a run. `warning`: what was made is usable but incomplete, by the
 * tool's own distinct word. `crash`: it ended in the middle of its work. `running`: it has not ended.
 */
export type Verdict = 'success' | 'warning' | 'failure' | 'canceled' | 'crash' | 'running'

/** What an adapter knows of how a run ended, besides the process. */
export type EndEvidence = {
  /** What the tool means by its exit statuses, where that is neither success (0) nor plain failure. */
  statuses?: ReadonlyMap<number, Verdict>
  /** What lines of the output say themselves; a pipe or a script may hide the exit status that goes with them. */
  said: readonly Verdict[]
  /** Whether the output was written to its end, as far as it shows, though nothing in it says that all went well. */
  isClosed?: boolean
  /** Whether its own word that it was done stands, with a warning, beside a signal that asked it to stop. */
  outlastsStop?: boolean
}

/** How a run ended: its state, whether it is usable but incomplete, and a sentence where the process tells something. */
export type ToolEnd = { state: ProcessEnd['state'] | 'running'; isIncomplete: boolean; text: string | null }

/**
 * How a run ended, by the process and by its output, of which the worse is believed. A signal is believed always; one
 * that came too late leaves a warning. Without exit status a run that only looks complete is still incomplete: what went
 * wrong may stand in a stream that nobody sent.
 */
export function judgeEnd(output: ToolOutput, evidence: EndEvidence): ToolEnd {
  const { exitStatus } = output
  const { statuses, said, isClosed = false, outlastsStop = false } = evidence
  const signal = output.signal?.trim() || null
  const verdict =
    exitStatus === null ? undefined : (statuses?.get(exitStatus) ?? (exitStatus === 0 ? 'success' : undefined))
  if (signal !== null) {
    const cameLate = outlastsStop && verdict === 'success' && isStopSignal(signal) && isSaidToBeDone(said)
    if (!cameLate) return { ...readProcessEnd(output), isIncomplete: false }
    return { state: 'finished', isIncomplete: true, text: `It was done before the signal ${signal} reached it.` }
  }
  if (exitStatus === null) return endWithoutStatus(said, isClosed)
  if (verdict === 'canceled') return stopped
  if (verdict === 'success') return endBySaid(said, null)
  if (verdict === 'warning') {
    return endBySaid(said, `The tool ended with exit status ${exitStatus}: done, but not without problems.`)
  }
  const end = { ...readProcessEnd({ exitStatus, signal: null }), isIncomplete: false }
  // The tool knows that it was told to end, and not that the time was over.
  const isSaidOtherwise = (said.includes('canceled') && exitStatus !== timeLimitStatus) || said.includes('crash')
  if (end.state !== 'failed' || !isSaidOtherwise) return end
  return endBySaid(
    said.filter(verdict => verdict !== 'failure'),
    null,
  )
}

/**
 * The same for an output that may be another tool's. Throws `invalid` for one without a single line of `tool` that no
 * signal and no failing exit status goes with: silence with exit status 0 excepted.
 */
export function readToolEnd(
  output: ToolOutput,
  { tool, isOwn, ...evidence }: EndEvidence & { tool: string; isOwn: boolean },
): ToolEnd {
  const { exitStatus, signal } = output
  const isSilent = output.stdout.trim() === '' && output.stderr.trim() === ''
  if (!signal?.trim() && !isOwn && !exitStatus && (exitStatus === null || !isSilent)) refuseOutput(tool)
  return judgeEnd(output, evidence)
}

/** Throws `invalid`: the text is not that of `tool`. */
export function refuseOutput(tool: string): never {
  throw new AppError('invalid', `This is not the output of ${tool}.`)
}

const stopped: ToolEnd = { state: 'canceled', isIncomplete: false, text: 'The run was stopped.' }

function isSaidToBeDone(said: readonly Verdict[]): boolean {
  return said.includes('success') && said.every(verdict => verdict === 'success' || verdict === 'warning')
}

function endWithoutStatus(said: readonly Verdict[], isClosed: boolean): ToolEnd {
  if (said.length > 0) return endBySaid(said, null)
  if (isClosed) {
    const text = 'No exit status was given: the output alone does not tell whether all went well.'
    return { state: 'finished', isIncomplete: true, text }
  }
  const text = 'The output does not say that the command was done, and no exit status was given.'
  return { state: 'crashed', isIncomplete: false, text }
}

/** `reservation`: why a run that is not said to have ended badly is incomplete by its exit status; null when it is not. */
function endBySaid(said: readonly Verdict[], reservation: string | null): ToolEnd {
  if (said.includes('crash')) {
    return { state: 'crashed', isIncomplete: false, text: 'The tool ended in the middle of its work.' }
  }
  if (said.includes('failure')) return { state: 'failed', isIncomplete: false, text: null }
  if (said.includes('canceled')) return stopped
  if (said.includes('running')) return { state: 'running', isIncomplete: false, text: null }
  return { state: 'finished', isIncomplete: reservation !== null || said.includes('warning'), text: reservation }
}

/** Problems, as the output tells or counts them. */
export type Counted = { errors: number; warnings: number }

/** What counts as errors and warnings of a run that ended so. */
export type Tally = (end: ToolEnd, counted: Counted) => Counted

/**
 * Where the tool does not tell errors and warnings apart itself: the problems of a run that failed are errors, at least
 * one; those of any other run are warnings, of an incomplete one at least one.
 */
export const toTally: Tally = (end, { errors, warnings }) =>
  toTallyByLevel(end, { errors: errors + warnings, warnings: 0 })

/** Where the tool calls each problem an error or a warning itself: of a run that failed both are kept. */
export const toTallyByLevel: Tally = (end, { errors, warnings }) => {
  if (end.state === 'failed') return { errors: Math.max(1, errors), warnings }
  const problems = errors + warnings
  return { errors: 0, warnings: end.state === 'finished' && end.isIncomplete ? Math.max(1, problems) : problems }
}

/** Where a warning matters only to what was made: of a run that did not finish nothing but its errors is counted. */
export const toTallyOfFinished: Tally = (end, { errors, warnings }) => {
  if (end.state === 'failed') return { errors: Math.max(1, errors), warnings: 0 }
  return end.state === 'finished' ? toTallyByLevel(end, { errors, warnings }) : { errors: 0, warnings: 0 }
}

/** What the end of the process adds to the `told` lines in which the tool says itself what went wrong. */
export function toEndMessages(end: ToolEnd, told: number): RunMessage[] {
  const isToldBetter = told > 0 && (end.state === 'failed' || end.state === 'finished')
  if (end.text === null || isToldBetter) return []
  const level = end.state === 'failed' || end.state === 'crashed' ? 'error' : 'warning'
  return [{ level, text: end.text }]
}
