import type { Command } from 'commander'
import { addApiKey, removeApiKey } from '../../app/api-keys.ts'
import { getPlace, type NamedPlace, namePlaces } from '../../app/places.ts'
import type { Store } from '../../app/ports.ts'
import type { ApiKey } from '../../domain/tree.ts'
import { administer, administerNew } from '../admin/administer.ts'
import {
  adminCommand,
  type AdminOptions,
  groupCommand,
  parseNameOption,
  parseWholeNumber,
  placeOptions,
} from '../admin/options.ts'
import { toDetails, toTable } from '../admin/tables.ts'
import { toApiKeyRow } from '../admin/to-rows.ts'

/** `lastgood api-key`: the keys with which dashboards made for Healthchecks read. */
export function apiKeyCommand(): Command {
  return groupCommand('api-key', 'API keys: with these, dashboards made for Healthchecks read, and can do no more.', [
    addCommand(),
    listCommand(),
    removeCommand(),
  ])
}

function addCommand(): Command {
  const example = 'lastgood api-key add --name "Wall dashboard" --account acme'
  const command = adminCommand('add', 'Add an API key. It is printed once.', example).requiredOption(
    '--name <name>',
    'its name for people',
    parseNameOption,
  )
  for (const option of placeOptions()) command.addOption(option)
  return command.action((options: AdminOptions & NamedPlace & { name: string }) =>
    administerNew(options, async (store, now) => {
      const place = await getPlace(store, options)
      const { key, secret } = await addApiKey(store, { name: options.name, place }, now)
      const [row = {}] = await toRows(store, [key])
      return {
        json: { ...row, api_key: secret },
        text: `${toDetails({ id: key.id, api_key: secret })}\nThe key is shown only now: keep it safe.`,
      }
    }),
  )
}

function listCommand(): Command {
  return adminCommand('list', 'List the API keys.', 'lastgood api-key list').action((options: AdminOptions) =>
    administer(options, async store => {
      const rows = await toRows(store, await store.listApiKeys())
      const none = 'There is no API key yet. Add one with: lastgood api-key add --name NAME --account USERNAME'
      return { json: rows, text: rows.length > 0 ? toTable(rows) : none }
    }),
  )
}

function removeCommand(): Command {
  return adminCommand('remove', 'Remove an API key; its badges end.', 'lastgood api-key remove 1')
    .argument('<id>', 'the key, as lastgood api-key list numbers it', parseWholeNumber(1, 2 ** 31))
    .action((id: number, options: AdminOptions) =>
      administer(options, async store => {
        const key = await removeApiKey(store, id)
        const [row = {}] = await toRows(store, [key])
        return { json: row, text: `The API key ${key.name} (${id}) is removed, and its badges have ended.` }
      }),
    )
}

async function toRows(store: Store, keys: readonly ApiKey[]) {
  const names = await namePlaces(store, keys)
  return keys.map((key, index) => toApiKeyRow(key, names[index] ?? { partner: '', username: null, computerId: null }))
}
