/**
 * What of a schema matters to XML. `name` is that of the element, or of each item of an array; `attribute` makes a member
 * an attribute of its parent, and `wrapped` puts the items of an array into an element of their own.
 */
export type Shape = {
  /** The shape is that of the message of this name. */
  readonly message?: string
  readonly name?: string
  readonly attribute?: true
  readonly wrapped?: true
  /** The types that a text may have; none where it is a text. */
  readonly types?: readonly ('number' | 'boolean' | 'null')[]
  readonly properties?: Readonly<Record<string, Shape>>
  /** The arrays among the properties that are there even when they are empty. */
  readonly arrays?: readonly string[]
  readonly items?: Shape
  /** Of an object whose members are named by whoever writes it: those members. */
  readonly values?: Shape
}

/** The shapes of every message, by their names. */
export type Shapes = Readonly<Record<string, Shape>>

/** A shape itself, where it names a message. */
export function resolve(shape: Shape, shapes: Shapes): Shape {
  if (shape.message === undefined) return shape
  const found = shapes[shape.message]
  if (!found) throw new TypeError(`There is no message ${shape.message}.`)
  return found
}
