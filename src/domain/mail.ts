import { AppError } from './app-error.ts'
import { days, type Instant } from './instant.ts'

/** A report mail as it was read: what is kept of it, and what it is judged by. */
export type Mail = {
  /** Names the message itself, so that a repeated delivery is known again: 64 hexadecimal digits. */
  key: string
  /** The address it says it is from; empty where it says nothing. */
  sender: string
  subject: string
  /** When it says it was written; null where it does not say so in a way that can be read. */
  sentAt: Instant | null
  receivedAt: Instant
  /** What people would read in it. */
  text: string
  /** Why its text may not be all that was sent, so that no success in it is believed; null where it is whole. */
  damage: string | null
  /** Why it is no report of a program at all, such as a bounce; null for every other mail. */
  notReport: string | null
}

/** What mails a rule is for, and how it reads them. Every text is looked for in any letter case. */
export type MailRule = {
  id: number
  accountId: number
  computerKey: number
  setId: number
  /** What the sender, the subject and the text must contain; null: anything. */
  from: string | null
  subject: string | null
  body: string | null
  /** The backup tool that reads its mails; null: that of its set, else whichever surely wrote them. */
  tool: string | null
  /** Words of a success and of a failure, for mails that no tool's adapter reads. */
  success: readonly string[]
  failure: readonly string[]
  /** What becomes of a mail that neither an adapter nor a word reads: it waits in the inbox, or is a failure. */
  otherwise: MailOtherwise
  createdAt: Instant
}

export const mailOtherwises = ['inbox', 'failure'] as const
export type MailOtherwise = (typeof mailOtherwises)[number]

/** What a rule looks at in a mail. */
export type MailContent = Pick<Mail, 'sender' | 'subject' | 'text'>

/**
 * Whether a mail is one of those that a rule is for. A rule that asks for nothing is for every mail that is sent to the
 * address of its set, and for none of the inbox.
 */
export function isForMail(rule: Pick<MailRule, 'from' | 'subject' | 'body'>, mail: MailContent): boolean {
  return (
    containsText(mail.sender, rule.from) &&
    containsText(mail.subject, rule.subject) &&
    containsText(mail.text, rule.body)
  )
}

/** Whether a rule may be asked about mails of the inbox. */
export function picksMails({ from, subject, body }: Pick<MailRule, 'from' | 'subject' | 'body'>): boolean {
  return from !== null || subject !== null || body !== null
}

/**
 * What the words of a rule say of a mail: a failure outweighs a success. A word of a failure counts wherever it stands, one
 * of a success only by itself, so that `success` is not found in `unsuccessful`.
 */
export function readKeywords(
  { success, failure }: Pick<MailRule, 'success' | 'failure'>,
  { subject, text }: MailContent,
): 'success' | 'failure' | null {
  const searched = toComparable(`${subject}\n${text}`)
  if (failure.some(word => searched.includes(toComparable(word)))) return 'failure'
  return success.some(word => containsWord(searched, toComparable(word))) ? 'success' : null
}

const longestPattern = 200
const mostKeywords = 50

/** Checks a text that a rule looks for: 1 to 200 characters in one line. Throws `invalid`, naming `member`. */
export function parseMailPattern(text: string, member: string): string {
  const pattern = text.normalize('NFC').trim()
  if (pattern === '') throw new AppError('invalid', `${member} must not be empty: everything contains nothing.`)
  if (pattern.length > longestPattern) {
    throw new AppError('invalid', `${member} must have at most ${longestPattern} characters.`)
  }
  if (!pattern.isWellFormed() || /[\p{Cc}\u2028\u2029\uFFFE\uFFFF]/u.test(pattern)) {
    throw new AppError('invalid', `${member} must be one line of text without control characters.`)
  }
  return pattern
}

/** Reads words separated by commas, at most 50. Throws `invalid`, naming `member`. */
export function parseKeywords(text: string, member: string): string[] {
  const words = text.split(',').map(word => parseMailPattern(word, `Each word of ${member}`))
  if (words.length > mostKeywords) throw new AppError('invalid', `${member} must have at most ${mostKeywords} words.`)
  return words
}

/** How old the date of a mail may be: no mail server keeps one for longer than five days (RFC 5321, 4.5.4.1). */
const oldestMailMs = days(7)

/**
 * When what a mail tells of ended: its date, unless that cannot be. A date ahead of ours is a clock that is fast. `doubt`
 * says why a date was not believed, where that may mean that an old mail was sent again.
 */
export function deriveMailTime({ sentAt, receivedAt }: Pick<Mail, 'sentAt' | 'receivedAt'>): {
  at: Instant
  doubt: string | null
} {
  if (sentAt === null || sentAt >= receivedAt) return { at: receivedAt, doubt: null }
  if (sentAt >= receivedAt - oldestMailMs) return { at: sentAt, doubt: null }
  const day = new Date(Math.max(sentAt, 0)).toISOString().slice(0, 10)
  return {
    at: receivedAt,
    doubt: `The mail says that it is of ${day}, more than 7 days before it arrived: check the clock of its sender.`,
  }
}

function containsText(text: string, pattern: string | null): boolean {
  return pattern === null || toComparable(text).includes(toComparable(pattern))
}

function containsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWordPart(text, at - 1) && !isWordPart(text, at + word.length)) return true
  }
  return false
}

function isWordPart(text: string, at: number): boolean {
  return /[\p{L}\p{N}]/u.test(text.charAt(at))
}

/** In one letter case, and with every space the same, because mails are wrapped anywhere. */
function toComparable(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ')
}
