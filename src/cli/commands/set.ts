import { type Command, Option } from 'commander'
import {
  addBackupSet,
  changeBackupSet,
  getBackupSet,
  oldPingUrlHours,
  removeBackupSet,
  renewPingId,
} from '../../app/backup-sets.ts'
import { getComputer } from '../../app/computers.ts'
import { AppError } from '../../domain/app-error.ts'
import { hours } from '../../domain/instant.ts'
import { parseName } from '../../domain/text.ts'
import type { BackupSet, Computer } from '../../domain/tree.ts'
import { describeSchedule } from '../../domain/schedule-describe.ts'
import { administer, readFacts } from '../admin/administer.ts'
import {
  adminCommand,
  type AdminOptions,
  asArgument,
  groupCommand,
  parseNameOption,
  requireChange,
} from '../admin/options.ts'
import { toMailAddress } from '../admin/mail-address.ts'
import { toPingUrl } from '../admin/ping-url.ts'
import {
  computerArguments,
  type PingUrlOptions,
  pingUrlOptions,
  type SetOptions,
  setOptions,
  toGivenSet,
} from '../admin/set-options.ts'
import { toDetails, toTable } from '../admin/tables.ts'
import { toSetRow } from '../admin/to-rows.ts'
import { toShortRow, toStandingRow } from '../admin/to-standing.ts'
import { webhookCommand } from './set-webhook.ts'

/** `lastgood set`: the backup sets of computers. */
export function setCommand(): Command {
  return groupCommand('set', 'Backup sets: named selections of data on a computer.', [
    addCommand(),
    listCommand(),
    showCommand(),
    updateCommand(),
    removeCommand(),
    webhookCommand(),
  ])
}

function addCommand(): Command {
  const command = adminCommand(
    'add',
    'Add a backup set. Its ping URL is printed once.',
    'lastgood set add acme 0000 Mail --schedule "cron 0 23 * * *"',
  )
  return setOptions(computerArguments(command))
    .argument(
      '<name>',
      'its name',
      asArgument(text => parseName(text, 'The name')),
    )
    .action((username: string, computerId: string, name: string, options: SetOptions) =>
      administer(options, async (store, now) => {
        const computer = await getComputer(store, username, computerId)
        const set = await addBackupSet(store, computer, { name, ...toGivenSet(options) }, now)
        const due =
          set.schedule.kind === 'manual'
            ? ''
            : ` It is due ${describeSchedule(set.schedule, set.ownTimeZone ?? computer.timeZone)}.`
        const places = toPingPlaces(await renewPingId(store, set, 0, now))
        return {
          json: { ...toSetRow(computer, set), ...places },
          text: `The backup set ${name} is added.${due} Report its runs with: lastgood run --set ${JSON.stringify(name)} -- COMMAND\n${toPlacesText(places)}`,
        }
      }),
    )
}

function listCommand(): Command {
  const command = adminCommand('list', 'List the backup sets of a computer.', 'lastgood set list acme 0000')
  return computerArguments(command).action((username: string, computerId: string, options: AdminOptions) =>
    administer(options, async (store, now) => {
      const computer = await getComputer(store, username, computerId)
      const facts = await readFacts(store)
      const sets = await store.listBackupSets(computer.accountId, computer.key)
      const rows = await Promise.all(sets.map(set => toStandingRow(facts, computer, set, now)))
      const none = `The computer ${computerId} of ${username} has no backup set yet. Add one with: lastgood set add ${username} ${computerId} NAME`
      return { json: rows, text: rows.length > 0 ? toTable(rows.map(toShortRow)) : none }
    }),
  )
}

function showCommand(): Command {
  const command = adminCommand('show', 'Show a backup set.', 'lastgood set show acme 0000 Documents')
  return computerArguments(command)
    .argument('<name>', 'the backup set')
    .action((username: string, computerId: string, name: string, options: AdminOptions) =>
      administer(options, async (store, now) => {
        const computer = await getComputer(store, username, computerId)
        const set = await getBackupSet(store, computer, name)
        const row = await toStandingRow(await readFacts(store), computer, set, now)
        return { json: row, text: toDetails(row) }
      }),
    )
}

type UpdateOptions = SetOptions & PingUrlOptions & { name?: string; enable?: true; disable?: true }

function updateCommand(): Command {
  const command = adminCommand('update', 'Change a backup set.', 'lastgood set update acme 0000 Mail --run-limit 180')
  return pingUrlOptions(setOptions(computerArguments(command)))
    .argument('<name>', 'the backup set')
    .option('--name <name>', 'its new name', parseNameOption)
    .addOption(new Option('--enable', 'switch it on again').conflicts('disable'))
    .option('--disable', 'switch it off')
    .action((username: string, computerId: string, name: string, options: UpdateOptions, command: Command) => {
      const { name: newName, enable, disable, newPingUrl, oldValidHours = oldPingUrlHours.usual } = options
      const given = toGivenSet(options)
      requireChange(command, [newName, enable, disable, newPingUrl, ...Object.values(given)])
      return administer(options, async (store, now) => {
        const computer = await getComputer(store, username, computerId)
        const change = { name: newName, enabled: enable ?? (disable ? false : undefined), ...given }
        const set = await changeBackupSet(await readFacts(store), computer, name, change, now)
        const { json, text } = toAnswer(computer, set)
        if (!newPingUrl) return { json, text }
        const places = toPingPlaces(await renewPingId(store, set, hours(oldValidHours), now))
        return { json: { ...json, ...places }, text: `${text}\n${toPlacesText(places)}` }
      })
    })
}

function removeCommand(): Command {
  const command = adminCommand(
    'remove',
    'Remove a backup set with all its runs.',
    'lastgood set remove acme 0000 Documents --yes',
  )
  return computerArguments(command)
    .argument('<name>', 'the backup set')
    .option('--yes', 'yes, remove its runs as well')
    .action((username: string, computerId: string, name: string, { yes, ...options }: AdminOptions & { yes?: true }) =>
      administer(options, async store => {
        const computer = await getComputer(store, username, computerId)
        const { json } = toAnswer(computer, await getBackupSet(store, computer, name))
        if (!yes) {
          throw new AppError(
            'invalid',
            `Removing the backup set ${JSON.stringify(name)} removes all its runs for good; add --yes if that is what you want. Nothing was changed.`,
          )
        }
        await removeBackupSet(store, computer, name)
        return { json, text: `The backup set ${name} is removed, and its runs with it.` }
      }),
    )
}

type PingPlaces = { ping_url: string; mail_address?: string }

/** Where a set is reported to by its ping UUID: by HTTP, and by mail where the settings say that mails are taken. */
function toPingPlaces(pingId: string): PingPlaces {
  const address = toMailAddress(pingId)
  return { ping_url: toPingUrl(pingId), ...(address !== undefined && { mail_address: address }) }
}

function toPlacesText({ ping_url: url, mail_address: address }: PingPlaces): string {
  const mail = address === undefined ? '' : `\nIts address for report mails: ${address}`
  return `Its ping URL, which is shown only now: ${url}${mail}`
}

function toAnswer(computer: Computer, set: BackupSet) {
  const row = toSetRow(computer, set)
  return { json: row, text: toDetails(row) }
}
