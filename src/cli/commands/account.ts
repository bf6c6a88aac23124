import type { Command } from 'commander'
import { addAccount, changeAccount, getAccount, removeAccount } from '../../app/accounts.ts'
import { cancelAccount } from '../../app/cancel-account.ts'
import { rootUsername } from '../../app/partners.ts'
import { namePlaces } from '../../app/places.ts'
import type { Store } from '../../app/ports.ts'
import { AppError } from '../../domain/app-error.ts'
import { parseNote } from '../../domain/contact.ts'
import { parseLogDays, parseRunDays } from '../../domain/retention.ts'
import { parseUsername } from '../../domain/text.ts'
import { parseTimeZone } from '../../domain/time-zone.ts'
import type { Account, AccountStatus } from '../../domain/tree.ts'
import { accountStatusesByWire } from '../../wire/constants.ts'
import { administer, administerNew, readFacts } from '../admin/administer.ts'
import { companyOptions, type ContactOptions, lineOption } from '../admin/contact-options.ts'
import {
  adminCommand,
  type AdminOptions,
  asArgument,
  groupCommand,
  parseNameOption,
  requireChange,
} from '../admin/options.ts'
import { toDetails, toTable } from '../admin/tables.ts'
import { toAccountRow } from '../admin/to-rows.ts'

/** `lastgood account`: the customers. */
export function accountCommand(): Command {
  return groupCommand('account', 'Accounts: the customers whose computers are backed up.', [
    addCommand(),
    listCommand(),
    showCommand(),
    updateCommand(),
    cancelCommand(),
    removeCommand(),
  ])
}

function givenOptions(command: Command): Command {
  return companyOptions(command)
    .option('--reference-code <text>', 'what you call it in your own books', lineOption('--reference-code'))
    .option('--run-days <days>', `how many days its runs are kept, ${keptDays}`, daysOption(parseRunDays, '--run-days'))
    .option('--log-days <days>', `how many days its logs are kept, ${keptDays}`, daysOption(parseLogDays, '--log-days'))
}

const keptDays = '0 for ever; default: as long as the server says'

/** Reads a number of days, or the word `default`. */
function daysOption(parse: (count: number, field: string) => number, field: string) {
  return asArgument((text): number | null =>
    text === 'default' ? null : parse(/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN, field),
  )
}

/** Reads a status that an account can be given, in any letter case. */
function parseStatus(text: string): AccountStatus {
  const { CANCELED: _, ...byWire } = accountStatusesByWire
  const found = Object.entries(byWire).find(([name]) => name === text.toUpperCase())
  if (found) return found[1]
  throw new AppError(
    'invalid',
    `There are ${Object.keys(byWire).join(', ')}; cancel an account with lastgood account cancel.`,
  )
}

type GivenOptions = AdminOptions &
  ContactOptions & {
    name?: string
    company?: string
    referenceCode?: string
    runDays?: number | null
    logDays?: number | null
  }
type AddOptions = GivenOptions & { timeZone: string; partner: string; newSets: boolean }

function addCommand(): Command {
  const command = adminCommand(
    'add',
    'Add an account.',
    'lastgood account add acme --name "Acme Ltd" --time-zone Europe/Berlin',
  )
    .argument('<username>', 'its name in URLs', asArgument(parseUsername))
    .option('--name <name>', 'its name for people (default: the username)', parseNameOption)
  return givenOptions(command)
    .option('--time-zone <zone>', 'the time zone of its computers', asArgument(parseTimeZone), 'UTC')
    .option('--partner <username>', 'the partner whose customer it is', rootUsername)
    .option('--no-new-sets', 'take no reports of backup sets that nobody has added')
    .action((username: string, options: AddOptions) =>
      administerNew(options, async (store, now) => {
        const account = { ...options, username, acceptsNewSets: options.newSets }
        return {
          json: toAccountRow(await addAccount(store, account, now), options.partner),
          text: `The account ${username} is added. Add its computers with: lastgood computer add ${username} --name NAME`,
        }
      }),
    )
}

function listCommand(): Command {
  return adminCommand('list', 'List the accounts.', 'lastgood account list').action((options: AdminOptions) =>
    administer(options, async store => {
      const rows = await toRows(store, await store.listAccounts())
      const text =
        rows.length > 0 ? toTable(rows) : 'There is no account yet. Add one with: lastgood account add USERNAME'
      return { json: rows, text }
    }),
  )
}

function showCommand(): Command {
  return adminCommand('show', 'Show an account.', 'lastgood account show acme')
    .argument('<username>', 'the account')
    .action((username: string, options: AdminOptions) =>
      administer(options, async store => toAnswer(store, await getAccount(store, username))),
    )
}

type UpdateOptions = GivenOptions & { timeZone?: string; newSets?: boolean; status?: AccountStatus }

function updateCommand(): Command {
  const command = adminCommand('update', 'Change an account.', 'lastgood account update acme --no-new-sets')
    .argument('<username>', 'the account')
    .option('--name <name>', 'its name for people', parseNameOption)
  return givenOptions(command)
    .option('--time-zone <zone>', 'the time zone of its computers', asArgument(parseTimeZone))
    .option('--new-sets', 'add backup sets by their first report')
    .option('--no-new-sets', 'take no reports of backup sets that nobody has added')
    .option(
      '--status <status>',
      'ACTIVE, TEST or FROZEN; an account that is canceled is in use again',
      asArgument(parseStatus),
    )
    .action((username: string, options: UpdateOptions, command: Command) => {
      const { name, company, email, phone, referenceCode, timeZone, newSets, status, runDays, logDays } = options
      const given = [name, company, email, phone, referenceCode, timeZone, newSets, status, runDays, logDays]
      requireChange(command, given)
      return administer(options, async (store, now) => {
        const change = { ...options, acceptsNewSets: newSets }
        return toAnswer(store, await changeAccount(await readFacts(store), username, change, now))
      })
    })
}

function cancelCommand(): Command {
  const shown = 'lastgood account cancel acme --reason "moved away"'
  return adminCommand('cancel', 'Cancel an account: nothing is expected of its backup sets any more.', shown)
    .argument('<username>', 'the account')
    .option(
      '--reason <text>',
      'why',
      asArgument(text => parseNote(text, '--reason')),
      '',
    )
    .addHelpText('after', cancelHelp)
    .action((username: string, { reason, ...options }: AdminOptions & { reason: string }) =>
      administer(options, async store => toAnswer(store, await cancelAccount(store, username, reason))),
    )
}

const cancelHelp = `
Its history stays, and what its computers report is recorded as before. lastgood account update --status ACTIVE
puts it in use again.`

function removeCommand(): Command {
  return adminCommand('remove', 'Remove an account that never had a computer.', 'lastgood account remove acme')
    .argument('<username>', 'the account')
    .action((username: string, options: AdminOptions) =>
      administer(options, async store => {
        const { json } = await toAnswer(store, await getAccount(store, username))
        await removeAccount(store, username)
        return { json, text: `The account ${username} is removed, and its clients with it.` }
      }),
    )
}

async function toAnswer(store: Store, account: Account) {
  const [row = {}] = await toRows(store, [account])
  return { json: row, text: toDetails(row) }
}

async function toRows(store: Store, accounts: readonly Account[]) {
  const places = accounts.map(({ partnerId }) => ({ partnerId, accountId: null, computerKey: null }))
  const names = await namePlaces(store, places)
  return accounts.map((account, index) => toAccountRow(account, names[index]?.partner ?? ''))
}
