/** A JSON object of which nothing is known yet. */
export type JsonObject = Record<string, unknown>

const closings = new Map([
  ['{', '}'],
  ['[', ']'],
])

/** What one line of a tool's output says in JSON, or undefined when it is not JSON: plain text between JSON is usual. */
export function parseJsonLine(line: string): unknown {
  const text = line.trim()
  const closing = closings.get(text[0] ?? '')
  // An error costs far more than a look at both ends: half a million lines of `{` would take seconds.
  if (closing !== undefined && !text.endsWith(closing)) return undefined
  if (closing === '}' && !/^\{\s*["}]/.test(text)) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Whether `value` is a JSON object: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
