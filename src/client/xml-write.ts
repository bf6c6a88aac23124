import { toScalarText } from './scalar-text.ts'
import { resolve, type Shape, type Shapes } from './xml-shape.ts'

/**
 * Writes a value as the message of the first shape that has all its members. Absent members are left out, null is an
 * empty element, and what XML 1.0 (2.2) cannot hold is written as U+FFFD. Throws `TypeError` for a value of no shape.
 */
export function writeXml(value: unknown, roots: readonly Shape[], shapes: Shapes): string {
  const found = roots.map(shape => resolve(shape, shapes)).find(shape => holds(shape, value))
  if (!found) throw new TypeError('The body is none that the operation takes.')
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeElement(found.name ?? 'value', value, found, shapes)}`
}

function holds({ properties = {} }: Shape, value: unknown): boolean {
  return isRecord(value) && Object.keys(value).every(key => Object.hasOwn(properties, key))
}

function writeElement(name: string, value: unknown, given: Shape, shapes: Shapes): string {
  const shape = resolve(given, shapes)
  if (shape.items && Array.isArray(value)) return writeArray(name, value, shape, shape.items, shapes)
  if (shape.values && isRecord(value)) {
    const { values } = shape
    return inElement(
      name,
      Object.entries(value).map(([key, one]) => writeElement(checkName(key), one, values, shapes)),
    )
  }
  if (shape.properties && isRecord(value)) return writeObject(name, value, shape.properties, shapes)
  return inElement(name, [value === null ? '' : escapeText(toScalarText(value, name))])
}

function writeObject(
  name: string,
  value: Record<string, unknown>,
  properties: Readonly<Record<string, Shape>>,
  shapes: Shapes,
): string {
  const unknown = Object.keys(value).find(key => !Object.hasOwn(properties, key))
  if (unknown !== undefined) throw new TypeError(`${unknown} is not a known member.`)
  const given = Object.entries(properties).filter(([key]) => value[key] !== undefined)
  const attributes = given.filter(([, shape]) => shape.attribute)
  const elements = given.filter(([, shape]) => !shape.attribute)
  const opened = [name, ...attributes.map(([key]) => `${key}="${escapeText(toScalarText(value[key], key))}"`)].join(' ')
  const written = elements.map(([key, shape]) => {
    return writeElement(shape.name ?? resolve(shape, shapes).name ?? key, value[key], shape, shapes)
  })
  return inElement(opened, written, name)
}

function writeArray(name: string, value: readonly unknown[], shape: Shape, items: Shape, shapes: Shapes): string {
  const item = items.name ?? resolve(items, shapes).name ?? name
  const written = value.map(one => writeElement(item, one, items, shapes))
  return shape.wrapped ? inElement(name, written) : written.join('')
}

function inElement(opened: string, content: readonly string[], name: string = opened): string {
  const text = content.join('')
  return text === '' ? `<${opened}/>` : `<${opened}>${text}</${name}>`
}

/** A key as the name of an element. Throws `TypeError` for one that cannot be a name (XML 1.0, 2.3). */
function checkName(key: string): string {
  if (/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(key)) return key
  throw new TypeError(`${JSON.stringify(key)} cannot be the name of an element.`)
}

// oxlint-disable-next-line no-control-regex
const special = /[&<>"\t\n\r]|[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

function escapeText(text: string): string {
  return text.replace(special, character => entities[character] ?? '\uFFFD')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
