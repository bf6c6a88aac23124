import type { IncomingMessage } from 'node:http'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { withoutCutEnd, withoutCutStart } from '../domain/cut.ts'

/** How much of the body of a ping is kept, in bytes: what `Ping-Body-Limit` says. */
export const pingBodyLimit = 1_000_000
const headBytes = 65_536

/** What is read of a compressed body, in bytes as they are after decompression; the rest is not looked at. */
const mostDecompressed = 256 * 1024 * 1024

const decoders: Record<string, () => ReturnType<typeof createGunzip>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/**
 * Reads the body of a ping as text, whatever bytes it has: of one that is too long the head and, since outcomes stand
 * last, a longer tail, cut between lines: `limit` bytes together. Nothing is refused: what cannot be decompressed is
 * kept as far as it can be read.
 */
export async function readPingBody(request: IncomingMessage, limit = pingBodyLimit): Promise<string> {
  const encoding = (request.headers['content-encoding'] ?? '').trim()
  const newDecoder = decoders[encoding.toLowerCase()]
  const raw = buildKeptBytes(limit)
  if (!newDecoder) {
    for await (const chunk of request) raw.add(chunk as Buffer)
    return raw.text()
  }
  const decoded = buildKeptBytes(limit)
  const isWhole = await decompress(request, newDecoder(), raw, decoded)
  if (isWhole) return decoded.text()
  // A body that only says to be compressed is taken as it is.
  if (decoded.size() === 0) return raw.text()
  return `${decoded.text()}…\n… the rest of the body could not be decompressed …\n`
}

type KeptBytes = ReturnType<typeof buildKeptBytes>

async function decompress(
  request: IncomingMessage,
  decoder: ReturnType<typeof createGunzip>,
  raw: KeptBytes,
  decoded: KeptBytes,
): Promise<boolean> {
  let isBroken = false
  const ended = new Promise<void>(resolve => {
    decoder.on('close', resolve)
  })
  decoder.on('data', (chunk: Buffer) => {
    decoded.add(chunk)
    if (decoded.size() > mostDecompressed) decoder.destroy(new Error('The body is too large.'))
  })
  decoder.on('error', () => {
    isBroken = true
  })
  try {
    for await (const chunk of request) {
      raw.add(chunk as Buffer)
      // What comes behind a fault is read, too: the caller waits for its answer until it has sent everything.
      if (isBroken || decoder.destroyed || decoder.write(chunk)) continue
      await Promise.race([ended, new Promise(resolve => decoder.once('drain', resolve))])
    }
    if (raw.size() === 0) return true
    if (!decoder.destroyed) decoder.end()
    await ended
    return !isBroken
  } finally {
    decoder.destroy()
  }
}

/** Keeps the head and the tail of what is added, all of it while it is short enough. */
function buildKeptBytes(limit: number) {
  const tailBytes = limit - headBytes
  const head: Buffer[] = []
  let tail: Buffer[] = []
  let inHead = 0
  let inTail = 0
  let size = 0

  function add(chunk: Buffer): void {
    size += chunk.length
    const first = chunk.subarray(0, headBytes - inHead)
    if (first.length > 0) head.push(first)
    inHead += first.length
    const rest = chunk.subarray(first.length)
    if (rest.length === 0) return
    tail.push(rest)
    inTail += rest.length
    // Rarely, so that many small chunks do not cost more than they hold.
    if (inTail > 2 * tailBytes) trim()
  }

  function trim(): void {
    tail = [Buffer.concat(tail).subarray(-tailBytes)]
    inTail = tail[0]?.length ?? 0
  }

  function text(): string {
    if (size <= limit) return Buffer.concat([...head, ...tail]).toString('utf8')
    trim()
    const [first, last] = [withoutCutEnd(Buffer.concat(head)), withoutCutStart(Buffer.concat(tail))]
    const mark = Buffer.from(`\n… ${size - first.length - last.length} bytes left out …\n`)
    return Buffer.concat([first, mark, last]).toString('utf8')
  }

  return { add, text, size: () => size }
}
