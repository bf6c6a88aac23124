import type { LocalTime } from '../domain/local-time.ts'
import { isStopSignal, type ProcessEnd, readProcessEnd } from '../domain/process-end.ts'
import type { RunCounts, RunMessage, RunState, RunType } from '../domain/run.ts'
import type { ToolOutput, ToolReading } from './backup-tool.ts'
import { toRunMessages } from './run-messages.ts'

/** What a tool's output says by itself, before the end of its process is weighed against it. */
export type ToolClaim = RunCounts & {
  type: RunType
  /** Whether the output says that the command was done. */
  isClosed: boolean
  /** How the output says that the command ended otherwise than well; null when it does not. */
  ended: Exclude<RunState, 'finished'> | null
  /** The exit statuses, besides 0, with which the tool says in a word of its own that all went well. */
  successes?: readonly number[]
  /** The exit statuses with which the tool says that it is done, though something is amiss. */
  partials?: readonly number[]
  /** Problems with single items: errors of a run that failed, warnings of any other. */
  problems: number
  /** What counts as a warning whatever the end. */
  warnings?: number
  messages: readonly RunMessage[]
  /** The last lines of the output: shown when a run failed, or says that it crashed, and no message says why. */
  lastWords?: readonly string[]
  /** What a finished run is warned of when its output does not say that it was done; null when silence is usual. */
  silence: string | null
  startedAt?: LocalTime | null
  endedAt?: LocalTime | null
  version?: string | null
}

type Verdict = {
  state: RunState
  end: ProcessEnd | null
  /** Why a finished run is not without a warning, though nothing was counted; null when it may be. */
  reservation: string | null
}

/**
 * The reading of an output whose own claim is `claim`. The worse of both is believed: what the output says and how the
 * process ended. Finished without a warning is only what ended with a status of success, and without any signal; where
 * neither is known, what says itself that it was done.
 */
export function deriveReading(output: ToolOutput, claim: ToolClaim): ToolReading {
  const verdict = judge(output, claim)
  const { type, totalFiles, processedFiles, newFiles, bytes, startedAt, endedAt, version } = claim
  return {
    type,
    plugin: null,
    state: verdict.state,
    startedAt: startedAt ?? null,
    endedAt: endedAt ?? null,
    totalFiles,
    processedFiles,
    newFiles,
    bytes,
    ...toTally(verdict, claim),
    messages: toRunMessages([...claim.messages, ...endMessages(verdict, claim)]),
    version: version ?? null,
  }
}

function judge(output: ToolOutput, claim: ToolClaim): Verdict {
  const signal = output.signal?.trim() || null
  const { exitStatus } = output
  const end = exitStatus === null && signal === null ? null : readProcessEnd({ exitStatus, signal })
  const isGood = exitStatus === 0 || listed(claim.successes, exitStatus)
  const isPartial = listed(claim.partials, exitStatus)
  const finished = (reservation: string | null): Verdict => ({ state: 'finished', end, reservation })
  const ended = (state: RunState): Verdict => ({ state, end, reservation: null })

  if (signal !== null) {
    const cameLate = isGood && isStopSignal(signal) && claim.isClosed && claim.ended === null
    return cameLate ? finished(`It was done before the signal ${signal} reached it.`) : ended(end?.state ?? 'crashed')
  }
  if (end?.state === 'canceled' || end?.state === 'crashed') return ended(end.state)
  if (claim.ended !== null) return ended(claim.ended)
  if (end === null) return claim.isClosed ? finished(null) : ended('crashed')
  if (isPartial) return finished(`The tool ended with exit status ${exitStatus}: done, but not without problems.`)
  if (!isGood) return ended(end.state)
  return finished(claim.isClosed ? null : claim.silence)
}

function listed(statuses: readonly number[] | undefined, exitStatus: number | null): boolean {
  return exitStatus !== null && (statuses?.includes(exitStatus) ?? false)
}

function toTally({ state, reservation }: Verdict, claim: ToolClaim): { errors: number; warnings: number } {
  const warnings = claim.warnings ?? 0
  if (state === 'failed') return { errors: Math.max(1, claim.problems), warnings }
  const floor = state === 'finished' && reservation !== null ? 1 : 0
  return { errors: 0, warnings: Math.max(floor, claim.problems + warnings) }
}

/** What the verdict adds to what the tool itself says. */
function endMessages({ state, end, reservation }: Verdict, claim: ToolClaim): RunMessage[] {
  const { messages, silence, lastWords } = claim
  if (state === 'finished') return reservation === null ? [] : [{ level: 'warning', text: reservation }]
  const saysWhy = messages.some(({ level }) => level === 'error')
  if (end === null && state === 'crashed' && !saysWhy && claim.ended === null) {
    const text = 'The output does not say that the command was done, and no exit status was given.'
    return [{ level: 'error', text }, ...(silence === null ? [] : [{ level: 'info' as const, text: silence }])]
  }
  if (state === 'failed' || (state === 'crashed' && claim.ended === 'crashed')) {
    if (saysWhy) return []
    const words = (lastWords ?? []).map(text => ({ level: 'error' as const, text }))
    return [...words, ...toEndMessage('error', end)]
  }
  return toEndMessage(state === 'canceled' ? 'warning' : 'error', end)
}

function toEndMessage(level: RunMessage['level'], end: ProcessEnd | null): RunMessage[] {
  return end === null || end.text === null ? [] : [{ level, text: end.text }]
}
