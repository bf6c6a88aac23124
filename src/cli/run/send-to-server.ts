import { AppError } from '../../domain/app-error.ts'
import type { AgentSettings } from './agent-settings.ts'
import type { Content } from './content.ts'
import { type Answer, post, type PostLimits } from './post.ts'

/** What a computer sends to its server. `path` is that of the API, such as `/v1/runs`. */
export type AgentRequest = {
  path: string
  query?: Record<string, string | undefined>
  content?: Content
  /** Whether an answer with a status of 200 to 299 is that of a server that took it. */
  isTaken: (answer: Answer) => boolean
}

/** What a server made of a request. */
export type ServerAnswer = Pick<Answer, 'status' | 'retryAfter'> & {
  /** Why it is not that of a server that took the request, and what to do; undefined when it took it. */
  problem: string | undefined
  /** Whether a refusal is explained as Lastgood explains: it comes from the server, and not from something before it. */
  isExplained: boolean
}

/** Sends something within the limits. Throws `unavailable`, saying what to do, when the server did not take it. */
export async function sendToServer(agent: AgentSettings, request: AgentRequest, limits: PostLimits): Promise<void> {
  const { problem } = await askServer(agent, request, limits)
  if (problem !== undefined) throw new AppError('unavailable', problem)
}

/** Sends something within the limits and resolves to what the server made of it. Throws `unavailable` without an answer. */
export async function askServer(
  agent: AgentSettings,
  request: AgentRequest,
  limits: PostLimits,
): Promise<ServerAnswer> {
  const { path, query, content = { headers: {}, body: Buffer.alloc(0) } } = request
  const answer = await post(
    {
      url: toUrl(agent.url, path, query),
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${agent.key}`,
        // What our clock shows now: times of runs are by the same clock, be it right or wrong (RFC 9110, 6.6.1).
        date: new Date().toUTCString(),
        ...content.headers,
      },
      body: content.body,
    },
    limits,
  )
  const { status, retryAfter } = answer
  const isExplained = description(readObject(answer.body)) !== ''
  return { status, retryAfter, isExplained, problem: problemOf(answer, request, agent) }
}

/** The JSON object that a body holds; undefined when it holds none. */
export function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function toUrl(base: URL, path: string, query: AgentRequest['query'] = {}): URL {
  const url = new URL(base)
  url.pathname = url.pathname.replace(/\/+$/, '') + path
  url.search = ''
  url.hash = ''
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value)
  return url
}

/** Why an answer is not that of a server that took the request, and what to do; undefined when it took it. */
function problemOf(answer: Answer, { path, isTaken }: AgentRequest, { url, key }: AgentSettings): string | undefined {
  const { status, location, body } = answer
  if (status >= 200 && status < 300) {
    return isTaken(answer) ? undefined : `${url.origin} is no Lastgood server: check LASTGOOD_URL.`
  }
  if (status === 401) return `${url.origin} does not know the agent key: check LASTGOOD_KEY.`
  if (status >= 300 && status < 400) return `${url.origin} points to ${originOf(location, url)}: check LASTGOOD_URL.`
  const said = oneLine(description(readObject(body)).replaceAll(key, 'the key'))
  if (said) return `${url.origin} answered ${status}: ${said}`
  if (status === 404) return `${url.origin} has no ${toUrl(url, path).pathname}: check LASTGOOD_URL.`
  return `${url.origin} answered ${status}: see the log of the server.`
}

function originOf(location: string, base: URL): string {
  return URL.canParse(location, base) ? new URL(location, base).origin : 'nowhere'
}

function description(answer: Record<string, unknown> | undefined): string {
  const text = answer?.['error_description']
  return typeof text === 'string' ? text : ''
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const longestQuote = 300

/** What a server says, as a part of a line for people. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, longestQuote)
}
