import { randomUUID } from 'node:crypto'
import type { Progress } from '../../backup-tools/progress.ts'
import { toCommandName } from '../../domain/command-name.ts'
import { type Instant, seconds } from '../../domain/instant.ts'
import { formatLocalTime } from '../../domain/local-time.ts'
import type { Report } from '../spool/report.ts'
import { type Content, toContent } from './content.ts'
import { toMultipart } from './multipart.ts'
import { toUpdate } from './report-progress.ts'
import type { EndedCommand } from './running-command.ts'

/** What becomes of a run of a set that the server does not know: the set is made, or the report is refused. */
export const onMissingSet = ['create', 'refuse'] as const
export type OnMissingSet = (typeof onMissingSet)[number]

/** What is known of a run when it starts. */
export type StartedRun = {
  set: string
  tool: string | undefined
  command: readonly string[]
  onMissing: OnMissingSet
  timeoutMs: number | undefined
  startedAt: Instant
}

/** Writes the reports of one run. */
export type RunReports = {
  start(): Promise<Report>
  /** How far the running run has come. */
  update(progress: Progress): Promise<Report>
  end(ended: EndedCommand): Promise<Report>
}

const path = '/v1/runs'

/**
 * Builds what writes the reports of one run. All bear the same `run_key`, so that the server takes them for one run
 * however often and in whatever order they arrive (`docs/api.md`, "Runs").
 */
export function buildRunReports(run: StartedRun): RunReports {
  const runKey = randomUUID()
  const localStart = localTimeHere(run.startedAt)
  const about = { runKey, set: run.set, path }
  const onMissing = run.onMissing === 'create' ? {} : { on_missing: run.onMissing }
  const running = {
    run_key: runKey,
    type: 'BACKUP',
    backupset_name: run.set,
    status: 'RUNNING',
    local_start: localStart,
  }
  return {
    start: async () => ({ ...about, kind: 'start', query: onMissing, content: await toJson(running) }),
    async update(progress) {
      const content = await toJson({ ...running, ...toUpdate(progress, localTimeHere(Date.now())) })
      return { ...about, kind: 'progress', query: onMissing, content }
    },
    async end(ended) {
      const query = {
        backupset: run.set,
        run_key: runKey,
        local_start: localStart,
        local_end: localTimeHere(ended.endedAt),
        exit_status: String(ended.exitStatus),
        ...given('signal', ended.stopSignal ?? ended.diedOf),
        ...given('tool', run.tool),
        ...given('command', toCommandName(run.command)),
        ...given('time_limit', ended.isTimedOut ? String((run.timeoutMs ?? 0) / seconds(1)) : null),
        ...onMissing,
      }
      const { contentType, body } = toMultipart({ stdout: ended.stdout, stderr: ended.stderr })
      return { ...about, kind: 'result', query, content: await toContent(contentType, body) }
    },
  }
}

function toJson(report: object): Promise<Content> {
  return toContent('application/json', Buffer.from(JSON.stringify(report)))
}

function given(name: string, value: string | null | undefined): Record<string, string> {
  return value === null || value === undefined ? {} : { [name]: value }
}

/** `instant` as the clock of this machine shows it. */
function localTimeHere(instant: Instant): string {
  return formatLocalTime({ at: instant, offsetMinutes: -new Date(instant).getTimezoneOffset() })
}
