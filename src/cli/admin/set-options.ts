import { type Command, Option } from 'commander'
import { type GivenSet, oldPingUrlHours } from '../../app/backup-sets.ts'
import type { GivenExpectation } from '../../app/set-expectation.ts'
import { backupTools, findBackupTool } from '../../backup-tools/index.ts'
import { AppError } from '../../domain/app-error.ts'
import { expectationBounds } from '../../domain/expectation.ts'
import type { Plugin } from '../../domain/run.ts'
import { parseSchedule } from '../../domain/schedule.ts'
import { parseTimeZone } from '../../domain/time-zone.ts'
import { type AdminOptions, asArgument, parsePlugin, parseWholeNumber } from './options.ts'

/** Adds the arguments that name a computer. */
export function computerArguments(command: Command): Command {
  return command.argument('<username>', 'the account').argument('<computer_id>', 'the computer, such as 0000')
}

/** What the options say of when a set is due and how late, long and old its runs may be. */
export type TimingOptions = {
  schedule?: string
  /** A zone, or the word `none`. */
  timeZone?: string
  grace?: number
  earlyTolerance?: number
  runLimit?: number
  rpo?: number | typeof none
}

/** What the options of a new or changed set say. */
export type SetOptions = AdminOptions &
  TimingOptions & { plugin?: Plugin; tool?: string; presence?: 'ignored' | 'required'; notSeenDays?: number }

/** Adds every option that says something of a set. */
export function setOptions(command: Command): Command {
  command
    .option('--plugin <plugin>', 'what it holds: FILE, SQL or EXCHANGE (default for a new one: FILE)', parsePlugin)
    .option(
      '--tool <name>',
      'the backup tool that reads what its pings send, or none for whichever surely wrote it (default for a new one: none)',
      orNone(asArgument(parseToolName)),
    )
  return timingOptions(command, usual => ` (default for a new one: ${usual})`)
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

/** Adds the options of `TimingOptions`; `showDefault` writes what holds where nobody has said anything yet. */
export function timingOptions(command: Command, showDefault: (usual: string) => string = () => ''): Command {
  return command
    .option(
      '--schedule <text>',
      `when it is due: cron …, calendar …, every … or manual${showDefault('manual')}`,
      asArgument(text => parseSchedule(text).text),
    )
    .option(
      '--time-zone <zone>',
      "the time zone of its schedule, or none for its computer's",
      orNone(asArgument(parseTimeZone)),
    )
    .option(
      '--grace <minutes>',
      `how late a run may start before it is missed${showDefault('60')}`,
      bounded('graceMinutes'),
    )
    .option(
      '--early-tolerance <minutes>',
      `how early a run may start and still count${showDefault('15')}`,
      bounded('earlyToleranceMinutes'),
    )
    .option(
      '--run-limit <minutes>',
      `how long a run may take before it counts as ended${showDefault('1440')}`,
      bounded('runLimitMinutes'),
    )
    .option(
      '--rpo <minutes>',
      `how old its last good backup may be, or none${showDefault('none')}`,
      orNone(bounded('rpoMinutes')),
    )
}

/** What is to become of the ping URL of a set. */
export type PingUrlOptions = { newPingUrl?: true; oldValidHours?: number }

/** Adds the options that give a set a new ping URL. */
export function pingUrlOptions(command: Command): Command {
  return command
    .option('--new-ping-url', 'print a new ping URL, once')
    .option(
      '--old-valid-hours <hours>',
      `how long the old ping URL stays valid beside a new one (default: ${oldPingUrlHours.usual})`,
      parseWholeNumber(0, oldPingUrlHours.most),
    )
}

/** What the options say of a set. */
export function toGivenSet(options: SetOptions): GivenSet {
  const { plugin, tool, presence, notSeenDays } = options
  return { plugin, tool: tool === none ? null : tool, ...toGivenTiming(options), presence, notSeenDays }
}

/** What the options say of its timing. */
export function toGivenTiming(options: TimingOptions): Omit<GivenExpectation, 'presence' | 'notSeenDays'> {
  const { schedule, timeZone, grace, earlyTolerance, runLimit, rpo } = options
  return {
    schedule,
    timeZone: timeZone === none ? null : timeZone,
    graceMinutes: grace,
    earlyToleranceMinutes: earlyTolerance,
    runLimitMinutes: runLimit,
    rpoMinutes: rpo === none ? null : rpo,
  }
}

/** Reads the name of a backup tool. Throws `invalid` that lists those that there are. */
export function parseToolName(text: string): string {
  if (findBackupTool(text)) return text
  throw new AppError('invalid', `There are ${backupTools.map(({ name }) => name).join(', ')} and none.`)
}

function bounded(name: keyof typeof expectationBounds): (text: string) => number {
  const { least, most } = expectationBounds[name]
  return parseWholeNumber(least, most)
}

/** What takes a setting back. */
const none = 'none'

/** Reads what may also be `none`, which stays a word: commander takes null for an option without a value. */
function orNone<Value>(parse: (text: string) => Value): (text: string) => Value | typeof none {
  return text => (text.toLowerCase() === none ? none : parse(text))
}
