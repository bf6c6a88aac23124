import { write } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { errorCode } from './error-code.ts'

const writeSome = promisify(write)
const pauseMs = 1

/**
 * Writes all of `bytes` to a file descriptor and resolves when the system has taken them. Unlike `process.stdout` it
 * leaves the descriptor in its mode, which other processes share, and a reader that stalls blocks nothing else.
 */
export async function writeAll(fd: number, bytes: Buffer): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    try {
      written += (await writeSome(fd, bytes, written)).bytesWritten
    } catch (error) {
      // Someone else has put a full pipe into non-blocking mode: it takes more when its reader has read.
      if (errorCode(error) !== 'EAGAIN') throw error
      await setTimeout(pauseMs)
    }
  }
}
