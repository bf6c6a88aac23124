import type { Instant } from '../domain/instant.ts'
import type { Mail } from '../domain/mail.ts'
import { toKeptLog } from '../domain/text.ts'
import type { BackupSet, Computer } from '../domain/tree.ts'
import {
  judgeByRules,
  judgeForSet,
  type JudgedMail,
  type MailReceiver,
  noRule,
  recordMailRun,
  toSetRun,
} from './judge-mail.ts'
import type { Recorder } from './record-run.ts'

/** Whom a mail is for: a backup set, or the inbox of a computer. `slug` is what its address called a set that there is not. */
export type MailTarget =
  { computer: Computer; set: BackupSet } | { computer: Computer; set: null; slug: string | null; reason: string | null }

/** What became of a mail: a run was recorded; it waits in the inbox; or the inbox is full, and nothing of it was kept. */
export type ReceivedMail = 'recorded' | 'waiting' | 'full'

/**
 * Takes a mail in, and answers after what came of it is on disk. A mail to the address of a set becomes a run of it, a
 * doubtful one where nothing tells how the backup ended; one to a computer becomes a run where one of its rules is for it
 * and the mail tells how the backup ended, and waits in the inbox otherwise. A repeated delivery changes nothing.
 * Throws `unavailable` when the database is away.
 */
export async function receiveMail(
  receiver: MailReceiver,
  target: MailTarget,
  mail: Mail,
  now: Instant,
): Promise<ReceivedMail> {
  if (mail.notReport !== null) return wait(receiver, target, mail, mail.notReport)
  const { set, verdict } = await judgeForTarget(receiver, target, mail)
  if (!set) return wait(receiver, target, mail, noRule)
  if (verdict.kind === 'unfinished' || (verdict.kind === 'unclear' && !target.set)) {
    return wait(receiver, target, mail, verdict.reason)
  }
  const ofSet = { computer: target.computer, set, mail }
  await recordMailRun(receiver, ofSet, toSetRun(ofSet, verdict), now)
  return 'recorded'
}

async function judgeForTarget(receiver: MailReceiver, target: MailTarget, mail: Mail): Promise<JudgedMail> {
  const { computer, set } = target
  return set
    ? { set, verdict: await judgeForSet(receiver, computer, set, mail) }
    : judgeByRules(receiver, computer, mail)
}

async function wait(receiver: Recorder, target: MailTarget, mail: Mail, why: string): Promise<ReceivedMail> {
  const { accountId, key: computerKey } = target.computer
  const slug = target.set ? target.set.slug : target.slug
  // That an address names no set says more than that no rule is for it.
  const reason = (why === noRule && !target.set && target.reason) || why
  const added = await receiver.store.addMail({ accountId, computerKey, mail: toKeptMail(receiver, mail), slug, reason })
  return added === 'full' ? 'full' : 'waiting'
}

/**
 * A mail as it waits: without the secrets in it, and no longer than it may be kept. What is gone may have been what told of
 * a failure, so that no success in the rest is believed.
 */
function toKeptMail({ redact }: Recorder, mail: Mail): Mail {
  const subject = redact(mail.subject)
  const redacted = redact(mail.text)
  const text = toKeptLog(redacted)
  const isRedacted = subject !== mail.subject || redacted !== mail.text
  const loss = text !== redacted ? cutMail : isRedacted ? redactedMail : null
  return { ...mail, subject, text, damage: mail.damage ?? loss }
}

const cutMail = 'The mail was too long to be kept whole.'
const redactedMail = 'Secrets were taken out of the mail before it was read again.'
