import type { NewMailRule } from '../../src/app/mail-ports.ts'
import type { Mail } from '../../src/domain/mail.ts'
import type { BackupSet } from '../../src/domain/tree.ts'
import { testNow } from './tree.ts'

/** The `index`th of any number of mails, of which nothing can be told. */
export function aMail(index = 1, mail: Partial<Mail> = {}): Mail {
  return {
    key: index.toString(16).padStart(64, '0'),
    sender: 'nas@example.net',
    subject: 'Backup',
    sentAt: null,
    receivedAt: testNow,
    text: 'Something happened.',
    damage: null,
    notReport: null,
    ...mail,
  }
}

/** A rule of a set for the mails of a NAS: `good` is a success, `bad` a failure. */
export function aNewRule({ accountId, computerKey, id }: BackupSet, rule: Partial<NewMailRule> = {}): NewMailRule {
  return {
    accountId,
    computerKey,
    setId: id,
    from: 'nas@',
    subject: null,
    body: null,
    tool: null,
    success: ['good'],
    failure: ['bad'],
    otherwise: 'inbox',
    ...rule,
  }
}
