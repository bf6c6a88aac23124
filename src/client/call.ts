import type { Answer, OperationEntry } from './answer.ts'
import { ApiError } from './api-error.ts'
import { type Format, readRefusal, unexpected } from './format.ts'
import type { CallOptions } from './options.ts'
import { unlessAborted } from './pause.ts'
import { type CallInput, toRequest } from './request.ts'
import { type HttpAnswer, type HttpRequest, type Limits, send, type Sending } from './send.ts'
import type { Tokens } from './tokens.ts'

/** What every call of a client goes through. */
export type Connection = {
  /** The address of the server, without a slash at the end. */
  url: string
  format: Format
  sending: Sending
  tokens: Tokens
  limits: Limits
}

/** What a call says of the representation that the caller has, and of the format it wants instead of the usual one. */
export type CallTerms = CallOptions & { ifNoneMatch?: string | undefined; accept?: string }

/** Calls an operation. Throws `ApiError` when it is refused or comes to nothing. */
export async function call(
  connection: Connection,
  id: string,
  entry: OperationEntry,
  input: CallInput,
  terms: CallTerms,
): Promise<Answer<unknown>> {
  const { url, format, sending } = connection
  const { accept = format.accept, ifNoneMatch } = terms
  const request = await toRequest(url, entry, input, terms, body => format.write(id, body))
  Object.assign(request.headers, {
    accept: entry.answer === 'text' ? `text/plain, ${accept};q=0.5` : accept,
    // By what our clock shows the server corrects the times of runs (RFC 9110, 6.6.1).
    ...(entry.method === 'POST' && { date: new Date(sending.clock()).toUTCString() }),
    ...(ifNoneMatch !== undefined && { 'if-none-match': ifNoneMatch }),
  })
  const answer = await authorize(connection, request, limitsOf(connection, terms))
  const isWritten = terms.accept !== undefined
  const value =
    answer.status === 304 ? undefined : await readValue(format, id, isWritten ? 'text' : entry.answer, answer)
  return {
    value,
    status: answer.status,
    etag: answer.headers.get('etag') ?? undefined,
    location: answer.headers.get('location') ?? undefined,
    headers: answer.headers,
  }
}

function limitsOf({ limits }: Connection, { timeoutMs = limits.timeoutMs, signal }: CallOptions): Limits {
  return { timeoutMs, signals: signal ? [...limits.signals, signal] : limits.signals }
}

/** Sends a request with a token, and once more with a new one when the server does not take the first. */
async function authorize({ sending, tokens }: Connection, request: HttpRequest, limits: Limits): Promise<HttpAnswer> {
  const until = performance.now() + limits.timeoutMs
  for (let isFirst = true; ; isFirst = false) {
    const timeoutMs = Math.max(0, Math.ceil(until - performance.now()))
    const token = await waitFor(tokens.get(), { ...limits, timeoutMs })
    const headers = { ...request.headers, authorization: `Bearer ${token}` }
    const answer = await send(sending, { ...request, headers }, { ...limits, timeoutMs })
    if (answer.status < 300 || answer.status === 304) return answer
    if (answer.status === 303 && answer.headers.get('location') !== null) return answer
    const refusal = await readRefusal(answer)
    const isOfToken = answer.status === 401 && tokenErrors.has(refusal.error)
    if (!isOfToken || !isFirst || !tokens.drop(token)) throw refusal
  }
}

const tokenErrors = new Set(['expired_token', 'invalid_token'])

/** Waits for a token as long as the call may take; others may wait for the same one. */
async function waitFor(token: Promise<string>, { timeoutMs, signals }: Limits): Promise<string> {
  const deadline = AbortSignal.timeout(timeoutMs)
  try {
    return await unlessAborted(token, AbortSignal.any([...signals, deadline]))
  } catch (error) {
    if (!deadline.aborted || error !== deadline.reason) throw error
    const description = 'The server gave no token in time.'
    throw new ApiError({ status: 0, error: 'timeout', description, cause: error })
  }
}

async function readValue(
  format: Format,
  id: string,
  kind: OperationEntry['answer'],
  answer: HttpAnswer,
): Promise<unknown> {
  if (kind === 'message' || kind === 'list') return format.read(id, answer)
  if (kind === 'text') return answer.text
  if (kind === 'nothing' && answer.status === 204) return undefined
  const location = answer.headers.get('location')
  if (kind === 'elsewhere' && location !== null) return location
  throw unexpected(answer)
}
