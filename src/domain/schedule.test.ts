import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from './app-error.ts'
import { hours, minutes } from './instant.ts'
import { dueTimes, formatSchedule, nextDue, parseSchedule, previousDue } from './schedule.ts'

const canonical = (text: string) => formatSchedule(parseSchedule(text))

describe('the canonical text of a schedule', () => {
  test.each([
    ['cron 0 23 * * *', 'cron 0 23 * * *'],
    ['  CRON\t00  23 * * *\n', 'cron 0 23 * * *'],
    ['cron 5,0,5 3-3 */1 JAN-mar Mon-FRI', 'cron 0,5 3 * 1-3 1-5'],
    ['cron 0 0 * * 7', 'cron 0 0 * * 0'],
    ['cron 0 0 * * fri-sun', 'cron 0 0 * * 5-7'],
    ['cron */15 0-23/2 * * *', 'cron */15 0-23/2 * * *'],
    ['cron 0 0 L,15 * *', 'cron 0 0 15,L * *'],
    ['cron 0 0 * * friL,sun#1', 'cron 0 0 * * 0#1,5L'],
    ['cron @daily', 'cron 0 0 * * *'],
    ['cron @Weekly', 'cron 0 0 * * 0'],
    ['calendar Mon..Fri 23:00', 'calendar Mon..Fri *-*-* 23:00:00'],
    ['calendar daily', 'calendar *-*-* 00:00:00'],
    ['calendar Quarterly UTC', 'calendar *-01,04,07,10-01 00:00:00 UTC'],
    ['calendar 23:00 utc', 'calendar *-*-* 23:00:00 UTC'],
    ['calendar 1:2:3.9999999', 'calendar *-*-* 01:02:04'],
    ['calendar @1400000000', 'calendar 2014-05-13 16:53:20 UTC'],
    ['calendar @0', 'calendar 1970-01-01 00:00:00 UTC'],
    ['every 6h', 'every 6h'],
    ['every 360m', 'every 6h'],
    ['every 24h', 'every 1d'],
    ['every 090m', 'every 90m'],
    ['every 1m', 'every 1m'],
    ['every 366d', 'every 366d'],
    ['Manual', 'manual'],
  ])('of %j is %j', (text, expected) => {
    expect(canonical(text)).toBe(expected)
    expect(canonical(expected)).toBe(expected)
  })

  test('differs where the meaning differs', () => {
    expect(canonical('cron 0 */2 * * *')).not.toBe(canonical('cron 0 0,2,4,6,8,10,12,14,16,18,20,22 * * *'))
    expect(canonical('cron 0 0 */1 * 1')).not.toBe(canonical('cron 0 0 1-31 * 1'))
  })
})

describe('a wrong schedule is refused with the part that is wrong and a right example', () => {
  test.each([
    ['', /^"" is not a schedule: it begins with cron, calendar, every or manual; write/],
    ['0 23 * * *', /^"0 23 \* \* \*" is not a schedule/],
    ['constructor', /^"constructor" is not a schedule/],
    ['cron', /^"" has 0 fields, but cron has five/],
    ['cron 0 23 * *', /^"0 23 \* \*" has 4 fields/],
    ['cron 0 0 23 * * *', /has 6 fields/],
    ['cron @reboot', /^"@reboot" is not a time of cron, which has @yearly/],
    ['cron 60 * * * *', /^The minute "60" is not between 0 and 59; write for example: cron \*\/15/],
    ['cron 0 24 * * *', /^The hour "24" is not between 0 and 23/],
    ['cron 0 0 0 * *', /^The day of the month "0" is not between 1 and 31/],
    ['cron 0 0 * 13 *', /^The month "13" is not between 1 and 12 or a name such as/],
    ['cron 0 0 * * 8', /^The day of the week "8" is not between 0 and 7 or a name such as/],
    ['cron 0 0 * * mond', /^The day of the week "mond"/],
    ['cron 0 0 mon * *', /^The day of the month "mon" is not between/],
    ['cron 0 1,,2 * * *', /^The hour "" is empty/],
    ['cron 0 22-2 * * *', /^The hour "22-2" runs backwards/],
    ['cron 0 0 * * sat-mon', /^The day of the week "sat-mon" runs backwards/],
    ['cron 5/10 * * * *', /^The minute "5\/10" has a step without a range/],
    ['cron */0 * * * *', /^The minute "\*\/0" has a step that is not between 1 and 60/],
    ['cron */61 * * * *', /^The minute "\*\/61" has a step/],
    ['cron 0 0 ? * 1', /^The day of the month "\?" is not known to cron, which has \*/],
    ['cron 0~59 0 * * *', /^The minute "0~59" is drawn by chance/],
    ['cron 0 0 15W * *', /^The day of the month "15w" is not between/],
    ['cron 0 0 L-3 * *', /^The day of the month "l-3"/],
    ['cron 0 0 * * 5#6', /^The day of the week "5#6" names a week that no month has/],
    ['cron 0 0 * * L', /^The day of the week "l" is not between/],
    ['cron 0 0 1#2 * *', /^The day of the month "1#2" cannot be read/],
    ['cron 0 0 30 2 *', /^"cron 0 0 30 2 \*" never comes/],
    ['cron 0 0 31 4,6,9,11 *', /never comes/],
    ['calendar', /^A calendar event says when: weekdays, a date, a time and a time zone/],
    ['calendar UTC', /is not a weekday/],
    ['calendar Mittwoch', /^The word "Mittwoch" of a calendar event is not a weekday/],
    ['calendar Fri..Mon', /^The word "Fri..Mon" of a calendar event runs backwards/],
    ['calendar Mon,,Tue', /^The word "" of a calendar event is not a weekday/],
    ['calendar 25:00', /^The hour "25" of a calendar event is not between 0 and 23/],
    ['calendar *-13-*', /^The month "13"/],
    ['calendar *-*-32', /^The day "32"/],
    ['calendar *-*~29', /^The day from the end "29" of a calendar event is not between 1 and 28/],
    ['calendar 2200-01-01', /^The year "2200" of a calendar event is not between 1970 and 2199/],
    ['calendar *:*/5', /^The minute "\*\/5" of a calendar event adds to "\*"/],
    ['calendar *:50/15', /^The minute "50\/15" of a calendar event has no room to repeat/],
    ['calendar 5..1:00', /^The hour "5..1" of a calendar event runs backwards/],
    ['calendar 0/0:00', /^The hour "0\/0" of a calendar event repeats after nothing/],
    ['calendar 1.5:00', /^The hour "1.5" of a calendar event cannot be read/],
    ['calendar 0:0:60', /^The second "60" of a calendar event is not between 0 and 59/],
    ['calendar 0:0:1..1.5', /^The second "1..1.5" of a calendar event is a range of less than a second/],
    ['calendar 10', /^"10" is not a part of a calendar event/],
    ['calendar 1:2:3:4', /^"1:2:3:4" is not a part/],
    ['calendar 02~03-04', /^"02~03-04" is not a part/],
    ['calendar 23:00 CEST', /^"CEST" is not an IANA time zone/],
    ['calendar daily PST', /^"PST" is not an IANA time zone/],
    ['calendar @99999999999', /^"@99999999999" is not a part/],
    ['calendar *-02-30', /^"calendar \*-02-30 00:00:00" never comes/],
    ['calendar 2026-02-29', /never comes/],
    ['calendar 2024-03-10 02:30 America/New_York', /never comes/],
    ['every', /^"" is not an interval from 1m to 366d/],
    ['every 0m', /^"0m" is not an interval/],
    ['every 367d', /^"367d" is not an interval/],
    ['every 30s', /^"30s" is not an interval/],
    ['every 1h 30m', /^"1h 30m" is not an interval/],
    ['every 6H', /^"6H" is not an interval/],
    ['manual daily', /^Nothing may follow the word manual, not "daily"/],
  ])('%j', (text, message) => {
    expect(refusalOf(text)).toMatch(message)
    expect(canonical(exampleIn(refusalOf(text)))).toMatch(/^(?:cron|calendar|every|manual)/)
  })

  test('also when it is too long, as it is written or as it is kept', () => {
    const tenths = Array.from({ length: 200 }, (_, index) => index / 10)
    for (const text of [`cron ${'0,'.repeat(600)}0 * * * *`, `calendar *:*:${tenths.join(',')}`]) {
      expect(refusalOf(text)).toMatch(/^A schedule has at most 1000 characters, not \d{4};/)
    }
  })
})

function refusalOf(text: string): string {
  try {
    parseSchedule(text)
  } catch (error) {
    if (isAppError(error, 'invalid')) return error.message
    throw error
  }
  throw new Error(`${text} was accepted.`)
}

function exampleIn(message: string): string {
  return /write for example: (.*)\.$/.exec(message)?.[1] ?? ''
}

describe('any text', () => {
  const words =
    'cron calendar every manual 0 23 * */2 1-5 mon..Fri *-*~03/1 12:00 Europe/Berlin UTC 6h L 5#1 @daily @0 , / .. ~'
  const anyText = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.oneof(fc.constantFrom(...words.split(' ')), fc.string({ maxLength: 3 })), { maxLength: 7 })
      .map(parts => parts.join(' ')),
    fc
      .tuple(
        fc.constantFrom('cron', 'calendar', 'every'),
        fc.string({ unit: fc.constantFrom(...'0123456789*/-.,:~#L '.split('')) }),
      )
      .map(([kind, rest]) => `${kind} ${rest}`),
  )

  test('is a schedule whose canonical text reads back as the same, or invalid', () => {
    fc.assert(
      fc.property(anyText, text => {
        try {
          const schedule = parseSchedule(text)
          expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule)
        } catch (error) {
          if (!isAppError(error, 'invalid')) throw error
        }
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('an interval', () => {
  const sixHours = parseSchedule('every 6h')
  const basis = { zone: 'Europe/Berlin', lastStartedAt: hours(10) }

  test.each([
    ['before the last start', hours(1), hours(16), undefined],
    ['at the last start', hours(10), hours(16), undefined],
    ['just before it is due', hours(16) - 1, hours(16), undefined],
    ['when it is due', hours(16), hours(22), hours(16)],
    ['long after the last start', hours(100), hours(106), hours(100)],
  ])('%s', (_, at, next, previous) => {
    expect(nextDue(sixHours, at, basis)).toBe(next)
    expect(previousDue(sixHours, at, basis)).toBe(previous)
  })

  test('without a start is never due', () => {
    expect(nextDue(sixHours, 0, { zone: 'UTC' })).toBeUndefined()
    expect(previousDue(sixHours, hours(100), { zone: 'UTC' })).toBeUndefined()
  })

  test('is due where counting on from the last start leads', () => {
    const anInterval = fc.integer({ min: 1, max: 5_000 })
    fc.assert(
      fc.property(
        anInterval,
        fc.integer({ max: 1e12, min: 0 }),
        fc.integer({ min: -1e8, max: 1e8 }),
        (count, start, by) => {
          const schedule = parseSchedule(`every ${count}m`)
          const basis = { zone: 'UTC', lastStartedAt: start }
          let next = start + minutes(count)
          while (next <= start + by) next += minutes(count)
          const before = next - minutes(count)
          expect(nextDue(schedule, start + by, basis)).toBe(next)
          expect(previousDue(schedule, start + by, basis)).toBe(before === start ? undefined : before)
        },
      ),
    )
  })
})

describe('due times', () => {
  test('begin with one that is due right then', () => {
    const from = Date.UTC(2026, 0, 1)
    expect(dueTimes(parseSchedule('cron 0 0 * * *'), { from, zone: 'UTC', count: 2 })).toEqual([from, from + hours(24)])
  })
  test('of an interval follow a start', () => {
    expect(dueTimes(parseSchedule('every 6h'), { from: 0, zone: 'UTC', count: 2 })).toEqual([hours(6), hours(12)])
  })
  test('end with the last', () => {
    const schedule = parseSchedule('calendar 2026..2027-01-01 UTC')
    expect(dueTimes(schedule, { from: 0, zone: 'UTC', count: 9 })).toHaveLength(2)
    expect(nextDue(schedule, Date.UTC(2027, 0, 1), { zone: 'UTC' })).toBeUndefined()
    expect(previousDue(schedule, Date.UTC(2026, 0, 1) - 1, { zone: 'UTC' })).toBeUndefined()
  })
  test('of what only people start are none', () => {
    const manual = parseSchedule('manual')
    expect(dueTimes(manual, { from: 0, zone: 'UTC', count: 9 })).toEqual([])
    expect(previousDue(manual, 0, { zone: 'UTC' })).toBeUndefined()
  })
  test('end before the year 10000', () => {
    const count = 3
    const from = Date.UTC(9999, 11, 31)
    for (const text of ['cron 0 0 * * *', 'every 1d', 'calendar daily']) {
      expect(dueTimes(parseSchedule(text), { from, zone: 'America/New_York', count }).length).toBeLessThan(2)
    }
  })
  test('in a zone whose clock changes are not known are invalid', () => {
    const schedule = parseSchedule('cron 0 0 * * *')
    expect(() => nextDue(schedule, 0, { zone: 'Mars/Base' })).toThrow(/"Mars\/Base" is not an IANA time zone/)
  })
})
