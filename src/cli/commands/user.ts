import type { Command } from 'commander'
import { getPartner, rootUsername } from '../../app/partners.ts'
import type { Store } from '../../app/ports.ts'
import { makeLinkOf, toLinkPath } from '../../app/sign-in-links.ts'
import { addUser, changeUser, getUser } from '../../app/users.ts'
import { AppError } from '../../domain/app-error.ts'
import { parseUsername } from '../../domain/text.ts'
import { type Partner, type User, type UserRole, userRoles } from '../../domain/tree.ts'
import { administer, administerNew } from '../admin/administer.ts'
import { contactOptions, type ContactOptions } from '../admin/contact-options.ts'
import {
  adminCommand,
  type AdminOptions,
  asArgument,
  groupCommand,
  parseNameOption,
  requireChange,
} from '../admin/options.ts'
import { readOptionalSetting, readSetting } from '../admin/read-setting.ts'
import { toDetails, toTable } from '../admin/tables.ts'
import { toUserRow } from '../admin/to-rows.ts'

/** `lastgood user`: the people who sign in to the dashboard. */
export function userCommand(): Command {
  return groupCommand('user', 'Users: the people of a partner, who sign in to the dashboard.', [
    addCommand(),
    listCommand(),
    showCommand(),
    updateCommand(),
    linkCommand(),
    removeCommand(),
  ])
}

type OfPartner = AdminOptions & { partner: string }
type GivenOptions = OfPartner & ContactOptions & { name?: string }

function addCommand(): Command {
  const command = adminCommand('add', 'Add a person to a partner.', 'lastgood user add office --role ADMIN')
    .argument('<username>', 'what they sign in with', asArgument(parseUsername))
    .requiredOption('--role <role>', `what they may do: ${userRoles.join(', ')}`, asArgument(parseRole))
    .option('--name <name>', 'their name (default: the username)', parseNameOption)
  return ofPartner(contactOptions(command)).action((username: string, options: GivenOptions & { role: UserRole }) =>
    administerNew(options, async (store, now) => {
      const partner = await getPartner(store, options.partner)
      const row = toUserRow(await addUser(store, partner, { ...options, username }, now), partner.username)
      return { json: row, text: toAdded(username, partner) }
    }),
  )
}

function toAdded(username: string, partner: Partner): string {
  const ofPartner = partner.username === rootUsername ? '' : ` --partner ${partner.username}`
  return `The user ${username} is added to the partner ${partner.username}. A password is chosen by way of: lastgood user link ${username}${ofPartner}`
}

function listCommand(): Command {
  return ofPartner(adminCommand('list', 'List the people of a partner.', 'lastgood user list')).action(
    (options: OfPartner) =>
      administer(options, async store => {
        const partner = await getPartner(store, options.partner)
        const order = { column: 'username', isDescending: false } as const
        const { users } = await store.listUsers(partner.id, order, { skip: 0, most: mostListed })
        const rows = users.map(user => toUserRow(user, partner.username))
        const none = `The partner ${partner.username} has no user yet. Add one with: lastgood user add USERNAME --role ADMIN`
        return { json: rows, text: rows.length > 0 ? toTable(rows) : none }
      }),
  )
}

const mostListed = 10_000

function showCommand(): Command {
  const command = adminCommand('show', 'Show a person.', 'lastgood user show office').argument(
    '<username>',
    'the person',
  )
  return ofPartner(command).action((username: string, options: OfPartner) =>
    administer(options, async store => toAnswer(await findBoth(store, options.partner, username))),
  )
}

function updateCommand(): Command {
  const command = adminCommand('update', 'Change a person.', 'lastgood user update office --role TECH')
    .argument('<username>', 'the person')
    .option('--role <role>', `what they may do: ${userRoles.join(', ')}`, asArgument(parseRole))
    .option('--name <name>', 'their name', parseNameOption)
  return ofPartner(contactOptions(command)).action(
    (username: string, options: GivenOptions & { role?: UserRole }, command: Command) => {
      const { name, email, phone, role } = options
      requireChange(command, [name, email, phone, role])
      return administer(options, async store => {
        const { user } = await findBoth(store, options.partner, username)
        await changeUser(store, user, options)
        return toAnswer(await findBoth(store, options.partner, username))
      })
    },
  )
}

function linkCommand(): Command {
  const command = adminCommand(
    'link',
    'Print a link by which a person chooses a password, once and within 24 hours.',
    'lastgood user link office',
  )
  const argued = command
    .argument('<username>', 'the person')
    .option('--end-codes', 'ask for one-time codes no longer, as of somebody whose authenticator is lost')
  return ofPartner(argued).action((username: string, options: OfPartner & { endCodes?: boolean }) =>
    administer(options, async (store, now) => {
      const { user } = await findBoth(store, options.partner, username)
      if (options.endCodes) await store.setCodeSecret({ username: user.username, codeSecret: null, keeping: null }, now)
      const link = (readOptionalSetting('publicUrl') ?? usualUrl()) + toLinkPath(await makeLinkOf(store, user, now))
      return { json: { username: user.username, welcome_url: link }, text: link }
    }),
  )
}

/** Where a server of this machine is reached that says nothing else. */
function usualUrl(): string {
  return `http://${readSetting('host')}:${readSetting('port')}`
}

function removeCommand(): Command {
  const command = adminCommand('remove', 'Remove a person.', 'lastgood user remove office')
  return ofPartner(command.argument('<username>', 'the person')).action((username: string, options: OfPartner) =>
    administer(options, async store => {
      const { json } = toAnswer(await findBoth(store, options.partner, username))
      await store.removeUser(username)
      return { json, text: `The user ${username} is removed.` }
    }),
  )
}

function ofPartner(command: Command): Command {
  return command.option('--partner <username>', 'the partner whose person it is', rootUsername)
}

/** Reads a role, in any letter case. */
function parseRole(text: string): UserRole {
  const found = userRoles.find(role => role === text.toUpperCase())
  if (found) return found
  throw new AppError('invalid', `There are ${userRoles.join(', ')}.`)
}

async function findBoth(
  store: Store,
  partnerName: string,
  username: string,
): Promise<{ user: User; partner: Partner }> {
  const partner = await getPartner(store, partnerName)
  return { user: await getUser(store, partner, username), partner }
}

function toAnswer({ user, partner }: { user: User; partner: Partner }) {
  const row = toUserRow(user, partner.username)
  return { json: row, text: toDetails(row) }
}
