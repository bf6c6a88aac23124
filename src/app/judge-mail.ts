import {
  deriveMailVerdict,
  type MailQuestion,
  type MailRun,
  type MailVerdict,
  toUnclearRun,
} from '../domain/mail-run.ts'
import { isForMail, type Mail, type MailRule, picksMails } from '../domain/mail.ts'
import type { Instant } from '../domain/instant.ts'
import type { BackupSet, Computer } from '../domain/tree.ts'
import { recordRun, type Recorder } from './record-run.ts'
import { toRunKey } from './record-ping.ts'

/** Reads a mail with the adapter of a backup tool, or with that of the tool which surely wrote it when none is named. */
export type ReadMail = (tool: string | null, mail: Pick<Mail, 'subject' | 'text'>) => Omit<MailQuestion, 'rule'>

/** Where mails go, what takes the secrets out of them before, and what reads them. */
export type MailReceiver = Recorder & { read: ReadMail }

/** A mail, and the set that it tells of. */
export type MailOfSet = { computer: Computer; set: BackupSet; mail: Mail }

/** Why a mail waits that no rule is for. */
export const noRule = 'No rule is for it.'

/** What a mail tells that was sent to the address of a set, by the first rule of the set that is for it. */
export async function judgeForSet(
  { store, read }: MailReceiver,
  computer: Computer,
  set: BackupSet,
  mail: Mail,
): Promise<MailVerdict> {
  const rules = await store.listMailRules(computer.accountId, computer.key)
  const rule = rules.find(rule => rule.setId === set.id && isForMail(rule, mail)) ?? null
  return judge(read, { computer, set, mail }, rule)
}

/** What a mail tells, and the set that it tells it of; undefined where no rule is for it. */
export type JudgedMail = { set: BackupSet | undefined; verdict: MailVerdict }

/** The set of the first rule that is for a mail, and what the mail then tells. */
export async function judgeByRules({ store, read }: MailReceiver, computer: Computer, mail: Mail): Promise<JudgedMail> {
  const rules = await store.listMailRules(computer.accountId, computer.key)
  const rule = rules.find(rule => picksMails(rule) && isForMail(rule, mail))
  const sets = rule ? await store.listBackupSets(computer.accountId, computer.key) : []
  const set = sets.find(({ id }) => id === rule?.setId)
  return {
    set,
    verdict: rule && set ? judge(read, { computer, set, mail }, rule) : { kind: 'unclear', reason: noRule },
  }
}

function judge(read: ReadMail, { computer, set, mail }: MailOfSet, rule: MailRule | null): MailVerdict {
  return deriveMailVerdict({ mail, zone: computer.timeZone }, { ...read(rule?.tool ?? set.tool, mail), rule })
}

/** The run of a set that a mail to its address becomes: a doubtful one where nothing tells how the backup ended. */
export function toSetRun(
  { computer, mail }: MailOfSet,
  verdict: Exclude<MailVerdict, { kind: 'unfinished' }>,
): MailRun {
  return verdict.kind === 'run' ? verdict.run : toUnclearRun({ mail, zone: computer.timeZone }, verdict.reason)
}

/** Records the run of a mail, which a repeated delivery names again. */
export async function recordMailRun(
  receiver: Recorder,
  { computer, set, mail }: MailOfSet,
  run: MailRun,
  now: Instant,
): Promise<void> {
  const runKey = toRunKey(set.id, `mail ${mail.key}`)
  await recordRun(receiver, computer, { ...run, runKey, backupsetName: set.name }, now)
}
