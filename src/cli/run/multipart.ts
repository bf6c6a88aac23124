import { randomUUID } from 'node:crypto'

/** A body of the type `multipart/form-data` (RFC 7578) with one text part for each entry, byte for byte. */
export function toMultipart(parts: Record<string, Buffer>): { contentType: string; body: Buffer } {
  const boundary = `lastgood-${randomUUID()}`
  const pieces = Object.entries(parts).flatMap(([name, content]) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n`),
    Buffer.from('Content-Type: text/plain; charset=utf-8\r\n\r\n'),
    content,
    Buffer.from('\r\n'),
  ])
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  }
}
