import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { seconds } from '../../domain/instant.ts'

/** A pipe of the system. `closeWriteEnd` when the command has it: the reading end ends with its last writer. */
export type Pipe = { readEnd: Readable; writeFd: number; closeWriteEnd(): void }

/**
 * Opens `count` pipes as a shell has them. What Node calls a pipe is a socket, on which `echo … > /dev/stderr` fails
 * (nodejs/node#21941). Throws when the system cannot make one, as without a writable folder for temporary files.
 */
export function openPipes(count: number): Pipe[] {
  const folder = mkdtempSync(join(tmpdir(), 'lastgood-'))
  try {
    const paths = Array.from({ length: count }, (_, index) => join(folder, String(index)))
    // An import of node:process, such as commander's, puts our stdout and stderr into non-blocking mode. They leave it
    // when a child gets them, in whatever place: so writeAll need not poll, and who shares them is not disturbed.
    execFileSync('mkfifo', ['-m', '600', ...paths], { stdio: [1, 2, 'ignore'], timeout: seconds(2) })
    return paths.map(openPipe)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function openPipe(path: string): Pipe {
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writeFd = openSync(path, constants.O_WRONLY)
  return {
    readEnd: new Socket({ fd: readFd, readable: true, writable: false }),
    writeFd,
    closeWriteEnd: () => closeSync(writeFd),
  }
}
