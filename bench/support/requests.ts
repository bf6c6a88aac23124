import { randomUUID } from 'node:crypto'

/** A request of the load; `{run_key}` and `{now}` in its body stand for a key and a time that are new in each request. */
export type LoadRequest = { method: 'GET' | 'POST'; path: string; token: string; body?: string }

/** Writes a request as HTTP/1.1. */
export function toRequestText({ method, path, token, body }: LoadRequest): string {
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: OAuth ${token}\r\n`
  if (body === undefined) return `${head}\r\n`
  const length = Buffer.byteLength(fillRequest(body))
  return `${head}Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`
}

/** A request with a new key and the time put in; both always take the same number of bytes. */
export function fillRequest(text: string): string {
  return text.replace('{run_key}', () => randomUUID()).replaceAll('{now}', () => new Date().toISOString())
}
