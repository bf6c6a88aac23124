import { expect, test } from 'vitest'
import { describeSchedule } from './schedule-describe.ts'
import { parseSchedule } from './schedule.ts'

test.each([
  ['cron 0 23 * * mon-fri', 'at 23:00 on weekdays, America/New_York'],
  ['calendar Mon..Fri 23:00', 'at 23:00 on weekdays, America/New_York'],
  ['calendar weekly UTC', 'at 00:00 on Mondays, UTC'],
  ['cron 0 23 * * *', 'at 23:00 every day, America/New_York'],
  ['cron 0 23 * * 0-6', 'at 23:00 every day, America/New_York'],
  ['cron 0 3 * * sat,sun', 'at 03:00 on Saturdays and Sundays, America/New_York'],
  ['cron 0 */6 * * *', 'at 00:00, 06:00, 12:00 and 18:00 every day, America/New_York'],
  ['cron * * * * *', 'every minute, America/New_York'],
  ['cron */15 * * * *', 'every 15 minutes, America/New_York'],
  ['cron */15 8-17 * * *', 'every 15 minutes from 08:00 to 17:45, America/New_York'],
  ['cron 0 * * * *', 'every hour, America/New_York'],
  ['cron 1 * * * *', 'every hour at 1 minute past, America/New_York'],
  ['cron 0 */2 * * *', 'every 2 hours, America/New_York'],
  ['cron 30 */2 * * *', 'every 2 hours from 00:30 on, America/New_York'],
  ['cron 0 */5 * * *', 'every 5 hours from 00:00 to 20:00, America/New_York'],
  ['cron 0 8-18 * * 1-5', 'every hour from 08:00 to 18:00 on weekdays, America/New_York'],
  ['cron 0 3 1 * *', 'at 03:00 on day 1 of the month, America/New_York'],
  ['cron 0 3 1,15,L * *', 'at 03:00 on days 1 and 15 and the last day of the month, America/New_York'],
  ['calendar *-*~03 3:00', 'at 03:00 on the last day but 2 of the month, America/New_York'],
  ['cron 0 3 1 1,7 *', 'at 03:00 on day 1 of January and July, America/New_York'],
  ['cron 0 3 * 1 mon', 'at 03:00 on Mondays in January, America/New_York'],
  ['cron 0 3 * * 1#1,5L', 'at 03:00 on the first Monday and last Friday of the month, America/New_York'],
  ['cron 0 0 1 * 1', 'at the times of cron 0 0 1 * 1, America/New_York'],
  ['cron 10-20 * * * *', 'at the times of cron 10-20 * * * *, America/New_York'],
  ['cron 5 1,7,9,13,20 * * *', 'at the times of cron 5 1,7,9,13,20 * * *, America/New_York'],
  ['cron 0 0 1-9 * *', 'at the times of cron 0 0 1-9 * *, America/New_York'],
  ['cron 0 0 * * 1,2#1', 'at the times of cron 0 0 * * 1,2#1, America/New_York'],
  ['calendar 1:00:30', 'at the times of calendar *-*-* 01:00:30, America/New_York'],
  ['calendar 2026-01-01 Europe/Berlin', 'at the times of calendar 2026-01-01 00:00:00, Europe/Berlin'],
  ['every 6h', '6 hours after the last start'],
  ['every 90m', '90 minutes after the last start'],
  ['every 1d', '1 day after the last start'],
  ['manual', 'only when somebody starts it'],
])('%s is %s', (text, words) => {
  expect(describeSchedule(parseSchedule(text), 'America/New_York')).toBe(words)
})
