import type { ToolOutput } from './backup-tool.ts'

const cutMark = /^… \d{1,16} bytes left out, but for the lines that tell how the run went …$/
const neededMark = /^… (\d{1,16}) of the lines that tell how the run went left out …$/

/** The line that stands where the middle of an output was; the lines of it that an adapter needs follow. */
export function toCutMark(bytes: number): string {
  return `… ${bytes} bytes left out, but for the lines that tell how the run went …`
}

/** The line that stands where there were too many lines that an adapter needs: what was read is in doubt. */
export function toNeededMark(lines: number): string {
  return `… ${lines} of the lines that tell how the run went left out …`
}

/**
 * An output without the marks of what was left out of it; whether there were any, and how many lines they say are missing
 * that an adapter needs, by its member `needs`.
 */
export type UnmarkedOutput = { output: ToolOutput; isCut: boolean; neededLines: number }

/** Takes the marks out of an output. A line that only looks like one can make a run doubtful, never good. */
export function readLeftOut(output: ToolOutput): UnmarkedOutput {
  // Most outputs are whole: no need to look at every line.
  if (!hasMark(output.stdout) && !hasMark(output.stderr)) return { output, isCut: false, neededLines: 0 }
  const [stdout, stderr] = [unmarked(output.stdout), unmarked(output.stderr)]
  const marks = [...stdout.marks, ...stderr.marks]
  if (marks.length === 0) return { output, isCut: false, neededLines: 0 }
  const neededLines = marks.reduce((sum, mark) => sum + Number(neededMark.exec(mark)?.[1] ?? 0), 0)
  return { output: { ...output, stdout: stdout.text, stderr: stderr.text, isCut: true }, isCut: true, neededLines }
}

function hasMark(text: string): boolean {
  return text.includes('tell how the run went')
}

function unmarked(text: string): { text: string; marks: string[] } {
  const lines = text.split('\n')
  const isMark = (line: string) => cutMark.test(line) || neededMark.test(line)
  return { text: lines.filter(line => !isMark(line)).join('\n'), marks: lines.filter(isMark) }
}
