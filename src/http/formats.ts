import Negotiator from 'negotiator'
import type { TSchema } from 'typebox'
import { compileXmlWriter, type XmlArrayStyle } from '../wire/xml.ts'

/** A format of an answer: how it is written, and what it is called. */
export type Format = { kind: 'json' | 'xml'; contentType: string }

/** What an answer is written in when nothing else was asked for, or nothing that there is. */
export const json: Format = { kind: 'json', contentType: 'application/json; charset=utf-8' }

const formats: readonly Format[] = [
  json,
  { kind: 'xml', contentType: 'application/xml; charset=utf-8' },
  { kind: 'xml', contentType: 'text/xml; charset=utf-8' },
]
// With their charset: a range that names it fits, as one does that names none.
const offered = formats.map(({ contentType }) => contentType)

const mostRemembered = 1_000
const remembered = new Map<string, Format | undefined>()

/**
 * The format that an `Accept` header prefers among ours (RFC 9110, 12.5.1: q-values, wildcards, the more specific
 * range first); undefined when it wants none of them. No header means JSON.
 */
export function negotiateFormat(accept: string | undefined): Format | undefined {
  if (accept === undefined || accept === '') return json
  if (remembered.has(accept)) return remembered.get(accept)
  const preferred = new Negotiator({ headers: { accept } }).mediaType(offered)
  const format = formats.find(({ contentType }) => contentType === preferred)
  if (remembered.size >= mostRemembered) remembered.clear()
  if (accept.length <= 500) remembered.set(accept, format)
  return format
}

/** Writes the values of one message in any format. */
export type MessageWriter = (value: unknown, format: Format) => string

/** Compiles the writer of a message from its schema. */
export function compileMessage(schema: TSchema, arrays: XmlArrayStyle): MessageWriter {
  const writeXml = compileXmlWriter(schema, arrays)
  return (value, { kind }) => (kind === 'json' ? JSON.stringify(value) : writeXml(value))
}
