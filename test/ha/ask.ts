/** An answer over HTTP: its status, and its body where that is JSON. */
export type Asked = { status: number; body: unknown }

/** Asks once, and waits a second at the most; undefined when there is no answer. */
export async function ask(url: string, init: RequestInit = {}): Promise<Asked | undefined> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(1_000) })
    const text = await response.text()
    return { status: response.status, body: toBody(text) }
  } catch {
    return undefined
  }
}

function toBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
