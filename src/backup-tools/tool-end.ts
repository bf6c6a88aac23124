import type { RunMessage } from '../domain/run.ts'
import { AppError } from '../domain/app-error.ts'
import { type ProcessEnd, readProcessEnd } from '../domain/process-end.ts'
import type { ToolOutput } from './backup-tool.ts'

/**
 * What an exit status, or a line of the output, says of a run. `warning`: what was made is usable but incomplete, by the
 * tool's own distinct word. `crash`: it ended in the middle of its work.
 */
export type Verdict = 'success' | 'warning' | 'failure' | 'canceled' | 'crash'

/** What an adapter knows of how a run ended, besides the process. */
export type EndEvidence = {
  /** The name of the tool. */
  tool: string
  /** What the tool means by its exit statuses, where that is neither success (0) nor plain failure. */
  statuses: ReadonlyMap<number, Verdict>
  /** What lines of the output say themselves; a pipe or a script may hide the exit status that goes with them. */
  said: readonly Verdict[]
  /** Whether the output was written to its end, as far as it shows. */
  isClosed: boolean
  /** Whether any line is the tool's. */
  isOwn: boolean
}

/** How a run ended: its state, whether it is usable but incomplete, and a sentence where the process tells something. */
export type ToolEnd = { state: ProcessEnd['state']; isIncomplete: boolean; text: string | null }

/**
 * How a run ended, by the process and by its output, of which the worse is believed. A signal is believed always. Without
 * exit status a run that looks complete is still incomplete: what went wrong may stand in a stream that nobody sent.
 * Throws `invalid` when neither the process nor the output tells, and for an output without a single line of the tool
 * that no failing exit status goes with.
 */
export function readToolEnd(output: ToolOutput, evidence: EndEvidence): ToolEnd {
  const { tool, statuses, said, isClosed, isOwn } = evidence
  const { exitStatus, signal } = output
  const isSilent = output.stdout.trim() === '' && output.stderr.trim() === ''
  if (signal?.trim()) return { ...readProcessEnd(output), isIncomplete: false }
  if (!isOwn && !exitStatus && (exitStatus === null || !isSilent)) {
    throw new AppError('invalid', `This is not the output of ${tool}.`)
  }
  if (exitStatus === null) return endWithoutStatus(said, isClosed)
  const verdict = statuses.get(exitStatus)
  if (verdict === 'canceled') return { state: 'canceled', isIncomplete: false, text: 'The run was stopped.' }
  const end = readProcessEnd({ exitStatus, signal: null })
  const isKnownGood = exitStatus === 0 || verdict === 'success' || verdict === 'warning'
  if (isKnownGood) return endBySaid(said, verdict === 'warning', verdict === 'warning' ? end.text : null)
  const isSaidOtherwise = said.includes('canceled') || said.includes('crash')
  if (end.state === 'failed' && isSaidOtherwise) {
    return endBySaid(
      said.filter(verdict => verdict !== 'failure'),
      false,
      null,
    )
  }
  return { ...end, isIncomplete: false }
}

function endWithoutStatus(said: readonly Verdict[], isClosed: boolean): ToolEnd {
  if (said.length > 0) return endBySaid(said, false, null)
  if (isClosed) {
    const text = 'No exit status was given: the output alone does not tell whether all went well.'
    return { state: 'finished', isIncomplete: true, text }
  }
  const text = 'The output breaks off, and no exit status was given.'
  return { state: 'crashed', isIncomplete: false, text }
}

function endBySaid(said: readonly Verdict[], isIncomplete: boolean, text: string | null): ToolEnd {
  if (said.includes('crash')) {
    return { state: 'crashed', isIncomplete: false, text: 'The tool ended in the middle of its work.' }
  }
  if (said.includes('failure')) return { state: 'failed', isIncomplete: false, text: null }
  if (said.includes('canceled')) return { state: 'canceled', isIncomplete: false, text: 'The run was stopped.' }
  return { state: 'finished', isIncomplete: isIncomplete || said.includes('warning'), text }
}

type Counted = { errors: number; warnings: number }

/**
 * Errors and warnings of a run that ended so, where the tool does not tell them apart itself: the problems of a run that
 * failed are errors, at least one; those of any other run are warnings, of an incomplete one at least one.
 */
export function toTally(end: ToolEnd, { errors, warnings }: Counted): Counted {
  return toTallyByLevel(end, { errors: errors + warnings, warnings: 0 })
}

/** The same where the tool calls each problem an error or a warning itself: of a run that failed both are kept. */
export function toTallyByLevel(end: ToolEnd, { errors, warnings }: Counted): Counted {
  if (end.state === 'failed') return { errors: Math.max(1, errors), warnings }
  const problems = errors + warnings
  return { errors: 0, warnings: end.state === 'finished' && end.isIncomplete ? Math.max(1, problems) : problems }
}

/** What the end of the process adds to the `told` lines in which the tool says itself what went wrong. */
export function toEndMessages(end: ToolEnd, told: number): RunMessage[] {
  const isToldBetter = told > 0 && (end.state === 'failed' || end.state === 'finished')
  if (end.text === null || isToldBetter) return []
  const level = end.state === 'failed' || end.state === 'crashed' ? 'error' : 'warning'
  return [{ level, text: end.text }]
}
