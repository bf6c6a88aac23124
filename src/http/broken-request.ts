import type { Socket } from 'node:net'
import { json } from './formats.ts'
import type { ErrorAnswer } from '../wire/error.ts'

const refusals: Record<string, { status: string; error: string; description: string }> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    error: 'headers_too_large',
    description: 'The headers of the request are too large; send fewer or shorter ones.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    error: 'request_timeout',
    description: 'The request took too long to arrive; send it again.',
  },
}

const malformed = {
  status: '400 Bad Request',
  error: 'invalid_request',
  description: 'This is not a valid HTTP request.',
}

/**
 * Answers what never became a request, so that no handler sees it: a broken request line, headers that are too large, a
 * request that does not arrive. What it accepts is not known: the answer is JSON.
 */
export function answerBrokenRequest(failure: NodeJS.ErrnoException, socket: Socket, requestId: string): void {
  if (failure.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, error, description } = refusals[failure.code ?? ''] ?? malformed
  const answer: ErrorAnswer = { error, error_description: description, request_id: requestId }
  const body = JSON.stringify(answer)
  const head = [
    `HTTP/1.1 ${status}`,
    `content-type: ${json.contentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
