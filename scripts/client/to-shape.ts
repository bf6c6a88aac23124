import type { Json } from '../../src/http/openapi/schemas.ts'
import type { Shape } from '../../src/client/xml-shape.ts'

/** What of a schema of the description matters to XML. */
export function toShape(schema: Json): Shape {
  const { $ref, properties, patternProperties, items, required = [] } = schema
  const { xml = {} } = schema as { xml?: { name?: string; attribute?: boolean; wrapped?: boolean } }
  const [values] = Object.values((patternProperties ?? {}) as Record<string, Json>)
  const types = textTypesOf(schema)
  const arrays = arraysOf(schema).filter(name => (required as string[]).includes(name))
  return {
    ...(typeof $ref === 'string' && { message: $ref.slice($ref.lastIndexOf('/') + 1) }),
    ...(xml.name !== undefined && { name: xml.name }),
    ...(xml.attribute === true && { attribute: true }),
    ...(xml.wrapped === true && { wrapped: true }),
    ...(types.length > 0 && { types }),
    ...(properties !== undefined && { properties: mapValues(properties as Record<string, Json>, toShape) }),
    ...(arrays.length > 0 && { arrays }),
    ...(items !== undefined && { items: toShape(items as Json) }),
    ...(properties === undefined && values && { values: toShape(values) }),
  }
}

function arraysOf({ properties = {} }: Json): string[] {
  return Object.entries(properties as Record<string, Json>)
    .filter(([, { type }]) => type === 'array')
    .map(([name]) => name)
}

type TextType = NonNullable<Shape['types']>[number]

const textTypes: Record<string, TextType> = {
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
}

/** The types that a text may have besides a text. */
function textTypesOf(schema: Json): TextType[] {
  const unions = (schema['anyOf'] ?? schema['oneOf'] ?? []) as Json[]
  const own = [(schema['type'] ?? []) as string | string[]].flat().flatMap(type => textTypes[type] ?? [])
  return [...new Set([...own, ...unions.flatMap(textTypesOf)])]
}

function mapValues<One, Other>(record: Record<string, One>, map: (one: One) => Other): Record<string, Other> {
  return Object.fromEntries(Object.entries(record).map(([name, one]) => [name, map(one)]))
}
