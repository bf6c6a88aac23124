import { ApiError } from './api-error.ts'
import type { Fetch } from './options.ts'
import { parseRetryAfter } from './retry-after.ts'
import { settlesAfter } from './pause.ts'

/** How requests are sent. */
export type Sending = {
  fetch: Fetch
  attempts: number
  firstPauseMs: number
  longestPauseMs: number
  attemptTimeoutMs: number
  clock: () => number
}

export type HttpRequest = {
  method: string
  url: string
  headers: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer> | undefined
  /** Whether it does no harm when it reaches the server twice. */
  isRepeatable: boolean
}

/** An answer that has arrived as a whole. */
export type HttpAnswer = { status: number; headers: { get(name: string): string | null }; text: string }

/** What ends all attempts. */
export type Limits = { timeoutMs: number; signals: readonly AbortSignal[] }

/**
 * Sends a request, again after 429 and 503, and, where it is repeatable, after a lost connection, 502 and 504. The
 * server says how long to wait, else pauses double, with chance in them. Throws `ApiError` without an answer, and the
 * reason of a signal that ends it.
 */
export async function send(
  sending: Sending,
  request: HttpRequest,
  { timeoutMs, signals }: Limits,
): Promise<HttpAnswer> {
  const until = performance.now() + timeoutMs
  const deadline = AbortSignal.timeout(timeoutMs)
  const ending = AbortSignal.any([...signals, deadline])
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await sendOnce(sending, request, ending)
    if (ending.aborted && outcome instanceof Error) throw whyEnded(signals, request, timeoutMs)
    const pauseMs = attempt < sending.attempts ? pauseAfter(outcome, attempt, sending, request) : undefined
    if (pauseMs === undefined || performance.now() + pauseMs >= until) return answerOf(outcome, request)
    await settlesAfter(pauseMs, ending)
    if (ending.aborted) throw whyEnded(signals, request, timeoutMs)
  }
}

async function sendOnce(sending: Sending, request: HttpRequest, ending: AbortSignal): Promise<HttpAnswer | Error> {
  const { method, url, headers, body } = request
  const signal = AbortSignal.any([ending, AbortSignal.timeout(sending.attemptTimeoutMs)])
  try {
    const sent = { method, headers, redirect: 'manual', signal, ...(body !== undefined && { body }) } as const
    const answer = await sending.fetch(url, sent)
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

// Whoever says these has not done it; the others may come from a proxy that lost its server in the middle.
const refusedForNow = new Set([429, 503])
const lostBehindProxy = new Set([502, 504])

/** How long to wait before the next attempt; undefined where the outcome is final. */
function pauseAfter(
  outcome: HttpAnswer | Error,
  attempt: number,
  { firstPauseMs, longestPauseMs, clock }: Sending,
  { isRepeatable }: HttpRequest,
): number | undefined {
  const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1))
  const usual = longest / 2 + (Math.random() * longest) / 2
  if (outcome instanceof Error) return isRepeatable ? usual : undefined
  const isRetried = refusedForNow.has(outcome.status) || (isRepeatable && lostBehindProxy.has(outcome.status))
  return isRetried ? (parseRetryAfter(outcome.headers.get('retry-after'), clock()) ?? usual) : undefined
}

function answerOf(outcome: HttpAnswer | Error, { url }: HttpRequest): HttpAnswer {
  if (!(outcome instanceof Error)) return outcome
  const { origin } = new URL(url)
  if (outcome.name === 'TimeoutError') {
    throw new ApiError({
      status: 0,
      error: 'timeout',
      description: `${origin} did not answer in time.`,
      cause: outcome,
    })
  }
  const description = `${origin} could not be asked (${reasonOf(outcome)}).`
  throw new ApiError({ status: 0, error: 'connection_lost', description, cause: outcome })
}

/** What ended the attempts: the caller, who knows why, or the time that the call had. */
function whyEnded(signals: readonly AbortSignal[], { url }: HttpRequest, timeoutMs: number): unknown {
  const signal = signals.find(({ aborted }) => aborted)
  if (signal) return signal.reason
  const description = `${new URL(url).origin} did not answer within ${timeoutMs / 1_000} seconds.`
  return new ApiError({ status: 0, error: 'timeout', description })
}

function reasonOf(error: Error): string {
  const { code, message } = (error.cause instanceof Error ? error.cause : error) as Error & { code?: unknown }
  return typeof code === 'string' ? code : message
}
