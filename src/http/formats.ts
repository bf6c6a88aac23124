import Negotiator from 'negotiator'
import type { TSchema } from 'typebox'
import { compileCsvWriter } from '../wire/csv.ts'
import { type List, ListOf } from '../wire/list.ts'
import { compileXmlWriter, type XmlArrayStyle } from '../wire/xml.ts'

/** A format of an answer: how it is written, and what it is called. */
export type Format = { kind: 'json' | 'xml' | 'csv'; contentType: string }

/** What an answer is written in when nothing else was asked for, or nothing that there is. */
export const json: Format = { kind: 'json', contentType: 'application/json; charset=utf-8' }

const formats: readonly Format[] = [
  json,
  { kind: 'xml', contentType: 'application/xml; charset=utf-8' },
  { kind: 'xml', contentType: 'text/xml; charset=utf-8' },
]
const csv: Format = { kind: 'csv', contentType: 'text/csv; charset=utf-8; header=present' }

const mostRemembered = 1_000

/** Tells the format that an `Accept` header prefers; undefined when it wants none that there is. */
export type Negotiate = (accept: string | undefined) => Format | undefined

/** What messages are written in. No header means JSON. */
export const negotiateFormat = buildNegotiation(formats)
/** What lists are written in: every format of messages, and CSV. */
export const negotiateListFormat = buildNegotiation([...formats, csv])

/** Chooses among `offered` as RFC 9110, 12.5.1, says: q-values, wildcards, the more specific range first. */
function buildNegotiation(offered: readonly Format[]): Negotiate {
  // With their charset: a range that names it fits, as one does that names none.
  const names = offered.map(({ contentType }) => contentType)
  const remembered = new Map<string, Format | undefined>()
  return accept => {
    if (accept === undefined || accept === '') return json
    if (remembered.has(accept)) return remembered.get(accept)
    const preferred = new Negotiator({ headers: { accept } }).mediaType(names)
    const format = offered.find(({ contentType }) => contentType === preferred)
    if (remembered.size >= mostRemembered) remembered.clear()
    if (accept.length <= 500) remembered.set(accept, format)
    return format
  }
}

/** Writes the values of one message in any format. */
export type MessageWriter = (value: unknown, format: Format) => string

/** Writes the rows of a list, with their envelope where the format has one. */
export type ListWriter = (list: List<unknown>, format: Format) => string

/** Compiles the writer of a list from the schema of its rows. */
export function compileList(row: TSchema, arrays: XmlArrayStyle): ListWriter {
  const write = compileMessage(ListOf(row), arrays)
  const writeCsv = compileCsvWriter(row)
  return (list, format) => (format.kind === 'csv' ? writeCsv(list.list) : write(list, format))
}

/** Compiles the writer of a message from its schema. */
export function compileMessage(schema: TSchema, arrays: XmlArrayStyle): MessageWriter {
  const writeXml = compileXmlWriter(schema, arrays)
  return (value, { kind }) => (kind === 'json' ? JSON.stringify(value) : writeXml(value))
}
