import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { AppError } from '../../domain/app-error.ts'
import { type Instant, seconds } from '../../domain/instant.ts'
import { errorCode } from './error-code.ts'

export type PostRequest = { url: URL; headers: Record<string, string>; body: Buffer }

export type Answer = {
  status: number
  /** The headers of these names, empty when absent. */
  location: string
  retryAfter: string
  /** The first 64 KiB. */
  body: string
}

export type PostLimits = {
  /** For everything: all attempts and the pauses between them. */
  timeoutMs: number
  /** The pause before each further attempt, unless the server asks for another. */
  pausesMs: readonly number[]
  /** Gives up when it is aborted. */
  abort: AbortSignal
}

const retriedStatuses = new Set([429, 502, 503, 504])
const longestAnswer = 64 * 1024

/**
 * Posts `request` and resolves to the answer, whatever its status. A lost connection and the statuses 429, 502, 503 and
 * 504 are tried again, within the limits. Throws `unavailable` when there is no answer.
 */
export async function post(request: PostRequest, limits: PostLimits): Promise<Answer> {
  const until = Date.now() + limits.timeoutMs
  for (const pauseMs of limits.pausesMs) {
    const outcome = await postOnce(request, until, limits.abort).catch(toError)
    const waitMs = pauseBefore(outcome, pauseMs)
    if (waitMs === undefined || limits.abort.aborted || Date.now() + waitMs >= until) {
      return answerOf(outcome, request, limits)
    }
    await setTimeout(waitMs, undefined, { signal: limits.abort }).catch(toError)
  }
  return answerOf(await postOnce(request, until, limits.abort).catch(toError), request, limits)
}

/** How long to wait before another attempt; undefined when this outcome is final. */
function pauseBefore(outcome: Answer | Error, usualMs: number): number | undefined {
  if (outcome instanceof Error) return usualMs
  if (!retriedStatuses.has(outcome.status)) return undefined
  return /^\d{1,4}$/.test(outcome.retryAfter) ? seconds(Number(outcome.retryAfter)) : usualMs
}

function answerOf(outcome: Answer | Error, { url }: PostRequest, limits: PostLimits): Answer {
  if (!(outcome instanceof Error)) return outcome
  throw new AppError('unavailable', noAnswer(outcome, url, limits), { cause: outcome })
}

async function postOnce(request: PostRequest, until: Instant, abort: AbortSignal): Promise<Answer> {
  const deadline = AbortSignal.timeout(Math.max(0, until - Date.now()))
  try {
    return await postAndRead(request, AbortSignal.any([abort, deadline]))
  } catch (error) {
    // An answer that is cut off otherwise looks as if the server had lost it.
    throw deadline.aborted ? deadline.reason : error
  }
}

async function postAndRead(request: PostRequest, signal: AbortSignal): Promise<Answer> {
  const { status, headers, body } = await exchange({ method: 'POST', ...request }, signal, longestAnswer)
  return { status, location: headers.location ?? '', retryAfter: headers['retry-after'] ?? '', body }
}

type OneRequest = { method: string; url: URL; headers: Record<string, string>; body: Buffer | undefined }

/**
 * Sends a request on a connection of its own and resolves to the answer, its body as text up to a length. Redirects are not
 * followed. Rejects when the connection fails or the signal ends it.
 */
export async function exchange(
  { method, url, headers, body }: OneRequest,
  signal: AbortSignal,
  longest: number,
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  const request = openRequest(url, {
    method,
    headers: { ...headers, ...(body && { 'content-length': body.length }) },
    // A connection kept since the start of a long backup may have died without a word.
    agent: false,
    signal,
  })
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('error', reject)
    request.on('response', resolve)
    request.end(body)
  })
  return { status: response.statusCode ?? 0, headers: response.headers, body: await readText(response, longest) }
}

// An import of node:http or node:https as an ES module also loads all that they re-export (WebSocket): 30 ms.
function openRequest(url: URL, options: RequestOptions): ClientRequest {
  const { request } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http')
  return request(url, options)
}

async function readText(response: IncomingMessage, longest: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= longest) break
  }
  return Buffer.concat(chunks).toString('utf8', 0, Math.min(size, longest))
}

/** What a failed connection means and what to do, by the code of the error. */
const connectionProblems: Record<string, string> = {
  ECONNREFUSED: 'refused the connection: check LASTGOOD_URL, and that the server runs',
  ECONNRESET: 'broke off the connection: check LASTGOOD_URL, and the log of the server',
  EPIPE: 'broke off the connection: check LASTGOOD_URL, and the log of the server',
  ENOTFOUND: 'is not known: check the name in LASTGOOD_URL, and the DNS of this computer',
  EAI_AGAIN: 'could not be looked up: check the network and the DNS of this computer',
  EHOSTUNREACH: 'cannot be reached: check the network of this computer',
  ENETUNREACH: 'cannot be reached: check the network of this computer',
  ETIMEDOUT: 'cannot be reached: check LASTGOOD_URL, and the network of this computer',
  EPROTO: 'does not speak TLS: check whether LASTGOOD_URL must begin with http:',
  CERT_HAS_EXPIRED: 'has a certificate that has expired: renew it',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name: check the name in LASTGOOD_URL',
}

function noAnswer(error: Error, { origin }: URL, { timeoutMs, abort }: PostLimits): string {
  if (abort.aborted) return 'it was interrupted.'
  if (error.name === 'TimeoutError') {
    return `${origin} did not answer within ${timeoutMs / seconds(1)} seconds: check that the server runs.`
  }
  return connectionProblem(error, origin)
}

/** Why a server could not be asked, and what to do, as a sentence. */
export function connectionProblem(error: Error, origin: string): string {
  const code = errorCode(error)
  const known = connectionProblems[code]
  if (known) return `${origin} ${known}.`
  if (code.startsWith('HPE_')) return `${origin} does not speak HTTP: check the address and port in LASTGOOD_URL.`
  if (/CERT|SIGNATURE/.test(code)) {
    return `${origin} has a certificate that is not trusted (${code}): name its authority in NODE_EXTRA_CA_CERTS.`
  }
  return `${origin} could not be asked (${code || error.message}): check LASTGOOD_URL.`
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
