import { Argument, type Command } from 'commander'
import { addChannel, listChannels, removeChannel, retryChannel, testChannel } from '../../app/channels.ts'
import { getPlace, type NamedPlace, namePlaces } from '../../app/places.ts'
import type { Store } from '../../app/ports.ts'
import { AppError } from '../../domain/app-error.ts'
import type { Channel, ChannelHealth } from '../../domain/channel.ts'
import { formatUtc } from '../../domain/local-time.ts'
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

/** `lastgood channel`: where changes of conditions are told. */
export function channelCommand(): Command {
  return groupCommand('channel', 'Channels: where it is told that a backup set fails, warns or is all right again.', [
    addCommand(),
    listCommand(),
    testCommand(),
    retryCommand(),
    removeCommand(),
  ])
}

type AddOptions = AdminOptions & NamedPlace & { name: string; webhook: string }

function addCommand(): Command {
  const example = 'lastgood channel add --name "On call" --account acme --webhook https://chat.example.net/hooks/backup'
  const command = adminCommand('add', 'Add a channel. What its messages are signed with is printed once.', example)
    .requiredOption('--name <name>', 'its name for people', parseNameOption)
    .requiredOption('--webhook <url>', 'the address that each change is posted to, as JSON')
  for (const option of placeOptions().filter(({ long }) => long !== '--computer')) command.addOption(option)
  return command.action((options: AddOptions) =>
    administerNew(options, async (store, now) => {
      const place = await getPlace(store, options)
      const { channel, secret } = await addChannel(
        store,
        { name: options.name, kind: 'webhook', url: options.webhook, place },
        now,
      )
      const [row = {}] = await toRows(store, [{ ...channel, ...fresh }])
      return {
        json: { ...row, secret },
        text: `${toDetails({ id: channel.id, secret })}\nThe secret is shown only now: keep it safe. Try the channel with: lastgood channel test ${channel.id}`,
      }
    }),
  )
}

const fresh: ChannelHealth = { deliveredAt: null, failedAt: null, failure: null, waiting: 0, givenUp: 0 }

function listCommand(): Command {
  return adminCommand('list', 'List the channels, and how they fare.', 'lastgood channel list').action(
    (options: AdminOptions) =>
      administer(options, async store => {
        const rows = await toRows(store, await listChannels(store))
        const none = 'There is no channel yet. Add one with: lastgood channel add --name NAME --webhook URL'
        return { json: rows, text: rows.length > 0 ? toTable(rows) : none }
      }),
  )
}

function testCommand(): Command {
  return adminCommand('test', 'Send a test to a channel.', 'lastgood channel test 1')
    .addArgument(idArgument())
    .action((id: number, options: AdminOptions) =>
      administer(options, async (store, now) => {
        const { deliver } = await import('../../channels/index.ts')
        const failure = await testChannel(store, deliver, { id, now })
        if (failure !== undefined) throw new AppError('unavailable', `The test did not arrive. ${failure}`)
        return { json: { id, arrived: true }, text: `The test has arrived at channel ${id}.` }
      }),
    )
}

function retryCommand(): Command {
  return adminCommand('retry', 'Try what was given up once more.', 'lastgood channel retry 1')
    .addArgument(idArgument())
    .action((id: number, options: AdminOptions) =>
      administer(options, async (store, now) => {
        const count = await retryChannel(store, id, now)
        const text =
          count === 0 ? `Nothing of channel ${id} was given up.` : `${count} of channel ${id} will be tried again now.`
        return { json: { id, retried: count }, text }
      }),
    )
}

function removeCommand(): Command {
  return adminCommand('remove', 'Remove a channel, and what it was still to tell.', 'lastgood channel remove 1')
    .addArgument(idArgument())
    .action((id: number, options: AdminOptions) =>
      administer(options, async store => {
        const channel = await removeChannel(store, id)
        const [row = {}] = await toRows(store, [{ ...channel, ...fresh }])
        return { json: row, text: `The channel ${channel.name} (${id}) is removed.` }
      }),
    )
}

function idArgument(): Argument {
  return new Argument('<id>', 'the channel, as lastgood channel list numbers it').argParser(
    parseWholeNumber(1, 2 ** 31),
  )
}

/** The path of an address may be a secret: only where it leads to is shown. */
async function toRows(store: Store, channels: readonly (Channel & ChannelHealth)[]) {
  const names = await namePlaces(
    store,
    channels.map(({ partnerId, accountId }) => ({ partnerId, accountId, computerKey: null })),
  )
  const toText = (at: number | null) => (at === null ? null : formatUtc(at))
  return channels.map(({ id, name, kind, url, waiting, givenUp, deliveredAt, failedAt, failure }, index) => ({
    id,
    name,
    kind,
    to: new URL(url).origin,
    partner: names[index]?.partner ?? '',
    username: names[index]?.username ?? null,
    waiting,
    given_up: givenUp,
    delivered_at: toText(deliveredAt),
    failed_at: toText(failedAt),
    failure,
  }))
}
