import type { TSchema } from 'typebox'

/** Answers a value with its constants in upper case, as far as a schema has them; whatever else is wrong stays wrong. */
export type UpperCase = (value: unknown) => unknown

/** Compiles what takes the constants of a message in any letter case. */
export function compileUpperCase(schema: TSchema): UpperCase {
  const { properties } = schema as { properties?: Record<string, TSchema> }
  const { items } = schema as { items?: TSchema }
  if (properties) return compileObject(properties)
  if (items) return compileArray(items)
  return isConstant(schema) ? value => (typeof value === 'string' ? value.toUpperCase() : value) : asItIs
}

const asItIs: UpperCase = value => value

function compileObject(properties: Record<string, TSchema>): UpperCase {
  const members = Object.entries(properties)
    .map(([name, schema]) => [name, compileUpperCase(schema)] as const)
    .filter(([, toUpperCase]) => toUpperCase !== asItIs)
  if (members.length === 0) return asItIs
  return value => {
    if (!isRecord(value)) return value
    const copy = { ...value }
    for (const [name, toUpperCase] of members) if (Object.hasOwn(copy, name)) copy[name] = toUpperCase(copy[name])
    return copy
  }
}

function compileArray(items: TSchema): UpperCase {
  const toUpperCase = compileUpperCase(items)
  if (toUpperCase === asItIs) return asItIs
  return value => (Array.isArray(value) ? value.map(toUpperCase) : value)
}

/** Whether all that a schema lets through are constants of the wire. */
function isConstant(schema: TSchema): boolean {
  const { enum: values } = schema as { enum?: readonly string[] }
  return values !== undefined && values.every(value => value === value.toUpperCase())
}

/** Whether a value of a body is an object with members. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
