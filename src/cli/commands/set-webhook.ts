import { type Command, Option } from 'commander'
import { getBackupSet, oldPingUrlHours, renewPingId } from '../../app/backup-sets.ts'
import { getComputer } from '../../app/computers.ts'
import { hours } from '../../domain/instant.ts'
import { webhooks } from '../../webhooks/index.ts'
import type { Webhook } from '../../webhooks/webhook.ts'
import { administer } from '../admin/administer.ts'
import { adminCommand, type AdminOptions } from '../admin/options.ts'
import { toServerUrl } from '../admin/ping-url.ts'
import { computerArguments, type PingUrlOptions, pingUrlOptions } from '../admin/set-options.ts'
import { toTable } from '../admin/tables.ts'

type WebhookOptions = AdminOptions & PingUrlOptions & { tool?: string }

/** What stands where the secret would: nobody but its owner knows it. */
const noSecret = '<uuid>'

/** `lastgood set webhook`: the addresses at which tools report a set. */
export function webhookCommand(): Command {
  const command = adminCommand(
    'webhook',
    'Show the address at which a tool reports a backup set by itself.',
    'lastgood set webhook acme 0000 Documents --tool duplicati --new-ping-url',
  )
  const tools = webhooks.map(({ name }) => name)
  return pingUrlOptions(computerArguments(command).argument('<name>', 'the backup set'))
    .addOption(new Option('--tool <name>', 'the tool (default: every one)').choices(tools))
    .action((username: string, computerId: string, name: string, options: WebhookOptions) =>
      administer(options, async (store, now) => {
        const set = await getBackupSet(store, await getComputer(store, username, computerId), name)
        const base = toServerUrl()
        const oldValidMs = hours(options.oldValidHours ?? oldPingUrlHours.usual)
        const secret = options.newPingUrl ? await renewPingId(store, set, oldValidMs, now) : noSecret
        const rows = webhooks
          .filter(webhook => options.tool === undefined || webhook.name === options.tool)
          .map(webhook => toRow(webhook, base, secret, set.slug))
        const [row] = rows
        const hint = secret === noSecret ? noSecretHint : ''
        if (options.tool !== undefined && row) return { json: row, text: `${toText(row)}${hint}` }
        return { json: rows, text: `${toTable(rows.map(({ tool, url }) => ({ tool, url })))}${hint}` }
      }),
    )
}

const noSecretHint = `\n${noSecret} is that of the ping URL of the set, which is kept as a hash and cannot be shown; --new-ping-url prints another.`

type WebhookRow = { tool: string; sender: string; url: string; slug_url: string; paste: string }

function toRow({ name, sender, setup }: Webhook, base: string, secret: string, slug: string): WebhookRow {
  const urlOf = (set: string) => `${base}/hooks/${name}/${set}${setup.rest}`
  return { tool: name, sender, url: urlOf(secret), slug_url: urlOf(`<ping key>/${slug}`), paste: setup.paste }
}

function toText({ sender, url, slug_url, paste }: WebhookRow): string {
  return [
    `Address for ${sender}: ${url}`,
    `Where it goes: ${paste}.`,
    `By the ping key of the computer: ${slug_url}`,
  ].join('\n')
}
