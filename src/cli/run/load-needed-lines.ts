import { basename } from 'node:path'
import type { LoadNeededLines } from './output-capture.ts'
import type { NeededLines } from './needed-lines.ts'

/** What is run, and the tool whose output it is said to be. */
export type CapturedCommand = { command: readonly string[]; tool?: string | undefined }

/** Loads the adapters of what a command may be, and picks the lines that they need. */
export function neededLinesLoader({ command: [file = ''], tool }: CapturedCommand): LoadNeededLines {
  return async () => {
    try {
      const [{ buildNeededLines }, { toolsOfProgram }] = await Promise.all([
        import('./needed-lines.ts'),
        import('../../backup-tools/tools-of-program.ts'),
      ])
      return buildNeededLines(toolsOfProgram(basename(file), tool))
    } catch {
      // The program may just be replaced by a newer one. The backup goes on, and the output is in doubt.
      return withoutAdapters()
    }
  }
}

/** Keeps no line, and counts every line as one that was needed. */
function withoutAdapters(): NeededLines {
  let leftOut = 1
  return {
    add: bytes => {
      for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', end + 1)) leftOut += 1
    },
    end: () => ({ before: [], after: [], leftOut }),
  }
}
