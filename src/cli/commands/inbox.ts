import type { Command } from 'commander'
import { getBackupSet } from '../../app/backup-sets.ts'
import { getComputer } from '../../app/computers.ts'
import { assignMail, getMail, removeMail } from '../../app/inbox.ts'
import type { RunState } from '../../domain/run.ts'
import { administer } from '../admin/administer.ts'
import { adminCommand, type AdminOptions, groupCommand, parseWholeNumber } from '../admin/options.ts'
import { computerArguments } from '../admin/set-options.ts'
import { toDetails, toTable } from '../admin/tables.ts'
import { buildMailReceiver } from '../mail/mail-receiver.ts'
import { toMailRow, toPlainText, toShortMailRow, toWholeMailRow } from '../mail/to-mail-rows.ts'

/** `lastgood inbox`: the report mails that nothing could be told from. */
export function inboxCommand(): Command {
  return groupCommand(
    'inbox',
    'The inboxes of computers: report mails that nothing could be told from.',
    [listCommand(), showCommand(), assignCommand(), removeCommand()],
    'list',
  )
}

function listCommand(): Command {
  const command = adminCommand('list', 'List the mails that wait, oldest first.', 'lastgood inbox list acme 0000')
  return computerArguments(command).action((username: string, computerId: string, options: AdminOptions) =>
    administer(options, async store => {
      const computer = await getComputer(store, username, computerId)
      const mails = await store.listMails(computer.accountId, computer.key)
      const rows = mails.map(mail => toMailRow(mail, computer.timeZone))
      const none = `No mail waits in the inbox of the computer ${computerId} of ${username}. Mails to PING_KEY@DOMAIN arrive here; see docs/mail.md.`
      const next = `Make a rule with: lastgood mail-rule add ${username} ${computerId} SET --from TEXT --success WORDS --failure WORDS`
      return { json: rows, text: rows.length > 0 ? `${toTable(rows.map(toShortMailRow))}\n${next}` : none }
    }),
  )
}

function showCommand(): Command {
  const command = adminCommand('show', 'Show a mail that waits.', 'lastgood inbox show acme 0000 17')
  return mailArgument(command).action((username: string, computerId: string, mailId: number, options: AdminOptions) =>
    administer(options, async store => {
      const computer = await getComputer(store, username, computerId)
      const { text, ...row } = toWholeMailRow(await getMail({ store }, computer, mailId), computer.timeZone)
      const shown = { ...row, from: toPlainText(row.from), subject: toPlainText(row.subject) }
      return { json: { ...row, text }, text: `${toDetails(shown)}\n\n${toPlainText(text)}` }
    }),
  )
}

const outcomes: Partial<Record<RunState, string>> = {
  finished: 'a backup that went well, or with the warnings that it tells',
  canceled: 'a warning: nothing in it surely tells how the backup ended',
  failed: 'a failure',
  crashed: 'a failure',
}

function assignCommand(): Command {
  const command = adminCommand(
    'assign',
    'Make a mail that waits a run of a backup set, as if it had been sent to the address of the set.',
    'lastgood inbox assign acme 0000 17 Documents',
  )
  return mailArgument(command)
    .argument('<name>', 'the backup set')
    .action((username: string, computerId: string, mailId: number, name: string, options: AdminOptions) =>
      administer(options, async (store, now) => {
        const computer = await getComputer(store, username, computerId)
        const set = await getBackupSet(store, computer, name)
        const { state } = await assignMail(buildMailReceiver(store), { computer, set, id: mailId }, now)
        return {
          json: { mail_id: mailId, backupset_name: set.name, state },
          text: `Mail ${mailId} is now a run of ${set.name}: ${outcomes[state] ?? state}.`,
        }
      }),
    )
}

function removeCommand(): Command {
  const command = adminCommand('remove', 'Remove a mail that waits.', 'lastgood inbox remove acme 0000 17')
  return mailArgument(command).action((username: string, computerId: string, mailId: number, options: AdminOptions) =>
    administer(options, async store => {
      await removeMail({ store }, await getComputer(store, username, computerId), mailId)
      return { json: { mail_id: mailId }, text: `Mail ${mailId} is removed.` }
    }),
  )
}

function mailArgument(command: Command): Command {
  return computerArguments(command).argument(
    '<mail_id>',
    'the mail, as lastgood inbox list shows it',
    parseWholeNumber(1, Number.MAX_SAFE_INTEGER),
  )
}
