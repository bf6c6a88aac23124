import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseFrom, previewSchedule } from '../../app/preview-schedule.ts'
import { formatLocalTime } from '../../domain/local-time.ts'
import { parseSchedule } from '../../domain/schedule.ts'
import { toPreviewAnswer } from './preview-answer.ts'

const page = readFileSync(new URL('../../../docs/schedules.md', import.meta.url), 'utf8')
const texts = [...page.matchAll(/`((?:cron|calendar|every) [^`]+|manual)`/g)].map(match => match[1] ?? '')

/** The times of day, with offsets, of what is due on a day in Berlin. */
function dueOn(text: string, date: string): string[] {
  const from = parseFrom(date, 'Europe/Berlin', 'date')
  const { due } = previewSchedule(text, { zone: 'Europe/Berlin', from, count: 30 })
  const dates = due.map(formatLocalTime)
  return dates.filter(time => time.startsWith(date)).map(time => time.slice(11, 16) + time.slice(19))
}

test('every schedule on the page about schedules is right', () => {
  expect(texts.length).toBeGreaterThan(30)
  for (const text of texts) expect(parseSchedule(text).text).not.toBe('')
})

test('its example prints what it shows', () => {
  const [, text = '', zone = '', from = '', count, shown] =
    /preview "(.*)" --time-zone (\S+) --from (\S+) --count (\d+)\n([^`]*)\n```/.exec(page) ?? []
  const preview = previewSchedule(text, { zone, from: parseFrom(from, zone, 'from'), count: Number(count) })
  expect(toPreviewAnswer(preview).text).toBe(shown)
})

test('its table of two days in Berlin is true', () => {
  const rows = [...page.matchAll(/^\| `(.*)` +\| (.*) \| (.*) \|$/gm)].filter(row => /\+0[12]:00/.test(row[3] ?? ''))
  expect(rows).toHaveLength(4)
  for (const [, text = '', inMarch = '', inOctober = ''] of rows) {
    const times = (cell: string) => cell.match(/\d\d:\d\d\+0\d:00/g) ?? []
    expect(dueOn(text, '2026-03-29').slice(0, 2)).toEqual(times(inMarch))
    expect(dueOn(text, '2026-10-25')).toEqual(expect.arrayContaining(times(inOctober)))
  }
})
