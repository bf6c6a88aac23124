import { type TSchema, Type, type TUnsafe } from 'typebox'

/**
 * How a schema is written as XML: the `xml` keyword of OpenAPI 3.1 (section "XML Object"). `name` of an item is the
 * name of the repeated element; `attribute` makes a member an attribute of its parent's element; `wrapped` puts the
 * items of an array into an element of their own.
 */
export type XmlKeyword = { name?: string; attribute?: boolean; wrapped?: boolean }

/** One of some constants, as a string; `enum` carries its type so that client generators see a string. */
export function Constant<const Values extends readonly string[]>(
  values: Values,
  options: { xml?: XmlKeyword; description?: string; examples?: Values[number][] } = {},
): TUnsafe<Values[number]> {
  return Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options })
}

/** A UUID in its canonical form (RFC 9562, 4), in any letter case. */
export const uuidPattern = '^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'

/** The exit statuses of all systems: Windows has 32 bits of them, with a sign or without. */
export const exitStatusBounds = { minimum: -2_147_483_648, maximum: 4_294_967_295 }

/** A count: a whole number from 0 to 2^53 - 1. */
export const Count = (options: { xml?: XmlKeyword; description?: string; examples?: number[] } = {}) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, ...options })

/** What a date looks like, where nothing better is known of it. */
export const usualDate = '2026-03-05T01:00:00-05:00'

/** A date on a computer's own clock; an absent one is the empty string. */
export const DateText = (options: { description?: string; examples?: string[] } = {}) =>
  Type.String({ examples: [usualDate], ...options })

/** The XML keyword of a schema. */
export function xmlOf(schema: TSchema): XmlKeyword {
  return (schema as { xml?: XmlKeyword }).xml ?? {}
}
