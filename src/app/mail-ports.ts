import type { Instant } from '../domain/instant.ts'
import type { Mail, MailRule } from '../domain/mail.ts'

/** A mail on its way into the inbox of a computer. `slug` is what its address called the set, `reason` why it waits. */
export type NewMail = { accountId: number; computerKey: number; mail: Mail; slug: string | null; reason: string }

/** A mail of an inbox, without its text. */
export type WaitingMail = Omit<Mail, 'text'> & { id: number; slug: string | null; reason: string }

/** A mail of an inbox. */
export type StoredMail = WaitingMail & Mail

/**
 * What became of a mail: it waits now; it did already; it was not taken because its inbox is full.
 */
export type AddedMail = 'added' | 'repeated' | 'full'

export type NewMailRule = Omit<MailRule, 'id' | 'createdAt'>

/** The inboxes of computers, and the rules that read them, as they are. */
export interface MailStore {
  /** Answers after the mail is on disk. An inbox holds at most `mostMails`. */
  addMail(mail: NewMail): Promise<AddedMail>
  /** The mails that wait, oldest first. */
  listMails(accountId: number, computerKey: number): Promise<WaitingMail[]>
  findMail(accountId: number, computerKey: number, id: number): Promise<StoredMail | undefined>
  /** Answers whether there was one. */
  removeMail(accountId: number, computerKey: number, id: number): Promise<boolean>
  /** Forgets mails that arrived before an instant; answers how many. */
  removeOldMails(before: Instant): Promise<number>

  /** The rules of a computer in the order in which they were made. */
  listMailRules(accountId: number, computerKey: number): Promise<MailRule[]>
}

/** The changes of the rules that read mails. */
export interface MailRuleChanges {
  addMailRule(rule: NewMailRule, now: Instant): Promise<MailRule>
  /** Answers whether there was one. */
  removeMailRule(accountId: number, computerKey: number, id: number): Promise<boolean>
}

/** The most mails that wait in an inbox; the sender of one more is told to try again later. */
export const mostMails = 200
