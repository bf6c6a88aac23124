import type { Fetch } from '../../client/options.ts'
import { exchange } from '../run/post.ts'

/** What the client sends requests with: without what `fetch` costs a program when it starts. */
export const nodeFetch: Fetch = async (url, { method, headers, body, signal }) => {
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const answer = await exchange({ method, url: new URL(url), headers, body: bytes }, signal, Infinity)
  return {
    status: answer.status,
    headers: { get: name => [answer.headers[name] ?? null].flat().join(', ') || null },
    text: () => Promise.resolve(answer.body),
  }
}
