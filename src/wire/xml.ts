import type { TSchema } from 'typebox'
import { xmlOf } from './schema.ts'

/** Writes a value of one schema as XML 1.0 in UTF-8. */
export type XmlWriter = (value: unknown) => string

/** Which reading of the vendor's XML sample an array of constants follows; the sample itself is not well-formed. */
export const xmlArrayStyles = ['repeat', 'wrap', 'plural'] as const
export type XmlArrayStyle = (typeof xmlArrayStyles)[number]

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

/**
 * Compiles a schema into a writer; its root element has the schema's XML name. Members that the schema does not name
 * are not written, absent ones are left out, and an empty string and null are empty elements. Every string comes out
 * well-formed: what XML 1.0 (2.2) cannot hold is written as U+FFFD.
 */
export function compileXmlWriter(schema: TSchema, arrays: XmlArrayStyle = 'repeat'): XmlWriter {
  const write = compileXmlElement(schema, arrays)
  return value => declaration + write(value)
}

/** Compiles a schema into a writer of its element alone, as a part of a document. */
export function compileXmlElement(schema: TSchema, arrays: XmlArrayStyle = 'repeat'): XmlWriter {
  return compileElement(xmlOf(schema).name ?? 'value', schema, arrays)
}

type Writer = (value: unknown) => string

/** What is written as an empty element. */
const absent = new Set<unknown>(['', null])

function compileElement(name: string, schema: TSchema, arrays: XmlArrayStyle): Writer {
  const { properties } = schema as { properties?: Record<string, TSchema> }
  const { items } = schema as { items?: TSchema }
  if (properties) return compileObject(name, properties, arrays)
  if (items) return compileArray(name, schema, items, arrays)
  const [open, close, empty] = [`<${name}>`, `</${name}>`, `<${name}/>`]
  return value => (absent.has(value) ? empty : open + escapeText(String(value)) + close)
}

function compileObject(name: string, properties: Record<string, TSchema>, arrays: XmlArrayStyle): Writer {
  const members = Object.entries(properties)
  const attributes = members.filter(([, schema]) => xmlOf(schema).attribute)
  const elements = members
    .filter(([, schema]) => !xmlOf(schema).attribute)
    .map(([key, schema]) => ({ key, write: compileElement(xmlOf(schema).name ?? key, schema, arrays) }))

  return value => {
    const record = value as Record<string, string | number | undefined>
    let open = `<${name}`
    for (const [key] of attributes) {
      if (record[key] !== undefined) open += ` ${key}="${escapeText(String(record[key]))}"`
    }
    let content = ''
    for (const { key, write } of elements) {
      if (record[key] !== undefined) content += write(record[key])
    }
    return content === '' ? `${open}/>` : `${open}>${content}</${name}>`
  }
}

function compileArray(name: string, schema: TSchema, items: TSchema, arrays: XmlArrayStyle): Writer {
  const isOfConstants = 'enum' in items
  const isPlural = isOfConstants && arrays === 'plural'
  const isWrapped = xmlOf(schema).wrapped || (isOfConstants && arrays === 'wrap')
  const write = compileElement(isPlural ? name : (xmlOf(items).name ?? name), items, arrays)
  const writeAll: Writer = value => (value as unknown[]).map(write).join('')
  return isWrapped ? value => `<${name}>${writeAll(value)}</${name}>` : writeAll
}

// oxlint-disable-next-line no-control-regex
const special = /[&<>"\t\n\r]|[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const plain = /^[ !#-%'-;=?-~]*$/

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // As references, so that a reader neither folds nor normalizes them (XML 1.0, 2.11 and 3.3.3).
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/** Text as content of an element or of an attribute in double quotes. */
export function escapeText(text: string): string {
  // Nearly every text is plain, and to see that costs a fraction of looking for what is not.
  if (plain.test(text)) return text
  return text.replace(special, character => entities[character] ?? '\uFFFD')
}
