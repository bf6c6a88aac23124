import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../../domain/app-error.ts'
import { type Instant, seconds } from '../../domain/instant.ts'
import { formatLocalTime } from '../../domain/local-time.ts'
import type { AgentSettings } from './agent-settings.ts'
import { toMultipart } from './multipart.ts'
import { type Answer, post, type PostLimits } from './post.ts'
import type { EndedCommand } from './running-command.ts'

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
      const content = { contentType: 'application/json', body: Buffer.from(JSON.stringify(report)) }
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
        tool: run.tool ?? toolOf(run.command),
      }
      const content = toMultipart({ stdout: ended.stdout, stderr: ended.stderr })
      await send(agent, { query, content }, { ...endLimits, abort })
    },
  }
}

/** `instant` as the clock of this machine shows it. */
function localTimeHere(instant: Instant): string {
  return formatLocalTime({ at: instant, offsetMinutes: -new Date(instant).getTimezoneOffset() })
}

// Any other tool is detected by the server, from what it wrote.
function toolOf([file = '']: readonly string[]): string | undefined {
  return basename(file) === 'restic' ? 'restic' : undefined
}

type Content = { contentType: string; body: Buffer }
type Report = { query: Record<string, string | undefined>; content: Content }

async function send(agent: AgentSettings, { query, content }: Report, limits: PostLimits): Promise<void> {
  const { headers, body } = await compressed(content)
  const request = {
    url: runsUrl(agent.url, query),
    headers: { accept: 'application/json', authorization: `Bearer ${agent.key}`, ...headers },
    body,
  }
  const answer = await post(request, limits)
  const problem = problemOf(answer, agent)
  if (problem) throw new AppError('unavailable', problem)
}

function runsUrl(base: URL, query: Report['query']): URL {
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/runs`
  url.search = ''
  url.hash = ''
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value)
  return url
}

const smallestCompressed = 16 * 1024

async function compressed({ contentType, body }: Content): Promise<{ headers: Record<string, string>; body: Buffer }> {
  const headers = { 'content-type': contentType }
  if (body.length <= smallestCompressed) return { headers, body }
  // Loaded only for output that is worth it.
  const { gzip } = await import('node:zlib')
  return { headers: { ...headers, 'content-encoding': 'gzip' }, body: await promisify(gzip)(body) }
}

/** Why an answer is not that of a server that took the report, and what to do; undefined when it took it. */
function problemOf({ status, location, body }: Answer, { url, key }: AgentSettings): string | undefined {
  const answer = readObject(body)
  if (status === 200 || status === 201) {
    return answer ? undefined : `${url.origin} is no Lastgood server: check LASTGOOD_URL.`
  }
  if (status === 401) return `${url.origin} does not know the agent key: check LASTGOOD_KEY.`
  if (status >= 300 && status < 400) return `${url.origin} points to ${originOf(location, url)}: check LASTGOOD_URL.`
  const said = oneLine(description(answer).replaceAll(key, 'the key'))
  if (said) return `${url.origin} answered ${status}: ${said}`
  if (status === 404) return `${url.origin} has no ${runsUrl(url, {}).pathname}: check LASTGOOD_URL.`
  return `${url.origin} answered ${status}: see the log of the server.`
}

function originOf(location: string, base: URL): string {
  return URL.canParse(location, base) ? new URL(location, base).origin : 'nowhere'
}

function description(answer: Record<string, unknown> | undefined): string {
  const text = answer?.['error_description']
  return typeof text === 'string' ? text : ''
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const longestQuote = 300

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, longestQuote)
}
