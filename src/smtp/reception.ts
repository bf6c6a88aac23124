import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import { buildPingDirectory } from '../app/ping-directory.ts'
import { collectMail } from './collect-mail.ts'
import type { SmtpContext, SmtpLog } from './context.ts'
import { type Delivered, deliver } from './deliver.ts'
import { findTarget } from './find-target.ts'
import { buildRate } from './rate.ts'
import { readMail } from './read-mail.ts'
import type { RefusalName } from './refusal.ts'
import type { Sessions } from './sessions.ts'

/** What is said to senders, before it is put into words. */
export interface Reception {
  /** Whether mail is taken for an address; null: it is. */
  checkRecipient(address: string, session: SMTPServerSession): Promise<RefusalName | null>
  /** Takes a mail in; answers after it is on disk. */
  receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Delivered | RefusalName>
}

const mostMailsAMinute = 120
const leastBudget = 64 * 1024 * 1024

/** Builds what receives mails. Whatever fails is told to the log, and to the sender as something to try again. */
export function buildReception(context: SmtpContext, sessions: Sessions, log: SmtpLog): Reception {
  const { store, directory, clock, settings, redact } = context
  const { maxBytes, domains } = settings
  const receiver = { store, redact, read: readMail }
  const addresses = { store, pings: buildPingDirectory(store, directory), domains }
  const budget = { left: Math.max(leastBudget, 2 * maxBytes) }
  const isInRate = buildRate(mostMailsAMinute)

  return {
    async checkRecipient(address, session) {
      try {
        const target = await findTarget(addresses, address, clock())
        if (typeof target === 'string') return sessions.mayGuess(session) ? target : 'guessing'
        return isInRate(target.computer.key, clock()) ? null : 'too-many-mails'
      } catch (error) {
        log.error({ err: error }, 'the address of a mail could not be looked up')
        return 'away'
      }
    },

    async receive(stream, { envelope: { mailFrom, rcptTo } }) {
      try {
        const collected = await collectMail(stream, { maxBytes, budget }).catch((error: unknown) => {
          log.info({ err: error }, 'a sender went away before the end of its mail')
          return 'away' as const
        })
        if (typeof collected === 'string') return collected
        const { raw, release } = collected
        try {
          const arrived = { raw, envelopeSender: mailFrom ? mailFrom.address : '', receivedAt: clock() }
          return await deliver(receiver, addresses, { arrived, recipients: rcptTo.map(to => to.address) }, clock())
        } finally {
          release()
        }
      } catch (error) {
        log.error({ err: error }, 'a mail could not be stored; its sender was told to try again')
        return 'away'
      }
    },
  }
}
