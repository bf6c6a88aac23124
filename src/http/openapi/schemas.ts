import type { TSchema } from 'typebox'

/** A schema or another object of the description, as JSON. */
export type Json = { [name: string]: unknown }

/** Schemas that several places name: each that has a title, under that title. */
export type NamedSchemas = {
  /** The schema itself, or where it is when it has a title. */
  refer(schema: TSchema): Json
  /** Every schema that was referred to, by its title, in alphabetical order. */
  all(): Json
}

/** Builds the collection of schemas of one description. Throws where two different schemas have one title. */
export function buildNamedSchemas(): NamedSchemas {
  const sources = new Map<string, string>()
  const named = new Map<string, Json>()

  function refer(schema: TSchema): Json {
    const { title } = schema as { title?: string }
    if (title === undefined) return describe(schema)
    const source = JSON.stringify(schema)
    const before = sources.get(title)
    if (before !== undefined && before !== source) throw new Error(`Two different schemas are called ${title}.`)
    if (before === undefined) {
      sources.set(title, source)
      named.set(title, describe(schema))
    }
    return { $ref: `#/components/schemas/${title}` }
  }

  /** The schema with those within it referred to. */
  function describe(schema: TSchema): Json {
    // What a schema is made of besides keywords does not concern JSON.
    const plain = JSON.parse(JSON.stringify(schema)) as Json
    const { properties, items } = schema as { properties?: Record<string, TSchema>; items?: TSchema }
    if (properties) {
      plain['properties'] = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, refer(one)]))
    }
    if (items) plain['items'] = refer(items)
    return plain
  }

  return { refer, all: () => Object.fromEntries([...named].toSorted(([one], [other]) => (one < other ? -1 : 1))) }
}
