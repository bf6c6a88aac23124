import type { OperationEntry } from './answer.ts'
import type { CallOptions, RawBody } from './options.ts'
import { toScalarText } from './scalar-text.ts'
import type { HttpRequest } from './send.ts'

/** What an operation is handed: its parameters by their names, and what it takes as a body. */
export type CallInput = { readonly [name: string]: unknown; body?: unknown; raw?: RawBody | undefined }

/** Writes the body of an operation in the format of the client. */
export type WriteBody = (body: unknown) => Promise<{ type: string; text: string }>

/** Makes the request of a call, without what authorizes it. Throws `TypeError` for a path that cannot be written. */
export async function toRequest(
  url: string,
  { method, path }: OperationEntry,
  input: CallInput,
  { isRepeatable, ifMatch }: CallOptions,
  writeBody: WriteBody,
): Promise<HttpRequest> {
  const { body, raw, ...parameters } = input
  const names = new Set<string>()
  const pathname = path.replaceAll(/:([a-z_]+)/g, (_, name: string) => {
    names.add(name)
    return toPathPart(parameters[name], name)
  })
  const query = toQuery(Object.entries(parameters).filter(([name]) => !names.has(name)))
  const content = await toContent(body, raw, writeBody)
  return {
    method,
    url: `${url}${pathname}${query}`,
    headers: { ...content.headers, ...(ifMatch !== undefined && { 'if-match': ifMatch }) },
    body: content.body,
    isRepeatable: isRepeatable ?? (method !== 'POST' || isOfKnownRuns(input)),
  }
}

function toPathPart(value: unknown, name: string): string {
  if (value === undefined || value === '') throw new TypeError(`${name} is missing.`)
  const text = toScalarText(value, name)
  // Whatever their encoding, addresses have no such parts (URL Standard, "double-dot path segment").
  if (text === '.' || text === '..') throw new TypeError(`${name} cannot be ${text} in an address.`)
  return encodeURIComponent(text)
}

function toQuery(parameters: [string, unknown][]): string {
  const query = new URLSearchParams()
  for (const [name, value] of parameters) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (one !== undefined) query.append(name, toScalarText(one, name))
    }
  }
  return query.size === 0 ? '' : `?${query.toString()}`
}

type Content = { headers: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> }

async function toContent(body: unknown, raw: RawBody | undefined, writeBody: WriteBody): Promise<Content> {
  if (raw) return toRawContent(raw)
  if (body === undefined) return { headers: {} }
  const { type, text } = await writeBody(body)
  return { headers: { 'content-type': type }, body: text }
}

async function toRawContent({ type, content }: RawBody): Promise<Content> {
  if (!(content instanceof FormData)) return { headers: { 'content-type': type }, body: content }
  // The platform knows how to write a form; a transport need not.
  const written = new Response(content)
  return {
    headers: { 'content-type': written.headers.get('content-type') ?? type },
    body: new Uint8Array(await written.arrayBuffer()),
  }
}

/** Whether every run that is reported has the key by which the server knows it again. */
function isOfKnownRuns({ body, raw, run_key }: CallInput): boolean {
  if (raw) return hasText(run_key)
  const reports = isRecord(body) && Array.isArray(body['list']) ? (body['list'] as unknown[]) : [body]
  return reports.length > 0 && reports.every(report => isRecord(report) && hasText(report['run_key']))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function hasText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
