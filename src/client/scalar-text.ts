/** A value without members as text. Throws `TypeError` for any other, naming where it was given. */
export function toScalarText(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new TypeError(`${name} must be a text, a number, true or false.`)
}
