import { ApiError } from './api-error.ts'
import type { HttpAnswer } from './send.ts'

/** How messages are written and read. `id` is that of the operation, whose messages they are. */
export type Format = {
  /** What answers are asked for as. */
  accept: string
  write(id: string, value: unknown): Promise<{ type: string; text: string }>
  /** Throws `ApiError` for what is not the answer of a Lastgood server. */
  read(id: string, answer: HttpAnswer): Promise<unknown>
}

const json: Format = {
  accept: 'application/json',
  write: (_, value) => Promise.resolve({ type: 'application/json', text: JSON.stringify(value) }),
  read: (_, answer) => Promise.resolve(readJson(answer)),
}

const xml: Format = {
  accept: 'application/xml',
  async write(id, value) {
    const { writeBody } = await import('./xml-messages.ts')
    return { type: 'application/xml', text: writeBody(id, value) }
  },
  async read(id, answer) {
    if (!isXml(answer)) throw unexpected(answer)
    const { readAnswer } = await import('./xml-messages.ts')
    try {
      return readAnswer(id, answer.text)
    } catch (error) {
      throw unexpected(answer, error)
    }
  },
}

/** Every format that a client may speak. */
export const formats = { json, xml } as const satisfies Record<string, Format>

/** What a refusal says, in whichever format it is; what does not come from the server says nothing. */
export async function readRefusal(answer: HttpAnswer): Promise<ApiError> {
  const { status, headers } = answer
  const location = headers.get('location') ?? undefined
  const members = await readRefusalMembers(answer)
  const { error, error_description: description, request_id: requestId } = members
  return new ApiError({
    status,
    error: typeof error === 'string' ? error : 'unexpected_answer',
    description: typeof description === 'string' ? description : `The server answered ${status}.`,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    location,
  })
}

/** An answer that is not what was asked for. */
export function unexpected({ status, headers }: HttpAnswer, cause?: unknown): ApiError {
  const type = headers.get('content-type') ?? 'nothing'
  const description = `The server answered ${status} with ${type}, which is not the answer of a Lastgood server: check the address.`
  return new ApiError({ status, error: 'unexpected_answer', description, cause })
}

async function readRefusalMembers(answer: HttpAnswer): Promise<Record<string, unknown>> {
  try {
    const value = isXml(answer) ? await readXmlRefusal(answer.text) : readJson(answer)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch (error) {
    // A refusal of something between the client and the server is still one, by its status.
    if (error instanceof ApiError || error instanceof SyntaxError) return {}
    throw error
  }
}

async function readXmlRefusal(text: string): Promise<unknown> {
  const { readError } = await import('./xml-messages.ts')
  return readError(text)
}

function readJson(answer: HttpAnswer): unknown {
  if (!/^application\/json\b/i.test(answer.headers.get('content-type') ?? '')) throw unexpected(answer)
  try {
    return JSON.parse(answer.text)
  } catch (error) {
    throw unexpected(answer, error)
  }
}

function isXml({ headers }: HttpAnswer): boolean {
  return /^(?:application|text)\/xml\b/i.test(headers.get('content-type') ?? '')
}
