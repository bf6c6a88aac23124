import type { StoredMail, WaitingMail } from '../../app/mail-ports.ts'
import type { MailRule } from '../../domain/mail.ts'
import { formatLocalTime, toLocalTime } from '../../domain/local-time.ts'
import type { TimeZone } from '../../domain/time-zone.ts'

/** What `--json` prints of a mail that waits, on the clock of its computer; `slug` is what its address called the set. */
export function toMailRow(
  { id, receivedAt, sentAt, sender, subject, slug, reason, damage }: WaitingMail,
  zone: TimeZone,
) {
  const toText = (at: number) => formatLocalTime(toLocalTime(at, zone))
  return {
    mail_id: id,
    received: toText(receivedAt),
    sent: sentAt === null ? null : toText(sentAt),
    from: sender,
    subject,
    slug,
    reason: damage === null ? reason : `${reason} ${damage}`,
  }
}

/** The same with the text of the mail. */
export function toWholeMailRow(mail: StoredMail, zone: TimeZone) {
  return { ...toMailRow(mail, zone), text: mail.text }
}

const longestCell = 60

/** What the table of an inbox shows of a mail: what tells it from others. */
export function toShortMailRow(row: ReturnType<typeof toMailRow>) {
  const { mail_id, received, from, subject, reason } = row
  return { mail_id, received, from: toCell(from), subject: toCell(subject), reason }
}

/** What `--json` prints of a rule. */
export function toRuleRow({ id, from, subject, body, tool, success, failure, otherwise }: MailRule, setName: string) {
  return { rule_id: id, backupset_name: setName, from, subject, body, tool, success, failure, otherwise }
}

/** The same as people read it: a word may have spaces. */
export function toShownRuleRow(row: ReturnType<typeof toRuleRow>) {
  return { ...row, success: row.success.join(', '), failure: row.failure.join(', ') }
}

/** What a mail says comes from anywhere: nothing in it may reach a terminal as more than text. */
export function toPlainText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, character => (character === '\n' ? '\n' : ' '))
}

function toCell(text: string): string {
  const cell = toPlainText(text)
  return cell.length > longestCell ? `${cell.slice(0, longestCell - 1)}…` : cell
}
