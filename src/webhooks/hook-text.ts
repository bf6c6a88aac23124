/** A JSON object of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The JSON object that a text is; null for every other text. */
export function readJsonObject(text: string): JsonObject | null {
  const trimmed = text.trim()
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return null
  try {
    return toObject(JSON.parse(trimmed))
  } catch {
    // The parser's word that it is none.
    return null
  }
}

/** A value as a JSON object; null when it is none. */
export function toObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
}

/** What an object itself has under a name, and nothing that every object has. */
export function memberOf(object: JsonObject | null, name: string): unknown {
  return object !== null && Object.hasOwn(object, name) ? object[name] : undefined
}

/** A member as text: a string, or a number written out; empty for anything else. */
export function textOf(object: JsonObject | null, name: string): string {
  const value = memberOf(object, name)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** A member that counts something; null for anything that is no count. */
export function countOf(object: JsonObject | null, name: string): number | null {
  return toCount(memberOf(object, name))
}

/** A whole number that is not negative; null for anything else. */
export function toCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

const longestDurationMs = 366 * 86_400_000
const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** A duration such as `1h2m3.5s` or `1m 59s`, in milliseconds; null for anything else, and for more than a year. */
export function parseDuration(text: string): number | null {
  if (text.length > 60 || !/^(?:\d{1,12}(?:\.\d{1,12})?(?:ns|us|µs|ms|s|m|h|d) ?)+$/.test(text)) return null
  const parts = [...text.matchAll(/([\d.]+)([a-zµ]+)/g)]
  const ms = parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (unitMs[unit] ?? 0), 0)
  return ms <= longestDurationMs ? Math.round(ms) : null
}

/** Lines `name: value` of what was said; empty values are left out. */
export function toLines(said: Readonly<Record<string, string>>): string {
  return Object.entries(said)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

/** Parts of a log, each on lines of its own; empty ones are left out. */
export function joinLog(...parts: readonly string[]): string {
  return parts.filter(part => part.trim() !== '').join('\n')
}
