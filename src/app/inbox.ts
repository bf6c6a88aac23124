import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import type { MailRun } from '../domain/mail-run.ts'
import type { BackupSet, Computer } from '../domain/tree.ts'
import { judgeByRules, judgeForSet, type MailReceiver, recordMailRun, toSetRun } from './judge-mail.ts'
import type { StoredMail } from './mail-ports.ts'
import type { Recorder } from './record-run.ts'

/**
 * Reads the inbox of a computer again, as after a new rule: mails that now become runs leave it. Answers how many did, and
 * how many still wait.
 */
export async function readInbox(
  receiver: MailReceiver,
  computer: Computer,
  now: Instant,
): Promise<{ recorded: number; waiting: number }> {
  const { store } = receiver
  const waiting = await store.listMails(computer.accountId, computer.key)
  let recorded = 0
  for (const { id, notReport } of waiting) {
    const mail = notReport === null ? await store.findMail(computer.accountId, computer.key, id) : undefined
    if (!mail) continue
    const { set, verdict } = await judgeByRules(receiver, computer, mail)
    if (!set || verdict.kind !== 'run') continue
    await recordMailRun(receiver, { computer, set, mail }, verdict.run, now)
    // What was recorded but not removed is known again by its key when it is read once more.
    await store.removeMail(computer.accountId, computer.key, id)
    recorded += 1
  }
  return { recorded, waiting: waiting.length - recorded }
}

/**
 * Makes a mail of the inbox a run of a set, as if it had been sent to the address of the set. Answers the run.
 * Throws `not-found` for a mail that is not there, `invalid` for one that tells of a run that has not ended.
 */
export async function assignMail(
  receiver: MailReceiver,
  { computer, set, id }: { computer: Computer; set: BackupSet; id: number },
  now: Instant,
): Promise<MailRun> {
  const mail = await getMail(receiver, computer, id)
  const verdict = await judgeForSet(receiver, computer, set, mail)
  if (verdict.kind === 'unfinished') {
    throw new AppError('invalid', `Mail ${id} tells of a run that has not ended: assign the one of its end.`)
  }
  const run = toSetRun({ computer, set, mail }, verdict)
  await recordMailRun(receiver, { computer, set, mail }, run, now)
  await receiver.store.removeMail(computer.accountId, computer.key, id)
  return run
}

/** A mail of the inbox of a computer. Throws `not-found`. */
export async function getMail({ store }: Pick<Recorder, 'store'>, computer: Computer, id: number): Promise<StoredMail> {
  const mail = await store.findMail(computer.accountId, computer.key, id)
  if (mail) return mail
  throw new AppError(
    'not-found',
    `The inbox of the computer ${computer.computerId} of ${computer.username} has no mail ${id}: see lastgood inbox list.`,
  )
}

/** Removes a mail of the inbox. Throws `not-found`. */
export async function removeMail(receiver: Pick<Recorder, 'store'>, computer: Computer, id: number): Promise<void> {
  const { accountId, key } = computer
  if (!(await receiver.store.removeMail(accountId, key, id))) await getMail(receiver, computer, id)
}
