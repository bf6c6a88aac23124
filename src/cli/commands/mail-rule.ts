import { type Command, Option } from 'commander'
import { getBackupSet } from '../../app/backup-sets.ts'
import { getComputer } from '../../app/computers.ts'
import { addMailRule, type GivenRule, listMailRules, removeMailRule } from '../../app/mail-rules.ts'
import { mailOtherwises, parseKeywords, parseMailPattern } from '../../domain/mail.ts'
import { administer } from '../admin/administer.ts'
import { adminCommand, type AdminOptions, asArgument, groupCommand, parseWholeNumber } from '../admin/options.ts'
import { computerArguments, parseToolName } from '../admin/set-options.ts'
import { toDetails, toTable } from '../admin/tables.ts'
import { buildMailReceiver } from '../mail/mail-receiver.ts'
import { toRuleRow, toShownRuleRow } from '../mail/to-mail-rows.ts'

/** `lastgood mail-rule`: which report mails are about which set, and what their words mean. */
export function mailRuleCommand(): Command {
  return groupCommand('mail-rule', 'Rules for report mails: which set they are about, and what their words mean.', [
    addCommand(),
    listCommand(),
    removeCommand(),
  ])
}

type RuleOptions = AdminOptions & GivenRule

function addCommand(): Command {
  const command = adminCommand(
    'add',
    'Add a rule for mails of a backup set, and read the inbox again. All texts that are given must be found.',
    'lastgood mail-rule add acme 0000 Documents --from nas@example.net --success completed --failure "failed,error"',
  )
  return ruleOptions(computerArguments(command).argument('<name>', 'the backup set')).action(
    (username: string, computerId: string, name: string, { database, json, ...given }: RuleOptions) =>
      administer({ ...(database !== undefined && { database }), ...(json && { json }) }, async (store, now) => {
        const computer = await getComputer(store, username, computerId)
        const set = await getBackupSet(store, computer, name)
        const receiver = buildMailReceiver(store)
        const { rule, recorded, waiting } = await addMailRule(receiver, { computer, set }, given, now)
        const row = toRuleRow(rule, set.name)
        return {
          json: { ...row, recorded, waiting },
          text: `${toDetails(toShownRuleRow(row))}\nOf the mails in the inbox ${recorded} became runs; ${waiting} still wait.`,
        }
      }),
  )
}

function ruleOptions(command: Command): Command {
  const pattern = (name: string) => asArgument((text: string) => parseMailPattern(text, name))
  const keywords = (name: string) => asArgument((text: string) => parseKeywords(text, name))
  return command
    .option('--from <text>', 'what the address of the sender contains', pattern('--from'))
    .option('--subject <text>', 'what the subject contains', pattern('--subject'))
    .option('--body <text>', 'what the text contains', pattern('--body'))
    .option(
      '--tool <name>',
      'the backup tool that reads the mails (default: that of the set)',
      asArgument(parseToolName),
    )
    .option(
      '--success <words>',
      'words of a success, separated by commas; each must stand by itself',
      keywords('--success'),
    )
    .option('--failure <words>', 'words of a failure, separated by commas; they go first', keywords('--failure'))
    .addOption(
      new Option('--otherwise <outcome>', 'what a mail is that has none of them (default: inbox)').choices(
        mailOtherwises,
      ),
    )
}

function listCommand(): Command {
  const command = adminCommand(
    'list',
    'List the rules of a computer in the order in which they are asked.',
    'lastgood mail-rule list acme 0000',
  )
  return computerArguments(command).action((username: string, computerId: string, options: AdminOptions) =>
    administer(options, async store => {
      const rules = await listMailRules(store, await getComputer(store, username, computerId))
      const rows = rules.map(({ rule, setName }) => toRuleRow(rule, setName))
      const none = `The computer ${computerId} of ${username} has no rule for mails yet. Add one with: lastgood mail-rule add ${username} ${computerId} SET --from TEXT --success WORDS`
      return { json: rows, text: rows.length > 0 ? toTable(rows.map(toShownRuleRow)) : none }
    }),
  )
}

function removeCommand(): Command {
  const command = adminCommand('remove', 'Remove a rule; its runs stay.', 'lastgood mail-rule remove acme 0000 3')
  return computerArguments(command)
    .argument('<rule_id>', 'the rule, as list shows it', parseWholeNumber(1, Number.MAX_SAFE_INTEGER))
    .action((username: string, computerId: string, ruleId: number, options: AdminOptions) =>
      administer(options, async store => {
        await removeMailRule(store, await getComputer(store, username, computerId), ruleId)
        return { json: { rule_id: ruleId }, text: `Rule ${ruleId} is removed; the runs that it made stay.` }
      }),
    )
}
