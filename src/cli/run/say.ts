import { errorCode } from './error-code.ts'
import { writeAll } from './write-all.ts'

/** Tells the user something, as one line on stderr. */
export async function say(sentence: string): Promise<void> {
  try {
    await writeAll(2, Buffer.from(`lastgood: ${sentence}\n`))
  } catch (error) {
    // Nobody reads stderr any more, or its disk is full: there is no other place to say so.
    if (!['EPIPE', 'ENOSPC', 'EBADF', 'EIO'].includes(errorCode(error))) throw error
  }
}
