import { setTimeout } from 'node:timers/promises'
import { isAppError } from '../../domain/app-error.ts'
import { type Instant, seconds } from '../../domain/instant.ts'
import { type AgentOptions, readReportingSettings } from './agent-settings.ts'
import { buildRecentOutput, type RecentOutput } from './recent-output.ts'
import { type EndedCommand, runToItsEnd } from './running-command.ts'
import type { OnMissingSet } from './run-reports.ts'
import { say, type Say, sayNothing } from './say.ts'
import { settlesWithin } from './settles-within.ts'
import { listenForStopSignals } from './stop-signals.ts'

export type RunRequest = AgentOptions & {
  set: string
  tool?: string | undefined
  onMissing: OnMissingSet
  /** How long the command may take. */
  timeoutMs?: number | undefined
  /** Whether Lastgood itself says nothing. */
  isQuiet: boolean
  /** Whether the progress of the command is shown as a bar where there is a terminal. */
  hasBar: boolean
  command: readonly string[]
}

/**
 * Runs a command and reports its start and its end. Resolves to the exit status of the command, 124 where it ran into its
 * time limit, or dies of the signal that the command died of. Whatever happens to the reports changes neither, and is
 * told in one line on stderr.
 */
export async function runAndReport(request: RunRequest): Promise<number> {
  const startedAt = Date.now()
  const tell = request.isQuiet ? sayNothing : say
  const recent = [buildRecentOutput(), buildRecentOutput()] as const
  const running = runToItsEnd({ ...request, recent }, { timeoutMs: request.timeoutMs, say: tell })
  const interrupt = new AbortController()
  const reporting = report({ request, startedAt, running, recent, interrupt: interrupt.signal, tell })
  const ended = await running
  const stopListening = listenForStopSignals(() => interrupt.abort())
  await reporting
  stopListening()
  return endLike(ended)
}

type Reporting = {
  request: RunRequest
  startedAt: Instant
  running: Promise<EndedCommand>
  recent: readonly RecentOutput[]
  interrupt: AbortSignal
  tell: Say
}

const startPatienceMs = seconds(2)
const updateEveryMs = seconds(30)

async function report({ request, startedAt, running, recent, interrupt, tell }: Reporting): Promise<void> {
  try {
    const settings = await readReportingSettings(request)
    for (const warning of settings.warnings) await tell(warning)
    const { buildRunReporter } = await import('./run-reporter.ts')
    const { buildRunReports } = await import('./run-reports.ts')
    const { openProgressReports } = await import('./report-progress.ts')
    const { set, tool, command, onMissing, timeoutMs } = request
    const reports = buildRunReports({ set, tool, command, onMissing, timeoutMs, startedAt })
    const reporter = buildRunReporter(settings, reports, tell)
    const over = new AbortController()
    const overdue = new AbortController()
    // A start that was not reported is told by the end, which says when the run started, or fails for the same reason.
    const start = reporter.start({ hurry: over.signal, abort: overdue.signal }).catch(() => undefined)
    const updates = openProgressReports({
      everyMs: updateEveryMs,
      outputs: recent,
      send: (progress, abort) => reporter.update(progress, abort),
    })
    const ended = await running.finally(() => updates.stop())
    over.abort()
    if (!(await settlesWithin(start, startPatienceMs))) overdue.abort()
    await reporter.end(ended, { hurry: interrupt, abort: interrupt })
  } catch (error) {
    await tell(notReported(error))
  }
}

function notReported(error: unknown): string {
  if (isAppError(error, 'invalid')) return `the run will not be reported: ${error.message}`
  if (isAppError(error)) return `the run was not reported: ${error.message}`
  const stack = process.env['LASTGOOD_DEBUG'] && error instanceof Error ? `\n${error.stack}` : ''
  return `the run was not reported: this is a bug (${String(error)}): set LASTGOOD_DEBUG=1 and report it.${stack}`
}

const passedDeaths = new Set<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGKILL'])

async function endLike({ exitStatus, diedOf, isTimedOut }: EndedCommand): Promise<number> {
  if (isTimedOut || diedOf === null || !passedDeaths.has(diedOf)) return exitStatus
  process.removeAllListeners(diedOf)
  process.kill(process.pid, diedOf)
  // The first process of a container does not die of its own signals: it ends as a shell would.
  await setTimeout(seconds(1))
  return exitStatus
}
