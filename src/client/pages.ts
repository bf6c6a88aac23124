import { ApiError } from './api-error.ts'
import type { CallTerms } from './call.ts'
import type { CallInput } from './request.ts'

/** A page of a list, as far as it leads to the next one. */
type Page = { links: readonly { rel: string; href: string }[]; list: readonly unknown[] }

type ReadPage = (input: CallInput, terms: CallTerms) => Promise<unknown>

/**
 * Every row of a list. Of the link to the next page only the query is followed, at the server's own address: a token is
 * sent nowhere else, and a server that is reached by another name than it knows works, too.
 */
export async function* eachRow(
  read: ReadPage,
  input: CallInput,
  terms: CallTerms,
  mostRows: number | undefined,
): AsyncGenerator<unknown, void, undefined> {
  const { page_size = mostRows } = input
  let next: CallInput | undefined = page_size === undefined ? input : { ...input, page_size }
  const seen = new Set<string>()
  while (next) {
    const page = asPage(await read(next, terms))
    yield* page.list
    const query = queryOfNext(page)
    if (query !== undefined && seen.has(query)) throw circular()
    if (query !== undefined) seen.add(query)
    next = query === undefined ? undefined : withQuery(input, query)
  }
}

/** The server answers lists of this form; its answers are trusted, as are those that are handed to the caller. */
function asPage(value: unknown): Page {
  return value as Page
}

function queryOfNext({ links }: Page): string | undefined {
  const next = links.find(({ rel }) => rel === 'next')
  return next && new URL(next.href).search
}

/** The input with what a query says; what is repeated there is an array. */
function withQuery(input: CallInput, query: string): CallInput {
  const parameters = new URLSearchParams(query)
  const given = [...new Set(parameters.keys())].map(name => [name, parameters.getAll(name)] as const)
  return { ...input, ...Object.fromEntries(given) }
}

function circular(): ApiError {
  const description = 'The server links a page of the list to one that was read before.'
  return new ApiError({ status: 200, error: 'unexpected_answer', description })
}
