import type { TSchema } from 'typebox'
import { AppError } from '../domain/app-error.ts'
import { knownAre } from './check.ts'
import { xmlOf } from './schema.ts'
import { parseXmlDocument, type XmlElement } from './xml-document.ts'

/** Reads an XML document as a value of one schema; whether it is a valid one is for the check of the schema to say. */
export type XmlReader = (text: string) => unknown

/**
 * Compiles schemas into a reader of what `compileXmlWriter` writes of any of them: the root element has the schema's XML
 * name, members may come in any order. Numbers and truths are read where the schema has them. The reader throws `invalid`, naming the
 * element, for one that is not known, is repeated, or has attributes or text where there are none.
 */
export function compileXmlReader(...schemas: readonly TSchema[]): XmlReader {
  const readers = new Map(schemas.map(schema => [xmlOf(schema).name ?? 'value', compileElement(schema)]))
  return text => {
    const element = parseXmlDocument(text)
    const read = readers.get(element.name)
    if (read) return read(element, element.name)
    const roots = [...readers.keys()].map(root => `<${root}>`).join(' or ')
    throw new AppError('invalid', `The root element must be ${roots}, not <${shorten(element.name)}>.`)
  }
}

type ElementReader = (element: XmlElement, path: string) => unknown

function compileElement(schema: TSchema): ElementReader {
  const { properties } = schema as { properties?: Record<string, TSchema> }
  const { patternProperties } = schema as { patternProperties?: Record<string, TSchema> }
  if (properties) return compileObject(properties)
  return patternProperties ? compileRecord(Object.values(patternProperties)) : compileScalar(schema)
}

/** An object whose members are named by whoever writes it. */
function compileRecord([values]: TSchema[]): ElementReader {
  const read = values ? compileElement(values) : undefined
  return (element, path) => {
    const members = element.children.map(child => [child.name, read?.(child, `${path}/${child.name}`)] as const)
    const repeated = members.find(([name], index) => members.findIndex(([other]) => other === name) !== index)
    if (!repeated) return Object.fromEntries(members)
    throw new AppError('invalid', `<${shorten(`${path}/${repeated[0]}`)}> must be given once.`)
  }
}

/** A member of an object: where its elements are, and how one of them is read. */
type Member = { key: string; isArray: boolean; isWrapper: boolean; element: string; read: ElementReader }

function compileObject(properties: Record<string, TSchema>): ElementReader {
  const members = Object.entries(properties)
  const attributes = new Map(
    members.filter(([, schema]) => xmlOf(schema).attribute).map(([key, schema]) => [key, compileScalar(schema)]),
  )
  const elements = new Map(
    members
      .filter(([, schema]) => !xmlOf(schema).attribute)
      .map(([key, schema]) => toMember(key, schema))
      .map(member => [member.element, member]),
  )

  return (element, path) => {
    const value: Record<string, unknown> = {}
    for (const [name, text] of Object.entries(element.attributes)) {
      const read = attributes.get(name)
      if (!read) throw new AppError('invalid', `<${shorten(path)}> has no attribute ${shorten(name)}.`)
      value[name] = read({ name, attributes: {}, children: [], text }, `${path}/@${name}`)
    }
    for (const child of element.children) addMember(value, elements, child, path)
    if (element.text.trim() !== '') throw new AppError('invalid', `<${shorten(path)}> holds elements, not text.`)
    return value
  }
}

function toMember(key: string, schema: TSchema): Member {
  const { items } = schema as { items?: TSchema }
  const own = xmlOf(schema).name ?? key
  if (!items) return { key, isArray: false, isWrapper: false, element: own, read: compileElement(schema) }
  const read = compileElement(items)
  const element = xmlOf(items).name ?? own
  if (!xmlOf(schema).wrapped) return { key, isArray: true, isWrapper: false, element, read }
  return { key, isArray: true, isWrapper: true, element: own, read: compileWrapper(element, read) }
}

/** The items of an array within an element of their own. */
function compileWrapper(name: string, read: ElementReader): ElementReader {
  return (element, path) =>
    element.children.map(child => {
      if (child.name === name) return read(child, `${path}/${name}`)
      throw new AppError('invalid', `<${shorten(path)}> holds <${name}>, not <${shorten(child.name)}>.`)
    })
}

function addMember(
  value: Record<string, unknown>,
  elements: Map<string, Member>,
  child: XmlElement,
  path: string,
): void {
  const member = elements.get(child.name)
  const at = `${path}/${child.name}`
  if (!member) {
    throw new AppError('invalid', `<${shorten(at)}> is not a known element; ${knownAre([...elements.keys()])}.`)
  }
  const { key, isArray, isWrapper, read } = member
  const before = Object.hasOwn(value, key) ? value[key] : undefined
  if (before !== undefined && (!isArray || isWrapper)) {
    throw new AppError('invalid', `<${shorten(at)}> must be given once.`)
  }
  const found = read(child, at)
  if (!isArray || isWrapper) value[key] = found
  else if (Array.isArray(before)) before.push(found)
  else value[key] = [found]
}

/** A member without elements of its own. What does not read as the schema's type stays text, for its check to refuse. */
function compileScalar(schema: TSchema): ElementReader {
  const { type = 'string' } = schema as { type?: string | string[] }
  const types = new Set([type].flat())
  return ({ attributes, children, text }, path) => {
    if (children.length > 0 || Object.keys(attributes).length > 0) {
      throw new AppError('invalid', `<${shorten(path)}> holds text alone.`)
    }
    if (text === '' && types.has('null')) return null
    if (types.has('integer') || types.has('number')) return /^\s*-?\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : text
    if (types.has('boolean')) return truths[text.trim()] ?? text
    return text
  }
}

// XML Schema, part 2, 3.2.2: boolean.
const truths: Record<string, boolean> = { true: true, false: false, 1: true, 0: false }

function shorten(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path
}
