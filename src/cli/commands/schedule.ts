import { Command } from 'commander'
import { parseFrom, previewBounds, previewSchedule } from '../../app/preview-schedule.ts'
import { isAppError } from '../../domain/app-error.ts'
import type { Instant } from '../../domain/instant.ts'
import { parseTimeZone } from '../../domain/time-zone.ts'
import { asArgument, groupCommand, jsonOption, parseWholeNumber } from '../admin/options.ts'
import { print } from '../admin/print.ts'
import { toPreviewAnswer } from '../schedule/preview-answer.ts'

/** `lastgood schedule`: trying the texts that say when backup sets are due. */
export function scheduleCommand(): Command {
  return groupCommand('schedule', 'Schedules: when backup sets are due.', [previewCommand()], 'preview')
}

type PreviewOptions = { timeZone: string; from?: string; count: number; json?: boolean }

function previewCommand(): Command {
  const { most, usual } = previewBounds
  return new Command('preview')
    .description('Print the next due times of a schedule.')
    .argument('<text>', 'the schedule, in quotes: cron …, calendar …, every … or manual')
    .option('--time-zone <zone>', 'the time zone of its clock', asArgument(parseTimeZone), 'UTC')
    .option('--from <date>', 'the first moment of interest, of an interval its last start (default: now)')
    .option('--count <number>', `how many, at most ${most}`, parseWholeNumber(1, most), usual)
    .addOption(jsonOption())
    .addHelpText('after', help)
    .action((text: string, { timeZone: zone, from, count, json }: PreviewOptions, command: Command) => {
      const preview = toPreviewAnswer(previewSchedule(text, { zone, from: readFrom(from, zone, command), count }))
      print(json ? JSON.stringify(preview.json) : preview.text)
    })
}

/** `--from` is read with `--time-zone`, which may stand behind it. */
function readFrom(from: string | undefined, zone: string, command: Command): Instant {
  if (from === undefined) return Date.now()
  try {
    return parseFrom(from, zone, '--from')
  } catch (error) {
    if (isAppError(error, 'invalid')) return command.error(`error: ${error.message}`)
    throw error
  }
}

const help = `
Examples:
  lastgood schedule preview "cron 0 23 * * mon-fri" --time-zone America/New_York
  lastgood schedule preview "calendar Mon..Fri 23:00 Europe/Berlin" --from 2026-03-27 --count 5
  lastgood schedule preview "every 6h" --json`
