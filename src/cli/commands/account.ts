import type { Command } from 'commander'
import { addAccount, changeAccount, getAccount, removeAccount } from '../../app/accounts.ts'
import { rootUsername } from '../../app/partners.ts'
import { namePlaces } from '../../app/places.ts'
import type { Store } from '../../app/ports.ts'
import { parseUsername } from '../../domain/text.ts'
import { parseTimeZone } from '../../domain/time-zone.ts'
import type { Account } from '../../domain/tree.ts'
import { administer, administerNew, readFacts } from '../admin/administer.ts'
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
    removeCommand(),
  ])
}

type AddOptions = AdminOptions & { name?: string; timeZone: string; partner: string; newSets: boolean }

function addCommand(): Command {
  return adminCommand('add', 'Add an account.', 'lastgood account add acme --name "Acme Ltd" --time-zone Europe/Berlin')
    .argument('<username>', 'its name in URLs', asArgument(parseUsername))
    .option('--name <name>', 'its name for people (default: the username)', parseNameOption)
    .option('--time-zone <zone>', 'the time zone of its computers', asArgument(parseTimeZone), 'UTC')
    .option('--partner <username>', 'the partner whose customer it is', rootUsername)
    .option('--no-new-sets', 'take no reports of backup sets that nobody has added')
    .action((username: string, { name, timeZone, partner, newSets, ...options }: AddOptions) =>
      administerNew(options, async (store, now) => {
        const account = { username, name, timeZone, partner, acceptsNewSets: newSets }
        return {
          json: toAccountRow(await addAccount(store, account, now), partner),
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

type UpdateOptions = AdminOptions & { name?: string; timeZone?: string; newSets?: boolean }

function updateCommand(): Command {
  return adminCommand('update', 'Change an account.', 'lastgood account update acme --no-new-sets')
    .argument('<username>', 'the account')
    .option('--name <name>', 'its name for people', parseNameOption)
    .option('--time-zone <zone>', 'the time zone of its computers', asArgument(parseTimeZone))
    .option('--new-sets', 'add backup sets by their first report')
    .option('--no-new-sets', 'take no reports of backup sets that nobody has added')
    .action((username: string, { name, timeZone, newSets, ...options }: UpdateOptions, command: Command) => {
      requireChange(command, [name, timeZone, newSets])
      return administer(options, async (store, now) => {
        const change = { name, timeZone, acceptsNewSets: newSets }
        return toAnswer(store, await changeAccount(await readFacts(store), username, change, now))
      })
    })
}

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
