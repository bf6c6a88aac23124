import { randomUUID } from 'node:crypto'
import { toCommandName } from '../../domain/command-name.ts'
import { type Instant, seconds } from '../../domain/instant.ts'
import { formatLocalTime } from '../../domain/local-time.ts'
import type { AgentSettings } from './agent-settings.ts'
import { toContent } from './content.ts'
import { toMultipart } from './multipart.ts'
import type { Answer, PostLimits } from './post.ts'
import type { EndedCommand } from './running-command.ts'
import { type AgentRequest, readObject, sendToServer } from './send-to-server.ts'

/** What is known of a run when it starts. */
export type StartedRun = { set: string; tool: string | undefined; command: readonly string[]; startedAt: Instant }

/** Reports one run to the server. Both throw an `AppError` that says what to do when the server did not take it. */
export type RunReporter = {
  /** Gives up after 10 seconds, or when `abort` is. */
  start(abort: AbortSignal): Promise<void>
  /** Gives up after 15 seconds and two more attempts, or when `abort` is. */
  end(ended: EndedCommand, abort: AbortSignal): Promise<void>
}

const startLimits = { timeoutMs: seconds(10), pausesMs: [] }
const endLimits = { timeoutMs: seconds(15), pausesMs: [500, seconds(2)] }

/**
 * Builds the reporter of one run. Both reports bear the same `run_key`, so that the server takes them for one run
 * however often and in whatever order they arrive (`docs/api.md`, "Runs").
 */
export function buildRunReporter(agent: AgentSettings, run: StartedRun): RunReporter {
  const runKey = randomUUID()
  const localStart = localTimeHere(run.startedAt)
  return {
    async start(abort) {
      const report = {
        run_key: runKey,
        type: 'BACKUP',
        backupset_name: run.set,
        status: 'RUNNING',
        local_start: localStart,
      }
      const content = await toContent('application/json', Buffer.from(JSON.stringify(report)))
      await send(agent, { query: {}, content }, { ...startLimits, abort })
    },
    async end(ended, abort) {
      const query = {
        backupset: run.set,
        run_key: runKey,
        local_start: localStart,
        local_end: localTimeHere(ended.endedAt),
        exit_status: String(ended.exitStatus),
        signal: ended.stopSignal ?? ended.diedOf ?? undefined,
        tool: run.tool,
        command: toCommandName(run.command),
      }
      const { contentType, body } = toMultipart({ stdout: ended.stdout, stderr: ended.stderr })
      const content = await toContent(contentType, body)
      await send(agent, { query, content }, { ...endLimits, abort })
    },
  }
}

/** `instant` as the clock of this machine shows it. */
function localTimeHere(instant: Instant): string {
  return formatLocalTime({ at: instant, offsetMinutes: -new Date(instant).getTimezoneOffset() })
}

function send(
  agent: AgentSettings,
  report: Pick<AgentRequest, 'query' | 'content'>,
  limits: PostLimits,
): Promise<void> {
  return sendToServer(agent, { path: '/v1/runs', ...report, isTaken: isRun }, limits)
}

/** Whether an answer is a stored run. */
function isRun({ status, body }: Answer): boolean {
  return (status === 200 || status === 201) && readObject(body) !== undefined
}
