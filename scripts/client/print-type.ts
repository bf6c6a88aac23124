import type { Json } from '../../src/http/openapi/schemas.ts'

/**
 * A JSON schema as a TypeScript type, of the keywords that messages have; what refers to another schema is the name of
 * that. Descriptions become docstrings. Throws for a schema that says something else.
 */
export function printType(schema: Json): string {
  const { $ref, enum: values, const: constant, type } = schema
  const unions = schema['oneOf'] ?? schema['anyOf']
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1)
  if (constant !== undefined) return JSON.stringify(constant)
  if (Array.isArray(values)) return printUnion(values.map(value => quote(value)))
  if (Array.isArray(unions)) return printUnion((unions as Json[]).map(printType))
  if (Array.isArray(type)) return printUnion((type as string[]).map(one => printType({ ...schema, type: one })))
  if (type === 'array') return printArray(schema)
  if (type === 'object') return printObject(schema)
  const plain = plainTypes[String(type)]
  if (plain !== undefined) return plain
  throw new Error(`There is no type for the schema ${JSON.stringify(schema)}.`)
}

const plainTypes: Record<string, string> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
}

/** A sentence or more as a docstring, on a line of its own; nothing where there is none. */
export function printDocstring(description: unknown): string {
  return typeof description === 'string' ? `/** ${description.replaceAll('*/', '* /').replaceAll('\n', ' ')} */\n` : ''
}

/** The name of a member, in quotes where it needs them. */
export function printName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name)
}

/** Shifts every line but the first to the right. */
export function indent(text: string): string {
  return text.replaceAll('\n', '\n  ')
}

function printUnion(types: readonly string[]): string {
  return [...new Set(types)].join(' | ')
}

function printArray({ items }: Json): string {
  const item = items === undefined ? 'unknown' : printType(items as Json)
  return /^\w+$/.test(item) ? `${item}[]` : `(${item})[]`
}

function printObject({ properties, patternProperties, required = [] }: Json): string {
  if (properties === undefined) {
    const [values] = Object.values((patternProperties ?? {}) as Record<string, Json>)
    return `{ [name: string]: ${values ? printType(values) : 'unknown'} }`
  }
  const members = Object.entries(properties as Record<string, Json>).map(([name, schema]) => {
    const isRequired = (required as string[]).includes(name)
    // An undefined member is left out of a message, as one that is not there.
    const value = isRequired ? `: ${printType(schema)}` : `?: ${printType(schema)} | undefined`
    return `${printDocstring(schema['description'])}${printName(name)}${value}`
  })
  return `{${indent(`\n${members.join('\n')}`)}\n}`
}

function quote(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  return `'${JSON.stringify(value)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)}'`
}
