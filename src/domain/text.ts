import { AppError } from './app-error.ts'

/** The longest name of a computer, backup set, account, partner or client, in characters. */
export const longestName = 255

/**
 * Checks a name people give: one line, 1 to 255 characters, trimmed, in Unicode normal form C so that equal looks are
 * equal names. Control characters, lone surrogates and what XML 1.0 (2.2) cannot hold are refused, so that every name
 * reads the same in JSON and in XML. Throws `invalid`, naming `member`.
 */
export function parseName(text: string, member: string): string {
  const name = parseLine(text, member, longestName)
  if (name === '') throw new AppError('invalid', `${member} must not be empty.`)
  return name
}

/** Checks a line of at most so many characters as a name is checked; it may be empty. Throws `invalid`, naming `member`. */
export function parseLine(text: string, member: string, most: number): string {
  const line = text.normalize('NFC').trim()
  if (line.length > most) throw new AppError('invalid', `${member} must have at most ${most} characters.`)
  assertPlainText(line, member, 'one line of text without control characters')
  return line
}

/** Throws `invalid`, saying what `member` must be, for control characters, lone surrogates and what XML cannot hold. */
export function assertPlainText(text: string, member: string, what: string): void {
  if (text.isWellFormed() && !/[\p{Cc}\u2028\u2029\uFFFE\uFFFF]/u.test(text)) return
  throw new AppError('invalid', `${member} must be ${what}.`)
}

/**
 * Checks the name that an account or partner has in URLs: 1 to 64 of letters, digits, `.`, `_`, `@` and `-`, the first
 * a letter or a digit. Throws `invalid`.
 */
export function parseUsername(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(text)) {
    throw new AppError(
      'invalid',
      `The username ${JSON.stringify(text.slice(0, 80))} must be 1 to 64 letters, digits, ".", "_", "@" or "-", and start with a letter or digit.`,
    )
  }
  return text
}

/** `text` as any store and any format can hold it: lone surrogates and NUL become U+FFFD. */
export function toStorableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

/** A text as a message of a run: in one line without control characters; empty when nothing is left. */
export function toMessageText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029\uFFFE\uFFFF]+/gu, ' ')
    .trim()
    .toWellFormed()
}

/** The longest text of a message as it is shown, in UTF-16 code units. */
export const longestMessage = 1_000

/**
 * The text of a message as it is shown, cut where it is too long. Secrets are taken out before: half of one looks like
 * none.
 */
export function toShortMessage(text: string): string {
  return text.length > longestMessage ? `${text.slice(0, longestMessage - 1)}…`.toWellFormed() : text
}

/** The longest log that is kept of a run, in UTF-16 code units. */
export const longestLog = 1024 * 1024
const headOfLog = 64 * 1024

/** How much less of a log is kept so that it is cut between two lines. */
const longestCutLine = 8 * 1024

/**
 * A log as it is kept: of one that is too long the head and, since outcomes stand last, a longer tail. It is cut between
 * lines, unless they are very long: of half a line nobody can tell what it is, nor whether it is a secret.
 */
export function toKeptLog(text: string): string {
  const log = toStorableText(text)
  if (log.length <= longestLog) return log
  const mark = (count: number) => `\n… ${count} characters left out …\n`
  const tail = longestLog - headOfLog - mark(log.length).length
  const headEnd = lineEndBefore(log, headOfLog)
  const tailStart = lineStartBehind(log, log.length - tail)
  return (log.slice(0, headEnd) + mark(tailStart - headEnd) + log.slice(tailStart)).toWellFormed()
}

function lineEndBefore(text: string, at: number): number {
  const line = text.slice(at - longestCutLine, at).lastIndexOf('\n')
  return line < 0 ? at : at - longestCutLine + line
}

function lineStartBehind(text: string, at: number): number {
  const line = text.slice(at - 1, at + longestCutLine).indexOf('\n')
  return line < 0 ? at : at + line
}
