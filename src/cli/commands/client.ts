import type { Command } from 'commander'
import { addClient, changeClient, getClient, removeClient, renewClientSecret } from '../../app/clients.ts'
import { getPlace, type NamedPlace, namePlaces } from '../../app/places.ts'
import type { Store } from '../../app/ports.ts'
import type { Scope } from '../../domain/principal.ts'
import { scopes as allScopes } from '../../domain/principal.ts'
import type { Client } from '../../domain/tree.ts'
import { administer, administerNew } from '../admin/administer.ts'
import {
  adminCommand,
  type AdminOptions,
  groupCommand,
  parseNameOption,
  parseScopeOption,
  placeOptions,
  requireChange,
} from '../admin/options.ts'
import { toDetails, toTable } from '../admin/tables.ts'
import { toClientRow } from '../admin/to-rows.ts'

/** `lastgood client`: the programs that may ask for tokens. */
export function clientCommand(): Command {
  return groupCommand('client', 'Clients: the programs that may ask for tokens, each with a secret.', [
    addCommand(),
    listCommand(),
    showCommand(),
    updateCommand(),
    removeCommand(),
  ])
}

const scopeHelp = `
Scopes: ${allScopes.join(' ')}`

function addCommand(): Command {
  const example = 'lastgood client add --name "PSA connector" --scope "accounts_read computers_read" --account acme'
  const command = adminCommand('add', 'Add a client. Its secret is printed once.', example)
    .requiredOption('--name <name>', 'its name for people', parseNameOption)
    .requiredOption('--scope <scopes>', 'what it may do, separated by spaces', parseScopeOption)
    .addHelpText('after', scopeHelp)
  for (const option of placeOptions()) command.addOption(option)
  return command.action((options: AdminOptions & NamedPlace & { name: string; scope: Scope[] }) =>
    administerNew(options, async (store, now) => {
      const place = await getPlace(store, options)
      const added = await addClient(store, { name: options.name, scopes: options.scope, place }, now)
      return toSecretAnswer(store, added.client, added.clientSecret)
    }),
  )
}

function listCommand(): Command {
  return adminCommand('list', 'List the clients.', 'lastgood client list').action((options: AdminOptions) =>
    administer(options, async store => {
      const rows = await toRows(store, await store.listClients())
      const none = 'There is no client yet. Add one with: lastgood client add --name NAME --scope computers_read'
      return { json: rows, text: rows.length > 0 ? toTable(rows) : none }
    }),
  )
}

function showCommand(): Command {
  return adminCommand('show', 'Show a client.', 'lastgood client show 5f2b…')
    .argument('<client_id>', 'the client')
    .action((clientId: string, options: AdminOptions) =>
      administer(options, async store => toAnswer(store, await getClient(store, clientId))),
    )
}

type UpdateOptions = AdminOptions & { name?: string; scope?: Scope[]; newSecret?: true }

function updateCommand(): Command {
  return adminCommand('update', 'Change a client.', 'lastgood client update 5f2b… --new-secret')
    .argument('<client_id>', 'the client')
    .option('--name <name>', 'its name for people', parseNameOption)
    .option('--scope <scopes>', 'what it may do, separated by spaces; its tokens end', parseScopeOption)
    .option('--new-secret', 'print a new secret, once; the old one and its tokens end')
    .addHelpText('after', scopeHelp)
    .action((clientId: string, options: UpdateOptions, command: Command) => {
      const { name, scope: scopes, newSecret } = options
      requireChange(command, [name, scopes, newSecret])
      return administer(options, async store => {
        const hasChange = name !== undefined || scopes !== undefined
        const client = await (hasChange ? changeClient(store, clientId, { name, scopes }) : getClient(store, clientId))
        if (!newSecret) return toAnswer(store, client)
        return toSecretAnswer(store, client, await renewClientSecret(store, clientId))
      })
    })
}

function removeCommand(): Command {
  return adminCommand('remove', 'Remove a client; its tokens end.', 'lastgood client remove 5f2b…')
    .argument('<client_id>', 'the client')
    .action((clientId: string, options: AdminOptions) =>
      administer(options, async store => {
        const client = await getClient(store, clientId)
        const { json } = await toAnswer(store, client)
        await removeClient(store, clientId)
        return { json, text: `The client ${client.name} (${clientId}) is removed, and its tokens have ended.` }
      }),
    )
}

async function toAnswer(store: Store, client: Client) {
  const [row = {}] = await toRows(store, [client])
  return { json: row, text: toDetails(row) }
}

async function toSecretAnswer(store: Store, client: Client, clientSecret: string) {
  const { json } = await toAnswer(store, client)
  const shown = { client_id: client.clientId, client_secret: clientSecret }
  return {
    json: { ...json, client_secret: clientSecret },
    text: `${toDetails(shown)}\nThe secret is shown only now: keep it safe.`,
  }
}

async function toRows(store: Store, clients: readonly Client[]) {
  const names = await namePlaces(store, clients)
  return clients.map((client, index) => {
    const place = names[index] ?? { partner: '', username: null, computerId: null }
    return toClientRow(client, place)
  })
}
