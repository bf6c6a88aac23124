import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Instant } from '../domain/instant.ts'
import type { List } from '../wire/list.ts'
import { namesTag, toEntityTag } from './entity-tag.ts'
import type { Format, ListWriter, MessageWriter } from './formats.ts'
import { isUnmodifiedSince, toLastModified } from './last-modified.ts'
import type { DatedText } from './operation.ts'

/**
/**
 * An answer that is written already. A tag that is known need not be derived from the text again. `link` is the header of
 * that name, where there is one. With `lastModified` nothing of it was modified since.
 */
export type Written = {
  contentType: string
  text: string
  tag?: string
  link?: string
  lastModified?: Instant | undefined
}

/** Sends a message in the format that was agreed upon. */
export function sendMessage(reply: FastifyReply, format: Format, write: MessageWriter, value: unknown): FastifyReply {
  return sendWritten(reply, { contentType: format.contentType, text: write(value, format) })
}

/** Sends a list. */
export function sendList(reply: FastifyReply, format: Format, write: ListWriter, list: List<unknown>): FastifyReply {
  return sendWritten(reply, { contentType: format.contentType, text: write(list, format), ...linkHeader(list, format) })
}

/** The links to other pages, where the format of a list has no place for them, as a header (RFC 8288). */
export function linkHeader({ links }: Pick<List<unknown>, 'links'>, { kind }: Format): { link?: string } {
  return kind === 'csv' ? { link: links.map(({ rel, href }) => `<${href}>; rel="${rel}"`).join(', ') } : {}
}

/**
 * Sends a long answer part by part, no faster than the caller takes it, compressed if the caller takes that. Nothing more
 * of it is written once the caller has gone. Its length and its tag would be known only at its end: it has neither.
 */
export function sendParts(
  reply: FastifyReply,
  { contentType, link, parts }: { contentType: string; link?: string; parts: AsyncGenerator<string> },
): FastifyReply {
  const { request } = reply
  addHeaders(reply, { contentType, link }).header('cache-control', 'private, no-cache')
  // Whoever asks for the headers alone gets them without the work.
  const body = request.method === 'HEAD' ? Readable.from([]) : Readable.from(parts, { objectMode: false })
  if (request.headers['accept-encoding'] === undefined) return reply.send(body)
  reply.compress(body)
  return reply
}

/**
 * Sends an answer that is written already, compressed if the caller takes that. It is for the caller alone. A
 * representation has a tag, and is not sent again to whoever has it (RFC 9110, 13.1.2) or, where no tags are named, has what
 * was not modified since (13.1.3).
 */
export function sendWritten(
  reply: FastifyReply,
  { contentType, text, tag, link, lastModified }: Written,
): FastifyReply {
  const { request } = reply
  const isRepresentation = (request.method === 'GET' || request.method === 'HEAD') && reply.statusCode === 200
  addHeaders(reply, { contentType, link }).header('cache-control', isRepresentation ? 'private, no-cache' : 'no-store')
  const isCompressed = request.headers['accept-encoding'] !== undefined
  if (isRepresentation) {
    const own = tag ?? toEntityTag(text)
    // Compressed bytes are others: their tag is a weak one.
    reply.header('etag', isCompressed ? `W/${own}` : own)
    if (lastModified !== undefined) reply.header('last-modified', new Date(lastModified).toUTCString())
    if (hasAlready(request, own, lastModified)) return reply.code(304).removeHeader('content-type').send()
  }
  if (!isCompressed) return reply.send(text)
  reply.compress(text)
  return reply
}

function addHeaders(
  reply: FastifyReply,
  { contentType, link }: { contentType: string; link: string | undefined },
): FastifyReply {
  if (link !== undefined) reply.header('link', link)
  return reply
    .header('content-type', contentType)
    .header('vary', 'accept, accept-encoding')
    .header('x-content-type-options', 'nosniff')
}

function hasAlready({ headers }: FastifyRequest, tag: string, lastModified: Instant | undefined): boolean {
  const had = headers['if-none-match']
  if (had !== undefined) return namesTag(had, tag)
  const since = headers['if-modified-since']
  return since !== undefined && lastModified !== undefined && isUnmodifiedSince(since, lastModified)
}

/** Sends plain text, which a browser must not take for anything else. */
export function sendText(reply: FastifyReply, text: string, lastModified?: Instant): FastifyReply {
  return sendWritten(reply, { contentType: 'text/plain; charset=utf-8', text, lastModified })
}

/** Sends plain text that says when it was modified. */
export function sendDatedText(reply: FastifyReply, { text, modifiedAt }: DatedText, now: Instant): FastifyReply {
  return sendText(reply, text, modifiedAt === null ? undefined : toLastModified(modifiedAt, now))
}

/** Says that it is done, and nothing else. */
export function sendNothing(reply: FastifyReply): FastifyReply {
  return reply.code(204).header('cache-control', 'no-store').send()
}

/** Says where to look. */
export function sendElsewhere(reply: FastifyReply, location: string): FastifyReply {
  return reply.code(303).header('location', location).header('cache-control', 'no-store').send()
}
