import { parseXml, type XmlElement } from './xml-element.ts'
import { resolve, type Shape, type Shapes } from './xml-shape.ts'

/**
 * Reads an XML document as the value of one of some shapes, told apart by the root element: exactly the value that the
 * same message has as JSON. Elements that a shape does not know are left out. Throws `SyntaxError` for another document.
 */
export function readXml(text: string, roots: readonly Shape[], shapes: Shapes): unknown {
  const root = parseXml(text)
  const found = roots.map(shape => resolve(shape, shapes)).find(({ name = 'value' }) => name === root.name)
  if (found) return readElement(root, found, shapes)
  throw new SyntaxError(`The root element <${root.name}> is none that is known.`)
}

function readElement(element: XmlElement, given: Shape, shapes: Shapes): unknown {
  const shape = resolve(given, shapes)
  const { properties, values } = shape
  if (properties) return readObject(element, shape, properties, shapes)
  if (values) return Object.fromEntries(element.children.map(child => [child.name, readElement(child, values, shapes)]))
  return readText(element.text, shape)
}

function readObject(
  { attributes, children }: XmlElement,
  { arrays = [] }: Shape,
  properties: Readonly<Record<string, Shape>>,
  shapes: Shapes,
): unknown {
  const members = Object.entries(properties).map(([key, given]) => {
    const shape = resolve(given, shapes)
    if (given.attribute) return [key, readOptional(attributes.get(key), shape)] as const
    const name = given.name ?? shape.name ?? key
    if (shape.items) return [key, readArray(children, { name, shape, items: shape.items }, shapes)] as const
    const child = children.find(one => one.name === name)
    return [key, child && readElement(child, shape, shapes)] as const
  })
  const found = members.map(([key, value]) => [key, value ?? (arrays.includes(key) ? [] : value)] as const)
  return Object.fromEntries(found.filter(([, value]) => value !== undefined))
}

type ArrayMember = { name: string; shape: Shape; items: Shape }

/** The items of an array. Of constants a server may be told to wrap them, or to name them as the array is named. */
function readArray(children: readonly XmlElement[], { name, shape, items }: ArrayMember, shapes: Shapes): unknown {
  const item = items.name ?? resolve(items, shapes).name ?? name
  const named = (wanted: string, among = children) => among.filter(child => child.name === wanted)
  const read = (found: readonly XmlElement[]) => found.map(one => readElement(one, items, shapes))
  if (!shape.wrapped) {
    const own = named(item)
    if (own.length > 0) return read(own)
  }
  const others = named(name)
  if (others.length === 0) return undefined
  const isWrapper = shape.wrapped || others.every(({ children, text }) => children.length > 0 || text === '')
  return read(isWrapper ? others.flatMap(one => named(item, one.children)) : others)
}

function readOptional(text: string | undefined, shape: Shape): unknown {
  return text === undefined ? undefined : readText(text, shape)
}

const truths: Record<string, boolean> = { true: true, false: false, 1: true, 0: false }

/** A text as the type that the shape has; what does not read as one stays text. */
function readText(text: string, { types = [] }: Shape): unknown {
  if (text === '' && types.includes('null')) return null
  if (types.includes('number') && /^\s*-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\s*$/i.test(text)) return Number(text)
  if (types.includes('boolean')) return truths[text.trim()] ?? text
  return text
}
