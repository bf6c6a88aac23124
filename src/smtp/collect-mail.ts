import type { Readable } from 'node:stream'
import type { RefusalName } from './refusal.ts'

/** The bytes that all mails on their way in may hold together. */
export type Budget = { left: number }

/**
 * Reads a mail to its end. One that is too large, or for which there is no room, is read all the same, because the sender
 * listens only then, but it is not kept. `release` gives its room back. Rejects when the sender goes away before the end.
 */
export async function collectMail(
  stream: Readable,
  { maxBytes, budget }: { maxBytes: number; budget: Budget },
): Promise<{ raw: Buffer; release: () => void } | Extract<RefusalName, 'too-large' | 'busy'>> {
  let chunks: Buffer[] = []
  let held = 0
  let refused: 'too-large' | 'busy' | null = null
  const release = () => {
    budget.left += held
    held = 0
    chunks = []
  }
  try {
    // A stream that nobody has given an encoding yields buffers.
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (refused) continue
      if (held + chunk.length > maxBytes) refused = 'too-large'
      else if (chunk.length > budget.left) refused = 'busy'
      if (refused) {
        release()
        continue
      }
      held += chunk.length
      budget.left -= chunk.length
      chunks.push(chunk)
    }
  } catch (error) {
    release()
    throw error
  }
  return refused ?? { raw: Buffer.concat(chunks), release }
}
