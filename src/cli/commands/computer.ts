import { type Command, Option } from 'commander'
import {
  addComputer,
  changeComputer,
  getComputer,
  listComputers,
  removeComputer,
  renewAgentKey,
  renewPingKey,
} from '../../app/computers.ts'
import { parseTimeZone } from '../../domain/time-zone.ts'
import type { Computer } from '../../domain/tree.ts'
import { administer, readFacts } from '../admin/administer.ts'
import { type ContactOptions, contactOptions } from '../admin/contact-options.ts'
import { toMailAddress } from '../admin/mail-address.ts'
import {
  adminCommand,
  type AdminOptions,
  asArgument,
  groupCommand,
  parseNameOption,
  requireChange,
} from '../admin/options.ts'
import { toDetails, toTable } from '../admin/tables.ts'
import { toComputerRow } from '../admin/to-rows.ts'

/** `lastgood computer`: the machines of accounts. */
export function computerCommand(): Command {
  return groupCommand('computer', 'Computers: the machines of an account, each with keys of its own.', [
    addCommand(),
    listCommand(),
    showCommand(),
    updateCommand(),
    removeCommand(),
  ])
}

type AddOptions = AdminOptions & ContactOptions & { name: string; timeZone?: string }

function addCommand(): Command {
  const command = adminCommand(
    'add',
    'Add a computer. Its agent key and its ping key are printed once.',
    'lastgood computer add acme --name "File server"',
  )
  return contactOptions(command)
    .argument('<username>', 'its account')
    .requiredOption('--name <name>', 'its name for people', parseNameOption)
    .option('--time-zone <zone>', "the time zone of its clock (default: its account's)", asArgument(parseTimeZone))
    .action((username: string, { name, timeZone, email, phone, ...options }: AddOptions) =>
      administer(options, async (store, now) => {
        const computerToAdd = { username, name, timeZone, email, phone }
        const { computer, agentKey, pingKey } = await addComputer(store, computerToAdd, now)
        return toKeyAnswer(computer, { agent_key: agentKey, ping_key: pingKey })
      }),
    )
}

function listCommand(): Command {
  return adminCommand('list', 'List the computers of an account.', 'lastgood computer list acme')
    .argument('<username>', 'the account')
    .action((username: string, options: AdminOptions) =>
      administer(options, async store => {
        const rows = (await listComputers(store, username)).map(toComputerRow)
        const none = `The account ${username} has no computer yet. Add one with: lastgood computer add ${username} --name NAME`
        return { json: rows, text: rows.length > 0 ? toTable(rows) : none }
      }),
    )
}

function showCommand(): Command {
  return computerArguments(adminCommand('show', 'Show a computer.', 'lastgood computer show acme 0000')).action(
    (username: string, computerId: string, options: AdminOptions) =>
      administer(options, async store => toAnswer(await getComputer(store, username, computerId))),
  )
}

type UpdateOptions = AdminOptions &
  ContactOptions & {
    name?: string
    timeZone?: string
    enable?: true
    disable?: true
    newKey?: true
    newPingKey?: true
  }

function updateCommand(): Command {
  const command = adminCommand('update', 'Change a computer.', 'lastgood computer update acme 0000 --new-key')
  return contactOptions(computerArguments(command))
    .option('--name <name>', 'its name for people', parseNameOption)
    .option('--time-zone <zone>', "the time zone of its clock, or none for its account's", parseZoneOrNone)
    .addOption(new Option('--enable', 'switch it on again').conflicts('disable'))
    .option('--disable', 'switch it off')
    .option('--new-key', 'print a new agent key, once; the old one ends')
    .option('--new-ping-key', 'print a new ping key, once; the old one ends')
    .action((username: string, computerId: string, options: UpdateOptions, command: Command) => {
      const { name, timeZone, enable, disable, email, phone, newKey, newPingKey } = options
      const enabled = enable ?? (disable ? false : undefined)
      const change = { name, timeZone: timeZone === none ? null : timeZone, enabled, email, phone }
      requireChange(command, [...Object.values(change), newKey, newPingKey])
      return administer(options, async (store, now) => {
        const found = await getComputer(store, username, computerId)
        const computer = await changeComputer(await readFacts(store), found, change, now)
        const keys = {
          ...(newKey && { agent_key: await renewAgentKey(store, computer, now) }),
          ...(newPingKey && { ping_key: await renewPingKey(store, computer, now) }),
        }
        return newKey || newPingKey ? toKeyAnswer(computer, keys) : toAnswer(computer)
      })
    })
}

function removeCommand(): Command {
  const command = adminCommand(
    'remove',
    'Remove a computer; its history is kept.',
    'lastgood computer remove acme 0000',
  )
  return computerArguments(command).action((username: string, computerId: string, options: AdminOptions) =>
    administer(options, async (store, now) => {
      const computer = await getComputer(store, username, computerId)
      await removeComputer(store, computer, now)
      return {
        json: toComputerRow({ ...computer, status: 'deleted' }),
        text: `The computer ${computerId} of ${username} is marked as deleted: its keys have ended, its history is kept.`,
      }
    }),
  )
}

const none = 'none'

/** Reads a time zone, or that a computer is to have none of its own. */
const parseZoneOrNone = asArgument(text => (text === '' || text === none ? none : parseTimeZone(text)))

function computerArguments(command: Command): Command {
  return command.argument('<username>', 'its account').argument('<computer_id>', 'the computer, such as 0000')
}

function toAnswer(computer: Computer) {
  const row = toComputerRow(computer)
  return { json: row, text: toDetails(row) }
}

const keyUses: Record<string, string> = {
  agent_key: 'Keep the agent key on the computer as LASTGOOD_KEY, for lastgood run.',
  mail_address: 'Report mails to that address go to the inbox of the computer: see lastgood inbox.',
  ping_key: 'The ping key names the computer in ping URLs: /ping/PING_KEY/SLUG.',
}

function toKeyAnswer(computer: Computer, given: Record<string, string>) {
  const address = given['ping_key'] === undefined ? undefined : toMailAddress(given['ping_key'])
  const keys = { ...given, ...(address !== undefined && { mail_address: address }) }
  const row = toComputerRow(computer)
  const shown = toDetails({ computer_id: row.computer_id, ...keys })
  const uses = Object.keys(keys).map(name => keyUses[name])
  return {
    json: { ...row, ...keys },
    text: [shown, 'What is above is shown only now.', ...uses].join('\n'),
  }
}
