import { AppError } from '../domain/app-error.ts'
import type { Instant } from '../domain/instant.ts'
import { type MailOtherwise, type MailRule, picksMails } from '../domain/mail.ts'
import type { BackupSet, Computer } from '../domain/tree.ts'
import { readInbox } from './inbox.ts'
import type { MailReceiver } from './judge-mail.ts'
import type { Store } from './ports.ts'

/** What somebody says of a rule, each part checked; left out: it asks for nothing. */
export type GivenRule = {
  from?: string | undefined
  subject?: string | undefined
  body?: string | undefined
  tool?: string | undefined
  success?: readonly string[] | undefined
  failure?: readonly string[] | undefined
  otherwise?: MailOtherwise | undefined
}

/** The most rules of a computer. */
const mostRules = 200

/**
 * Adds a rule for mails of a backup set, and reads the inbox of its computer again. Throws `invalid` for a rule that says
 * nothing, and `conflict` when the computer has too many rules.
 */
export async function addMailRule(
  receiver: MailReceiver,
  { computer, set }: { computer: Computer; set: BackupSet },
  given: GivenRule,
  now: Instant,
): Promise<{ rule: MailRule; recorded: number; waiting: number }> {
  const { from = null, subject = null, body = null, tool = null, success = [], failure = [] } = given
  const { otherwise = 'inbox' } = given
  const picked = { from, subject, body }
  if (!picksMails(picked) && tool === null && success.length === 0 && failure.length === 0) {
    throw new AppError('invalid', 'The rule says nothing: give it a text to look for, a tool, or words.')
  }
  const { store } = receiver
  const { accountId, key: computerKey } = computer
  if ((await store.listMailRules(accountId, computerKey)).length >= mostRules) {
    throw new AppError(
      'conflict',
      `The computer has ${mostRules} rules already: remove some with lastgood mail-rule remove.`,
    )
  }
  const rule = { accountId, computerKey, setId: set.id, ...picked, tool, success, failure, otherwise }
  const added = await store.addMailRule(rule, now)
  return { rule: added, ...(await readInbox(receiver, computer, now)) }
}

/** The rules of a computer, each with the name of its set. */
export async function listMailRules(store: Store, computer: Computer): Promise<{ rule: MailRule; setName: string }[]> {
  const { accountId, key } = computer
  const names = new Map((await store.listBackupSets(accountId, key)).map(({ id, name }) => [id, name]))
  return (await store.listMailRules(accountId, key)).map(rule => ({ rule, setName: names.get(rule.setId) ?? '' }))
}

/** Removes a rule. Throws `not-found`. */
export async function removeMailRule(store: Store, computer: Computer, id: number): Promise<void> {
  if (await store.removeMailRule(computer.accountId, computer.key, id)) return
  throw new AppError(
    'not-found',
    `The computer ${computer.computerId} of ${computer.username} has no rule ${id}: see lastgood mail-rule list.`,
  )
}
