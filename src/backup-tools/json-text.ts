/** A JSON object of which nothing is known yet. */
export type JsonObject = Record<string, unknown>

/** What one line of a tool's output says in JSON, or undefined when it is not JSON: plain text between JSON is usual. */
export function parseJsonLine(line: string): unknown {
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
