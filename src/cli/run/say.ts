import { errorCode } from './error-code.ts'
import { writeAll } from './write-all.ts'

/** Tells people something; `sayNothing` where they do not want to hear. */
export type Say = (sentence: string) => Promise<void>

export const sayNothing: Say = async () => undefined

/** Tells the user something, as one line on stderr. */
export async function say(sentence: string): Promise<void> {
  try {
    await writeAll(2, Buffer.from(`lastgood: ${sentence}\n`))
  } catch (error) {
    // Nobody reads stderr any more, or its disk is full: there is no other place to say so.
    if (!['EPIPE', 'ENOSPC', 'EBADF', 'EIO'].includes(errorCode(error))) throw error
  }
}
