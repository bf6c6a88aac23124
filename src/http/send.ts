import type { FastifyReply } from 'fastify'
import type { Format, MessageWriter } from './formats.ts'

/** Sends a message in the format that was agreed upon. */
export function sendMessage(reply: FastifyReply, format: Format, write: MessageWriter, value: unknown): FastifyReply {
  return sendWritten(reply, format.contentType, write(value, format))
}

/** Sends an answer that is written already, compressed if the caller takes that. It is for the caller alone, and now. */
export function sendWritten(reply: FastifyReply, contentType: string, text: string): FastifyReply {
  reply
    .header('content-type', contentType)
    .header('vary', 'accept, accept-encoding')
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
  if (reply.request.headers['accept-encoding'] === undefined) return reply.send(text)
  reply.compress(text)
  return reply
}

/** Sends plain text, which a browser must not take for anything else. */
export function sendText(reply: FastifyReply, text: string): FastifyReply {
  return sendWritten(reply, 'text/plain; charset=utf-8', text)
}

/** Says that it is done, and nothing else. */
export function sendNothing(reply: FastifyReply): FastifyReply {
  return reply.code(204).header('cache-control', 'no-store').send()
}
