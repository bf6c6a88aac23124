import { hash, randomBytes } from 'node:crypto'
import type { Instant } from '../domain/instant.ts'
import type { Mail } from '../domain/mail.ts'
import { toStorableText } from '../domain/text.ts'
import { readMailDate } from './mail-date.ts'
import { type MailHeaders, type MailParts, takeApart } from './mail-parts.ts'
import { toReportText } from './mail-text.ts'

/** A mail as it arrived: its bytes, and the sender of its envelope, empty for a bounce (RFC 5321, 4.5.5). */
export type ArrivedMail = { raw: Buffer; envelopeSender: string; receivedAt: Instant }

/** A mail that was read, and whether it goes round in circles. */
export type ParsedMail = { mail: Mail; isLooping: boolean }

/** The header that mails of ours carry, so that none of them is ever taken for a report. */
export const ownHeader = 'x-lastgood-mail'

/** The most servers that a mail may have come by: more than any way needs (RFC 5321, 6.3). */
const mostHops = 50

const longestText = 4 * 1024 * 1024
const longestHeader = 500

/**
 * Reads a mail, whatever its bytes: what cannot be taken apart is kept as it is, and no success in it is believed.
 * Never rejects.
 */
export async function parseMail(arrived: ArrivedMail): Promise<ParsedMail> {
  try {
    return toParsedMail(arrived, await takeApart(arrived.raw))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const mail = { sender: arrived.envelopeSender, subject: '', sentAt: null, notReport: null }
    const text = arrived.raw.toString('utf8')
    const damage = `The mail could not be taken apart (${toLine(why)}).`
    const key = hash('sha256', arrived.raw)
    return { mail: { ...mail, ...toText(text, damage), key, receivedAt: arrived.receivedAt }, isLooping: false }
  }
}

function toParsedMail({ raw, envelopeSender, receivedAt }: ArrivedMail, parts: MailParts): ParsedMail {
  const { headers } = parts
  const text = toReportText(parts.plain, parts.html)
  const sentAt = readMailDate(headers.first('date'))
  return {
    mail: {
      key: toKey(headers, raw),
      sender: toLine(parts.sender === '' ? envelopeSender : parts.sender),
      subject: toLine(parts.subject),
      sentAt,
      receivedAt,
      ...toText(text, null),
      notReport: toNotReport(headers, envelopeSender),
    },
    isLooping: headers.count('received') > mostHops || headers.count(ownHeader) > 0,
  }
}

/**
 * What names a message: its Message-ID together with its date, because some devices give every mail the same id. A mail with
 * neither is like every other of its kind, so that nothing can tell its repetition from the next night's.
 */
function toKey(headers: MailHeaders, raw: Buffer): string {
  const [id, date] = [headers.first('message-id'), headers.first('date')]
  if (id === '' && date === '') return randomBytes(32).toString('hex')
  return hash('sha256', id === '' ? withoutTrace(raw) : `${id}\n${date}`)
}

/** A mail without the headers that every server on its way adds at its top. */
function withoutTrace(raw: Buffer): Buffer {
  const from = raw.indexOf('\nDate:')
  return from < 0 ? raw : raw.subarray(from)
}

function toNotReport(headers: MailHeaders, envelopeSender: string): string | null {
  const type = headers.first('content-type')
  if (/^multipart\/report\b/i.test(type) && /report-type="?(?:delivery-status|disposition-notification)/i.test(type)) {
    return 'It tells what became of another mail.'
  }
  if (/^auto-replied\b/i.test(headers.first('auto-submitted'))) return 'It is an automatic reply.'
  return envelopeSender === '' ? 'It came without a sender, as bounces do.' : null
}

function toText(text: string, damage: string | null): Pick<Mail, 'text' | 'damage'> {
  if (text.length <= longestText) return { text: toStorableText(text), damage }
  return {
    text: toStorableText(`${text.slice(0, longestText / 2)}\n…\n${text.slice(-longestText / 2)}`),
    damage: damage ?? 'The mail was too long to be read whole.',
  }
}

/** A header as one line that anything can hold. */
function toLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\u2028\u2029\uFFFE\uFFFF]+/gu, ' ').trim()
  return toStorableText(line.length > longestHeader ? `${line.slice(0, longestHeader)}…` : line)
}
