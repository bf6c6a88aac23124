import { Command, CommanderError } from 'commander'
import { describe, expect, test } from 'vitest'
import { previewSchedule } from '../../app/preview-schedule.ts'
import { scheduleCommand } from '../commands/schedule.ts'
import { toPreviewAnswer } from './preview-answer.ts'

const berlin = { zone: 'Europe/Berlin', from: Date.UTC(2026, 2, 28, 12), count: 3 }

describe('a preview', () => {
  test('says when, then gives one date a line on the clock of the zone', () => {
    const { text, json } = toPreviewAnswer(previewSchedule('cron 0 2 * * *', berlin))
    const dates = ['2026-03-29T03:00:00+02:00', '2026-03-30T02:00:00+02:00', '2026-03-31T02:00:00+02:00']
    expect(text.split('\n')).toEqual(['Due at 02:00 every day, Europe/Berlin.', ...dates])
    expect(json).toEqual(dates)
  })

  test.each([
    ['manual', 'Due only when somebody starts it.'],
    [
      'calendar 2020-01-01',
      'Due at the times of calendar 2020-01-01 00:00:00, Europe/Berlin.\nNo due time comes any more.',
    ],
  ])('of %s has no dates', (schedule, text) => {
    expect(toPreviewAnswer(previewSchedule(schedule, berlin))).toEqual({ json: [], text })
  })
})

describe('lastgood schedule preview', () => {
  test('explains a wrong schedule', async () => {
    await expect(run('cron 0 25 * * *')).rejects.toThrow(expect.objectContaining({ kind: 'invalid' }))
    await expect(run('cron 0 25 * * *')).rejects.toThrow(/^The hour "25" is not between 0 and 23;/)
  })

  test.each([
    ['no schedule', []],
    ['a word too much', ['every', '6h']],
    ['a zone that does not exist', ['manual', '--time-zone', 'Mars/Base']],
    ['a date that does not exist', ['manual', '--from', '2026-02-30']],
    ['no dates', ['manual', '--count', '0']],
    ['too many dates', ['manual', '--count', '1001']],
  ])('%s is wrong usage', async (_, args) => {
    await expect(run(...args)).rejects.toThrow(CommanderError)
  })
})

function run(...args: string[]): Promise<unknown> {
  const program = new Command('lastgood').exitOverride().configureOutput({ writeErr: () => undefined })
  const schedule = scheduleCommand().copyInheritedSettings(program)
  for (const command of schedule.commands) command.copyInheritedSettings(program)
  return program.addCommand(schedule).parseAsync(['schedule', 'preview', ...args], { from: 'user' })
}
