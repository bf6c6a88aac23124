import type { LocalTime } from '../domain/local-time.ts'
import type { Plugin, RunCounts, RunMessage, RunType } from '../domain/run.ts'
import type { ToolOutput, ToolReading } from './backup-tool.ts'
import { toRunMessages } from './run-messages.ts'
import { judgeEnd, type Tally, toEndMessages, type ToolEnd, toTallyByLevel, type Verdict } from './verdict.ts'

/** What a tool's output says by itself, before the end of its process is weighed against it. */
export type ToolClaim = RunCounts & {
  type: RunType
  /** Null, the default, where the output does not tell what kind of data it was. */
  plugin?: Plugin | null
  /** Whether the output says that the command was done. */
  isClosed: boolean
  /** Whether that stands, with a warning, beside a signal that asked it to stop; the default. */
  outlastsStop?: boolean
  /** How the output says that the command ended otherwise than well, or that it still runs; null when it does not. */
  ended: keyof typeof verdicts | null
  /** The exit statuses, besides 0, with which the tool says in a word of its own that all went well. */
  successes?: readonly number[]
  /** The exit statuses with which the tool says that it is done, though something is amiss. */
  partials?: readonly number[]
  /** Problems with single items: errors of a run that failed, warnings of any other. */
  problems: number
  /** What counts as a warning whatever the end. */
  warnings?: number
  /** How both are counted, if not so. */
  tally?: Tally
  messages: readonly RunMessage[]
  /** The last lines of the output: shown when a run failed, or says that it crashed, and no message says why. */
  lastWords?: readonly string[]
  /** What a finished run is warned of when its output does not say that it was done; null when silence is usual. */
  silence: string | null
  /** What a finished run is warned of though its output may say that it was done. */
  doubt?: string | null
  startedAt?: LocalTime | null
  endedAt?: LocalTime | null
  version?: string | null
}

/**
 * The reading of an output whose own claim is `claim`. The worse of both is believed: what the output says and how the
 * process ended. Finished without a warning is only what ended with a status of success, and without any signal; where
 * neither is known, what says itself that it was done.
 */
export function deriveReading(output: ToolOutput, claim: ToolClaim): ToolReading {
  const end = judge(output, claim)
  const { type, plugin, totalFiles, processedFiles, newFiles, bytes, startedAt, endedAt, version } = claim
  const { tally = toTallyByLevel, problems, warnings = 0 } = claim
  return {
    type,
    plugin: plugin ?? null,
    state: end.state,
    startedAt: startedAt ?? null,
    endedAt: endedAt ?? null,
    totalFiles,
    processedFiles,
    newFiles,
    bytes,
    ...tally(end, { errors: problems, warnings }),
    messages: toRunMessages([...claim.messages, ...endMessages(output, end, claim)]),
    version: version ?? null,
  }
}

const verdicts = { canceled: 'canceled', failed: 'failure', crashed: 'crash', running: 'running' } as const

function judge(output: ToolOutput, claim: ToolClaim): ToolEnd {
  const { successes, partials, ended, isClosed, outlastsStop = true, silence, doubt } = claim
  const statuses = new Map<number, Verdict>([
    ...(partials ?? []).map(status => [status, 'warning'] as const),
    ...(successes ?? []).map(status => [status, 'success'] as const),
  ])
  const end = judgeEnd(output, {
    statuses,
    said: ended ? [verdicts[ended]] : isClosed ? ['success'] : [],
    outlastsStop,
  })
  const reservation = doubt ?? (isClosed ? null : silence)
  if (end.state !== 'finished' || end.isIncomplete || reservation === null) return end
  return { ...end, isIncomplete: true, text: reservation }
}

/** What the end adds to what the tool itself says. */
function endMessages(output: ToolOutput, end: ToolEnd, claim: ToolClaim): RunMessage[] {
  const { messages, silence, ended, lastWords = [] } = claim
  const saysWhy = messages.some(({ level }) => level === 'error')
  const isOwnEnd = end.state === 'failed' || (end.state === 'crashed' && ended === 'crashed')
  const words = isOwnEnd && !saysWhy ? lastWords : []
  const isCutOff = end.state === 'crashed' && ended === null && output.exitStatus === null && !output.signal?.trim()
  return [
    ...words.map(text => ({ level: 'error' as const, text })),
    ...toEndMessages(end, end.state === 'failed' && saysWhy ? 1 : 0),
    ...(isCutOff && silence !== null && !saysWhy ? [{ level: 'info' as const, text: silence }] : []),
  ]
}
