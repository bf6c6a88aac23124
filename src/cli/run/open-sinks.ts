import { isatty } from 'node:tty'
import { type OutputSink, toFileDescriptor } from './output-sink.ts'
import { writeAll } from './write-all.ts'

/** Where the two streams of a command go; `close` when they have ended. */
export type OutputSinks = { stdout: OutputSink; stderr: OutputSink; close: () => Promise<void> }

/**
 * Opens our stdout and stderr for the output of a command. Where stderr is a terminal that can draw, and `hasBar`, the
 * progress of the command is shown there as a bar; where stdout is one, too, both are taken for the same.
 */
export async function openSinks(hasBar: boolean): Promise<OutputSinks> {
  const [stdout, stderr] = [toFileDescriptor(1), toFileDescriptor(2)]
  if (!hasBar || !isatty(2) || isDumb()) return { stdout, stderr, close: () => Promise.resolve() }
  const { openProgressScreen } = await import('./progress-screen.ts')
  const screen = openProgressScreen({ draw, columns: () => process.stderr.columns || 80, now: Date.now })
  return {
    stdout: isatty(1) ? screen.openShown(stdout.write) : screen.openUnshown(stdout.write),
    stderr: screen.openShown(stderr.write),
    close: screen.close,
  }
}

/** Whether a terminal knows no escape codes (terminfo(5), `dumb`), or nobody says that it does. */
function isDumb(): boolean {
  const { TERM = '' } = process.env
  return TERM === 'dumb' || (TERM === '' && process.platform !== 'win32')
}

async function draw(text: string): Promise<void> {
  // A terminal that is gone shows no bar. The output of the command has its own way to fail.
  await writeAll(2, Buffer.from(text)).catch(() => undefined)
}
