import type { ToolOutput } from './backup-tool.ts'
import { toOutputLines } from './output-lines.ts'

/** Lines that only rsnapshot writes: its lock file, its banner before errors, its own warnings, its log. */
export const rsnapshotLine =
  /^echo \d+ > \/.*\.pid$|^rsnapshot encountered an error! The program was invoked with these options:$|^WARNING: (?:Some files and\/or directories in .+ (?:only transferred partially|vanished) during rsync operation$|(?:Removing stale|About to remove) lockfile \/)|^ERROR: (?:Lockfile .+ exists and so does its process\b|rsnapshot was sent \w+ signal\b)|^\/\S*rsnapshot .*: (?:started|completed successfully|completed, but with some (?:warnings|errors))$/
const logPrefix = /^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\] ?/

/** Whether a line is surely rsnapshot's own, and not that of a program which it calls. */
export function isRsnapshotLine(line: string): boolean {
  return rsnapshotLine.test(line)
}

/** The lines of both streams; what rsnapshot has wrapped with a backslash is one line, and the time of its log is left out. */
export function readRsnapshotLines({ stdout, stderr }: Pick<ToolOutput, 'stdout' | 'stderr'>): string[] {
  return [...joinWrapped(toOutputLines(stdout)), ...joinWrapped(toOutputLines(stderr))].filter(line => line !== '')
}

/** A line without the time that rsnapshot's log puts before it. */
export function withoutLogTime(line: string): string {
  return line.replace(logPrefix, '')
}

function joinWrapped(lines: readonly string[]): string[] {
  const joined: string[] = []
  let open: string[] = []
  for (const given of lines) {
    const line = withoutLogTime(given)
    const text = open.length > 0 ? line.trimStart() : line
    if (text.endsWith(' \\')) {
      open.push(text.slice(0, -2))
      continue
    }
    joined.push([...open, text].join(' '))
    open = []
  }
  return open.length > 0 ? [...joined, open.join(' ')] : joined
}
