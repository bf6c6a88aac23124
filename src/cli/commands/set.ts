import { type Command, Option } from 'commander'
import { addBackupSet, changeBackupSet, getBackupSet, type GivenSet, removeBackupSet } from '../../app/backup-sets.ts'
import { getComputer } from '../../app/computers.ts'
import { AppError } from '../../domain/app-error.ts'
import type { Plugin } from '../../domain/run.ts'
import { parseName } from '../../domain/text.ts'
import type { BackupSet, Computer } from '../../domain/tree.ts'
import { expectationBounds } from '../../app/set-expectation.ts'
import { describeSchedule } from '../../domain/schedule-describe.ts'
import { parseSchedule } from '../../domain/schedule.ts'
import { parseTimeZone } from '../../domain/time-zone.ts'
import { administer, readFacts } from '../admin/administer.ts'
import {
  adminCommand,
  type AdminOptions,
  asArgument,
  groupCommand,
  parseNameOption,
  parsePlugin,
  parseWholeNumber,
  requireChange,
} from '../admin/options.ts'
import { toDetails, toTable } from '../admin/tables.ts'
import { toSetRow } from '../admin/to-rows.ts'

/** `lastgood set`: the backup sets of computers. */
export function setCommand(): Command {
  return groupCommand('set', 'Backup sets: named selections of data on a computer.', [
    addCommand(),
    listCommand(),
    showCommand(),
    updateCommand(),
    removeCommand(),
  ])
}

function addCommand(): Command {
  const command = adminCommand(
    'add',
    'Add a backup set.',
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
        return {
          json: toSetRow(computer, set),
          text: `The backup set ${name} is added.${due} Report its runs with: lastgood run --set ${JSON.stringify(name)} -- COMMAND`,
        }
      }),
    )
}

function listCommand(): Command {
  const command = adminCommand('list', 'List the backup sets of a computer.', 'lastgood set list acme 0000')
  return computerArguments(command).action((username: string, computerId: string, options: AdminOptions) =>
    administer(options, async store => {
      const computer = await getComputer(store, username, computerId)
      const rows = (await store.listBackupSets(computer.key)).map(set => toSetRow(computer, set))
      const none = `The computer ${computerId} of ${username} has no backup set yet. Add one with: lastgood set add ${username} ${computerId} NAME`
      return { json: rows, text: rows.length > 0 ? toTable(rows) : none }
    }),
  )
}

function showCommand(): Command {
  const command = adminCommand('show', 'Show a backup set.', 'lastgood set show acme 0000 Documents')
  return computerArguments(command)
    .argument('<name>', 'the backup set')
    .action((username: string, computerId: string, name: string, options: AdminOptions) =>
      administer(options, async store => {
        const computer = await getComputer(store, username, computerId)
        return toAnswer(computer, await getBackupSet(store, computer, name))
      }),
    )
}

type UpdateOptions = SetOptions & { name?: string; enable?: true; disable?: true }

function updateCommand(): Command {
  const command = adminCommand('update', 'Change a backup set.', 'lastgood set update acme 0000 Mail --run-limit 180')
  return setOptions(computerArguments(command))
    .argument('<name>', 'the backup set')
    .option('--name <name>', 'its new name', parseNameOption)
    .addOption(new Option('--enable', 'switch it on again').conflicts('disable'))
    .option('--disable', 'switch it off')
    .action((username: string, computerId: string, name: string, options: UpdateOptions, command: Command) => {
      const { name: newName, enable, disable } = options
      const given = toGivenSet(options)
      requireChange(command, [newName, enable, disable, ...Object.values(given)])
      return administer(options, async (store, now) => {
        const computer = await getComputer(store, username, computerId)
        const change = { name: newName, enabled: enable ?? (disable ? false : undefined), ...given }
        return toAnswer(computer, await changeBackupSet(await readFacts(store), computer, name, change, now))
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

function computerArguments(command: Command): Command {
  return command.argument('<username>', 'the account').argument('<computer_id>', 'the computer, such as 0000')
}

type SetOptions = AdminOptions & {
  plugin?: Plugin
  schedule?: string
  timeZone?: string | typeof none
  grace?: number
  earlyTolerance?: number
  runLimit?: number
  rpo?: number | typeof none
  presence?: 'ignored' | 'required'
  notSeenDays?: number
}

function setOptions(command: Command): Command {
  const bounded = (name: keyof typeof expectationBounds) => {
    const { least, most } = expectationBounds[name]
    return parseWholeNumber(least, most)
  }
  return command
    .option('--plugin <plugin>', 'what it holds: FILE, SQL or EXCHANGE (default for a new one: FILE)', parsePlugin)
    .option(
      '--schedule <text>',
      'when it is due: cron …, calendar …, every … or manual (default for a new one: manual)',
      asArgument(text => parseSchedule(text).text),
    )
    .option(
      '--time-zone <zone>',
      "the time zone of its schedule, or none for its computer's",
      orNone(asArgument(parseTimeZone)),
    )
    .option(
      '--grace <minutes>',
      'how late a run may start before it is missed (default for a new one: 60)',
      bounded('graceMinutes'),
    )
    .option(
      '--early-tolerance <minutes>',
      'how early a run may start and still count (default for a new one: 15)',
      bounded('earlyToleranceMinutes'),
    )
    .option(
      '--run-limit <minutes>',
      'how long a run may take before it counts as ended (default for a new one: 1440)',
      bounded('runLimitMinutes'),
    )
    .option(
      '--rpo <minutes>',
      'how old its last good backup may be, or none (default for a new one: none)',
      orNone(bounded('rpoMinutes')),
    )
    .addOption(
      new Option(
        '--presence <presence>',
        'whether deadlines count only the time in which the computer is seen (default for a new one: ignored)',
      ).choices(['ignored', 'required']),
    )
    .option(
      '--not-seen-days <days>',
      'after how many days a computer whose presence is required counts as not seen (default for a new one: 7)',
      bounded('notSeenDays'),
    )
}

function toGivenSet(options: SetOptions): GivenSet {
  const { plugin, schedule, timeZone, grace, earlyTolerance, runLimit, rpo, presence, notSeenDays } = options
  return {
    plugin,
    schedule,
    timeZone: timeZone === none ? null : timeZone,
    graceMinutes: grace,
    earlyToleranceMinutes: earlyTolerance,
    runLimitMinutes: runLimit,
    rpoMinutes: rpo === none ? null : rpo,
    presence,
    notSeenDays,
  }
}

/** What takes a setting back. */
const none = 'none'

/** Reads what may also be `none`, which stays a word: commander takes null for an option without a value. */
function orNone<Value>(parse: (text: string) => Value): (text: string) => Value | typeof none {
  return text => (text.toLowerCase() === none ? none : parse(text))
}

function toAnswer(computer: Computer, set: BackupSet) {
  const row = toSetRow(computer, set)
  return { json: row, text: toDetails(row) }
}
