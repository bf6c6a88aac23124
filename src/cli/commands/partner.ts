import type { Command } from 'commander'
import { addPartner, changePartner, getPartner, removePartner, rootUsername } from '../../app/partners.ts'
import type { Store } from '../../app/ports.ts'
import type { Policy } from '../../domain/condition.ts'
import { parseUsername } from '../../domain/text.ts'
import type { Partner } from '../../domain/tree.ts'
import { administer, administerNew } from '../admin/administer.ts'
import { companyOptions, type ContactOptions } from '../admin/contact-options.ts'
import {
  adminCommand,
  type AdminOptions,
  asArgument,
  groupCommand,
  parseNameOption,
  requireChange,
} from '../admin/options.ts'
import { policyHelp, policyOption } from '../admin/policy-option.ts'
import { toDetails, toTable } from '../admin/tables.ts'
import { toAuditRow, toPartnerRow } from '../admin/to-rows.ts'

/** `lastgood partner`: who runs the installation and its parts. */
export function partnerCommand(): Command {
  return groupCommand('partner', 'Partners: who runs the installation or a part of it, and sets the policy.', [
    addCommand(),
    listCommand(),
    showCommand(),
    updateCommand(),
    logCommand(),
    removeCommand(),
  ])
}

type NameOptions = AdminOptions & ContactOptions & { name?: string; company?: string }
type AddOptions = NameOptions & { partner: string }

function addCommand(): Command {
  const command = adminCommand('add', 'Add a partner.', 'lastgood partner add north --name "Branch North"')
    .argument('<username>', 'its name in URLs', asArgument(parseUsername))
    .option('--name <name>', 'its name for people (default: the username)', parseNameOption)
  return companyOptions(command)
    .option('--partner <username>', 'the partner above it', rootUsername)
    .action((username: string, options: AddOptions) =>
      administerNew(options, async (store, now) => {
        const partner = await addPartner(store, { ...options, username, above: options.partner }, now)
        return {
          json: await toRow(store, partner),
          text: `The partner ${username} is added. Add its customers with: lastgood account add USERNAME --partner ${username}`,
        }
      }),
    )
}

function listCommand(): Command {
  return adminCommand('list', 'List the partners.', 'lastgood partner list').action((options: AdminOptions) =>
    administer(options, async store => {
      const partners = await store.listPartners()
      const byId = new Map(partners.map(partner => [partner.id, partner]))
      const rows = partners.map(partner => toPartnerRow(partner, byId.get(partner.parentId ?? 0)))
      return { json: rows, text: toTable(rows) }
    }),
  )
}

function showCommand(): Command {
  return adminCommand('show', 'Show a partner.', 'lastgood partner show root')
    .argument('<username>', 'the partner')
    .action((username: string, options: AdminOptions) =>
      administer(options, async store => {
        const row = await toRow(store, await getPartner(store, username))
        return { json: row, text: toDetails(row) }
      }),
    )
}

type UpdateOptions = NameOptions & { policy?: Policy; policyReset?: boolean }

function updateCommand(): Command {
  const command = adminCommand('update', 'Change a partner.', 'lastgood partner update root --policy WARNINGS=FAILURE')
    .argument('<username>', 'the partner')
    .option('--name <name>', 'its name for people', parseNameOption)
  return companyOptions(command)
    .addOption(policyOption())
    .option('--policy-reset', 'forget what it has set before: the policy above it, else the defaults hold again')
    .addHelpText('after', policyHelp)
    .action((username: string, options: UpdateOptions, command: Command) => {
      const { name, company, email, phone, policyReset } = options
      requireChange(command, [name, company, email, phone, options.policy, policyReset])
      return administer(options, async store => {
        const { policy: own } = await getPartner(store, username)
        const hasPolicy = options.policy !== undefined || policyReset === true
        const policy = hasPolicy ? { ...(policyReset ? {} : own), ...options.policy } : undefined
        const partner = await changePartner(store, username, { name, company, email, phone, policy })
        const row = await toRow(store, partner)
        return { json: row, text: toDetails(row) }
      })
    })
}

function logCommand(): Command {
  return adminCommand(
    'log',
    'Show what was changed at and below a partner, and by whom, newest first.',
    'lastgood partner log root',
  )
    .argument('<username>', 'the partner')
    .action((username: string, options: AdminOptions) =>
      administer(options, async store => {
        const { path } = await getPartner(store, username)
        const { entries } = await store.listAuditLog(path, { skip: 0, most: mostLogged })
        const rows = entries.map(toAuditRow)
        const none = `Nobody has changed anything at or below ${username} yet.`
        return { json: rows, text: rows.length > 0 ? toTable(rows) : none }
      }),
    )
}

const mostLogged = 1_000

function removeCommand(): Command {
  return adminCommand('remove', 'Remove a partner that has nothing below it.', 'lastgood partner remove north')
    .argument('<username>', 'the partner')
    .action((username: string, options: AdminOptions) =>
      administer(options, async store => {
        const row = await toRow(store, await getPartner(store, username))
        await removePartner(store, username)
        return { json: row, text: `The partner ${username} is removed, and its clients with it.` }
      }),
    )
}

async function toRow(store: Store, partner: Partner) {
  const partners = await store.listPartners()
  return toPartnerRow(
    partner,
    partners.find(({ id }) => id === partner.parentId),
  )
}
