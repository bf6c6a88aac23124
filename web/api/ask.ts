import { type Query, QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'

/** The server refused: its status, its constant, and its sentence for people. */
export class Refusal extends Error {
  readonly status: number
  readonly error: string

  constructor(status: number, error: string, message: string) {
    super(message)
    this.status = status
    this.error = error
  }
}

/** Asks the server; throws a `Refusal` for everything that is not a success. */
export async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(path, {
    method,
    headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  // The server's messages are of its own schemas; a proxy in between may answer anything.
  const text = await response.text()
  if (response.ok) return readJson(text) as Answer
  throw toRefusal(response, text)
}

/** Asks the server for plain text. Throws as `ask` does. */
export async function askText(path: string): Promise<string> {
  const response = await fetch(path, { headers: { accept: 'text/plain' } })
  const text = await response.text()
  if (response.ok) return text
  throw toRefusal(response, text)
}

function toRefusal(response: Response, text: string): Refusal {
  const { error = '', error_description: description } = readJson(text) as {
    error?: string
    error_description?: string
  }
  return new Refusal(response.status, error, description ?? `${response.status} ${response.statusText}`)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text)
  } catch {
    // Not JSON, so that nothing is known but the status.
    return {}
  }
}

/** What was asked is kept until the server says that something changed; a refusal is not asked again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => !(error instanceof Refusal && error.status < 500) && count < 2,
    },
  },
})

/** A link that was taken is none any more: asking for it again would be a wrong secret. */
const isKept = ({ queryKey: [name] }: Pick<Query, 'queryKey'>) => name !== 'link'

/** A change; what was asked before is asked again after it. */
export function useChange<Given, Answer = void>(change: (given: Given) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation<Answer, Error, Given>({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ predicate: isKept }),
  })
}
