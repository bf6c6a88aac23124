import type { RunMessage } from '../domain/run.ts'
import { toCount } from './counts.ts'
import { isJsonObject, type JsonObject } from './json-text.ts'
import type { ResticLine } from './restic-lines.ts'

/** What restic says went wrong. */
export type ResticTroubles = {
  /** Files and directories that could not be read or restored, each once, with the reason. */
  items: string[]
  /** Sources that do not exist, each once: before 0.19.0 restic skips them and ends with 0. */
  skipped: string[]
  /** Why a command failed. */
  causes: string[]
  /** What is worth showing and counts for nothing. */
  notes: RunMessage[]
  /** How many errors the last status line counts, for when the items themselves went to a stream that nobody kept. */
  statedErrors: number
  /** The exit status that restic itself announces (0.18.0 and later), null when it announces none or 0. */
  exitCode: number | null
  isPartial: boolean
  isInterrupted: boolean
  isPanic: boolean
}

/** The exit status of a backup that could not read some of its source: the snapshot was made (manual, "Exit codes"). */
export const someSourceUnreadable = 3

const interrupted = /^signal .{1,40} received, cleaning up/
const partial = /^Warning: (at least one|some) source /
const panic = /^goroutine \d+ \[/
const itemText = /^(?:error: |ignoring error for )/

/** Plain lines that say why a command failed: fatal errors before 0.18.0, and usage errors and panics of every version. */
const causeTexts = [
  /^Fatal: /,
  /^unable to create lock\b/,
  /^unknown (flag|shorthand flag|command)\b/,
  /^(panic|fatal error): /,
]

/** Reads what went wrong from all lines. Items of scan and archival are one; JSON and plain text may be mixed. */
export function readResticTroubles(lines: readonly ResticLine[]): ResticTroubles {
  const messages = lines.flatMap(line => (line.kind === 'message' ? [line.message] : []))
  const texts = lines.flatMap(line => (line.kind === 'text' ? [line.text] : []))
  const exits = messages.filter(message => message['message_type'] === 'exit_error')
  const exitCode = exits.map(toExitCode).findLast(code => code !== null) ?? null
  const telling = exits.filter(exit => toExitCode(exit) !== null)
  return {
    items: [...itemsOf(messages), ...new Set(texts.filter(isItemText).map(toItemText))],
    skipped: [...new Set(texts.filter(text => text.endsWith(' does not exist, skipping')))],
    causes: [
      ...telling.filter(exit => toExitCode(exit) !== someSourceUnreadable).map(toMessageText),
      ...texts.filter(text => causeTexts.some(pattern => pattern.test(text))),
      ...messages.flatMap(checkCauses),
    ],
    notes: [
      ...telling.filter(exit => toExitCode(exit) === someSourceUnreadable).map(toMessageText),
      ...texts.filter(text => text.startsWith('Warning: ') || interrupted.test(text)),
    ].map(text => ({ level: 'warning', text })),
    statedErrors: statedErrors(messages),
    exitCode,
    isPartial: exitCode === someSourceUnreadable || texts.some(text => partial.test(text)),
    isInterrupted: texts.some(text => interrupted.test(text)),
    isPanic: texts.some(text => panic.test(text)),
  }
}

/** The plain lines from which troubles are read. */
export const troubleTexts: readonly RegExp[] = [
  ...causeTexts,
  interrupted,
  partial,
  panic,
  itemText,
  /^Warning: | does not exist, skipping$/,
]

function toExitCode(exit: JsonObject): number | null {
  const code = toCount(exit['code'])
  return code === 0 ? null : (code ?? 1)
}

function toMessageText(message: JsonObject): string {
  const { message: text } = message
  return typeof text === 'string' && text !== '' ? text : 'restic gives no reason.'
}

function statedErrors(messages: readonly JsonObject[]): number {
  const status = messages.findLast(message => message['message_type'] === 'status')
  return toCount(status?.['error_count']) ?? 0
}

function checkCauses(message: JsonObject): string[] {
  const count = toCount(message['num_errors']) ?? 0
  return message['message_type'] === 'summary' && count > 0 ? [`The check found ${count} errors.`] : []
}

/** One text for each item; of several reasons for one item the first that says something. */
function itemsOf(messages: readonly JsonObject[]): string[] {
  const reasons = new Map<string, string>()
  for (const message of messages) {
    if (message['message_type'] !== 'error') continue
    const { item } = message
    const name = typeof item === 'string' ? item : ''
    const reason = toReason(message['error'] ?? message['message'])
    const key = name === '' ? reason : name
    const known = reasons.get(key)
    if (known === undefined || known === noReason) reasons.set(key, reason)
  }
  return [...reasons].map(([key, reason]) => (key === reason ? reason : `${key}: ${reason}`))
}

const noReason = 'could not be read'

/** The system errors that reading files meets (errno(3), numbers of Linux): restic before 0.17.1 gives only the number. */
const systemErrors = new Map<unknown, string>([
  [1, 'operation not permitted'],
  [2, 'no such file or directory'],
  [5, 'input/output error'],
  [13, 'permission denied'],
  [16, 'device or resource busy'],
  [20, 'not a directory'],
  [28, 'no space left on device'],
  [36, 'file name too long'],
  [40, 'too many levels of symbolic links'],
  [107, 'transport endpoint is not connected'],
  [110, 'connection timed out'],
  [112, 'host is down'],
  [116, 'stale file handle'],
])

/** Why an item failed: a message (0.17.1 and later), or the members of a Go error, which may be none at all. */
function toReason(error: unknown): string {
  if (typeof error === 'string' && error !== '') return error
  if (!isJsonObject(error)) return noReason
  const { message, Err: cause } = error
  if (typeof message === 'string' && message !== '') return message
  if (typeof cause === 'number') return systemErrors.get(cause) ?? `system error ${cause}`
  return typeof cause === 'string' && cause !== '' ? cause : noReason
}

function isItemText(text: string): boolean {
  return itemText.test(text)
}

function toItemText(text: string): string {
  return text.replace(itemText, '')
}
