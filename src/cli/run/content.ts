import { promisify } from 'node:util'

/** A body on its way to the server, with the headers that say what it is. */
export type Content = { headers: Record<string, string>; body: Buffer }

const smallestCompressed = 16 * 1024

/** A body of a type, compressed where that is worth it. */
export async function toContent(contentType: string, body: Buffer): Promise<Content> {
  const headers = { 'content-type': contentType }
  if (body.length <= smallestCompressed) return { headers, body }
  // Loaded only for output that is worth it.
  const { gzip } = await import('node:zlib')
  return { headers: { ...headers, 'content-encoding': 'gzip' }, body: await promisify(gzip)(body) }
}
