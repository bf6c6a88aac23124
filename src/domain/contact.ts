import { AppError } from './app-error.ts'
import { assertPlainText, parseLine } from './text.ts'

/** The longest address of a mailbox, in characters (RFC 5321, 4.5.3.1.3, without its brackets). */
export const longestEmail = 254
/** The longest telephone number, in characters: with an extension in words. */
export const longestPhone = 64
/** The longest note, in characters. */
export const longestNote = 1_000

/**
 * Checks the address of a mailbox; empty where none is known. It has one `@` with something on both sides and no blanks:
 * whether mail arrives only a mail can tell. Throws `invalid`, naming `member`.
 */
export function parseEmail(text: string, member: string): string {
  const email = parseLine(text, member, longestEmail)
  if (email === '' || /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(email)) return email
  throw new AppError('invalid', `${member} must be an address such as it@example.net, not ${shown(email)}.`)
}

/** Checks a telephone number, in whatever way it is written; empty where none is known. Throws `invalid`, naming `member`. */
export function parsePhone(text: string, member: string): string {
  return parseLine(text, member, longestPhone)
}

/** Checks a note: some lines of text, trimmed, or nothing. Throws `invalid`, naming `member`. */
export function parseNote(text: string, member: string): string {
  const note = text.normalize('NFC').replaceAll(/\r\n?/g, '\n').trim()
  if (note.length > longestNote) {
    throw new AppError('invalid', `${member} must have at most ${longestNote} characters.`)
  }
  assertPlainText(note.replaceAll(/[\n\t]/g, ' '), member, 'text without control characters')
  return note
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}
