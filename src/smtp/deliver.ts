import { receiveMail } from '../app/receive-mail.ts'
import type { MailReceiver } from '../app/judge-mail.ts'
import type { Instant } from '../domain/instant.ts'
import { type Addresses, findTarget } from './find-target.ts'
import { type ArrivedMail, parseMail } from './parse-mail.ts'
import type { RefusalName } from './refusal.ts'

/** What became of a mail of one or more recipients: how many runs it made, and in how many inboxes it waits. */
export type Delivered = { recorded: number; waiting: number }

/**
 * Delivers a mail to each of its recipients, and answers after all of it is on disk. When one of them fails, the sender
 * tries all again, which changes nothing for those that have it. Rejects when the database is away.
 */
export async function deliver(
  receiver: MailReceiver,
  addresses: Addresses,
  { arrived, recipients }: { arrived: ArrivedMail; recipients: readonly string[] },
  now: Instant,
): Promise<Delivered | RefusalName> {
  const { mail, isLooping } = await parseMail(arrived)
  if (isLooping) return 'looping'
  const delivered = { recorded: 0, waiting: 0 }
  for (const recipient of recipients) {
    // Asked anew: between the address and the end of the mail it may have come to its end.
    const target = await findTarget(addresses, recipient, now)
    if (typeof target === 'string') return target
    const became = await receiveMail(receiver, target, withoutAddress(mail, recipient), now)
    if (became === 'full') return 'full'
    delivered[became] += 1
  }
  return delivered
}

/** The address is the secret: where a mail quotes it, it is taken out. */
function withoutAddress<Kept extends { subject: string; text: string }>(mail: Kept, recipient: string): Kept {
  const local = recipient.slice(0, recipient.lastIndexOf('@'))
  const secret = /^[\w-]{22}(?=\+|$)/.exec(local)?.[0] ?? local
  if (secret === '') return mail
  return {
    ...mail,
    subject: mail.subject.replaceAll(secret, '[redacted]'),
    text: mail.text.replaceAll(secret, '[redacted]'),
  }
}
