import { type BorgLine } from './borg-lines.ts'
import { joinPatterns } from './join-patterns.ts'
import type { Verdict } from './verdict.ts'

/** What borg says went wrong. */
export type BorgTroubles = {
  /** Files that were not stored as they should be and other warnings, each once. */
  warnings: string[]
  /** Why it failed. Of plain text only known sentences are counted. */
  errors: string[]
  /** How many files were there and could not be read. */
  unread: number
  /** What lines of the output say of the whole run. */
  said: Verdict[]
}

const returnCode = /^terminating with (success|warning|error|signal|abnormal) status, rc (\d+)$/
const stopPatterns = [
  /^Got Ctrl-C \/ SIGINT\.?$/,
  /^Received SIG(?:TERM|HUP|INT)\b/,
  /^Cancelled by user\b/i,
  /^Keyboard interrupt$/i,
  /^KeyboardInterrupt$/,
]
const stops = joinPatterns(stopPatterns)
const stopIds = new Set(['CancelledByUser', 'Signal.SIGTERM', 'Signal.SIGHUP', 'Signal.SIGINT'])
const warningPatterns = [
  /^(?!\w+Error: ).+: (?:\w+: )?\[Errno \d+\] /,
  /^.+: file changed while we backed it up$/,
  /^.+: file (?:type or inode changed|vanished)/,
  /^Include pattern '.*' never matched\.$/,
  /^Remote: /,
  /^Archive .+ not found \(\d+\/\d+\)\.$/,
  /^Warning: /,
]
const warningTexts = joinPatterns(warningPatterns)
const errorPatterns = [
  /^Archive .+ already exists\b/,
  /^Archive .+ does not exist\b/,
  /^Repository .+ (?:does not exist|already exists)\b/,
  /^.+ is not a valid repository\b/,
  /^passphrase supplied in .+ is incorrect\.$/,
  /^Failed to create\/acquire the lock /,
  /^Connection closed by remote host\b/,
  /^Command '.*' exited with status \d+$/,
  /^(?:Local|Remote) Exception\b/,
  /^Data integrity error: /,
  /^Index object count mismatch\.$/,
  /^(?:Finished .*repository check, errors found|Archive consistency check complete, problems found)\.$/,
  /^borg(?: [a-z-]+)*: error: /,
  /^Insufficient free space to complete transaction\b/,
]
const errorTexts = joinPatterns(errorPatterns)
const unreadable = /: (?:open|read|stat|fstat): \[Errno \d+\] /

/** Reads what went wrong from all pieces. Records count by their level, whatever they say; plain text by what it says. */
export function readBorgTroubles(lines: readonly BorgLine[]): BorgTroubles {
  const warnings = new Map<string, string>()
  const errors = new Map<string, string>()
  const said: Verdict[] = []
  for (const line of lines) {
    const end = endOf(line)
    if (end) said.push(end)
    else if (isStop(line)) said.push('canceled')
    else {
      const level = levelOf(line)
      if (level === 'error') errors.set(textOf(line), textOf(line))
      if (level === 'warning') warnings.set(keyOf(line), textOf(line))
    }
  }
  for (const { letter, path } of lines.map(line => line.status).filter(given => given !== null)) {
    if (letter === 'E' && !warnings.has(path)) warnings.set(path, `${path}: could not be read`)
    if (letter === 'C' && !warnings.has(`${path}: changed`))
      warnings.set(`${path}: changed`, `${path}: changed while it was read`)
  }
  if (isRawTraceback(lines) && !said.includes('canceled')) said.push('crash')
  return {
    warnings: [...warnings.values()],
    errors: [...errors.values()],
    unread: [...warnings.values()].filter(text => unreadable.test(text) || text.endsWith(': could not be read')).length,
    said: said.includes('canceled') ? said.filter(verdict => verdict !== 'failure') : said,
  }
}

/** The lines of plain text that borg writes when something goes wrong or when it ends. */
export const borgTroublePatterns: readonly RegExp[] = [
  returnCode,
  ...stopPatterns,
  ...warningPatterns,
  ...errorPatterns,
]
const trouble = joinPatterns(borgTroublePatterns)

/** Whether a line of plain text is one of these. */
export function isBorgTroubleText(text: string): boolean {
  return trouble.test(text)
}

/** What borg says when it ends (`--show-rc`), which a pipe or a script may have hidden. */
function endOf(line: BorgLine): Verdict | null {
  const [, word, code] = line.words.map(words => returnCode.exec(words)).find(match => match !== null) ?? []
  if (word === undefined) return null
  if (word === 'success' || word === 'warning') return word
  return word === 'signal' && ['129', '130', '143'].includes(code ?? '') ? 'canceled' : 'failure'
}

function isStop(line: BorgLine): boolean {
  if (line.kind === 'record' && stopIds.has(String(line.record['msgid']))) return true
  return line.words.some(words => stops.test(words))
}

function levelOf(line: BorgLine): 'error' | 'warning' | null {
  if (line.kind === 'record') {
    if (line.record['type'] !== 'log_message') return null
    const level = line.record['levelname']
    if (level === 'ERROR' || level === 'CRITICAL') return 'error'
    return level === 'WARNING' ? 'warning' : null
  }
  if (line.kind === 'document') return null
  if (errorTexts.test(line.text)) return 'error'
  return warningTexts.test(line.text) ? 'warning' : null
}

/** One text for a piece: of a traceback what was raised comes first. */
function textOf(line: BorgLine): string {
  const words = line.words
  const raised = words[0]?.startsWith('Traceback ')
    ? words.findLast(text => /^[\w.]+(?:Error|Exception)\b/.test(text))
    : undefined
  return [...(raised === undefined ? [] : [raised]), ...words].join(' ')
}

/** The path that a warning is about, so that `--list` does not count it once more; else the warning itself. */
function keyOf(line: BorgLine): string {
  const text = textOf(line)
  const [, changed] = /^(.+): file changed while we backed it up$/.exec(text) ?? []
  if (changed !== undefined) return `${changed}: changed`
  return /^(.+?): (?:\w+: )?\[Errno \d+\] /.exec(text)?.[1] ?? text
}

/** A traceback that borg did not catch itself: it ended in the middle of its work, or never began. */
function isRawTraceback(lines: readonly BorgLine[]): boolean {
  const texts = lines.flatMap(line => (line.kind === 'text' ? [line.text] : []))
  return (
    texts.some(text => text === 'Traceback (most recent call last):') &&
    !texts.some(text => /^(?:Local|Remote) Exception\b/.test(text))
  )
}
